// What this process uses of the machine, read from /proc/self.
//
// Thread-safety: pure reads; any thread.
#ifndef PEAKEND_PROCESSORS_RUNTIME_PROCESS_USAGE_H_
#define PEAKEND_PROCESSORS_RUNTIME_PROCESS_USAGE_H_

#include <cstdint>

namespace peakend::runtime {

// 0 where the system does not tell.
struct ProcessUsage {
  double cpu_seconds = 0;         // user and system, all threads
  double start_time_seconds = 0;  // since the epoch
  int64_t resident_bytes = 0;
  int64_t virtual_bytes = 0;
  int64_t threads = 0;
  int64_t open_files = 0;
  int64_t max_files = 0;
};

ProcessUsage ReadProcessUsage();

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_PROCESS_USAGE_H_
