// What ends by itself: contacts, journeys, and what is kept of them.
#include <algorithm>
#include <string>
#include <utility>

#include "processors/publish/customer_ids.h"
#include "processors/publish/customer_journeys.h"
#include "processors/publish/revision.h"
#include "processors/publish/step.h"

namespace peakend::publish {
namespace {

using journey::Contact;
using journey::Identifier;
using journey::JourneySpan;
using journey::JourneySpans;

// A number that changes with what it is made of; never 0.
class FactDigest {
 public:
  void Add(uint64_t fact) { facts_ = facts_ * 0x9e3779b97f4a7c15 + fact; }
  uint64_t value() const { return facts_ == 0 ? 1 : facts_; }

 private:
  uint64_t facts_ = 1;
};

// Everything that the moments of a story in a journey are made of, the policy aside: what is over
// was judged by the one that counted then.
FactDigest FactsOf(const journey::Story& story, const Identifier& journey_id) {
  FactDigest facts;
  facts.Add(journey_id.low);
  for (const Contact& contact : story.journey.first(story.end)) {
    facts.Add(static_cast<uint64_t>(contact.event_count()));
  }
  for (const journey::Settlement& settlement : story.settlements) facts.Add(settlement.at.hash);
  const journey::Memory& before = story.before;
  for (const uint32_t remembered :
       {before.need_minute, before.need.case_id, before.need.intent, before.need.touchpoint}) {
    facts.Add(remembered);
  }
  for (const journey::UsualWait& wait : before.usual_waits.all()) {
    facts.Add(uint64_t{wait.ms} << 16 | uint64_t{wait.channel} << 8 | wait.waits);
  }
  return facts;
}

// What a journey's own row says besides.
uint64_t FactsOf(const journey::Story& story, const Identifier& journey_id,
                 const Identifier& previous, const journey::SurveyAnswer* survey,
                 const CustomerState& customer, bool final) {
  const journey::ContactSet& all = customer.open()->contacts();
  const bool forgot_links = customer.identity() != nullptr && customer.identity()->links.forgot();
  FactDigest facts = FactsOf(story, journey_id);
  facts.Add(previous.low);
  if (survey != nullptr) facts.Add(survey->at.hash);
  facts.Add((all.joined_contacts() ? 1U : 0U) + (all.forgot_event_ids() ? 2U : 0U) +
            (all.settlements().forgot() ? 4U : 0U) + (final ? 8U : 0U) + (forgot_links ? 16U : 0U));
  return facts.value();
}

}  // namespace

void Step::Settle(CustomerState& customer, const StepContext& context, OutputBatch& outputs,
                  StepCounts& counts) {
  OpenCustomer& open = *customer.open();
  const JourneySpans spans = JourneysOf(customer, policy_);
  const int64_t open_journeys = std::count_if(
      spans.begin(), spans.end(),
      [&](const JourneySpan& span) { return !span.Ended(context.watermark_ms, policy_.windows); });
  counts.open_journeys += open_journeys - open.schedule.open_journeys;
  open.schedule.open_journeys = open_journeys;
  const size_t alerts_before = counts.alerts.size();
  int64_t next_due_ms = JudgeConditions(customer, spans, context, outputs, counts);
  EndContacts(customer, spans, context, outputs, counts);
  EndJourneys(customer, spans, context, outputs, counts);
  if (!open.rows.empty()) WithdrawSuperseded(customer, spans, context, outputs, counts);
  const bool dropped = DropSettled(customer, spans, context, outputs, counts);
  const bool over = std::none_of(open.rows.begin(), open.rows.end(),
                                 [](const PublishedRows& rows) { return rows.withdrawn; });
  if (open.parts.empty() && over) return customer.Close();
  if (!dropped && counts.alerts.size() == alerts_before) {
    open.schedule.wake_ms = NextWakeMs(open, spans, next_due_ms, context.watermark_ms);
    return;
  }
  // After what has just ended: an alert may have become somebody's follow-up.
  const JourneySpans left = JourneysOf(customer, policy_);
  next_due_ms = JudgeConditions(customer, left, context, outputs, counts);
  open.schedule.wake_ms = NextWakeMs(open, left, next_due_ms, context.watermark_ms);
}

void Step::EndContacts(CustomerState& customer, const JourneySpans& spans,
                       const StepContext& context, OutputBatch& outputs, StepCounts& counts) {
  OpenCustomer& open = *customer.open();
  for (const JourneySpan& span : spans) {
    for (size_t i = span.begin; i < span.end; ++i) {
      const Contact& contact = open.contacts().contacts()[i];
      const int64_t ended_at_ms = contact.EndsAtMs(policy_.windows);
      if (ended_at_ms >= context.watermark_ms) continue;
      const alerts::Transitions transitions = open.alerts.OnContactEnded(
          policy_.rules, policy_.model.experience.calendars, open.contacts(), i, ended_at_ms);
      if (!transitions.empty()) WriteAlerts(customer, span, transitions, context, outputs, counts);
      const Identifier id = IdOf(customer, contact);
      PublishedRows& rows = open.RowsOf(id, contact.first());
      WithdrawCard(customer, rows, outputs);
      const Identifier journey_id = IdOf(customer, span);
      const journey::Story story = open.contacts().StoryOf(span, i, ended_at_ms);
      const uint64_t facts = FactsOf(story, journey_id).value();
      if (std::exchange(rows.fact_digest, facts) == facts) continue;
      const moments::Parts parts = moments::Assess(story, policy_.windows, policy_.model);
      if (!contact.counted()) {
        moments::ContactSample& sample = counts.samples.emplace_back(
            moments::SampleOf(story, parts, policy_.windows, policy_.model));
        sample.tenant_id = customer.tenant_id();
        sample.settled_at_ms = context.watermark_ms;
        open.parts.MarkCounted(i);
      }
      const Assessed assessed{customer,   policy_, story.contacts(), parts, id,
                              journey_id, {},      v1::CONTACT_END};
      WriteMoments(assessed, rows, context, outputs, counts);
      WriteContactBundle(assessed, rows, context, outputs);
    }
  }
}

void Step::EndJourneys(CustomerState& customer, const JourneySpans& spans,
                       const StepContext& context, OutputBatch& outputs, StepCounts& counts) {
  OpenCustomer& open = *customer.open();
  Identifier previous = customer.previous_journey;
  for (const JourneySpan& span : spans) {
    const Identifier id = IdOf(customer, span);
    Identifier before = std::exchange(previous, id);
    if (span.before.empty()) before = {};
    if (!span.Ended(context.watermark_ms, policy_.windows)) continue;
    const int64_t ended_at_ms = span.EndsAtMs(policy_.windows);
    const alerts::Transitions transitions =
        open.alerts.OnJourneyEnded(open.contacts(), span, ended_at_ms);
    if (!transitions.empty()) WriteAlerts(customer, span, transitions, context, outputs, counts);
    const bool final = span.Final(context.watermark_ms, policy_.windows);
    const journey::Story story =
        open.contacts().StoryOf(span, final ? span.FinalAtMs(policy_.windows) : ended_at_ms);
    PublishedRows& rows = open.RowsOf(id, span.first);
    const journey::SurveyAnswer* survey = open.contacts().SurveyOf(span, policy_.windows);
    const uint64_t facts = FactsOf(story, id, before, survey, customer, final);
    // A journey that is kept is looked at often, and seldom has anything new to say.
    if (std::exchange(rows.fact_digest, facts) == facts) continue;
    const moments::Parts parts = moments::Assess(story, policy_.windows, policy_.model);
    const v1::EndGrade grade = final ? v1::JOURNEY_END_FINAL : v1::JOURNEY_END_PROVISIONAL;
    const Assessed assessed{customer, policy_, story.contacts(), parts, id, id, before, grade};
    if (rows.journey.version == 0) ++counts.journeys_closed;
    WriteJourney(assessed, survey, rows, context, outputs, counts);
    WriteMoments(assessed, rows, context, outputs, counts);
    WritePromiseBundle(assessed, story, rows, context, outputs);
  }
}

int64_t Step::KeptUntilMs(const OpenCustomer& open, const JourneySpan& span) const {
  return std::max(span.KeptUntilMs(policy_.windows),
                  open.alerts.KeptUntilMs(policy_.rules, policy_.model.experience.calendars,
                                          open.contacts(), span, span.EndsAtMs(policy_.windows)));
}

int64_t Step::NextWakeMs(const OpenCustomer& open, const JourneySpans& spans, int64_t next_due_ms,
                         int64_t watermark_ms) const {
  int64_t next_ms =
      std::min(open.contacts().NextDeadlineMs(watermark_ms, policy_.windows), WakeFor(next_due_ms));
  for (const JourneySpan& span : spans) {
    const int64_t until_ms = KeptUntilMs(open, span);
    if (until_ms >= watermark_ms) next_ms = std::min(next_ms, until_ms);
  }
  for (const PublishedRows& rows : open.rows) {
    const int64_t until_ms = MayComeBackUntilMs(rows);
    if (rows.withdrawn && until_ms >= watermark_ms) next_ms = std::min(next_ms, until_ms);
  }
  return next_ms;
}

bool Step::DropSettled(CustomerState& customer, const JourneySpans& spans,
                       const StepContext& context, OutputBatch& outputs, StepCounts& counts) {
  OpenCustomer& open = *customer.open();
  // In their order: a journey that waits for a promise keeps those after it, too.
  size_t settled = 0;
  while (settled < spans.size() && KeptUntilMs(open, spans[settled]) < context.watermark_ms) {
    ++settled;
  }
  if (settled == 0) {
    open.parts.DropUnmatched(context.watermark_ms, policy_.windows);
    return false;
  }
  customer.memory = MemoryAfter(customer, spans[settled - 1], policy_);
  for (size_t s = 0; s < settled; ++s) {
    const JourneySpan& span = spans[s];
    const alerts::Transitions transitions = open.alerts.OnJourneyEnded(
        open.contacts(), span, context.watermark_ms + policy_.windows.max_out_of_orderness_ms);
    if (!transitions.empty()) WriteAlerts(customer, span, transitions, context, outputs, counts);
    const Identifier id = IdOf(customer, span);
    if (s + 1 == settled) customer.previous_journey = id;
    open.alerts.Drop(open.contacts(), span);
    // By id: near journey_max the spans of two journeys may overlap.
    absl::InlinedVector<Identifier, 16> dropped = {id};
    for (size_t i = span.begin; i < span.end; ++i) {
      dropped.push_back(IdOf(customer, open.contacts().contacts()[i]));
    }
    std::erase_if(open.rows, [&](PublishedRows& rows) {
      if (std::find(dropped.begin(), dropped.end(), rows.id) == dropped.end()) return false;
      WithdrawCard(customer, rows, outputs);
      return true;
    });
  }
  open.parts.DropFirst(spans[settled - 1].end, context.watermark_ms, policy_.windows);
  return true;
}

}  // namespace peakend::publish
