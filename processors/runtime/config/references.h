// Values that stand elsewhere: `${file:/run/secrets/password}`, `${env:NAME}`.
//
// Only a whole value may be a reference, and only where it was written by hand:
// nothing is replaced inside of other text.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_REFERENCES_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_REFERENCES_H_

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "absl/status/statusor.h"
#include "processors/runtime/config/problems.h"

namespace peakend::runtime {

// Reads a whole file, at most kMaxFileBytes of it (else ResourceExhausted).
using FileReader = std::function<absl::StatusOr<std::string>(const std::string& path)>;

// What references are resolved with. Null members: references stay plain text.
struct ReferenceScope {
  const FileReader* read_file = nullptr;
  const std::map<std::string, std::string>* environment = nullptr;
};

struct ResolvedValue {
  std::string text;
  bool secret = false;  // came through a reference
};

// Line breaks at the end of a file's content are cut off.
std::variant<ResolvedValue, Problem> ResolveReference(std::string_view text,
                                                      const ReferenceScope& scope);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_REFERENCES_H_
