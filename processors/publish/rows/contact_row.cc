#include "processors/publish/rows/contact_row.h"

#include <algorithm>
#include <memory_resource>
#include <optional>

#include "absl/strings/str_cat.h"
#include "peakend/bi/v1/contact_row.pb.h"
#include "processors/publish/channel_name.h"
#include "processors/publish/rows/part_columns.h"
#include "processors/publish/rows/row_words.h"

namespace peakend::publish {
namespace {

using bi::v1::ContactRow;
using journey::Contact;
using journey::EventTime;
using journey::HexDigits;
using journey::Leg;
using journey::RecordBytes;
using journey::Tally;
using journey::TallyKind;

// A contact, or the part of it that a leg is.
struct Stretch {
  size_t leg_no = 0;
  std::string_view leg_id = {};
  int64_t begun_ms = 0;
  int64_t ended_ms = 0;
  int64_t event_count = 0;
  std::string_view queue_id = {};
  std::string_view agent_id = {};
};

// What a contact and its legs have alike, up to what the service did.
void FillStretch(const Assessed& assessed, const Stretch& stretch, RecordBytes& row) {
  const Contact& contact = assessed.contacts.front();
  row.Bytes(ContactRow::kContactKeyFieldNumber, HexDigits(assessed.id).view());
  row.Int(ContactRow::kLegNoFieldNumber, static_cast<int64_t>(stretch.leg_no));
  row.Bytes(ContactRow::kLegIdFieldNumber, stretch.leg_id);
  row.Bytes(ContactRow::kJourneyIdFieldNumber, HexDigits(assessed.journey_id).view());
  row.Bytes(ContactRow::kContactIdFieldNumber, contact.id());
  row.PresentInt(ContactRow::kStartedAtMsFieldNumber, stretch.begun_ms);
  row.PresentInt(ContactRow::kEndedAtMsFieldNumber, stretch.ended_ms);
  row.PresentInt(ContactRow::kDurationMsFieldNumber, stretch.ended_ms - stretch.begun_ms);
  row.Int(ContactRow::kEventCountFieldNumber, stretch.event_count);
  row.Bytes(ContactRow::kChannelFieldNumber, ChannelName(contact.channel()));
  row.Bytes(ContactRow::kDirectionFieldNumber, DirectionWord(contact.need().direction()));
  row.Bytes(ContactRow::kQueueIdFieldNumber, stretch.queue_id);
  row.Bytes(ContactRow::kAgentIdFieldNumber, stretch.agent_id);
  row.Bytes(ContactRow::kTouchpointIdFieldNumber, contact.touchpoint_id());
  row.Bytes(ContactRow::kTierFieldNumber, contact.tier());
}

void FillWaits(const Contact& contact, RecordBytes& row) {
  if (const auto queued = contact.queued()) {
    row.PresentInt(ContactRow::kQueuedAtMsFieldNumber, queued->at.at_ms);
  }
  if (contact.answered_at_ms()) {
    row.PresentInt(ContactRow::kAnsweredAtMsFieldNumber, *contact.answered_at_ms());
  }
  if (const auto wait_ms = contact.WaitMs()) {
    row.PresentInt(ContactRow::kWaitMsFieldNumber, *wait_ms);
  }
  if (const auto response_ms = contact.FirstResponseMs()) {
    row.PresentInt(ContactRow::kFirstResponseMsFieldNumber, *response_ms);
  }
}

void FillService(const Assessed& assessed, RecordBytes& row) {
  const Contact& contact = assessed.contacts.front();
  FillWaits(contact, row);
  const journey::Tallies& tallies = contact.tallies();
  const auto count = [&](TallyKind kind) {
    const Tally* tally = tallies.Find(kind);
    return tally != nullptr ? static_cast<int32_t>(tally->count) : 0;
  };
  // Some feeds tell only how long a hold was.
  row.Int(ContactRow::kHoldCountFieldNumber,
          std::max(count(TallyKind::kHoldBegun), count(TallyKind::kHoldEnded)));
  const Tally* held = tallies.Find(TallyKind::kHoldEnded);
  if (held != nullptr && held->amount >= 0) {
    row.PresentInt(ContactRow::kLongestHoldMsFieldNumber, held->amount);
  }
  row.Int(ContactRow::kTransferCountFieldNumber, count(TallyKind::kTransferred));
  row.Bytes(ContactRow::kEndedByFieldNumber, EndedByWord(contact.ended_by()));
  if (assessed.parts.terminal) {
    row.Bytes(ContactRow::kEndCauseFieldNumber, journey::CauseName(assessed.parts.terminal->cause));
  }
  row.Int(ContactRow::kIsShortAbandonFieldNumber, contact.IsShortAbandon(assessed.policy.windows));
}

moments::ServiceImpressions ServiceOfLeg(const Assessed& assessed, size_t leg) {
  moments::ServiceImpressions of_leg;
  for (const moments::ServiceImpression& made : assessed.parts.service.front()) {
    const EventTime at{made.impression.at_ms, made.impression.event_hash};
    if (assessed.contacts.front().legs().At(at) == leg) of_leg.push_back(made);
  }
  return of_leg;
}

}  // namespace

std::string ContactRowId(const journey::Identifier& contact, size_t leg_no) {
  std::string id = journey::ToHex(contact);
  if (leg_no > 0) absl::StrAppend(&id, ":", leg_no);
  return id;
}

void FillContactRow(const Assessed& assessed, RecordBytes& row) {
  const Contact& contact = assessed.contacts.front();
  FillStretch(assessed,
              {.begun_ms = contact.first().at_ms,
               .ended_ms = contact.last().at_ms,
               .event_count = contact.event_count(),
               .queue_id = contact.queue_id(),
               .agent_id = contact.agent_id()},
              row);
  FillService(assessed, row);
  FillPartColumns<ContactRow>(assessed.parts, assessed.policy.formula, contact.producer(), row);
  row.Int(ContactRow::kIsTruncatedFieldNumber,
          contact.legs().forgot() || contact.promises().forgot());
}

void FillLegRow(const Assessed& assessed, size_t leg_no, RecordBytes& row) {
  const Contact& contact = assessed.contacts.front();
  const size_t index = leg_no - 1;
  const Leg& leg = contact.legs().all()[index];
  FillStretch(assessed,
              {.leg_no = leg_no,
               .leg_id = leg.named ? std::string_view(leg.name) : std::string_view(),
               .begun_ms = leg.first.at_ms,
               .ended_ms = leg.last.at_ms,
               .event_count = leg.event_count,
               .queue_id = leg.queue.value,
               .agent_id = leg.agent_id()},
              row);
  const Contact part = contact.ImpressionsOfLeg(index, std::pmr::get_default_resource());
  const std::optional<journey::Terminal>& ended = assessed.parts.terminal;
  const bool ends_here = ended && contact.legs().At(ended->at) == index;
  const moments::Parts parts =
      moments::AssessImpressions({&part, 1}, ends_here ? ended : std::nullopt,
                                 assessed.policy.model, {ServiceOfLeg(assessed, index)});
  FillPartColumns<ContactRow>(parts, assessed.policy.formula, contact.producer(), row);
  constexpr int64_t kKept = journey::Impressions::kEarliest + journey::Impressions::kLatest;
  row.Int(ContactRow::kIsTruncatedFieldNumber, contact.impressions().count() > kKept);
}

}  // namespace peakend::publish
