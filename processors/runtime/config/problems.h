// Collects everything that is wrong while a file is read, so that a person sees
// all of it at once.
//
// Thread-safety: none; lives during one load.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_PROBLEMS_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_PROBLEMS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "processors/runtime/config/diagnostic.h"
#include "processors/runtime/config/origin.h"
#include "processors/runtime/config/source_text.h"

namespace peakend::runtime {

// A problem without its place.
struct Problem {
  std::string code;
  std::string message;
  std::string help = {};
};

class Problems {
 public:
  // More errors, and more warnings, than this are counted, not kept: a binary file given by
  // mistake must not fill the screen.
  static constexpr size_t kMost = 100;

  // `source` must outlive this object; null = there is no file.
  explicit Problems(const SourceText* source) : source_(source) {}

  void Error(const Origin& where, Problem problem) { Add(Severity::kError, where, problem); }
  void Warning(const Origin& where, Problem problem) { Add(Severity::kWarning, where, problem); }

  bool has_errors() const { return errors_.kept > 0; }

  // In the order of their places: file first, then environment, then flags.
  std::vector<Diagnostic> Take();

 private:
  void Add(Severity severity, const Origin& where, const Problem& problem);

  struct Count {
    size_t kept = 0;
    size_t left_out = 0;
  };

  const SourceText* source_;
  std::vector<Diagnostic> found_;
  Count errors_;
  Count warnings_;
};

// `text` in backticks for a message, printable and at most 40 bytes of it.
std::string Quoted(std::string_view text);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_PROBLEMS_H_
