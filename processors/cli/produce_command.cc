#include "processors/cli/produce_command.h"

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <istream>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "processors/cli/event_reader.h"
#include "processors/cli/kafka_talk.h"
#include "processors/cli/loaded_config.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/kafka_producer.h"

namespace peakend::cli {
namespace {

constexpr int64_t kEventsShown = 100;
constexpr int64_t kProgressEvery = 10'000;
struct ProduceOptions {
  std::string file = "-";
  std::string format = "json";
};

// One run of `produce`.
class EventUpload {
 public:
  EventUpload(std::string name, EventFormat format, std::istream& in,
              runtime::KafkaProducer& producer, Invocation& call)
      : name_(std::move(name)),
        format_(format),
        events_(in, format),
        producer_(producer),
        call_(call) {}

  ExitCode Run() {
    absl::Status status;
    while (status.ok() && SendNext(&status)) {
    }
    if (status.ok()) status = producer_.Flush(kDeliveryLimit);
    return Report(status);
  }

 private:
  // False at the end of the input. `status`: why the rest cannot be sent.
  bool SendNext(absl::Status* status) {
    const absl::StatusOr<std::optional<EventRecord>> event = events_.Next();
    if (!event.ok()) {
      Problem(event.status().message());
      return absl::IsResourceExhausted(event.status()) && format_ == EventFormat::kJson;
    }
    if (!event->has_value()) return false;
    if ((*event)->malformed) {
      Problem((*event)->problem);
      return true;
    }
    const absl::Status sent = Send(**event);
    if (absl::IsInvalidArgument(sent)) {
      Problem(sent.message());
    } else if (!sent.ok()) {
      *status = sent;
    } else if (++sent_ % kProgressEvery == 0 && call_.color_err && !call_.quiet) {
      *call_.err << "\r" << sent_ << " events" << std::flush;
    }
    return true;
  }

  absl::Status Send(const EventRecord& event) {
    runtime::ProducedRecord record;
    record.key = event.key;
    record.value = event.value;
    return event.for_everybody ? producer_.SendToAll(record) : producer_.Send(record);
  }

  void Problem(absl::string_view reason) {
    if (++problems_ > kEventsShown) return;
    *call_.err << "error: " << name_ << ":" << events_.number() << ": " << reason << "\n";
  }

  ExitCode Report(const absl::Status& status) {
    if (sent_ >= kProgressEvery && call_.color_err && !call_.quiet) *call_.err << "\r";
    if (problems_ > kEventsShown) {
      *call_.err << "error: " << problems_ - kEventsShown << " more records like these\n";
    }
    const int64_t left_out = problems_ + producer_.refused();
    if (!call_.quiet || left_out > 0) {
      *call_.err << producer_.delivered() << " events written, " << left_out << " left out\n";
    }
    if (!status.ok()) return ReportKafkaError(status, call_);
    return left_out > 0 ? ExitCode::kBadData : ExitCode::kOk;
  }

  const std::string name_;
  const EventFormat format_;
  EventReader events_;
  runtime::KafkaProducer& producer_;
  Invocation& call_;
  int64_t sent_ = 0;
  int64_t problems_ = 0;
};

ExitCode Upload(const ProduceOptions& options, std::istream& in, Invocation& call) {
  const std::optional<LoadedConfig> loaded = LoadCallConfig(call);
  if (!loaded) return ExitCode::kConfigError;
  const v1::Config& config = loaded->config;
  auto producer = runtime::KafkaProducer::Open(config, publish::InputTopicName(config.topics()),
                                               KafkaTalk(call), kClusterLimit);
  if (!producer.ok()) return ReportKafkaError(producer.status(), call);
  const EventFormat format = options.format == "binary" ? EventFormat::kBinary : EventFormat::kJson;
  const std::string name = options.file == "-" ? "stdin" : options.file;
  return EventUpload(name, format, in, **producer, call).Run();
}

ExitCode Produce(const ProduceOptions& options, Invocation& call) {
  if (options.file == "-") return Upload(options, *call.in, call);
  std::ifstream in(options.file, std::ios::binary);
  if (!in) {
    *call.err << "error: cannot read `" << options.file << "`: " << std::strerror(errno) << "\n";
    return ExitCode::kUsage;
  }
  return Upload(options, in, call);
}

}  // namespace

Command ProduceCommand() {
  return {.name = "produce",
          .summary = "Write events of a file to the input topic",
          .examples =
              "peakend produce events.ndjson\n"
              "peakend import conversations chats.jsonl.gz | peakend produce\n"
              "peakend produce events.bin --format binary --config peakend.yaml\n",
          .takes_config = true,
          .setup = [](CLI::App& app) -> Action {
            auto options = std::make_shared<ProduceOptions>();
            app.add_option("FILE", options->file, "Events, plain or gzip; - is standard input")
                ->capture_default_str();
            app.add_option("--format", options->format,
                           "Form of the input: json (one InteractionEvent a line) or binary "
                           "(length-delimited protobuf)")
                ->check(CLI::IsMember({"json", "binary"}))
                ->capture_default_str();
            return [options](Invocation& call) { return Produce(*options, call); };
          }};
}

}  // namespace peakend::cli
