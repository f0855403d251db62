// What one iteration costs beside time: allocations, and instructions where the
// machine counts them.
//
//   Cost cost;                      after the set-up
//   for (auto _ : state) { ... }
//   cost.Report(state);
//
// Thread-safety: none.
#ifndef PEAKEND_BENCHMARKS_COST_H_
#define PEAKEND_BENCHMARKS_COST_H_

#include <benchmark/benchmark.h>

#include <cstdint>

#include "benchmarks/allocation_count.h"
#include "benchmarks/instruction_count.h"

namespace peakend::benchmarks {

class Cost {
 public:
  // What happens from here to Resume is not counted.
  void Pause() {
    allocations_ += AllocationCount() - allocations_begin_;
    instruction_total_ += instructions_.Read() - instructions_begin_;
  }
  void Resume() {
    allocations_begin_ = AllocationCount();
    instructions_begin_ = instructions_.Read();
  }
  void Report(benchmark::State& state) {
    Pause();
    const auto iterations = static_cast<double>(state.iterations());
    state.counters["allocs_per_event"] = static_cast<double>(allocations_) / iterations;
    if (instructions_.available()) {
      state.counters["instructions"] = static_cast<double>(instruction_total_) / iterations;
    }
  }

 private:
  InstructionCount instructions_;
  int64_t allocations_ = 0;
  int64_t instruction_total_ = 0;
  int64_t allocations_begin_ = AllocationCount();
  int64_t instructions_begin_ = instructions_.Read();
};

}  // namespace peakend::benchmarks

#endif  // PEAKEND_BENCHMARKS_COST_H_
