// Random events of a few customers, for properties that must hold of any stream.
#ifndef PEAKEND_TESTS_RUNTIME_ENGINE_RANDOM_STREAM_H_
#define PEAKEND_TESTS_RUNTIME_ENGINE_RANDOM_STREAM_H_

#include <cstdint>
#include <random>
#include <vector>

#include "peakend/v1/interaction_event.pb.h"
#include "processors/publish/policy.h"
#include "tests/cases.h"

namespace peakend::runtime {

using Random = std::mt19937_64;
// Evenly from [from, to].
int64_t Draw(Random& random, int64_t from, int64_t to);

// Allowed lateness of SmallWindows.
inline constexpr int64_t kLateness = 1000;
// The default policy with windows that a random stream reaches.
publish::Policy SmallWindows();

// The same with all times `factor` times as long, so that minutes count, in which customers
// remember.
inline constexpr int64_t kSlow = 60'000;
publish::Policy Slowed(publish::Policy policy, int64_t factor);
std::vector<v1::InteractionEvent> Slowed(std::vector<v1::InteractionEvent> events, int64_t factor);

struct StreamShape {
  int64_t customers = 3;
  int64_t max_events = 60;
  int64_t max_step_ms = 2600;  // below 1100 no journey ends
};

// Events in time order; steps around both gaps are common, and so are ties.
std::vector<v1::InteractionEvent> RandomStream(Random& random, const StreamShape& shape = {});
// A few notices to many, of the same area, segment and touchpoints, and baselines of the same
// queues, in order; said from
// `first_ms` to `last_ms` after kEpoch.
std::vector<v1::InteractionEvent> RandomAnnouncements(Random& random, int64_t first_ms,
                                                      int64_t last_ms);
// Another arrival order in which no event is late.
std::vector<v1::InteractionEvent> Shuffle(Random& random,
                                          const std::vector<v1::InteractionEvent>& events);
// Some events again, at once or a while later.
std::vector<v1::InteractionEvent> Duplicate(Random& random,
                                            std::vector<v1::InteractionEvent> events);

}  // namespace peakend::runtime

#endif  // PEAKEND_TESTS_RUNTIME_ENGINE_RANDOM_STREAM_H_
