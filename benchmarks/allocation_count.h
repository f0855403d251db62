// Counts calls of operator new of the whole program: linking this replaces it.
//
// Thread-safety: each thread counts its own calls.
#ifndef PEAKEND_BENCHMARKS_ALLOCATION_COUNT_H_
#define PEAKEND_BENCHMARKS_ALLOCATION_COUNT_H_

#include <cstdint>

namespace peakend::benchmarks {

// Calls of operator new by this thread since its start.
int64_t AllocationCount();

}  // namespace peakend::benchmarks

#endif  // PEAKEND_BENCHMARKS_ALLOCATION_COUNT_H_
