// How many cases a property is tried with.
#ifndef PEAKEND_TESTS_CASES_H_
#define PEAKEND_TESTS_CASES_H_

#include <cstdlib>

namespace peakend {

// 5,000, or PEAKEND_PROPERTY_CASES.
inline int Cases() {
  const char* cases = std::getenv("PEAKEND_PROPERTY_CASES");
  return cases != nullptr ? std::atoi(cases) : 5'000;
}

}  // namespace peakend

#endif  // PEAKEND_TESTS_CASES_H_
