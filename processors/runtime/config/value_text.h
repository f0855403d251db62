// Values as people write them: "250ms", "3d", "64MiB", "0.3".
//
// Thread-safety: pure functions. Parsing is strict: the whole text, no blanks.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_VALUE_TEXT_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_VALUE_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace peakend::runtime {

// A number with at most three decimals and a unit of ms, s, m, h or d; "0" needs
// none. Nanoseconds, >= 0. Nullopt: not of this form, or above about 292 years.
std::optional<int64_t> ParseDurationNanos(std::string_view text);
// With the largest unit that divides it: "90d", "1500ms", "0.250ms", "0s". Less
// than a microsecond is cut off. REQUIRES: nanos >= 0.
std::string FormatDurationNanos(int64_t nanos);

// A whole number, plain or with KiB, MiB or GiB.
std::optional<uint64_t> ParseBytes(std::string_view text);
std::string FormatBytes(uint64_t bytes);

std::optional<uint64_t> ParseUint(std::string_view text);
std::optional<bool> ParseBool(std::string_view text);

// Finite, in decimal notation.
std::optional<double> ParseDouble(std::string_view text);
// The shortest text that reads back as the same number.
std::string FormatDouble(double value);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_VALUE_TEXT_H_
