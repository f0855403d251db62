// The files of texts/ and presets/ as strings of the program: see embedded.cc.in.
#ifndef PEAKEND_BENCHMARKS_LOAD_EMBEDDED_H_
#define PEAKEND_BENCHMARKS_LOAD_EMBEDDED_H_

#include <string_view>
#include <vector>

namespace peakend::load {

extern const char* const kEnglishTexts;
extern const char* const kChineseTexts;

struct Preset {
  std::string_view name;
  // Its file: the first comment says what it stands for.
  std::string_view yaml;
};

// In the order of the help.
const std::vector<Preset>& Presets();

}  // namespace peakend::load

#endif  // PEAKEND_BENCHMARKS_LOAD_EMBEDDED_H_
