#include "processors/cli/unmerge_command.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "peakend/v1/interaction_event.pb.h"
#include "processors/cli/kafka_talk.h"
#include "processors/cli/loaded_config.h"
#include "processors/ingest/decoder.h"
#include "processors/journey/identity_key.h"
#include "processors/publish/json.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/kafka_producer.h"

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

v1::InteractionEvent UnmergeOf(const UnmergeOptions& options) {
  v1::InteractionEvent event;
  event.set_source("peakend");
  event.set_tenant_id(options.tenant);
  // Where the record stands in a file, its key follows from this.
  event.mutable_customer()->set_customer_id(options.customer);
  event.mutable_control()->mutable_identity()->mutable_unmerge();
  return event;
}

// What the engine would say to the record.
bool EngineTakes(const std::string& key, const std::string& value, Invocation& call) {
  ingest::Decoder decoder({});
  const ingest::Decoder::Result decoded = decoder.Decode({key, value, true, 0});
  if (decoded.event != nullptr) return true;
  *call.err << "error: nobody can be called so: "
            << absl::AsciiStrToLower(v1::RejectReason_Name(decoded.reject.reason)) << " ("
            << decoded.reject.field << ")\n";
  return false;
}

ExitCode WriteUnmerge(const std::string& key, const std::string& value, Invocation& call) {
  const std::optional<LoadedConfig> loaded = LoadCallConfig(call);
  if (!loaded) return ExitCode::kConfigError;
  const v1::Config& config = loaded->config;
  auto producer = runtime::KafkaProducer::Open(config, publish::InputTopicName(config.topics()),
                                               KafkaTalk(call), kClusterLimit);
  if (!producer.ok()) return ReportKafkaError(producer.status(), call);
  runtime::ProducedRecord record;
  record.key = key;
  record.value = value;
  absl::Status status = (*producer)->Send(record);
  if (status.ok()) status = (*producer)->Flush(kDeliveryLimit);
  if (status.ok()) {
    if (!call.quiet) *call.err << "written: the customer belongs to nobody else from here on\n";
    return ExitCode::kOk;
  }
  *call.err << "help: call it again; to be taken apart twice does no harm\n";
  return ReportKafkaError(status, call);
}

ExitCode Unmerge(const UnmergeOptions& options, Invocation& call) {
  const v1::InteractionEvent event = UnmergeOf(options);
  const std::string key = absl::StrCat(options.tenant, "/", options.customer);
  const std::string value = event.SerializeAsString();
  if (!EngineTakes(key, value, call)) return ExitCode::kUsage;
  if (!options.print) return WriteUnmerge(key, value, call);
  std::string line;
  publish::AppendJson(event, publish::JsonDefaults::kOmit, &line);
  *call.out << line << "\n";
  return ExitCode::kOk;
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
