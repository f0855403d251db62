#include "processors/runtime/config/problems.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"

namespace peakend::runtime {

void Problems::Add(Severity severity, const Origin& where, const Problem& problem) {
  Count& count = severity == Severity::kError ? errors_ : warnings_;
  if (count.kept >= kMost) {
    ++count.left_out;
    return;
  }
  ++count.kept;
  Diagnostic diagnostic;
  diagnostic.severity = severity;
  diagnostic.code = problem.code;
  diagnostic.message = problem.message;
  diagnostic.help = problem.help;
  switch (where.kind) {
    case Origin::Kind::kFile:
      if (source_ != nullptr && where.line > 0) {
        source_->Locate(where.line, where.col, diagnostic);
      } else {
        diagnostic.file = where.name;
      }
      break;
    case Origin::Kind::kEnvironment:
      diagnostic.file = absl::StrCat("environment ", where.name);
      break;
    case Origin::Kind::kFlag:
      diagnostic.file = absl::StrCat("-X ", where.name);
      break;
    case Origin::Kind::kDefault:
      if (source_ != nullptr) diagnostic.file = source_->name();
      break;
  }
  found_.push_back(std::move(diagnostic));
}

std::vector<Diagnostic> Problems::Take() {
  // Places without a line (environment, flags) keep their order behind the file.
  std::stable_sort(found_.begin(), found_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::make_tuple(a.line == 0, a.line, a.col) <
           std::make_tuple(b.line == 0, b.line, b.col);
  });
  for (const Severity severity : {Severity::kError, Severity::kWarning}) {
    const bool error = severity == Severity::kError;
    const size_t left_out = error ? errors_.left_out : warnings_.left_out;
    if (left_out == 0) continue;
    Diagnostic more;
    more.severity = severity;
    more.code = "PE0000";
    more.message = absl::StrCat("and ", left_out, error ? " more problems" : " more warnings");
    found_.push_back(std::move(more));
  }
  return std::move(found_);
}

std::string Quoted(std::string_view text) {
  constexpr size_t kMost = 40;
  const std::string shown = Printable(text.substr(0, kMost));
  return absl::StrCat("`", shown, text.size() > kMost ? "..." : "", "`");
}

}  // namespace peakend::runtime
