// Configuration and policy: from text to checked messages with all their
// defaults, or to everything that is wrong with them.
//
// Thread-safety: pure functions of their arguments, except that a `${file:...}`
// value calls `read_file` and a calendar's time zone is looked up (time_zone.h). No exception
// leaves them, whatever the bytes are.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_LOAD_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_LOAD_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "peakend/v1/config.pb.h"
#include "peakend/v1/policy.pb.h"
#include "processors/runtime/config/diagnostic.h"
#include "processors/runtime/config/origin.h"
#include "processors/runtime/config/references.h"

namespace peakend::runtime {

// Either a value (perhaps with warnings) or at least one error.
template <typename T>
class LoadResult {
 public:
  LoadResult(T value, Origins origins, std::vector<Diagnostic> diagnostics)
      : origins_(std::move(origins)), diagnostics_(std::move(diagnostics)) {
    if (!HasErrors(diagnostics_)) value_ = std::move(value);
  }

  bool ok() const { return value_.has_value(); }
  // REQUIRES: ok().
  const T& value() const& { return *value_; }
  T&& value() && { return *std::move(value_); }
  const Origins& origins() const { return origins_; }
  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

 private:
  std::optional<T> value_;
  Origins origins_;
  std::vector<Diagnostic> diagnostics_;
};

struct ConfigInputs {
  std::string file_name;
  // Content of the file; nullopt = there is none, everything is default.
  std::optional<std::string> yaml;
  // All variables; PEAKEND_KAFKA_GROUP_ID sets kafka.group_id.
  std::map<std::string, std::string> environment;
  // "kafka.group_id=v", in order.
  std::vector<std::string> flags;
  // For `${file:...}`; required when such a value may occur, see references.h.
  FileReader read_file;
};

// Flag over environment over file over default.
LoadResult<v1::Config> LoadConfig(const ConfigInputs& inputs);

// A policy has no references and no overrides: it is the same everywhere, but for what
// this system knows of its time zones, which is part of its digest. A policy without errors
// compiles (publish::CompilePolicy).
LoadResult<v1::Policy> LoadPolicy(std::string_view file_name, std::string_view yaml);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_LOAD_H_
