#include "processors/publish/step.h"

#include <algorithm>
#include <utility>

#include "processors/journey/journey_id.h"
#include "processors/publish/revision.h"

namespace peakend::publish {
namespace {

using journey::ApplyResult;
using journey::Contact;
using journey::Identifier;
using journey::JourneySpan;
using journey::JourneySpans;

absl::Span<const Contact> ContactsOf(const CustomerState& customer, const JourneySpan& span) {
  return customer.open()->contacts.contacts().subspan(span.begin, span.end - span.begin);
}

Identifier IdOf(const CustomerState& customer, const JourneySpan& span) {
  return journey::JourneyId(customer.tenant_id(), customer.customer_id(), span.first);
}

Identifier IdOf(const CustomerState& customer, const Contact& contact) {
  return journey::ContactKey(customer.tenant_id(), customer.customer_id(), contact);
}

PublishedRows* Find(OpenCustomer& open, const Identifier& id) {
  for (PublishedRows& rows : open.rows) {
    if (rows.id == id) return &rows;
  }
  return nullptr;
}

PublishedRows& FindOrAdd(OpenCustomer& open, const Identifier& id,
                         const journey::EventTime& first) {
  PublishedRows* rows = Find(open, id);
  if (rows == nullptr) {
    rows = &open.rows.emplace_back();
    rows->id = id;
  }
  rows->first = first;
  return *rows;
}

std::string MomentKey(const Identifier& id, v1::MomentKind kind) {
  return journey::ToHex(id) + ":" + v1::MomentKind_Name(kind);
}

constexpr v1::MomentKind kMomentKinds[] = {v1::OPENING, v1::PEAK_POSITIVE, v1::PEAK_NEGATIVE,
                                           v1::END};

void SetSource(const StepContext& context, v1::SourceCoordinates* source) {
  source->set_topic(context.topic.data(), context.topic.size());
  source->set_partition(context.partition);
  source->set_offset(context.offset);
}

}  // namespace

void StepCounts::Clear() {
  moments = {};
  journey_revisions = 0;
  journeys_closed = 0;
  open_journeys = 0;
  alerts.clear();
}

ApplyResult Step::Apply(CustomerState& customer, const journey::EventFacts& facts,
                        const StepContext& context, OutputBatch& outputs, StepCounts& counts) {
  if (facts.kind == journey::FactKind::kNone) return ApplyResult::kNoEffect;
  if (customer.Forgotten(context.watermark_ms, policy_.windows)) customer.previous_journey = {};
  OpenCustomer& open = customer.Open(memory_);
  const journey::Windows& windows = policy_.windows;
  const size_t contacts_before = open.contacts.contacts().size();
  size_t changed = 0;
  const ApplyResult result = open.contacts.Apply(facts, windows, &changed);
  if (result == ApplyResult::kDuplicate) return result;
  customer.last_event_ms = std::max(customer.last_event_ms, facts.at_ms);
  if (facts.kind == journey::FactKind::kSurvey) {
    Settle(customer, context, outputs, counts);
    return result;
  }
  const JourneySpan span = open.contacts.JourneyOf(changed, windows);
  const bool ended = span.Ended(context.watermark_ms, windows);
  if (!ended) {
    const alerts::Occasion occasion{
        open.contacts,         span, changed, facts, windows, policy_.model, customer.tenant_id(),
        customer.customer_id()};
    const alerts::Transitions transitions = open.alerts.OnEvent(policy_.rules, occasion);
    if (!transitions.empty()) WriteAlerts(customer, span, transitions, context, outputs, counts);
  }
  // A contact that goes on only moves its deadlines away: the wake-up stands.
  const Contact& contact = open.contacts.contacts()[changed];
  const bool may_be_due = open.contacts.contacts().size() != contacts_before || ended ||
                          contact.first().hash == facts.hash ||
                          facts.kind == journey::FactKind::kEnded ||
                          facts.kind == journey::FactKind::kAbandoned ||
                          contact.EndsAtMs(windows) < context.watermark_ms;
  if (may_be_due) Settle(customer, context, outputs, counts);
  return result;
}

void Step::Wake(CustomerState& customer, const StepContext& context, OutputBatch& outputs,
                StepCounts& counts) {
  Settle(customer, context, outputs, counts);
}

void Step::Settle(CustomerState& customer, const StepContext& context, OutputBatch& outputs,
                  StepCounts& counts) {
  OpenCustomer& open = *customer.open();
  SetSource(context, &source_);
  const JourneySpans spans = open.contacts.Journeys(policy_.windows);
  const int64_t open_journeys = std::count_if(
      spans.begin(), spans.end(),
      [&](const JourneySpan& span) { return !span.Ended(context.watermark_ms, policy_.windows); });
  counts.open_journeys += open_journeys - open.open_journeys;
  open.open_journeys = open_journeys;
  EndContacts(customer, spans, context, outputs, counts);
  EndJourneys(customer, spans, context, outputs, counts);
  if (!open.rows.empty()) WithdrawSuperseded(customer, spans, context, outputs, counts);
  DropSettled(customer, spans, context);
  if (open.contacts.empty()) {
    customer.Close();
    customer.wake_ms = journey::PartitionClock::kEndOfTime;
  } else {
    customer.wake_ms = open.contacts.NextDeadlineMs(context.watermark_ms, policy_.windows);
  }
}

void Step::EndContacts(CustomerState& customer, const JourneySpans& spans,
                       const StepContext& context, OutputBatch& outputs, StepCounts& counts) {
  OpenCustomer& open = *customer.open();
  for (const JourneySpan& span : spans) {
    for (size_t i = span.begin; i < span.end; ++i) {
      const Contact& contact = open.contacts.contacts()[i];
      const int64_t ended_at_ms = contact.EndsAtMs(policy_.windows);
      if (ended_at_ms >= context.watermark_ms) continue;
      const alerts::Transitions transitions =
          open.alerts.OnContactEnded(policy_.rules, open.contacts, i, ended_at_ms);
      if (!transitions.empty()) WriteAlerts(customer, span, transitions, context, outputs, counts);
      const Identifier id = IdOf(customer, contact);
      PublishedRows& rows = FindOrAdd(open, id, contact.first());
      const Identifier journey_id = IdOf(customer, span);
      if (rows.event_count == contact.event_count() && rows.journey_id == journey_id) continue;
      rows.event_count = contact.event_count();
      rows.journey_id = journey_id;
      const absl::Span<const Contact> alone(&contact, 1);
      const moments::Parts parts = moments::Assess(alone, policy_.windows, policy_.model);
      const Assessed assessed{customer, policy_, alone, parts, id, journey_id, {}, false};
      WriteMoments(assessed, rows, context, outputs, counts);
    }
  }
}

void Step::EndJourneys(CustomerState& customer, const JourneySpans& spans,
                       const StepContext& context, OutputBatch& outputs, StepCounts& counts) {
  OpenCustomer& open = *customer.open();
  Identifier previous = customer.previous_journey;
  for (const JourneySpan& span : spans) {
    const Identifier id = IdOf(customer, span);
    const Identifier before = std::exchange(previous, id);
    if (!span.Ended(context.watermark_ms, policy_.windows)) continue;
    const alerts::Transitions transitions = open.alerts.OnJourneyEnded(
        open.contacts, span, span.last.at_ms + policy_.windows.journey_gap_ms);
    if (!transitions.empty()) WriteAlerts(customer, span, transitions, context, outputs, counts);
    const moments::Parts parts =
        moments::Assess(ContactsOf(customer, span), policy_.windows, policy_.model);
    const Assessed assessed{customer, policy_, ContactsOf(customer, span), parts, id, id,
                            before,   true};
    PublishedRows& rows = FindOrAdd(open, id, span.first);
    if (rows.journey.version == 0) ++counts.journeys_closed;
    FillJourney(assessed, open.contacts.SurveyOf(span, policy_.windows), &journey_);
    const std::string key = journey::ToHex(id);
    if (WriteRevision(journey_, key, Topic::kJourneys, source_, rows.journey, &bytes_, outputs)) {
      ++counts.journey_revisions;
    }
    WriteMoments(assessed, rows, context, outputs, counts);
  }
}

void Step::WriteMoments(const Assessed& assessed, PublishedRows& rows, const StepContext& context,
                        OutputBatch& outputs, StepCounts& counts) {
  for (const v1::MomentKind kind : kMomentKinds) {
    RowVersion& row = rows.moments[kind];
    const bool exists = FillMoment(assessed, kind, &moment_);
    if (!exists && row.version == 0) continue;
    const std::string key = MomentKey(rows.id, kind);
    moment_.set_moment_id(key);
    moment_.set_is_deleted(!exists);
    if (WriteRevision(moment_, key, Topic::kMoments, source_, row, &bytes_, outputs)) {
      ++counts.moments[kind];
    }
  }
}

void Step::WithdrawSuperseded(CustomerState& customer, const JourneySpans& spans,
                              const StepContext& context, OutputBatch& outputs,
                              StepCounts& counts) {
  OpenCustomer& open = *customer.open();
  absl::InlinedVector<Identifier, 16> current;
  for (const JourneySpan& span : spans) {
    current.push_back(IdOf(customer, span));
    for (size_t i = span.begin; i < span.end; ++i) {
      current.push_back(IdOf(customer, open.contacts.contacts()[i]));
    }
  }
  std::erase_if(open.rows, [&](PublishedRows& rows) {
    if (std::find(current.begin(), current.end(), rows.id) != current.end()) return false;
    for (const v1::MomentKind kind : kMomentKinds) {
      RowVersion& row = rows.moments[kind];
      if (row.version == 0) continue;
      const std::string key = MomentKey(rows.id, kind);
      moment_.Clear();
      moment_.set_moment_id(key);
      moment_.set_is_deleted(true);
      if (WriteRevision(moment_, key, Topic::kMoments, source_, row, &bytes_, outputs)) {
        ++counts.moments[kind];
      }
    }
    if (rows.journey.version == 0) return true;
    journey_.Clear();
    const std::string key = journey::ToHex(rows.id);
    journey_.set_journey_id(key);
    journey_.set_tenant_id(std::string(customer.tenant_id()));
    journey_.set_customer_id(std::string(customer.customer_id()));
    journey_.set_is_deleted(true);
    for (const JourneySpan& span : spans) {
      if (span.first <= rows.first && rows.first <= span.last) {
        journey_.set_superseded_by(journey::ToHex(IdOf(customer, span)));
      }
    }
    WriteRevision(journey_, key, Topic::kJourneys, source_, rows.journey, &bytes_, outputs);
    ++counts.journey_revisions;
    return true;
  });
}

void Step::DropSettled(CustomerState& customer, const JourneySpans& spans,
                       const StepContext& context) {
  OpenCustomer& open = *customer.open();
  bool remembered = false;
  // From the newest, so that the indices of the others stay right.
  for (size_t s = spans.size(); s-- > 0;) {
    const JourneySpan& span = spans[s];
    if (!span.Settled(context.watermark_ms, policy_.windows)) continue;
    const Identifier id = IdOf(customer, span);
    if (!std::exchange(remembered, true)) customer.previous_journey = id;
    open.alerts.Drop(open.contacts, span);
    // By id: near journey_max the spans of two journeys may overlap.
    absl::InlinedVector<Identifier, 16> dropped = {id};
    for (const Contact& contact : ContactsOf(customer, span)) {
      dropped.push_back(IdOf(customer, contact));
    }
    std::erase_if(open.rows, [&](const PublishedRows& rows) {
      return std::find(dropped.begin(), dropped.end(), rows.id) != dropped.end();
    });
    open.contacts.Drop(span, context.watermark_ms, policy_.windows);
  }
  open.contacts.DropSurveys(context.watermark_ms, policy_.windows);
}

void Step::WriteAlerts(const CustomerState& customer, const JourneySpan& span,
                       const alerts::Transitions& transitions, const StepContext& context,
                       OutputBatch& outputs, StepCounts& counts) {
  SetSource(context, &source_);
  const absl::Span<const Contact> contacts = ContactsOf(customer, span);
  const moments::Parts parts = moments::Assess(contacts, policy_.windows, policy_.model);
  const Identifier id = IdOf(customer, span);
  const Assessed assessed{customer, policy_, contacts, parts, id, id, {}, true};
  for (const alerts::Transition& transition : transitions) {
    FillAlert(assessed, transition, contacts[transition.contact - span.begin], &alert_);
    *alert_.mutable_source() = source_;
    bytes_.clear();
    AppendBytes(alert_, &bytes_);
    outputs.Append(Topic::kAlerts, context.partition, alert_.alert_id(), bytes_);
    counts.alerts.push_back(
        {transition.alert->rule, transition.alert->state, transition.alert->updated_at_ms});
  }
}

}  // namespace peakend::publish
