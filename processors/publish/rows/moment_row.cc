#include "processors/publish/rows/moment_row.h"

#include <algorithm>

#include "peakend/bi/v1/moment_row.pb.h"
#include "processors/publish/rows/evidence_columns.h"
#include "processors/publish/rows/row_words.h"

namespace peakend::publish {
namespace {

using bi::v1::MomentRow;
using journey::RecordBytes;

const v1::Evidence* Deciding(const v1::Moment& moment) {
  const auto& evidence = moment.evidence();
  if (evidence.empty()) return nullptr;
  if (moment.kind() == v1::PEAK_POSITIVE || moment.kind() == v1::PEAK_NEGATIVE) {
    return &evidence[0];
  }
  if (moment.kind() == v1::END) return &evidence[evidence.size() - 1];
  return &*std::min_element(
      evidence.begin(), evidence.end(),
      [](const v1::Evidence& a, const v1::Evidence& b) { return a.valence() < b.valence(); });
}

void FillActs(const v1::Moment& moment, RecordBytes& row) {
  const auto& acts = moment.agent_acts();
  const auto set = [&](int field, std::string_view act) {
    row.Int(field, std::find(acts.begin(), acts.end(), act) != acts.end());
  };
  set(MomentRow::kAgentGreetedFieldNumber, "greeting");
  set(MomentRow::kAgentRestatedNeedFieldNumber, "need_restated");
  set(MomentRow::kAgentApologisedFieldNumber, "apology");
  set(MomentRow::kAgentNamedNextStepFieldNumber, "next_step");
  set(MomentRow::kAgentThankedFieldNumber, "thanks");
}

void FillCause(const v1::Moment& moment, const journey::Contact& contact, const Policy& policy,
               RecordBytes& row) {
  const v1::Evidence* deciding = Deciding(moment);
  if (deciding == nullptr) return;
  if (deciding->has_confidence()) {
    row.PresentDouble(MomentRow::kConfidenceFieldNumber, deciding->confidence());
  }
  row.Bytes(MomentRow::kCauseFieldNumber, deciding->cause());
  row.Int(MomentRow::kCauseCountFieldNumber, moment.evidence_size());
  row.Bytes(MomentRow::kAttributedToFieldNumber,
            AttributedTo(*deciding, contact, moment.touchpoint_id(), policy));
  FillExpectationColumns<MomentRow>(*deciding, row);
  row.Bytes(MomentRow::kEventIdFieldNumber, deciding->event_id());
}

}  // namespace

void FillMomentRow(const v1::Moment& moment, const journey::Contact* contact,
                   std::string_view scope_key, const Policy& policy, RecordBytes& row) {
  if (contact == nullptr) return row.Bytes(MomentRow::kScopeKeyFieldNumber, scope_key);
  row.Bytes(MomentRow::kScopeFieldNumber, ScopeWord(moment.scope()));
  row.Bytes(MomentRow::kKindFieldNumber, MomentKindWord(moment.kind()));
  row.Bytes(MomentRow::kEndGradeFieldNumber, EndGradeWord(moment.end_grade()));
  row.Bytes(MomentRow::kScopeKeyFieldNumber, scope_key);
  row.Bytes(MomentRow::kJourneyIdFieldNumber, moment.journey_id());
  row.Bytes(MomentRow::kContactIdFieldNumber, moment.contact_id());
  row.PresentInt(MomentRow::kOccurredAtMsFieldNumber, moment.at_ms());
  row.PresentDouble(MomentRow::kValenceFieldNumber, moment.valence());
  row.PresentDouble(MomentRow::kIntensityFieldNumber, moment.intensity());
  FillCause(moment, *contact, policy, row);
  row.Bytes(MomentRow::kChannelFieldNumber, moment.channel());
  row.Bytes(MomentRow::kQueueIdFieldNumber, moment.queue_id());
  row.Bytes(MomentRow::kAgentIdFieldNumber, moment.agent_id());
  row.Bytes(MomentRow::kTouchpointIdFieldNumber, moment.touchpoint_id());
  row.Bytes(MomentRow::kTierFieldNumber, moment.tier());
  FillActs(moment, row);
}

}  // namespace peakend::publish
