#include "processors/adapters/event_merge.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "rapidcheck.h"

namespace peakend::adapters {
namespace {

v1::InteractionEvent At(int64_t at_ms, const std::string& id) {
  v1::InteractionEvent event;
  event.set_occurred_at_ms(at_ms);
  event.set_event_id(id);
  return event;
}

std::vector<std::string> PopAll(EventMerge& merge, int64_t before_ms) {
  std::vector<std::string> ids;
  while (const auto event = merge.PopBefore(before_ms)) ids.push_back(event->event_id());
  return ids;
}

TEST(EventMergeTest, OverlappingConversationsLeaveInTimeOrder) {
  EventMerge merge;
  merge.Add({At(0, "a0"), At(20, "a1"), At(40, "a2")});
  EXPECT_EQ(PopAll(merge, 20), std::vector<std::string>{"a0"});
  merge.Add({At(20, "b0"), At(30, "b1")});
  merge.Add({});
  EXPECT_EQ(merge.pending(), 2U);
  EXPECT_EQ(PopAll(merge, 1000), (std::vector<std::string>{"a1", "b0", "b1", "a2"}));
  EXPECT_EQ(merge.pending(), 0U);
}

TEST(EventMergeTest, NothingIsLostAndTheOrderHolds) {
  EXPECT_TRUE(rc::check([] {
    EventMerge merge;
    std::vector<std::pair<int64_t, int>> left;
    const auto drain = [&](int64_t before_ms) {
      while (const auto event = merge.PopBefore(before_ms)) {
        left.emplace_back(event->occurred_at_ms(), std::stoi(event->event_id()));
      }
    };
    const int conversations = *rc::gen::inRange(0, 20);
    size_t added = 0;
    for (int k = 0; k < conversations; ++k) {
      drain(k * 60);
      std::vector<v1::InteractionEvent> events;
      for (int i = *rc::gen::inRange(0, 12); i > 0; --i) {
        events.push_back(At(k * 60 + static_cast<int64_t>(events.size()) * 20, std::to_string(k)));
      }
      added += events.size();
      merge.Add(std::move(events));
    }
    drain(std::numeric_limits<int64_t>::max());
    RC_ASSERT(left.size() == added);
    RC_ASSERT(std::is_sorted(left.begin(), left.end()));
  }));
}

}  // namespace
}  // namespace peakend::adapters
