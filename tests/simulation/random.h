// All chance of the simulation: a stream of numbers that follows from its seed alone,
// on every machine (SplitMix64).
//
// Thread-safety: none.
#ifndef PEAKEND_TESTS_SIMULATION_RANDOM_H_
#define PEAKEND_TESTS_SIMULATION_RANDOM_H_

#include <cstdint>

namespace peakend::simulation {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15U;
    uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  // REQUIRES: from <= to; both may be drawn.
  int64_t Draw(int64_t from, int64_t to) {
    return from + static_cast<int64_t>(Next() % static_cast<uint64_t>(to - from + 1));
  }
  bool Percent(int64_t chance) { return Draw(0, 99) < chance; }
  // A stream of its own, so that what draws from it disturbs nobody else.
  Random Fork() { return Random(Next()); }

 private:
  uint64_t state_;
};

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_RANDOM_H_
