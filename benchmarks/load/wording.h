// The words of a turn: a sentence of the class and feeling that the script asks for, its slots
// filled, so that what is said and what is felt agree.
//
// Thread-safety: const calls from several threads.
#ifndef PEAKEND_BENCHMARKS_LOAD_WORDING_H_
#define PEAKEND_BENCHMARKS_LOAD_WORDING_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/load/contact_script.h"
#include "benchmarks/load/random_stream.h"
#include "peakend/v1/load_profile.pb.h"

namespace peakend::load {

class Wording {
 public:
  // `texts` as in texts/en.txt; a string of the program. REQUIRES: each class has a sentence.
  explicit Wording(std::string_view texts);

  // Appends a sentence for a turn of that class and feeling.
  void Say(load::Say say, double feeling, RandomStream& stream, std::string* out) const;

  // Of talk, from awful to great.
  static constexpr size_t kFeelings = 5;
  static size_t FeelingOf(double feeling);

  // Sentences of a class; talk by feeling. For tests.
  size_t SentencesOf(load::Say say, size_t feeling) const { return ClassOf(say, feeling).size(); }

 private:
  // A sentence in pieces: what stands as it is, and slots.
  struct Piece {
    std::string_view text;
    int slot = -1;
  };
  using Sentence = std::vector<Piece>;

  void ReadLine(std::string_view line);
  Sentence Parse(std::string_view text) const;
  const std::vector<Sentence>& ClassOf(load::Say say, size_t feeling) const;

  std::vector<std::string_view> slot_names_;
  std::vector<std::vector<std::string_view>> slots_;
  std::array<std::vector<Sentence>, 9> classes_;
  std::array<std::vector<Sentence>, kFeelings> talk_;
};

}  // namespace peakend::load

#endif  // PEAKEND_BENCHMARKS_LOAD_WORDING_H_
