// What `peakend test` was asked for: a policy, or none, and scenarios from files and folders.
//
// Files are read here, at the edge; what is wrong is printed on `err` in full.
#ifndef PEAKEND_PROCESSORS_CLI_SCENARIO_FILES_H_
#define PEAKEND_PROCESSORS_CLI_SCENARIO_FILES_H_

#include <optional>
#include <string>
#include <vector>

#include "processors/cli/exit_code.h"
#include "processors/cli/invocation.h"
#include "processors/scenarios/scenario.h"

namespace peakend::cli {

struct ScenarioFiles {
  // Of the call; nothing = each scenario has its own.
  std::optional<std::string> policy;
  // In the order of the arguments; of a folder, by name.
  std::vector<std::string> files;
};

// `paths` with the files of each folder in its place, by name: all *.yaml, *.yml and *.json in
// it, without those of folders in it. A path that there is not stays.
std::vector<std::string> WithFilesOfFolders(const std::vector<std::string>& paths);

// The first of `paths` is the policy when it is a file that does not hold a list. Nothing: said on
// `err`; `code` is then kUsage (there is nothing but a policy) or kConfigError (a path cannot be
// read, or a folder holds no such file).
std::optional<ScenarioFiles> FindScenarioFiles(const std::vector<std::string>& paths,
                                               Invocation& call, ExitCode* code);

// The scenarios of all files. Nothing: what is wrong is on `err`, end with kConfigError.
std::optional<std::vector<scenarios::Scenario>> ReadScenarios(const std::vector<std::string>& files,
                                                              Invocation& call);

// The policy file that `scenario` runs under by itself: "" = the built-in one. `fallback` is
// that of scenarios that name none.
std::string PolicyFileOf(const scenarios::Scenario& scenario, const std::string& fallback);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_SCENARIO_FILES_H_
