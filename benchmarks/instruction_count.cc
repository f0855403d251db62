#include "benchmarks/instruction_count.h"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace peakend::benchmarks {
namespace {

int OpenCounter() {
  perf_event_attr event = {};
  event.type = PERF_TYPE_HARDWARE;
  event.size = sizeof(event);
  event.config = PERF_COUNT_HW_INSTRUCTIONS;
  event.exclude_kernel = 1;
  event.exclude_hv = 1;
  return static_cast<int>(syscall(SYS_perf_event_open, &event, 0, -1, -1, PERF_FLAG_FD_CLOEXEC));
}

}  // namespace

InstructionCount::InstructionCount() : descriptor_(OpenCounter()) {}
InstructionCount::~InstructionCount() {
  if (available()) close(descriptor_);
}

int64_t InstructionCount::Read() const {
  int64_t count = 0;
  if (!available() || read(descriptor_, &count, sizeof(count)) != sizeof(count)) return 0;
  return count;
}

}  // namespace peakend::benchmarks
