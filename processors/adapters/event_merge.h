// Puts the events of overlapping conversations into one time order.
//
// Holds only what may still be overtaken: events leave as soon as no conversation
// that is added later can have an earlier one.
//
// Thread-safety: none. Invariant: events leave in order of occurred_at_ms; among
// equal times the conversation that was added first comes first.
#ifndef PEAKEND_PROCESSORS_ADAPTERS_EVENT_MERGE_H_
#define PEAKEND_PROCESSORS_ADAPTERS_EVENT_MERGE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "peakend/v1/interaction_event.pb.h"

namespace peakend::adapters {

class EventMerge {
 public:
  // Adds the events of one conversation. REQUIRES: they are in time order and
  // none lies before an event that has left.
  void Add(std::vector<v1::InteractionEvent> conversation);

  // Takes the earliest event out if it lies before `before_ms`.
  std::optional<v1::InteractionEvent> PopBefore(int64_t before_ms);

  // Conversations with events that have not left.
  size_t pending() const { return heap_.size(); }

 private:
  struct Conversation {
    std::vector<v1::InteractionEvent> events;
    size_t next = 0;
    uint64_t order = 0;
    int64_t next_ms() const { return events[next].occurred_at_ms(); }
  };
  // True when `a` comes after `b`: the heap's top is the earliest.
  static bool Later(const Conversation& a, const Conversation& b);

  std::vector<Conversation> heap_;
  uint64_t added_ = 0;
};

}  // namespace peakend::adapters

#endif  // PEAKEND_PROCESSORS_ADAPTERS_EVENT_MERGE_H_
