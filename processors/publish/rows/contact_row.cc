#include "processors/publish/rows/contact_row.h"

#include <algorithm>
#include <memory_resource>
#include <optional>

#include "absl/strings/str_cat.h"
#include "processors/publish/channel_name.h"
#include "processors/publish/rows/part_columns.h"
#include "processors/publish/rows/row_words.h"

namespace peakend::publish {
namespace {

using journey::Contact;
using journey::EventTime;
using journey::Leg;
using journey::Tally;
using journey::TallyKind;

void FillSpan(const EventTime& first, const EventTime& last, int64_t event_count,
              bi::v1::ContactRow* row) {
  row->set_started_at_ms(first.at_ms);
  row->set_ended_at_ms(last.at_ms);
  row->set_duration_ms(last.at_ms - first.at_ms);
  row->set_event_count(event_count);
}

// What a contact and its legs have alike.
void FillCommon(const Assessed& assessed, size_t leg_no, bi::v1::ContactRow* row) {
  const Contact& contact = assessed.contacts.front();
  row->Clear();
  row->set_row_id(ContactRowId(assessed.id, leg_no));
  row->set_contact_key(journey::ToHex(assessed.id));
  row->set_leg_no(static_cast<int32_t>(leg_no));
  row->set_journey_id(journey::ToHex(assessed.journey_id));
  row->set_contact_id(Text(contact.id()));
  row->set_channel(ChannelName(contact.channel()));
  row->set_direction(DirectionWord(contact.need().direction()));
  row->set_touchpoint_id(Text(contact.touchpoint_id()));
  row->set_tier(Text(contact.tier()));
  row->set_sentiment_producer(Text(contact.producer()));
}

void FillService(const Assessed& assessed, bi::v1::ContactRow* row) {
  const Contact& contact = assessed.contacts.front();
  if (const auto queued = contact.queued()) row->set_queued_at_ms(queued->at.at_ms);
  if (contact.answered_at_ms()) row->set_answered_at_ms(*contact.answered_at_ms());
  if (const auto wait_ms = contact.WaitMs()) row->set_wait_ms(*wait_ms);
  if (const auto response_ms = contact.FirstResponseMs()) row->set_first_response_ms(*response_ms);
  const journey::Tallies& tallies = contact.tallies();
  const auto count = [&](TallyKind kind) {
    const Tally* tally = tallies.Find(kind);
    return tally != nullptr ? static_cast<int32_t>(tally->count) : 0;
  };
  // Some feeds tell only how long a hold was.
  row->set_hold_count(std::max(count(TallyKind::kHoldBegun), count(TallyKind::kHoldEnded)));
  const Tally* held = tallies.Find(TallyKind::kHoldEnded);
  if (held != nullptr && held->amount >= 0) row->set_longest_hold_ms(held->amount);
  row->set_transfer_count(count(TallyKind::kTransferred));
  row->set_ended_by(EndedByWord(contact.ended_by()));
  if (assessed.parts.terminal) {
    row->set_end_cause(Text(journey::CauseName(assessed.parts.terminal->cause)));
  }
  row->set_is_short_abandon(contact.IsShortAbandon(assessed.policy.windows));
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

void FillContactRow(const Assessed& assessed, bi::v1::ContactRow* row) {
  const Contact& contact = assessed.contacts.front();
  FillCommon(assessed, 0, row);
  FillSpan(contact.first(), contact.last(), contact.event_count(), row);
  row->set_queue_id(Text(contact.queue_id()));
  row->set_agent_id(Text(contact.agent_id()));
  FillService(assessed, row);
  FillPartColumns(assessed.parts, assessed.policy.formula, row);
  row->set_is_truncated(contact.legs().forgot() || contact.promises().forgot());
}

void FillLegRow(const Assessed& assessed, size_t leg_no, bi::v1::ContactRow* row) {
  const Contact& contact = assessed.contacts.front();
  const size_t index = leg_no - 1;
  const Leg& leg = contact.legs().all()[index];
  FillCommon(assessed, leg_no, row);
  if (leg.named) row->set_leg_id(Text(leg.name));
  FillSpan(leg.first, leg.last, leg.event_count, row);
  row->set_queue_id(Text(leg.queue.value));
  row->set_agent_id(Text(leg.agent_id()));
  const Contact part = contact.ImpressionsOfLeg(index, std::pmr::get_default_resource());
  const std::optional<journey::Terminal>& ended = assessed.parts.terminal;
  const bool ends_here = ended && contact.legs().At(ended->at) == index;
  const moments::Parts parts =
      moments::AssessImpressions({&part, 1}, ends_here ? ended : std::nullopt,
                                 assessed.policy.model, {ServiceOfLeg(assessed, index)});
  FillPartColumns(parts, assessed.policy.formula, row);
  constexpr int64_t kKept = journey::Impressions::kEarliest + journey::Impressions::kLatest;
  row->set_is_truncated(contact.impressions().count() > kKept);
}

}  // namespace peakend::publish
