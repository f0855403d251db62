#include "processors/alerts/condition.h"

#include <algorithm>
#include <cmath>

#include "processors/journey/partition_clock.h"
#include "processors/moments/contact_impressions.h"
#include "processors/moments/journey_impressions.h"
#include "processors/moments/remember.h"

namespace peakend::alerts {
namespace {

using affect::Nano;
using journey::Cause;
using journey::Contact;
using journey::FactKind;
using journey::Impression;
using journey::Occurrence;
using journey::Promise;
using journey::TallyKind;

constexpr int64_t kPeakUnansweredMs = 2 * 60'000;

// From when on `pending` is wrong by `rule`; nothing when it never is.
std::optional<int64_t> FromMs(const Rule& rule, const Pending& pending) {
  switch (rule.trigger) {
    case Trigger::kWaiting:
    case Trigger::kMessageUnanswered: {
      if (rule.after_ms) return journey::After(pending.hours, pending.at_ms, *rule.after_ms);
      if (!pending.adequate_ms) return std::nullopt;
      const journey::BusinessHours* hours = pending.announced ? nullptr : pending.hours;
      return journey::After(hours, pending.at_ms, *pending.adequate_ms);
    }
    case Trigger::kPeakUnanswered:
      if (pending.value >= rule.enter) return std::nullopt;
      return journey::After(pending.hours, pending.at_ms,
                            rule.after_ms.value_or(kPeakUnansweredMs));
    case Trigger::kReturning:
      if (pending.value >= rule.enter || (rule.unrecovered_only && !pending.unrecovered)) {
        return std::nullopt;
      }
      return pending.at_ms;
    case Trigger::kRepeatContact:
      return pending.count >= rule.count ? std::optional(pending.at_ms) : std::nullopt;
    case Trigger::kPromiseAtRisk:
      return pending.at_ms + pending.allowed_ms -
             std::llround(static_cast<double>(pending.allowed_ms) *
                          affect::ToDouble(rule.share_left));
    default: {
      const int64_t due_ms = pending.at_ms + pending.allowed_ms;
      return pending.withdrawn_ms ? std::min(due_ms, *pending.withdrawn_ms) : due_ms;
    }
  }
}

bool HasPast(const journey::JourneySpan& journey) {
  return journey.end - journey.begin > 1 || !journey.before.empty();
}

}  // namespace

std::optional<Finding> Conditions::Find(const Rule& rule, absl::Span<const RuleScope> within,
                                        const std::optional<FindingPlace>& after) {
  std::optional<Finding> found;
  for (const Pending& pending : PendingOf(rule.trigger)) {
    if (!IsWithin(within, scene_.contacts.contacts()[pending.contact], nullptr, std::nullopt))
      continue;
    const std::optional<int64_t> from_ms = FromMs(rule, pending);
    if (!from_ms || *from_ms > pending.until_ms) continue;
    const bool withdrawn = rule.trigger == Trigger::kPromiseBroken && pending.withdrawn_ms &&
                           *pending.withdrawn_ms < pending.at_ms + pending.allowed_ms;
    const Finding finding{*from_ms, pending.since,
                          withdrawn ? pending.withdrawn_event_id : pending.event_id,
                          pending.contact, pending.value};
    if (after && PlaceOf(finding) <= *after) continue;
    if (!found || PlaceOf(finding) < PlaceOf(*found)) found = finding;
  }
  return found;
}

const Conditions::Pendings& Conditions::PendingOf(Trigger trigger) {
  // Both rules about promises look at the same.
  const Trigger about = trigger == Trigger::kPromiseAtRisk ? Trigger::kPromiseBroken : trigger;
  std::optional<Pendings>& pendings = pendings_[static_cast<size_t>(about) - kFirstCondition];
  if (pendings) return *pendings;
  pendings.emplace();
  for (size_t i = scene_.journey.begin; i < scene_.journey.end; ++i) {
    LookAt(about, scene_.contacts.contacts()[i], i, *pendings);
  }
  return *pendings;
}

void Conditions::LookAt(Trigger trigger, const Contact& contact, size_t index, Pendings& pendings) {
  if (trigger == Trigger::kPromiseBroken) return Promised(contact, index, pendings);
  if (contact.ended() || contact.EndsAtMs(scene_.windows) < scene_.now_ms) return;
  if (trigger == Trigger::kRepeatContact) return Repeated(contact, index, pendings);
  if (trigger == Trigger::kReturning) return Returned(contact, index, pendings);
  if (!contact.HasTimes()) return;
  switch (trigger) {
    case Trigger::kWaiting:
      return Waiting(contact, index, pendings);
    case Trigger::kMessageUnanswered:
      return MessageUnanswered(contact, index, pendings);
    default:
      return PeakUnanswered(contact, index, pendings);
  }
}

std::optional<int64_t> Conditions::Adequate(Cause cause, const Contact& contact) const {
  const auto expected = scene_.model.experience.Expect(cause, contact, scene_.journey.before);
  return expected ? std::optional(expected->adequate) : std::nullopt;
}

const journey::BusinessHours* Conditions::HoursOf(const Contact& contact) const {
  return scene_.model.experience.calendars.Of(contact);
}

void Conditions::Waiting(const Contact& contact, size_t index, Pendings& pendings) {
  const std::optional<Occurrence> queued = contact.queued();
  if (!queued || contact.answered_at_ms()) return;
  Pending pending{queued->at.at_ms, queued->at, queued->event_id, index};
  const journey::Tally* announced = contact.tallies().Find(TallyKind::kWaitAnnounced);
  pending.adequate_ms = announced != nullptr
                            ? scene_.model.experience.ToleratedMs(announced->amount)
                            : Adequate(Cause::kQueueWait, contact);
  pending.announced = announced != nullptr;
  pending.hours = HoursOf(contact);
  // A contact that ends by silence before has no use for an alert any more.
  pending.until_ms = contact.EndsAtMs(scene_.windows);
  pendings.push_back(pending);
}

void Conditions::MessageUnanswered(const Contact& contact, size_t index, Pendings& pendings) {
  const std::optional<Occurrence> spoke = contact.customer_spoke();
  if (!spoke || AnsweredSince(Trigger::kMessageUnanswered, contact, spoke->at)) return;
  Pending pending{spoke->at.at_ms, spoke->at, spoke->event_id, index};
  pending.adequate_ms =
      Adequate(contact.answered_at_ms() ? Cause::kNextResponse : Cause::kFirstResponse, contact);
  pending.hours = HoursOf(contact);
  pending.until_ms = contact.EndsAtMs(scene_.windows);
  pendings.push_back(pending);
}

void Conditions::PeakUnanswered(const Contact& contact, size_t index, Pendings& pendings) {
  // Whatever hurt did so no later than the contact's last event.
  if (AnsweredSince(Trigger::kPeakUnanswered, contact, contact.last())) return;
  std::optional<Pending> worst;
  int64_t weight = 0;
  const auto offer = [&](const Impression& impression, std::string_view event_id) {
    if (impression.valence > 0 || impression.Weight() < weight) return;
    weight = impression.Weight();
    worst = Pending{impression.at_ms,
                    {impression.at_ms, impression.event_hash},
                    event_id,
                    index,
                    static_cast<Nano>(-weight)};
  };
  const journey::Impressions& turns = contact.impressions();
  if (turns.strongest_negative()) {
    offer(*turns.strongest_negative(), turns.event_id(*turns.strongest_negative()));
  }
  moments::ServiceImpressions made;
  moments::ImpressionMaker maker(scene_.model.experience, made);
  moments::DeriveFromContact(contact, scene_.journey.before, scene_.model.experience, maker);
  if (made.size() > 1) maker.Sort();
  for (const moments::ServiceImpression& each : made) offer(each.impression, each.event_id);
  if (!worst || AnsweredSince(Trigger::kPeakUnanswered, contact, worst->since)) return;
  worst->hours = HoursOf(contact);
  worst->until_ms = contact.EndsAtMs(scene_.windows);
  pendings.push_back(*worst);
}

void Conditions::Repeated(const Contact& contact, size_t index, Pendings& pendings) {
  const moments::Repeats repeats = moments::CountRepeats(
      scene_.story(), index - scene_.journey.begin, scene_.windows.repeat_window_ms);
  if (repeats.count == 0) return;
  const journey::EventTime since = *contact.need().started_at();
  Pending pending{since.at_ms, since, contact.need().started_event_id(), index};
  pending.count = repeats.count;
  pending.until_ms = since.at_ms;
  pendings.push_back(pending);
}

void Conditions::Returned(const Contact& contact, size_t index, Pendings& pendings) {
  if (!contact.need().StartedByCustomer()) return;
  const journey::Memory memory =
      moments::MemoryAt(scene_.story(), index - scene_.journey.begin, scene_.windows, scene_.model);
  if (memory.worst == 0) return;
  const journey::EventTime since = *contact.need().started_at();
  Pending pending{since.at_ms, since, contact.need().started_event_id(), index};
  pending.value = journey::FromRemembered(memory.worst);
  pending.unrecovered = memory.unrecovered;
  pending.until_ms = since.at_ms;
  pendings.push_back(pending);
}

void Conditions::Promised(const Contact& contact, size_t index, Pendings& pendings) {
  if (contact.promises().all().empty()) return;
  journey::Story story = scene_.story();
  // All that was said counts: events may be ahead of the partition's clock.
  story.as_of_ms = journey::PartitionClock::kEndOfTime;
  for (const Promise& promise : contact.promises().all()) {
    if (!promise.due || MovedOn(story, index - scene_.journey.begin, promise)) continue;
    const journey::Fate fate = FateOf(promise, story.settlements, story.as_of_ms);
    if (fate.fulfilled != nullptr) continue;
    Pending pending{promise.made.time_ms, promise.made.at, promise.made.event_id, index};
    pending.allowed_ms = promise.AllowedMs();
    pending.until_ms = journey::PartitionClock::kEndOfTime;
    if (fate.withdrawn != nullptr) {
      pending.withdrawn_ms = fate.withdrawn->time_ms;
      pending.withdrawn_event_id = fate.withdrawn->event_id;
    }
    pendings.push_back(pending);
  }
}

bool NamesScope(const journey::EventFacts& facts) {
  return !facts.queue_id.empty() || !facts.tier.empty() || !facts.touchpoint_id.empty();
}

bool MayTouch(Trigger condition, const Occasion& occasion) {
  const journey::EventFacts& facts = occasion.facts;
  const bool over = facts.kind == FactKind::kEnded || facts.kind == FactKind::kAbandoned;
  const bool answer = facts.kind == FactKind::kAnswer;
  // Another queue may keep other hours, and others wait there for another time.
  const bool moved = !facts.queue_id.empty() &&
                     (!occasion.scene.model.experience.calendars.empty() || facts.baseline_wait_ms);
  switch (condition) {
    case Trigger::kRepeatContact:
    case Trigger::kReturning:
      return HasPast(occasion.scene.journey);
    case Trigger::kWaiting:
      return facts.kind == FactKind::kQueued || answer || over || moved ||
             facts.tally == TallyKind::kWaitAnnounced;
    case Trigger::kPromiseAtRisk:
    case Trigger::kPromiseBroken:
      return facts.promise.has_value();
    case Trigger::kMessageUnanswered:
      return facts.kind == FactKind::kCustomerTurn || answer || over || moved;
    case Trigger::kPeakUnanswered:
      return facts.affect || facts.tally != TallyKind::kNone || answer || over || moved;
    case Trigger::kFollowUpOverdue:
      return answer;
    default:
      return false;
  }
}

bool AnsweredSince(Trigger condition, const Contact& contact, const journey::EventTime& since) {
  switch (condition) {
    case Trigger::kWaiting:
      return contact.answered_at_ms().has_value();
    case Trigger::kMessageUnanswered:
      return contact.answered_last() && since < *contact.answered_last();
    case Trigger::kPeakUnanswered:
      return contact.human_at_ms() && since.at_ms <= *contact.human_at_ms();
    default:
      return false;
  }
}

}  // namespace peakend::alerts
