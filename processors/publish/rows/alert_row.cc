#include "processors/publish/rows/alert_row.h"

#include <algorithm>

#include "peakend/bi/v1/alert_row.pb.h"
#include "processors/publish/rows/row_words.h"

namespace peakend::publish {
namespace {

using bi::v1::AlertRow;
using journey::RecordBytes;

void FillTimes(const v1::Alert& alert, RecordBytes& row) {
  const auto since_occurred = [&](int64_t at_ms) {
    return std::max<int64_t>(0, at_ms - alert.occurred_at_ms());
  };
  const bool acknowledged = alert.has_acknowledged_at_ms();
  const bool closed = alert.state() == v1::Alert::RESOLVED || alert.state() == v1::Alert::EXPIRED;
  row.Int(AlertRow::kOccurredAtMsFieldNumber, alert.occurred_at_ms());
  row.Int(AlertRow::kUpdatedAtMsFieldNumber, alert.updated_at_ms());
  if (acknowledged)
    row.PresentInt(AlertRow::kAcknowledgedAtMsFieldNumber, alert.acknowledged_at_ms());
  if (closed) row.PresentInt(AlertRow::kClosedAtMsFieldNumber, alert.updated_at_ms());
  if (acknowledged) {
    row.PresentInt(AlertRow::kTimeToAcknowledgeMsFieldNumber,
                   since_occurred(alert.acknowledged_at_ms()));
  }
  if (closed) {
    row.PresentInt(AlertRow::kTimeToCloseMsFieldNumber, since_occurred(alert.updated_at_ms()));
  }
  row.Int(AlertRow::kSnoozedUntilMsFieldNumber, alert.snoozed_until_ms());
  row.Int(AlertRow::kFollowUpDueAtMsFieldNumber, alert.follow_up_due_at_ms());
}

void FillTrigger(const v1::Evidence& trigger, RecordBytes& row) {
  row.Bytes(AlertRow::kCauseFieldNumber, trigger.cause());
  if (trigger.has_valence()) row.PresentDouble(AlertRow::kValenceFieldNumber, trigger.valence());
  row.Bytes(AlertRow::kEventIdFieldNumber, trigger.event_id());
}

}  // namespace

void FillAlertRow(const v1::Alert& alert, RecordBytes& row) {
  row.Bytes(AlertRow::kStateFieldNumber, AlertStateWord(alert.state()));
  row.Bytes(AlertRow::kReasonFieldNumber, alert.reason());
  row.Bytes(AlertRow::kSeverityFieldNumber, SeverityWord(alert.severity()));
  row.Bytes(AlertRow::kUrgencyFieldNumber, UrgencyWord(alert.urgency()));
  row.Bytes(AlertRow::kRuleFieldNumber, alert.rule());
  row.Bytes(AlertRow::kMomentKindFieldNumber, MomentKindWord(alert.moment_kind()));
  row.Bytes(AlertRow::kJourneyIdFieldNumber, alert.journey_id());
  row.Bytes(AlertRow::kContactIdFieldNumber, alert.contact_id());
  FillTimes(alert, row);
  if (alert.has_was_actionable()) {
    row.PresentInt(AlertRow::kWasActionableFieldNumber, alert.was_actionable());
  }
  row.Bytes(AlertRow::kActorIdFieldNumber, alert.actor_id());
  row.Int(AlertRow::kEscalationsFieldNumber, alert.escalations());
  row.Int(AlertRow::kIsStaleFieldNumber, alert.stale());
  row.Int(AlertRow::kIsOverBudgetFieldNumber, alert.over_budget());
  const v1::Score& score = alert.score();
  if (score.has_score()) row.PresentDouble(AlertRow::kScoreFieldNumber, score.score());
  if (score.has_mean()) row.PresentDouble(AlertRow::kMeanFieldNumber, score.mean());
  if (alert.has_delta_to_usual()) {
    row.PresentDouble(AlertRow::kDeltaToUsualFieldNumber, alert.delta_to_usual());
  }
  if (alert.evidence_size() > 0) FillTrigger(alert.evidence(0), row);
  row.Bytes(AlertRow::kChannelFieldNumber, alert.channel());
  row.Bytes(AlertRow::kQueueIdFieldNumber, alert.queue_id());
  row.Bytes(AlertRow::kAgentIdFieldNumber, alert.agent_id());
  row.Bytes(AlertRow::kTouchpointIdFieldNumber, alert.touchpoint_id());
  row.Bytes(AlertRow::kTierFieldNumber, alert.tier());
}

}  // namespace peakend::publish
