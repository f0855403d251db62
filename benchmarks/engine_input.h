// The events of the engine benchmark, as records of an input topic.
//
// Thread-safety: none.
#ifndef PEAKEND_BENCHMARKS_ENGINE_INPUT_H_
#define PEAKEND_BENCHMARKS_ENGINE_INPUT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace peakend::benchmarks {

struct EngineInput {
  std::string key;
  std::string value;
  int32_t partition = 0;
};

// The load of the pipeline benchmark.
std::vector<EngineInput> MakeInputs(int64_t events, int32_t partitions);

// What `peakend load --out FILE --format binary` wrote.
absl::StatusOr<std::vector<EngineInput>> ReadInputs(const std::string& file, int32_t partitions);

}  // namespace peakend::benchmarks

#endif  // PEAKEND_BENCHMARKS_ENGINE_INPUT_H_
