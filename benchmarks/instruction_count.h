// Counts the instructions that this thread executes in user mode, where the
// kernel and the processor allow it: virtual machines and containers often don't.
//
// Thread-safety: none; counts the thread that made it.
#ifndef PEAKEND_BENCHMARKS_INSTRUCTION_COUNT_H_
#define PEAKEND_BENCHMARKS_INSTRUCTION_COUNT_H_

#include <cstdint>

namespace peakend::benchmarks {

class InstructionCount {
 public:
  InstructionCount();
  ~InstructionCount();
  InstructionCount(const InstructionCount&) = delete;
  InstructionCount& operator=(const InstructionCount&) = delete;

  bool available() const { return descriptor_ >= 0; }
  // Instructions since construction; 0 when not available.
  int64_t Read() const;

 private:
  int descriptor_;
};

}  // namespace peakend::benchmarks

#endif  // PEAKEND_BENCHMARKS_INSTRUCTION_COUNT_H_
