// What a deadline costs among a million others.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>

#include "processors/runtime/deadlines.h"

namespace peakend::benchmarks {
namespace {

constexpr size_t kOpenPromises = 1'000'000;
constexpr uint64_t kWithinMs = 30ULL * 86'400'000;

runtime::Deadlines OpenPromises(std::mt19937_64& random) {
  runtime::Deadlines deadlines;
  for (uint32_t i = 0; i < kOpenPromises; ++i) {
    deadlines.Add({static_cast<int64_t>(random() % kWithinMs), random(), i});
  }
  return deadlines;
}

// A million promises are made.
void DeadlineSet(benchmark::State& state) {
  std::mt19937_64 random(7);
  for (auto step : state) benchmark::DoNotOptimize(OpenPromises(random).size());
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kOpenPromises));
}
BENCHMARK(DeadlineSet)->Unit(benchmark::kMillisecond);

// Promises break, one after the other.
void DeadlineFired(benchmark::State& state) {
  std::mt19937_64 random(7);
  runtime::Deadlines deadlines;
  for (auto step : state) {
    if (deadlines.size() <= kOpenPromises / 2) {
      state.PauseTiming();
      deadlines = OpenPromises(random);
      state.ResumeTiming();
    }
    benchmark::DoNotOptimize(deadlines.Pop());
  }
}
BENCHMARK(DeadlineFired);

// The one that is due first fires, and another is made in its place.
void DeadlineFiredAndSet(benchmark::State& state) {
  std::mt19937_64 random(7);
  runtime::Deadlines deadlines = OpenPromises(random);
  for (auto step : state) {
    runtime::Deadline deadline = deadlines.Pop();
    deadline.at_ms += static_cast<int64_t>(random() % kWithinMs);
    deadlines.Add(deadline);
  }
  if (deadlines.size() != kOpenPromises) state.SkipWithError("deadlines were lost");
}
BENCHMARK(DeadlineFiredAndSet);

}  // namespace
}  // namespace peakend::benchmarks
