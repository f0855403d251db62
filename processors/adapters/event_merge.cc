#include "processors/adapters/event_merge.h"

#include <algorithm>
#include <utility>

namespace peakend::adapters {

bool EventMerge::Later(const Conversation& a, const Conversation& b) {
  if (a.next_ms() != b.next_ms()) return a.next_ms() > b.next_ms();
  return a.order > b.order;
}

void EventMerge::Add(std::vector<v1::InteractionEvent> conversation) {
  if (conversation.empty()) return;
  heap_.push_back({std::move(conversation), 0, added_++});
  std::push_heap(heap_.begin(), heap_.end(), Later);
}

std::optional<v1::InteractionEvent> EventMerge::PopBefore(int64_t before_ms) {
  if (heap_.empty() || heap_.front().next_ms() >= before_ms) return std::nullopt;
  std::pop_heap(heap_.begin(), heap_.end(), Later);
  Conversation& earliest = heap_.back();
  v1::InteractionEvent event = std::move(earliest.events[earliest.next++]);
  if (earliest.next == earliest.events.size()) {
    heap_.pop_back();
  } else {
    std::push_heap(heap_.begin(), heap_.end(), Later);
  }
  return event;
}

}  // namespace peakend::adapters
