#include "processors/cli/config_command.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>
#include <string>

#include "peakend/v1/config.pb.h"
#include "peakend/v1/load_profile.pb.h"
#include "peakend/v1/policy.pb.h"
#include "processors/cli/loaded_config.h"
#include "processors/runtime/config/default_policy.h"
#include "processors/runtime/config/example.h"
#include "processors/runtime/config/json_schema.h"
#include "processors/runtime/config/reference.h"
#include "processors/runtime/config/show.h"

namespace peakend::cli {
namespace {

struct ShowOptions {
  bool origin = false;
};

struct ReferenceOptions {
  bool policy = false;
  bool load = false;
  std::string language = "en";
};

struct PolicyOption {
  bool policy = false;
};

struct SchemaOptions {
  bool policy = false;
  std::string format = "json-schema";
};

Command ExampleCommand() {
  return {.name = "example",
          .summary = "Print a complete configuration file with its defaults explained",
          .examples =
              "peakend config example > peakend.yaml\n"
              "peakend config example --policy > my-policy.yaml\n",
          .setup = [](CLI::App& app) -> Action {
            auto options = std::make_shared<PolicyOption>();
            app.add_flag("--policy", options->policy, "The built-in default policy instead");
            return [options](Invocation& call) {
              *call.out << (options->policy ? std::string(runtime::DefaultPolicyYaml())
                                            : runtime::ConfigExample());
              return ExitCode::kOk;
            };
          }};
}

Command SchemaCommand() {
  return {.name = "schema",
          .summary = "Print the JSON Schema of the configuration, or of a policy",
          .examples =
              "peakend config schema > peakend.schema.json\n"
              "peakend config schema --policy > policy.schema.json\n"
              "peakend config schema --policy --format json-schema > policy.schema.json\n",
          .notes =
              "Editors with a YAML language server complete and check a file whose first line "
              "names its\nschema, by a path from the file or by a URL:\n"
              "  # yaml-language-server: $schema=policy.schema.json\n"
              "What lies between fields is left to `peakend check`.\n",
          .setup = [](CLI::App& app) -> Action {
            auto options = std::make_shared<SchemaOptions>();
            app.add_flag("--policy", options->policy, "Of a policy file");
            app.add_option("--format", options->format, "json-schema (draft 2020-12)")
                ->check(CLI::IsMember({"json-schema"}));
            return [options](Invocation& call) {
              *call.out << (options->policy
                                ? runtime::JsonSchema(*v1::Policy::descriptor(), "peakend policy",
                                                      runtime::References::kNone)
                                : runtime::JsonSchema(*v1::Config::descriptor(),
                                                      "peakend configuration",
                                                      runtime::References::kTexts));
              return ExitCode::kOk;
            };
          }};
}

std::string ReferencePage(const ReferenceOptions& options) {
  const bool chinese = options.language == "zh";
  const auto language =
      chinese ? runtime::ReferenceLanguage::kChinese : runtime::ReferenceLanguage::kEnglish;
  if (options.load) {
    return runtime::Reference(*v1::LoadProfile::descriptor(), "Load profile reference",
                              runtime::ReferenceLanguage::kEnglish);
  }
  if (options.policy) {
    return runtime::Reference(*v1::Policy::descriptor(), chinese ? "策略参考" : "Policy reference",
                              language);
  }
  return runtime::Reference(*v1::Config::descriptor(),
                            chinese ? "配置参考" : "Configuration reference", language);
}

Command ReferenceCommand() {
  return {.name = "reference",
          .summary = "Print what each field means, as a page to read",
          .examples =
              "peakend config reference > configuration.md\n"
              "peakend config reference --policy > policy-reference.md\n"
              "peakend config reference --policy --lang zh\n"
              "peakend config reference --load\n",
          .setup = [](CLI::App& app) -> Action {
            auto options = std::make_shared<ReferenceOptions>();
            app.add_flag("--policy", options->policy, "Of a policy file");
            app.add_option("--lang", options->language, "en or zh")
                ->check(CLI::IsMember({"en", "zh"}))
                ->capture_default_str();
            app.add_flag("--load", options->load, "Of a load's profile; English only")
                ->excludes("--policy");
            return [options](Invocation& call) {
              *call.out << ReferencePage(*options);
              return ExitCode::kOk;
            };
          }};
}

ExitCode Show(const ShowOptions& options, Invocation& call) {
  const std::optional<LoadedConfig> loaded = LoadCallConfig(call);
  if (!loaded) return ExitCode::kConfigError;
  *call.out << runtime::ShowMessage(
      loaded->config, loaded->origins,
      options.origin ? runtime::ShowOrigins::kYes : runtime::ShowOrigins::kNo);
  return ExitCode::kOk;
}

Command ShowCommand() {
  return {.name = "show",
          .summary = "Print the configuration that counts; secrets as ***",
          .examples =
              "peakend config show --config peakend.yaml\n"
              "peakend config show --origin --config peakend.yaml -X log.level=debug\n",
          .takes_config = true,
          .setup = [](CLI::App& app) -> Action {
            auto options = std::make_shared<ShowOptions>();
            app.add_flag("--origin", options->origin, "Say where each value came from");
            return [options](Invocation& call) { return Show(*options, call); };
          }};
}

}  // namespace

Command ConfigCommand() {
  return {.name = "config",
          .summary = "Explain and show the configuration",
          .examples =
              "peakend config example > peakend.yaml\n"
              "peakend config show --origin --config peakend.yaml\n",
          .subcommands = {ExampleCommand(), ShowCommand(), SchemaCommand(), ReferenceCommand()}};
}

}  // namespace peakend::cli
