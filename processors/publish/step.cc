#include "processors/publish/step.h"

#include <algorithm>
#include <utility>

#include "processors/moments/remember.h"
#include "processors/publish/customer_ids.h"
#include "processors/publish/customer_journeys.h"
#include "processors/publish/opening_card.h"
#include "processors/publish/revision.h"
#include "processors/publish/rows/alert_row.h"

namespace peakend::publish {
namespace {

using journey::ApplyResult;
using journey::Contact;
using journey::Identifier;
using journey::JourneySpan;
using journey::JourneySpans;

Amendment AmendmentBy(const journey::EventFacts& facts, bool late) {
  if (facts.kind == journey::FactKind::kSurvey) return Amendment::kSurvey;
  if (facts.kind == journey::FactKind::kAlertAction) return Amendment::kAction;
  return late ? Amendment::kLateEvent : Amendment::kEvent;
}

}  // namespace

void Step::Begin(const StepContext& context, Amendment why) {
  // It is the same nearly always, and a setter takes a string of its own.
  if (cause_.source.topic() != context.topic) {
    cause_.source.set_topic(context.topic.data(), context.topic.size());
  }
  cause_.source.set_partition(context.partition);
  cause_.source.set_offset(context.offset);
  cause_.stored_at_ms = context.stored_at_ms;
  cause_.amendment = why;
}

void StepCounts::Clear() {
  moments = {};
  journey_revisions = 0;
  journeys_closed = 0;
  opening_cards = 0;
  budget = {};
  identities = {};
  open_journeys = 0;
  alerts.clear();
  samples.clear();
}

ApplyResult Step::Apply(CustomerState& customer, const journey::EventFacts& facts,
                        const StepContext& context, OutputBatch& outputs, StepCounts& counts) {
  if (facts.kind == journey::FactKind::kNone) return ApplyResult::kNoEffect;
  if (customer.Forgotten(context.watermark_ms, policy_.windows)) customer.Forget();
  Begin(context, AmendmentBy(facts, context.late));
  const ApplyResult result = facts.kind == journey::FactKind::kAlertAction
                                 ? Act(customer, facts, context, outputs, counts)
                                 : Take(customer, facts, context, outputs, counts);
  Rest(customer, context.watermark_ms);
  return result;
}

void Step::Wake(CustomerState& customer, const StepContext& context, OutputBatch& outputs,
                StepCounts& counts, Amendment why) {
  Begin(context, why);
  OpenCustomer& open = packer_.Unpack(customer);
  if (customer.identity() != nullptr && customer.identity()->recalled) {
    // What has come back so far is not all: a journey would look over that is not.
    open.schedule.wake_ms = journey::PartitionClock::kEndOfTime;
  } else {
    Settle(customer, context, outputs, counts);
  }
  Rest(customer, context.watermark_ms);
}

void Step::Retire(CustomerState& customer, const alerts::Rules& next, const StepContext& context,
                  OutputBatch& outputs, StepCounts& counts) {
  Begin(context, Amendment::kPolicy);
  OpenCustomer& open = packer_.Unpack(customer);
  if (!open.alerts.empty()) {
    for (const JourneySpan& span : JourneysOf(customer, policy_)) {
      const alerts::Transitions transitions =
          open.alerts.OnRulesReplaced(policy_.rules, next, context.clock_ms, open.contacts(), span);
      if (!transitions.empty()) WriteAlerts(customer, span, transitions, context, outputs, counts);
    }
  }
  packer_.Pack(customer);
}

void Step::Rest(CustomerState& customer, int64_t watermark_ms) {
  const OpenCustomer* open = customer.open();
  if (open == nullptr) return;
  const absl::Span<const Contact> contacts = open->contacts().contacts();
  // The newest first: it is the one that lives, if any does.
  const auto live = [&](const Contact& contact) {
    return contact.EndsAtMs(policy_.windows) >= watermark_ms;
  };
  if (std::none_of(contacts.rbegin(), contacts.rend(), live)) packer_.Pack(customer);
}

LateEvent Step::JudgeLate(CustomerState& customer, const journey::EventFacts& facts,
                          const StepContext& context) {
  if (customer.idle()) return LateEvent::kSetAside;
  // What somebody did with an alert counts whenever it is heard of.
  if (facts.kind == journey::FactKind::kAlertAction) return LateEvent::kAmends;
  const journey::ContactParts& parts = packer_.Unpack(customer).parts;
  LateEvent judged = LateEvent::kSetAside;
  if (parts.Seen(context.origin, facts.hash)) {
    judged = LateEvent::kDuplicate;
  } else if (parts.view().Amends(facts, context.watermark_ms, policy_.windows)) {
    return LateEvent::kAmends;
  }
  Rest(customer, context.watermark_ms);
  return judged;
}

ApplyResult Step::Act(CustomerState& customer, const journey::EventFacts& facts,
                      const StepContext& context, OutputBatch& outputs, StepCounts& counts) {
  if (customer.idle()) return ApplyResult::kNoEffect;
  OpenCustomer& open = packer_.Unpack(customer);
  for (const JourneySpan& span : JourneysOf(customer, policy_)) {
    const alerts::Transitions transitions =
        open.alerts.OnAction(policy_.rules, facts, open.contacts(), span);
    if (transitions.empty()) continue;
    WriteAlerts(customer, span, transitions, context, outputs, counts);
    Settle(customer, context, outputs, counts);
    return ApplyResult::kApplied;
  }
  return ApplyResult::kNoEffect;
}

ApplyResult Step::Take(CustomerState& customer, const journey::EventFacts& facts,
                       const StepContext& context, OutputBatch& outputs, StepCounts& counts) {
  OpenCustomer& open = packer_.Unpack(customer);
  const journey::Windows& windows = policy_.windows;
  const size_t contacts_before = open.contacts().contacts().size();
  const int64_t absorbed_before = open.parts.absorbed();
  size_t changed = 0;
  const ApplyResult result = open.parts.Apply(context.origin, facts, windows, &changed);
  if (result == ApplyResult::kDuplicate) return result;
  counts.identities.absorbed += open.parts.absorbed() - absorbed_before;
  customer.last_event_ms = std::max(customer.last_event_ms, facts.at_ms);
  if (facts.kind == journey::FactKind::kSurvey || result == ApplyResult::kNoContact) {
    Settle(customer, context, outputs, counts);
    return result;
  }
  const JourneySpan span = JourneyOf(customer, changed, policy_);
  const bool ended = span.Ended(context.watermark_ms, windows);
  if (facts.affect) WriteTurn(customer, span, open.contacts().contacts()[changed], facts, outputs);
  if (open.contacts().contacts().size() > contacts_before) {
    // Who only looks at a page interrupts nobody.
    if (!facts.outside) ++counts.budget.contacts;
    // What is no news amends rows; alerts and cards are about now.
    if (!context.late) WriteCard(customer, changed, context, outputs, counts);
  }
  int64_t next_due_ms = journey::PartitionClock::kEndOfTime;
  if (!ended && !context.late) {
    const alerts::Scene scene = SceneOf(customer, span, context);
    const alerts::Judged judged = open.alerts.OnEvent(policy_.rules, {scene, changed, facts});
    next_due_ms = judged.next_due_ms;
    if (!judged.transitions.empty()) {
      WriteAlerts(customer, span, judged.transitions, context, outputs, counts);
    }
  }
  // A contact that goes on only moves its deadlines away: the wake-up stands, unless it had
  // ended by its silence.
  const Contact& contact = open.contacts().contacts()[changed];
  const bool may_be_due =
      context.late || open.contacts().contacts().size() != contacts_before || ended ||
      contact.first().hash == facts.hash || facts.kind == journey::FactKind::kEnded ||
      facts.kind == journey::FactKind::kResolved || facts.kind == journey::FactKind::kAbandoned ||
      facts.promise || contact.EndsAtMs(windows) < context.watermark_ms;
  if (may_be_due) {
    Settle(customer, context, outputs, counts);
  } else {
    open.schedule.wake_ms =
        std::min({open.schedule.wake_ms, WakeFor(next_due_ms), contact.EndsAtMs(windows)});
  }
  return result;
}

alerts::Scene Step::SceneOf(const CustomerState& customer, const JourneySpan& span,
                            const StepContext& context) const {
  return {customer.open()->contacts(),
          span,
          policy_.windows,
          policy_.model,
          customer.tenant_id(),
          customer.customer_id(),
          context.watermark_ms + policy_.windows.max_out_of_orderness_ms,
          context.clock_ms,
          context.bar,
          &customer.open()->parts};
}

int64_t Step::WakeFor(int64_t due_ms) const {
  if (due_ms >= journey::PartitionClock::kEndOfTime) return journey::PartitionClock::kEndOfTime;
  return due_ms - policy_.windows.max_out_of_orderness_ms - 1;
}

int64_t Step::JudgeConditions(CustomerState& customer, const JourneySpans& spans,
                              const StepContext& context, OutputBatch& outputs,
                              StepCounts& counts) {
  int64_t next_due_ms = journey::PartitionClock::kEndOfTime;
  const alerts::Rules& rules = policy_.rules;
  if (rules.conditions().empty() && !rules.escalate() && !customer.open()->alerts.snoozes()) {
    return next_due_ms;
  }
  for (const JourneySpan& span : spans) {
    const alerts::Judged judged =
        customer.open()->alerts.OnTime(policy_.rules, SceneOf(customer, span, context));
    next_due_ms = std::min(next_due_ms, judged.next_due_ms);
    if (!judged.transitions.empty()) {
      WriteAlerts(customer, span, judged.transitions, context, outputs, counts);
    }
  }
  return next_due_ms;
}

void Step::CountInterrupt(const alerts::Transition& transition,
                          alerts::BudgetCounts& counts) const {
  const alerts::Rule& rule = policy_.rules[transition.alert->rule];
  if (transition.reason != alerts::Reason::kRaised ||
      !alerts::WouldInterrupt(rule, *transition.alert)) {
    return;
  }
  ++counts.wanted[static_cast<size_t>(rule.severity)];
  if (!transition.alert->over_budget) ++counts.granted;
}

void Step::WriteAlerts(const CustomerState& customer, const JourneySpan& span,
                       const alerts::Transitions& transitions, const StepContext& context,
                       OutputBatch& outputs, StepCounts& counts) {
  const bool ended = span.Ended(context.watermark_ms, policy_.windows);
  const int64_t as_of_ms = ended ? span.EndsAtMs(policy_.windows) : span.last.at_ms;
  const journey::Story story = customer.open()->contacts().StoryOf(span, as_of_ms).WithoutNotices();
  const absl::Span<const Contact> contacts = story.contacts();
  const moments::Parts parts = moments::Assess(story, policy_.windows, policy_.model);
  const Identifier id = IdOf(customer, span);
  const Assessed assessed{customer, policy_, contacts, parts,
                          id,       id,      {},       v1::JOURNEY_END_PROVISIONAL};
  for (const alerts::Transition& transition : transitions) {
    FillAlert(assessed, transition, contacts[transition.contact - span.begin], &alert_);
    if (policy_.rules[transition.alert->rule].trigger == alerts::Trigger::kReturning) {
      const journey::Memory memory =
          moments::MemoryAt(story, transition.contact - span.begin, policy_.windows, policy_.model);
      FillMemory(memory, alert_.mutable_memory());
      (*alert_.mutable_message_params())["days"] = std::to_string(
          DaysSince(memory.worst_minute, contacts[transition.contact - span.begin].first().at_ms));
    }
    if (parts.score && span.before.usual_journeys > 0) {
      const affect::Nano usual = journey::FromRemembered(span.before.usual);
      alert_.set_delta_to_usual(affect::ToDouble(int64_t{*parts.score} - usual));
    }
    *alert_.mutable_source() = cause_.source;
    bytes_.clear();
    AppendBytes(alert_, &bytes_);
    outputs.Append(Topic::kAlerts, context.partition, alert_.alert_id(), bytes_);
    if (rows_.Writes(RowKind::kAlert)) {
      WriteRow(RowKind::kAlert,
               IdentityOf(customer, alert_.alert_id(), {alert_.occurred_at_ms(), 0},
                          alert_.row_version(), transition.reason == alerts::Reason::kRaised),
               outputs, [&](journey::RecordBytes& row) { FillAlertRow(alert_, row); });
    }
    // It is known, and was counted.
    if (transition.reason == alerts::Reason::kMerged ||
        transition.reason == alerts::Reason::kSplit ||
        transition.reason == alerts::Reason::kEscalated ||
        transition.reason == alerts::Reason::kSnoozeEnded) {
      continue;
    }
    CountInterrupt(transition, counts.budget);
    counts.alerts.push_back({policy_.rules[transition.alert->rule].name, transition.alert->state,
                             transition.alert->updated_at_ms});
  }
}

}  // namespace peakend::publish
