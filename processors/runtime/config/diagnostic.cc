#include "processors/runtime/config/diagnostic.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace peakend::runtime {
namespace {

std::string Paint(const std::string& text, const char* escape, bool color) {
  return color ? absl::StrCat(escape, text, "\x1b[0m") : text;
}

}  // namespace

std::string RenderDiagnostic(const Diagnostic& diagnostic, bool color) {
  const bool error = diagnostic.severity == Severity::kError;
  const std::string head = absl::StrCat(error ? "error" : "warning", "[", diagnostic.code, "]");
  std::string out = absl::StrCat(Paint(head, error ? "\x1b[1;31m" : "\x1b[1;33m", color), ": ",
                                 diagnostic.message, "\n");
  if (!diagnostic.file.empty()) {
    absl::StrAppend(&out, "  --> ", diagnostic.file);
    if (diagnostic.line > 0) absl::StrAppend(&out, ":", diagnostic.line, ":", diagnostic.col);
    out += "\n";
  }
  if (!diagnostic.source_line.empty()) {
    const std::string number = absl::StrCat(diagnostic.line);
    const std::string margin(number.size() + 1, ' ');
    absl::StrAppend(&out, margin, "|\n", number, " | ", diagnostic.source_line, "\n", margin, "| ",
                    std::string(std::max(diagnostic.caret, 0), ' '),
                    Paint("^", "\x1b[1;31m", color), "\n");
  }
  if (!diagnostic.help.empty()) {
    absl::StrAppend(&out, Paint("help", "\x1b[1;36m", color), ": ", diagnostic.help, "\n");
  }
  return out;
}

std::string RenderDiagnostics(const std::vector<Diagnostic>& diagnostics, bool color) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (!out.empty()) out += "\n";
    out += RenderDiagnostic(diagnostic, color);
  }
  return out;
}

bool HasErrors(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::kError; });
}

}  // namespace peakend::runtime
