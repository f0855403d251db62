// Random numbers that are a function of (seed, purpose, number): the same on every machine, by
// every compiler, in every shard, and whoever asks first.
//
// xoshiro256++ (Blackman and Vigna 2019), its state from SplitMix64 (Steele, Lea and Flood 2014).
// Distributions are in distributions.h: those of the standard library differ between its makers.
//
// Thread-safety: a value.
#ifndef PEAKEND_BENCHMARKS_LOAD_RANDOM_STREAM_H_
#define PEAKEND_BENCHMARKS_LOAD_RANDOM_STREAM_H_

#include <bit>
#include <cstdint>

namespace peakend::load {

// What numbers are drawn for: streams of different purposes have nothing in common.
enum class Purpose : uint64_t {
  kArrivals = 1,
  kIncidents,
  kDay,
  kPlan,
  kCustomer,
  kReturn,
  kScript,
  kFeeling,
  kText,
  kFeed,
  kSource,
  kOddity,
};

class RandomStream {
 public:
  RandomStream(uint64_t seed, Purpose purpose, uint64_t number) {
    uint64_t mix = seed ^ (static_cast<uint64_t>(purpose) * 0xd1342543de82ef95ULL) ^
                   std::rotl(number * 0xa0761d6478bd642fULL, 31);
    for (uint64_t& word : state_) {
      mix += 0x9e3779b97f4a7c15ULL;
      uint64_t bits = mix;
      bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ULL;
      bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebULL;
      word = bits ^ (bits >> 31);
    }
  }

  uint64_t Bits() {
    const uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // In [0, 1), multiples of 2^-53.
  double Uniform() { return static_cast<double>(Bits() >> 11) * 0x1.0p-53; }

  // In [0, bound). REQUIRES: bound > 0. The bias is below bound / 2^64.
  uint64_t Below(uint64_t bound) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<uint64_t>((static_cast<Wide>(Bits()) * bound) >> 64);
  }

  // True in that share of cases.
  bool Chance(double share) { return Uniform() < share; }

 private:
  uint64_t state_[4];
};

}  // namespace peakend::load

#endif  // PEAKEND_BENCHMARKS_LOAD_RANDOM_STREAM_H_
