// Any bytes as configuration, as policy, and as a -X flag: a load never throws,
// and what it accepts reads back as the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "processors/runtime/config/load.h"
#include "processors/runtime/config/policy_version.h"
#include "processors/runtime/config/show.h"

namespace peakend::runtime {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void LoadAsPolicy(std::string_view text) {
  const auto result = LoadPolicy("fuzz.yaml", text);
  Require(result.ok() == !HasErrors(result.diagnostics()));
  RenderDiagnostics(result.diagnostics(), true);
  if (!result.ok()) return;
  const auto again =
      LoadPolicy("again.yaml", ShowMessage(result.value(), result.origins(), ShowOrigins::kYes));
  Require(again.ok() && PolicyDigest(again.value()) == PolicyDigest(result.value()));
}

void LoadAsConfig(std::string_view text) {
  ConfigInputs inputs;
  inputs.file_name = "fuzz.yaml";
  inputs.yaml = std::string(text);
  inputs.flags = {std::string(text.substr(0, text.find('\n')))};
  inputs.read_file = [](const std::string& path) -> absl::StatusOr<std::string> { return path; };
  const auto result = LoadConfig(inputs);
  Require(result.ok() == !HasErrors(result.diagnostics()));
  RenderDiagnostics(result.diagnostics(), true);
  if (result.ok()) ShowMessage(result.value(), result.origins(), ShowOrigins::kYes);
}

}  // namespace
}  // namespace peakend::runtime

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  peakend::runtime::LoadAsPolicy(text);
  peakend::runtime::LoadAsConfig(text);
  return 0;
}
