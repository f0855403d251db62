// Numbers, times and names as explanations write them.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_EXPLAIN_QUANTITY_H_
#define PEAKEND_PROCESSORS_EXPLAIN_QUANTITY_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "processors/explain/language.h"

namespace peakend::explain {

// A level with its sign in all of its steps of 1e-9, without zeros behind the second digit:
// "-0.54", "+0.470857143". What is added up must add up for the reader, too.
std::string Exact(double level);
// The same of a weight, without sign.
std::string Weight(double weight);
// To two digits, with sign or without.
std::string Level(double level);
std::string Share(double share);

// "850 ms", "20 s", "3 min 20 s", "4 h 5 min", "2 d 3 h": the two largest units.
std::string Duration(int64_t ms, Language language);
// In UTC: "2025-01-06 09:00:40", with milliseconds where there are any.
std::string DateTime(int64_t ms);
// The same without the day that `day_of_ms` is on.
std::string TimeOn(int64_t ms, int64_t day_of_ms);

// `name` as it is, or escaped in quotes where it holds control characters, which would reach
// the terminal; "-" when empty.
std::string Name(std::string_view name);

}  // namespace peakend::explain

#endif  // PEAKEND_PROCESSORS_EXPLAIN_QUANTITY_H_
