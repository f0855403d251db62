// Lines of an explanation that is being written, in one language.
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_PROCESSORS_EXPLAIN_TEXT_LINES_H_
#define PEAKEND_PROCESSORS_EXPLAIN_TEXT_LINES_H_

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "processors/explain/display_width.h"
#include "processors/explain/language.h"

namespace peakend::explain {

class TextLines {
 public:
  explicit TextLines(Language language) : language_(language) {}

  Language language() const { return language_; }

  // The wording with $0, $1, ... filled in.
  template <typename... Args>
  std::string Say(const Wording& wording, const Args&... args) const {
    return absl::Substitute(wording.In(language_), args...);
  }

  void Heading(const Wording& words) {
    if (!text_.empty()) text_.push_back('\n');
    absl::StrAppend(&text_, words.In(language_), "\n");
  }
  // A line that begins with a name; an empty one goes on with the line before.
  void Add(const Wording& name, const std::string& line) {
    absl::StrAppend(&text_, "  ", PadRight(name.In(language_), kNameWidth), line, "\n");
  }
  void Add(const std::string& line) { absl::StrAppend(&text_, line, "\n"); }

  std::string Take() { return std::exchange(text_, {}); }

 private:
  static constexpr size_t kNameWidth = 15;

  const Language language_;
  std::string text_;
};

}  // namespace peakend::explain

#endif  // PEAKEND_PROCESSORS_EXPLAIN_TEXT_LINES_H_
