#include "processors/alerts/condition.h"

#include <cmath>

#include "processors/moments/contact_impressions.h"
#include "processors/moments/journey_impressions.h"

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

class Search {
 public:
  Search(const Rule& rule, const Scene& scene, const std::optional<FindingPlace>& after)
      : rule_(rule), scene_(scene), after_(after) {}

  std::optional<Finding> Run() {
    for (size_t i = scene_.journey.begin; i < scene_.journey.end; ++i) {
      const Contact& contact = scene_.contacts.contacts()[i];
      const bool over = contact.ended() || contact.EndsAtMs(scene_.windows) < scene_.now_ms;
      if (!over && (contact.HasTimes() || rule_.trigger == Trigger::kRepeatContact)) {
        LookAt(contact, i);
      }
      if (AboutPromises()) LookAtPromises(contact, i);
    }
    return found_;
  }

 private:
  bool AboutPromises() const {
    return rule_.trigger == Trigger::kPromiseAtRisk || rule_.trigger == Trigger::kPromiseBroken;
  }

  void LookAt(const Contact& contact, size_t index) {
    switch (rule_.trigger) {
      case Trigger::kWaiting:
        return Waiting(contact, index);
      case Trigger::kMessageUnanswered:
        return MessageUnanswered(contact, index);
      case Trigger::kPeakUnanswered:
        return PeakUnanswered(contact, index);
      case Trigger::kRepeatContact:
        return Repeated(contact, index);
      default:
        return;
    }
  }

  void Offer(const Finding& finding) {
    if (after_ && PlaceOf(finding) <= *after_) return;
    if (!found_ || PlaceOf(finding) < PlaceOf(*found_)) found_ = finding;
  }

  // A contact that ends by silence before has no use for an alert any more.
  void OfferWhileAlive(const Contact& contact, const Finding& finding) {
    if (finding.from_ms <= contact.EndsAtMs(scene_.windows)) Offer(finding);
  }

  // How long customers put up with it: what the rule says, else the policy's adequate.
  std::optional<int64_t> Limit(Cause cause, const Contact& contact) const {
    if (rule_.after_ms) return rule_.after_ms;
    const moments::Expectation* expected =
        scene_.model.experience.Find(cause, contact.queue_id(), contact.channel());
    return expected != nullptr ? std::optional(expected->adequate) : std::nullopt;
  }

  void Waiting(const Contact& contact, size_t index) {
    const std::optional<Occurrence> queued = contact.queued();
    if (!queued || contact.answered_at_ms()) return;
    std::optional<int64_t> limit = Limit(Cause::kQueueWait, contact);
    const journey::Tally* announced = contact.tallies().Find(TallyKind::kWaitAnnounced);
    if (!rule_.after_ms && announced != nullptr) {
      limit = scene_.model.experience.ToleratedMs(announced->amount);
    }
    if (!limit) return;
    OfferWhileAlive(contact, {queued->at.at_ms + *limit, queued->at, queued->event_id, index, 0});
  }

  void MessageUnanswered(const Contact& contact, size_t index) {
    const std::optional<Occurrence> spoke = contact.customer_spoke();
    if (!spoke || AnsweredSince(rule_.trigger, contact, spoke->at)) return;
    const std::optional<int64_t> limit =
        Limit(contact.answered_at_ms() ? Cause::kNextResponse : Cause::kFirstResponse, contact);
    if (!limit) return;
    OfferWhileAlive(contact, {spoke->at.at_ms + *limit, spoke->at, spoke->event_id, index, 0});
  }

  void PeakUnanswered(const Contact& contact, size_t index) {
    std::optional<Finding> worst;
    int64_t weight = 0;
    const auto offer = [&](const Impression& impression, std::string_view event_id) {
      if (impression.valence > 0 || impression.Weight() < weight) return;
      weight = impression.Weight();
      const int64_t from_ms = impression.at_ms + rule_.after_ms.value_or(kPeakUnansweredMs);
      worst = Finding{from_ms,
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
    moments::DeriveFromContact(contact, scene_.model.experience, maker);
    if (made.size() > 1) maker.Sort();
    for (const moments::ServiceImpression& each : made) offer(each.impression, each.event_id);
    if (!worst || worst->value >= rule_.enter) return;
    if (!AnsweredSince(rule_.trigger, contact, worst->since)) OfferWhileAlive(contact, *worst);
  }

  void Repeated(const Contact& contact, size_t index) {
    const moments::Repeats repeats = moments::CountRepeats(
        scene_.story(), index - scene_.journey.begin, scene_.model.repeat_window_ms);
    if (repeats.count < rule_.count) return;
    const journey::EventTime since = *contact.need().started_at();
    Offer({since.at_ms, since, contact.need().started_event_id(), index, 0});
  }

  void LookAtPromises(const Contact& contact, size_t index) {
    if (contact.promises().all().empty()) return;
    journey::Story story = scene_.story();
    story.as_of_ms = scene_.now_ms;
    for (const Promise& promise : contact.promises().all()) {
      if (!promise.due || MovedOn(story, index - scene_.journey.begin, promise)) continue;
      const journey::Fate fate = FateOf(promise, story.settlements, story.as_of_ms);
      if (fate.fulfilled == nullptr) OfferPromise(promise, fate, index);
    }
  }

  void OfferPromise(const Promise& promise, const journey::Fate& fate, size_t index) {
    int64_t from_ms = promise.DueMs();
    std::string_view event_id = promise.made.event_id;
    if (rule_.trigger == Trigger::kPromiseAtRisk) {
      from_ms -= std::llround(static_cast<double>(promise.AllowedMs()) *
                              affect::ToDouble(rule_.share_left));
    } else if (fate.withdrawn != nullptr && fate.withdrawn->time_ms < from_ms) {
      from_ms = fate.withdrawn->time_ms;
      event_id = fate.withdrawn->event_id;
    }
    Offer({from_ms, promise.made.at, event_id, index, 0});
  }

  const Rule& rule_;
  const Scene& scene_;
  const std::optional<FindingPlace>& after_;
  std::optional<Finding> found_;
};

}  // namespace

std::optional<Finding> Find(const Rule& rule, const Scene& scene,
                            const std::optional<FindingPlace>& after) {
  return Search(rule, scene, after).Run();
}

bool MayTouch(Trigger condition, const Occasion& occasion) {
  const journey::EventFacts& facts = occasion.facts;
  const bool over = facts.kind == FactKind::kEnded || facts.kind == FactKind::kAbandoned;
  const bool answer = facts.kind == FactKind::kAnswer;
  switch (condition) {
    case Trigger::kRepeatContact:
      return occasion.scene.journey.end - occasion.scene.journey.begin > 1;
    case Trigger::kWaiting:
      return facts.kind == FactKind::kQueued || answer || over ||
             facts.tally == TallyKind::kWaitAnnounced;
    case Trigger::kPromiseAtRisk:
    case Trigger::kPromiseBroken:
      return facts.promise.has_value();
    case Trigger::kMessageUnanswered:
      return facts.kind == FactKind::kCustomerTurn || answer || over;
    case Trigger::kPeakUnanswered:
      return facts.affect || facts.tally != TallyKind::kNone || answer || over;
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
