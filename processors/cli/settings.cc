#include "processors/cli/settings.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <ostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/runtime/config/default_policy.h"
#include "processors/runtime/config/diagnostic.h"
#include "processors/runtime/config/load.h"
#include "processors/runtime/config/policy_version.h"

namespace peakend::cli {
namespace {

// One more than the loader accepts, so that it can say what is wrong.
constexpr std::streamsize kMaxBytes = (5 << 20) + 1;

void Print(const std::vector<runtime::Diagnostic>& diagnostics, Invocation& call) {
  if (diagnostics.empty()) return;
  *call.err << runtime::RenderDiagnostics(diagnostics, call.color_err) << std::flush;
}

}  // namespace

absl::StatusOr<std::string> ReadSettingsFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(std::strerror(errno));
  std::string text(static_cast<size_t>(kMaxBytes), '\0');
  file.read(text.data(), kMaxBytes);
  if (file.bad()) return absl::UnavailableError(std::strerror(errno));
  text.resize(static_cast<size_t>(file.gcount()));
  return text;
}

std::optional<v1::Config> LoadSettings(Invocation& call) {
  runtime::ConfigInputs inputs;
  inputs.environment = call.environment;
  inputs.flags = call.overrides;
  inputs.read_file = ReadSettingsFile;
  if (!call.config_file.empty()) {
    inputs.file_name = call.config_file;
    absl::StatusOr<std::string> yaml = ReadSettingsFile(call.config_file);
    if (!yaml.ok()) {
      *call.err << "error: cannot read `" << call.config_file << "`: " << yaml.status().message()
                << "\n";
      return std::nullopt;
    }
    inputs.yaml = *std::move(yaml);
  }
  auto loaded = runtime::LoadConfig(inputs);
  Print(loaded.diagnostics(), call);
  if (!loaded.ok()) return std::nullopt;
  return std::move(loaded).value();
}

std::optional<v1::Policy> LoadPolicyMessage(const std::string& file, Invocation& call) {
  std::string yaml(runtime::DefaultPolicyYaml());
  if (!file.empty()) {
    absl::StatusOr<std::string> text = ReadSettingsFile(file);
    if (!text.ok()) {
      *call.err << "error: cannot read policy `" << file << "`: " << text.status().message()
                << "\n";
      return std::nullopt;
    }
    yaml = *std::move(text);
  }
  auto loaded = runtime::LoadPolicy(file.empty() ? "default.yaml" : file, yaml);
  Print(loaded.diagnostics(), call);
  if (!loaded.ok()) return std::nullopt;
  return std::move(loaded).value();
}

std::optional<publish::Policy> LoadPolicySettings(const std::string& file, Invocation& call) {
  const std::optional<v1::Policy> policy = LoadPolicyMessage(file, call);
  if (!policy) return std::nullopt;
  absl::StatusOr<publish::Policy> compiled =
      publish::CompilePolicy(*policy, runtime::PolicyVersionStamp(*policy));
  if (!compiled.ok()) {
    *call.err << "error: policy `" << policy->name() << "`: " << compiled.status().message()
              << "\n";
    return std::nullopt;
  }
  return *std::move(compiled);
}

}  // namespace peakend::cli
