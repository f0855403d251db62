// Figures that several benchmarks make in the same way.
#ifndef PEAKEND_BENCHMARKS_FIGURE_H_
#define PEAKEND_BENCHMARKS_FIGURE_H_

#include <algorithm>
#include <ctime>
#include <vector>

namespace peakend::benchmarks {

// Of the calling thread since it began.
inline double ThreadCpuSeconds() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// The upper of the two in the middle. REQUIRES: !values.empty().
inline double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace peakend::benchmarks

#endif  // PEAKEND_BENCHMARKS_FIGURE_H_
