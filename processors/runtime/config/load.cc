#include "processors/runtime/config/load.h"

#include "absl/strings/str_cat.h"
#include "processors/publish/policy.h"
#include "processors/runtime/config/calendar_checks.h"
#include "processors/runtime/config/config_checks.h"
#include "processors/runtime/config/identity_checks.h"
#include "processors/runtime/config/message_reader.h"
#include "processors/runtime/config/overrides.h"
#include "processors/runtime/config/policy_checks.h"
#include "processors/runtime/config/policy_completion.h"
#include "processors/runtime/config/policy_lints.h"
#include "processors/runtime/config/recipient_checks.h"
#include "processors/runtime/config/text_bounds.h"
#include "processors/runtime/config/yaml_tree.h"

namespace peakend::runtime {
namespace {

// False when not even the form of the file could be read; then what follows
// would only add noise.
bool ReadText(const SourceText& source, google::protobuf::Message& message, LoadState& state) {
  const std::optional<YamlNode> root = ParseYaml(source, state.problems);
  if (!root) return false;
  ReadMessage(source.name(), *root, message, state);
  return true;
}

// Whoever loads a policy compiles it next, and has no place in the file to point at then.
void CheckCompiles(const v1::Policy& policy, LoadState& state, const std::string& file_name) {
  if (state.problems.has_errors()) return;
  const absl::Status status = publish::CompilePolicy(policy, "").status();
  if (status.ok()) return;
  state.problems.Error({Origin::Kind::kFile, file_name},
                       {"PE0053", absl::StrCat("the policy cannot work: ", status.message())});
}

}  // namespace

LoadResult<v1::Config> LoadConfig(const ConfigInputs& inputs) {
  const FileReader no_files = [](const std::string&) {
    return absl::FailedPreconditionError("no files here");
  };
  const SourceText source(inputs.file_name, inputs.yaml ? *inputs.yaml : std::string_view());
  LoadState state = {
      .scope = {inputs.read_file ? &inputs.read_file : &no_files, &inputs.environment},
      .origins = {},
      .refused = {},
      .problems = Problems(&source)};
  v1::Config config;
  bool readable = true;
  if (inputs.yaml) readable = ReadText(source, config, state);
  ApplyEnvironment(inputs.environment, config, state);
  ApplyFlags(inputs.flags, config, state);
  ApplyDefaults(config, state);
  if (readable) CheckConfig(config, state);
  return {std::move(config), std::move(state.origins), state.problems.Take()};
}

LoadResult<v1::Policy> LoadPolicy(std::string_view file_name, std::string_view yaml) {
  const SourceText source(file_name, yaml);
  LoadState state = {.scope = {}, .origins = {}, .refused = {}, .problems = Problems(&source)};
  v1::Policy policy;
  if (ReadText(source, policy, state)) {
    ApplyDefaults(policy, state);
    CheckTextBounds(policy, state);
    CheckPolicy(policy, state);
    CheckRecipients(policy, state);
    CheckIdentities(policy, state);
    CheckCalendars(policy, state);
    ResolveTimeZones(policy, state);
    LintPolicy(policy, state);
    CompletePolicy(policy);
    CheckCompiles(policy, state, source.name());
  }
  return {std::move(policy), std::move(state.origins), state.problems.Take()};
}

}  // namespace peakend::runtime
