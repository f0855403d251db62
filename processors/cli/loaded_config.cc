#include "processors/cli/loaded_config.h"

#include <ostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/cli/text_file.h"
#include "processors/runtime/config/default_policy.h"

namespace peakend::cli {
namespace {

// The content, or nullopt after an error on `err`.
std::optional<std::string> ReadOrReport(const std::string& path, Invocation& call) {
  absl::StatusOr<std::string> content = ReadTextFile(path);
  if (content.ok()) return *std::move(content);
  runtime::Diagnostic diagnostic;
  diagnostic.code =
      content.status().code() == absl::StatusCode::kResourceExhausted ? "PE0002" : "PE0001";
  diagnostic.message =
      absl::StrCat("cannot read the file: ", std::string(content.status().message()));
  diagnostic.file = path;
  PrintDiagnostics({diagnostic}, call);
  return std::nullopt;
}

}  // namespace

void PrintDiagnostics(const std::vector<runtime::Diagnostic>& diagnostics, Invocation& call) {
  std::vector<runtime::Diagnostic> shown;
  for (const runtime::Diagnostic& diagnostic : diagnostics) {
    if (!call.quiet || diagnostic.severity == runtime::Severity::kError) {
      shown.push_back(diagnostic);
    }
  }
  *call.err << runtime::RenderDiagnostics(shown, call.color_err);
}

std::optional<LoadedConfig> LoadCallConfig(Invocation& call) {
  runtime::ConfigInputs inputs;
  inputs.file_name = call.config_file;
  if (!call.config_file.empty()) {
    inputs.yaml = ReadOrReport(call.config_file, call);
    if (!inputs.yaml) return std::nullopt;
  }
  inputs.environment = call.environment;
  inputs.flags = call.overrides;
  inputs.read_file = ReadTextFile;
  runtime::LoadResult<v1::Config> result = runtime::LoadConfig(inputs);
  PrintDiagnostics(result.diagnostics(), call);
  if (!result.ok()) return std::nullopt;
  return LoadedConfig{result.value(), result.origins(), result.diagnostics()};
}

std::optional<LoadedPolicy> LoadCallPolicy(const std::string& file, Invocation& call) {
  std::string name = "built-in default policy";
  std::string yaml(runtime::DefaultPolicyYaml());
  if (!file.empty()) {
    std::optional<std::string> content = ReadOrReport(file, call);
    if (!content) return std::nullopt;
    name = file;
    yaml = *std::move(content);
  }
  runtime::LoadResult<v1::Policy> result = runtime::LoadPolicy(name, yaml);
  PrintDiagnostics(result.diagnostics(), call);
  if (!result.ok()) return std::nullopt;
  return LoadedPolicy{result.value(), result.diagnostics()};
}

}  // namespace peakend::cli
