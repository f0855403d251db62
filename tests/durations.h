// Lengths of time in milliseconds, as tests write them.
#ifndef PEAKEND_TESTS_DURATIONS_H_
#define PEAKEND_TESTS_DURATIONS_H_

#include <cstdint>

namespace peakend {

inline constexpr int64_t kSecond = 1000;
inline constexpr int64_t kMinute = 60 * kSecond;
inline constexpr int64_t kHour = 60 * kMinute;
inline constexpr int64_t kDay = 24 * kHour;

}  // namespace peakend

#endif  // PEAKEND_TESTS_DURATIONS_H_
