#include "processors/journey/contact.h"

#include <algorithm>

namespace peakend::journey {
namespace {

void KeepEarliest(std::optional<int64_t>& kept, int64_t offered) {
  kept = kept ? std::min(*kept, offered) : offered;
}

void KeepLatest(std::optional<int64_t>& kept, int64_t offered) {
  kept = kept ? std::max(*kept, offered) : offered;
}

}  // namespace

Contact::Contact(std::string_view id, int channel, const EventTime& first,
                 std::pmr::memory_resource* memory)
    : memory_(memory),
      id_(id, memory),
      channel_(channel),
      first_(first),
      last_(first),
      queue_(memory),
      agent_(memory),
      tier_(memory),
      touchpoint_(memory),
      last_message_(memory),
      last_question_(memory),
      producer_(memory),
      legs_(memory),
      need_(memory),
      promises_(memory),
      human_answers_(memory),
      impressions_(memory),
      tallies_(memory) {}

Contact::Contact(const EventFacts& facts, std::pmr::memory_resource* memory)
    : Contact(facts.contact_id, facts.channel, {facts.at_ms, facts.hash}, memory) {
  Apply(facts);
}

Contact::Contact(const Contact& other, std::pmr::memory_resource* memory)
    : Contact(other.id_, other.channel_, other.first_, memory) {
  Merge(other);
}

void Contact::OfferMark(std::optional<Mark>& mark, const EventTime& at, int64_t wait_ms,
                        std::string_view event_id) {
  if (mark && at < mark->at) return;
  mark.emplace(Mark{at, wait_ms, std::pmr::string(event_id, memory_)});
}

void Contact::Apply(const EventFacts& facts) {
  const EventTime at{facts.at_ms, facts.hash};
  if (at <= first_) {
    first_ = at;
    channel_ = facts.channel;
  }
  last_ = std::max(last_, at);
  ++event_count_;
  queue_.Offer(at, facts.queue_id);
  agent_.Offer(at, facts.agent_id);
  tier_.Offer(at, facts.tier);
  touchpoint_.Offer(at, facts.touchpoint_id);
  producer_.Offer(at, facts.producer);
  legs_.Add(facts);
  if (facts.ended_by != 0) OfferEnder(at, facts.ended_by);
  need_.Add(facts);
  if (facts.promise) promises_.Add(facts);
  if (facts.notice && (!notice_ || at < notice_->at)) notice_.emplace(facts, memory_);
  if (facts.baseline_wait_ms) OfferBaseline(at, *facts.baseline_wait_ms);
  acts_ |= facts.acts;
  order_only_ = order_only_ || facts.order_only;
  if (facts.tally != TallyKind::kNone) {
    tallies_.Add(facts.tally, facts.amount, at, facts.event_id);
  }
  switch (facts.kind) {
    case FactKind::kCustomerTurn:
      if (facts.says) {
        KeepEarliest(first_message_ms_, facts.at_ms);
        last_message_.Offer(at, facts.event_id);
      }
      if (facts.affect) {
        Impression impression;
        impression.at_ms = facts.at_ms;
        impression.event_hash = facts.hash;
        impression.valence = facts.affect->valence;
        impression.confidence = facts.affect->confidence;
        impression.has_confidence = facts.affect->has_confidence;
        impressions_.Add(impression, facts.event_id);
      }
      break;
    case FactKind::kAnswer:
      KeepEarliest(answered_at_ms_, facts.at_ms);
      if (facts.by_human) human_answers_.Add(facts.at_ms);
      answered_last_ = std::max(answered_last_, at);
      if (facts.asks) last_question_.Offer(at, facts.event_id);
      break;
    case FactKind::kQueued:
      if (!queued_ || at < queued_->at) {
        queued_.emplace(Mark{at, -1, std::pmr::string(facts.event_id, memory_)});
      }
      break;
    case FactKind::kAbandoned:
      KeepLatest(ended_at_ms_, facts.at_ms);
      OfferMark(abandoned_, at, facts.wait_ms, facts.event_id);
      break;
    case FactKind::kResolved:
      OfferMark(resolved_, at, -1, facts.event_id);
      break;
    case FactKind::kEnded:
      KeepLatest(ended_at_ms_, facts.at_ms);
      break;
    case FactKind::kAlive:
    case FactKind::kNone:
    case FactKind::kSurvey:
    case FactKind::kSettlement:
    case FactKind::kAlertAction:
      break;
  }
}

void Contact::Merge(const Contact& other) {
  if (other.first_ < first_) {
    first_ = other.first_;
    channel_ = other.channel_;
  }
  last_ = std::max(last_, other.last_);
  event_count_ += other.event_count_;
  // Values are made in the contact's own memory: a copy would leave it.
  if (other.queued_ && (!queued_ || other.queued_->at < queued_->at)) {
    queued_.emplace(Mark{other.queued_->at, other.queued_->wait_ms,
                         std::pmr::string(other.queued_->event_id, memory_)});
  }
  if (other.first_message_ms_) KeepEarliest(first_message_ms_, *other.first_message_ms_);
  answered_last_ = std::max(answered_last_, other.answered_last_);
  if (other.answered_at_ms_) KeepEarliest(answered_at_ms_, *other.answered_at_ms_);
  if (other.ended_at_ms_) KeepLatest(ended_at_ms_, *other.ended_at_ms_);
  const auto offer = [this](std::optional<Mark>& mark, const std::optional<Mark>& theirs) {
    if (theirs) OfferMark(mark, theirs->at, theirs->wait_ms, theirs->event_id);
  };
  offer(abandoned_, other.abandoned_);
  offer(resolved_, other.resolved_);
  queue_.Offer(other.queue_.at, other.queue_.value);
  agent_.Offer(other.agent_.at, other.agent_.value);
  tier_.Offer(other.tier_.at, other.tier_.value);
  touchpoint_.Offer(other.touchpoint_.at, other.touchpoint_.value);
  last_message_.Offer(other.last_message_.at, other.last_message_.value);
  last_question_.Offer(other.last_question_.at, other.last_question_.value);
  producer_.Offer(other.producer_.at, other.producer_.value);
  legs_.Merge(other.legs_);
  if (other.ended_by_) OfferEnder(other.ended_by_->at, other.ended_by_->by);
  need_.Merge(other.need_);
  promises_.Merge(other.promises_);
  human_answers_.Merge(other.human_answers_);
  if (other.notice_ && (!notice_ || other.notice_->at < notice_->at)) {
    notice_.emplace(*other.notice_, memory_);
  }
  if (other.baseline_) OfferBaseline(other.baseline_->at, other.baseline_->wait_ms);
  acts_ |= other.acts_;
  order_only_ = order_only_ || other.order_only_;
  counted_ = counted_ || other.counted_;
  impressions_.Merge(other.impressions_);
  tallies_.Merge(other.tallies_);
}

void Contact::OfferBaseline(const EventTime& at, int64_t wait_ms) {
  if (!baseline_ || at < baseline_->at) baseline_ = BaselineWait{at, wait_ms};
}

void Contact::OfferEnder(const EventTime& at, int by) {
  if (!ended_by_ || ended_by_->at < at) ended_by_ = Ender{at, by};
}

Contact Contact::ImpressionsOfLeg(size_t leg, std::pmr::memory_resource* memory) const {
  const Leg& had = legs_.all()[leg];
  Contact part({}, channel_, had.first, memory);
  part.last_ = had.last;
  part.answered_at_ms_ = had.first.at_ms;
  impressions_.ForEachKept([&](const Impression& impression) {
    if (legs_.At({impression.at_ms, impression.event_hash}) != leg) return;
    part.impressions_.Add(impression, impressions_.event_id(impression));
  });
  return part;
}

std::optional<int64_t> Contact::WaitMs() const {
  const auto since_queued = [this](int64_t until_ms) -> std::optional<int64_t> {
    if (order_only_ || !queued_ || queued_->at.at_ms > until_ms) return std::nullopt;
    return until_ms - queued_->at.at_ms;
  };
  const Tally* answered = tallies_.Find(TallyKind::kAnswered);
  if (answered != nullptr && answered->amount >= 0) return answered->amount;
  if (answered_at_ms_) return since_queued(*answered_at_ms_);
  if (!abandoned_) return std::nullopt;
  return abandoned_->wait_ms >= 0 ? abandoned_->wait_ms : since_queued(abandoned_->at.at_ms);
}

bool Contact::IsShortAbandon(const Windows& windows) const {
  if (!abandoned_) return false;
  int64_t wait_ms = abandoned_->wait_ms;
  if (wait_ms < 0 && !order_only_ && queued_ && queued_->at.at_ms <= abandoned_->at.at_ms) {
    wait_ms = abandoned_->at.at_ms - queued_->at.at_ms;
  }
  return wait_ms >= 0 && wait_ms < windows.short_abandon_ms;
}

std::optional<Terminal> Contact::HungUpOnHold() const {
  const Tally* begun = tallies_.Find(TallyKind::kHoldBegun);
  if (begun == nullptr || !ended_at_ms_ || *ended_at_ms_ < begun->at.at_ms) return std::nullopt;
  const Tally* ended = tallies_.Find(TallyKind::kHoldEnded);
  if (ended != nullptr && ended->at >= begun->at) return std::nullopt;
  // Somebody spoke: the feed only forgot to end the hold.
  if (human_answers_.FirstAfterMs(begun->at.at_ms)) return std::nullopt;
  return Terminal{{*ended_at_ms_, begun->at.hash}, Cause::kHungUpOnHold, tallies_.event_id(*begun)};
}

std::optional<Occurrence> Contact::queued() const {
  if (!queued_) return std::nullopt;
  return Occurrence{queued_->at, queued_->event_id};
}

std::optional<Occurrence> Contact::customer_spoke() const {
  if (last_message_.value.empty()) return std::nullopt;
  return Occurrence{last_message_.at, last_message_.value};
}

std::optional<EventTime> Contact::answered_last() const {
  return answered_at_ms_ ? std::optional(answered_last_) : std::nullopt;
}

std::optional<Occurrence> Contact::resolved() const {
  if (!resolved_) return std::nullopt;
  return Occurrence{resolved_->at, resolved_->event_id};
}

EventTime Contact::wanted_at() const {
  const EventTime began = need_.StartedByCustomer() ? *need_.started_at() : EventTime{};
  return std::max(began, last_message_.at);
}

std::optional<int64_t> Contact::FirstResponseMs() const {
  if (order_only_ || queued_ || !first_message_ms_ || !answered_at_ms_ ||
      *answered_at_ms_ < *first_message_ms_) {
    return std::nullopt;
  }
  return *answered_at_ms_ - *first_message_ms_;
}

std::optional<Terminal> Contact::LeftUnanswered(const Windows& windows, int64_t as_of_ms) const {
  if (last_question_.value.empty() || last_message_.value.empty()) return std::nullopt;
  if (last_question_.at < last_message_.at) return std::nullopt;
  const bool silent =
      ended_at_ms_ ? tallies_.Find(TallyKind::kExpired) != nullptr : EndsAtMs(windows) <= as_of_ms;
  if (!silent) return std::nullopt;
  return Terminal{last_question_.at, Cause::kLeftUnanswered, last_question_.value};
}

std::optional<Terminal> Contact::terminal(const Windows& windows, int64_t as_of_ms) const {
  std::optional<Terminal> newest = HungUpOnHold();
  if (abandoned_ && !IsShortAbandon(windows) && (!newest || newest->at < abandoned_->at)) {
    newest = Terminal{abandoned_->at, Cause::kAbandoned, abandoned_->event_id};
  }
  if (resolved_ && (!newest || newest->at < resolved_->at)) {
    newest = Terminal{resolved_->at, Cause::kResolved, resolved_->event_id};
  }
  return newest ? newest : LeftUnanswered(windows, as_of_ms);
}

int64_t Contact::EndsAtMs(const Windows& windows) const {
  return ended_at_ms_ ? *ended_at_ms_ : last_.at_ms + windows.ContactGap(channel_);
}

}  // namespace peakend::journey
