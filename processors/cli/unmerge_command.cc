#include "processors/cli/unmerge_command.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "processors/cli/control_record.h"
#include "processors/cli/loaded_config.h"
#include "processors/journey/identity_key.h"

namespace peakend::cli {
namespace {

struct UnmergeOptions {
  std::string customer;
  std::string tenant;
  bool print = false;
};

std::string CheckCustomer(const std::string& id) {
  if (!journey::IsHome(id)) return "";
  return "an id that begins with `/` is an identity's, not a customer's";
}

ControlRecord RecordOf(const UnmergeOptions& options) {
  ControlRecord record{absl::StrCat(options.tenant, "/", options.customer), {}};
  record.event.set_source("peakend");
  record.event.set_tenant_id(options.tenant);
  // Where the record stands in a file, its key follows from this.
  record.event.mutable_customer()->set_customer_id(options.customer);
  record.event.mutable_control()->mutable_identity()->mutable_unmerge();
  return record;
}

ExitCode Unmerge(const UnmergeOptions& options, Invocation& call) {
  const std::optional<LoadedConfig> loaded = LoadCallConfig(call);
  if (!loaded) return ExitCode::kConfigError;
  const ControlRecord record = RecordOf(options);
  if (const std::string refusal = RefusalOf(record, loaded->config); !refusal.empty()) {
    *call.err << "error: nobody can be called so: " << refusal << "\n";
    return ExitCode::kUsage;
  }
  if (options.print) return PrintRecord(record, call);
  const ExitCode code = WriteRecord(record, loaded->config, call).code;
  if (code == ExitCode::kOk && !call.quiet) {
    *call.err << "written: the customer belongs to nobody else from here on\n";
  }
  return code;
}

}  // namespace

Command UnmergeCommand() {
  return {
      .name = "unmerge",
      .summary = "Take a customer apart from those linked with them, for good",
      .examples =
          "peakend unmerge c178 --config peakend.yaml\n"
          "peakend unmerge '~cookie:5f3a' --tenant acme\n"
          "peakend unmerge c178 --tenant acme --print >> events.ndjson\n",
      .takes_config = true,
      .setup = [](CLI::App& app) -> Action {
        auto options = std::make_shared<UnmergeOptions>();
        app.add_option("CUSTOMER", options->customer,
                       "Who is to stand alone: what is theirs comes back to them, and no identity "
                       "links them again. There is no undo")
            ->required()
            ->check(CheckCustomer);
        app.add_option("--tenant", options->tenant, "Whose customer it is");
        app.add_flag("--print", options->print,
                     "Print the event, as `run --input` and `produce` take it, and write nothing");
        return [options](Invocation& call) { return Unmerge(*options, call); };
      }};
}

}  // namespace peakend::cli
