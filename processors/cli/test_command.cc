#include "processors/cli/test_command.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "processors/cli/test_run.h"
#include "processors/cli/test_watch.h"

namespace peakend::cli {

Command TestCommand() {
  return {.name = "test",
          .summary = "Prove a policy on stories: what must come of them, and what must not",
          .examples =
              "peakend test my-policy.yaml my-scenarios.yaml\n"
              "peakend test my-policy.yaml scenarios/ --only refund -v\n"
              "peakend test my-policy.yaml scenarios/ --coverage --coverage-min 100\n"
              "peakend test my-policy.yaml scenarios/ --watch\n"
              "peakend test scenarios/ --junit results.xml\n",
          .setup = [](CLI::App& app) -> Action {
            auto options = std::make_shared<TestOptions>();
            app.add_option("PATHS", options->paths,
                           "The policy, then files of scenarios (YAML or JSON) and folders of "
                           "them. Without a policy (the first file holds a list, or is a folder) "
                           "each scenario runs under the one that its `policy` names, relative to "
                           "its file, or `shipped`; under the built-in one if it names none")
                ->required()
                ->type_name("[POLICY] SCENARIOS...");
            app.add_option("--only", options->only, "Only scenarios with this in their names")
                ->type_name("WORD");
            app.add_option("--default-policy", options->default_policy,
                           "Policy of scenarios that name none, where the call has none")
                ->type_name("FILE");
            app.add_option("--junit", options->junit, "Write JUnit XML, as CI systems read it")
                ->type_name("FILE");
            app.add_option_function<std::string>(
                   "--format",
                   [options](const std::string& form) { options->json = form == "json"; },
                   "Form of the results: text or json (one document)")
                ->check(CLI::IsMember({"text", "json"}))
                ->type_name("FORM");
            app.add_flag("--coverage", options->coverage,
                         "Show what of each policy the scenarios have shown at work, and name "
                         "what is missing");
            app.add_option("--coverage-min", options->coverage_min,
                           "End with 1 where less than this share of a policy is covered")
                ->check(CLI::Range(0, 100))
                ->type_name("PERCENT");
            auto watch = std::make_shared<bool>(false);
            app.add_flag("--watch", *watch,
                         "Run again whenever the policy or a scenario changes, until Ctrl-C");
            return [options, watch](Invocation& call) {
              return *watch ? WatchUntilSignal(*options, call) : RunTests(*options, call).code;
            };
          }};
}

}  // namespace peakend::cli
