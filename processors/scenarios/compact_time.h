// Times and durations as people write them in a scenario: 20s, 1d2h.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_SCENARIOS_COMPACT_TIME_H_
#define PEAKEND_PROCESSORS_SCENARIOS_COMPACT_TIME_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace peakend::scenarios {

// When every scenario starts: Monday, 2025-01-06T09:00:00Z, in ms since the epoch.
inline constexpr int64_t kStartMs = 1'736'154'000'000;

// Ms of a sum of parts such as "1d2h" (units d, h, m, s; each a whole number). Nothing when
// it is no duration, or one of more than 100 years.
std::optional<int64_t> CompactDurationMs(std::string_view text);

}  // namespace peakend::scenarios

#endif  // PEAKEND_PROCESSORS_SCENARIOS_COMPACT_TIME_H_
