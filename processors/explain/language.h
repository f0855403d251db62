// The two languages that explanations are told in.
//
// Thread-safety: values.
#ifndef PEAKEND_PROCESSORS_EXPLAIN_LANGUAGE_H_
#define PEAKEND_PROCESSORS_EXPLAIN_LANGUAGE_H_

#include <string>
#include <string_view>

namespace peakend::explain {

enum class Language { kEnglish, kChinese };

// The same in both. The texts outlive it: literals.
struct Wording {
  std::string_view en;
  std::string_view zh;

  std::string In(Language language) const {
    return std::string(language == Language::kChinese ? zh : en);
  }
};

}  // namespace peakend::explain

#endif  // PEAKEND_PROCESSORS_EXPLAIN_LANGUAGE_H_
