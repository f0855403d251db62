// The program under a policy as scenarios drive it: the whole pipeline in this process, with
// the default configuration, whatever the environment says.
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_PROCESSORS_CLI_SCENARIO_PIPELINE_H_
#define PEAKEND_PROCESSORS_CLI_SCENARIO_PIPELINE_H_

#include <memory>
#include <optional>
#include <string>

#include "processors/cli/invocation.h"
#include "processors/cli/run_settings.h"
#include "processors/scenarios/scenario_run.h"

namespace peakend::cli {

// Loads the policy in `file`, empty = the built-in one. Null: what is wrong with it is on
// `err`, end with kConfigError.
std::shared_ptr<const RunSettings> LoadScenarioPolicy(const std::string& file, Invocation& call);

// `now_ms` stands for the broker's clock, see FileRunOptions.
scenarios::Pipeline MakePipeline(std::shared_ptr<const RunSettings> settings, int64_t now_ms);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_SCENARIO_PIPELINE_H_
