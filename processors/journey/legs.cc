#include "processors/journey/legs.h"

#include <algorithm>
#include <utility>

#include "processors/journey/record_parts.h"

namespace peakend::journey {
Legs::Legs(const Records& records, bool forgot, std::pmr::memory_resource* memory)
    : legs_(memory), forgot_(forgot) {
  legs_.reserve(static_cast<size_t>(records.size()));
  for (const v1::CustomerState::Leg& record : records) {
    Leg& leg = legs_.emplace_back(memory);
    leg.name = record.name();
    leg.named = record.named();
    leg.first = FromRecord(record.first());
    leg.last = FromRecord(record.last());
    leg.event_count = record.event_count();
    leg.agent = LatestName(record.agent(), memory);
    leg.queue = LatestName(record.queue(), memory);
  }
}

void Legs::Save(int field, RecordBytes& record) const {
  using Saved = v1::CustomerState::Leg;
  for (const Leg& leg : legs_) {
    record.Message(field, [&] {
      record.Bytes(Saved::kNameFieldNumber, leg.name);
      record.Int(Saved::kNamedFieldNumber, leg.named);
      journey::Save(leg.first, Saved::kFirstFieldNumber, record);
      journey::Save(leg.last, Saved::kLastFieldNumber, record);
      record.Int(Saved::kEventCountFieldNumber, leg.event_count);
      leg.agent.Save(Saved::kAgentFieldNumber, record);
      leg.queue.Save(Saved::kQueueFieldNumber, record);
    });
  }
}

Leg* Legs::Find(std::string_view name, bool named) {
  const auto found = std::find_if(legs_.begin(), legs_.end(), [&](const Leg& leg) {
    return leg.named == named && leg.name == name;
  });
  return found == legs_.end() ? nullptr : &*found;
}

void Legs::Add(const EventFacts& facts) {
  const bool named = !facts.leg_id.empty();
  const std::string_view name = named ? facts.leg_id : facts.agent_id;
  if (name.empty()) return;
  const EventTime at{facts.at_ms, facts.hash};
  const auto take = [&](Leg& leg) {
    ++leg.event_count;
    leg.last = std::max(leg.last, at);
    if (named) leg.agent.Offer(at, facts.agent_id);
    leg.queue.Offer(at, facts.queue_id);
  };
  Leg* known = Find(name, named);
  if (known != nullptr && known->first <= at) return take(*known);
  Leg leg(legs_.get_allocator().resource());
  if (known != nullptr) {
    leg = std::move(*known);
    legs_.erase(legs_.begin() + (known - legs_.data()));
  } else {
    leg.name = name;
    leg.named = named;
    leg.last = at;
  }
  leg.first = at;
  take(leg);
  Insert(std::move(leg));
}

void Legs::Merge(const Legs& other) {
  forgot_ = forgot_ || other.forgot_;
  for (const Leg& theirs : other.legs_) {
    // Made in the contact's own memory: a copy would leave it.
    Leg leg(legs_.get_allocator().resource());
    leg.name = theirs.name;
    leg.named = theirs.named;
    leg.first = theirs.first;
    leg.last = theirs.last;
    leg.event_count = theirs.event_count;
    leg.agent.Offer(theirs.agent.at, theirs.agent.value);
    leg.queue.Offer(theirs.queue.at, theirs.queue.value);
    if (Leg* ours = Find(leg.name, leg.named); ours != nullptr) {
      leg.first = std::min(leg.first, ours->first);
      leg.last = std::max(leg.last, ours->last);
      leg.event_count += ours->event_count;
      leg.agent.Offer(ours->agent.at, ours->agent.value);
      leg.queue.Offer(ours->queue.at, ours->queue.value);
      legs_.erase(legs_.begin() + (ours - legs_.data()));
    }
    Insert(std::move(leg));
  }
}

void Legs::Insert(Leg leg) {
  const auto place = std::upper_bound(legs_.begin(), legs_.end(), leg,
                                      [](const Leg& a, const Leg& b) { return a.first < b.first; });
  legs_.insert(place, std::move(leg));
  if (legs_.size() <= kMost) return;
  legs_.pop_back();
  forgot_ = true;
}

std::optional<size_t> Legs::At(const EventTime& at) const {
  std::optional<size_t> found;
  for (size_t i = 0; i < legs_.size() && legs_[i].first <= at; ++i) {
    // Those that go on begin later than `found` and win over all that have ended.
    const bool goes_on = at <= legs_[i].last;
    if (!found || goes_on || (legs_[*found].last < at && legs_[*found].last < legs_[i].last)) {
      found = i;
    }
  }
  return found;
}

}  // namespace peakend::journey
