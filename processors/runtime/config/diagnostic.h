// What is wrong with a configuration or policy, and where.
//
// Every problem has a stable code (PE0012), one cause, the place, and help where
// we can guess what was meant. Messages start in lower case, have no full stop
// and name things in backticks.
//
// Thread-safety: values.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_DIAGNOSTIC_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_DIAGNOSTIC_H_

#include <string>
#include <vector>

namespace peakend::runtime {

enum class Severity { kWarning, kError };

struct Diagnostic {
  Severity severity = Severity::kError;
  std::string code;     // "PE0012"
  std::string message;  // one line
  // File name, "-X kafka.group_id" or "environment PEAKEND_KAFKA_GROUP_ID".
  std::string file;
  int line = 0;  // from 1; 0 = the whole file
  int col = 0;   // in characters from 1
  // The line itself, shortened, secrets replaced; empty = not shown.
  std::string source_line;
  // Display columns before the caret within source_line.
  int caret = 0;
  std::string help;  // one line; empty = none
};

// The form of rustc: code and message, place, line with caret, help. Ends with a
// line feed. `color` adds terminal escapes.
std::string RenderDiagnostic(const Diagnostic& diagnostic, bool color);

// All of them, an empty line between two.
std::string RenderDiagnostics(const std::vector<Diagnostic>& diagnostics, bool color);

bool HasErrors(const std::vector<Diagnostic>& diagnostics);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_DIAGNOSTIC_H_
