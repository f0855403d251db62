// Did a job write what it should have? Runs the engine in memory over all of the input that the
// job has committed, and compares its outputs with those in the topics, record for record.
//
//   output_judge [--config FILE] -X kafka.bootstrap_servers=... [--policy FILE]
//
// With the settings of the job. One line of JSON on standard output; exit code 1 where something
// is lost, doubled, unexpected or out of order, or where input is left. What is checked is the
// way through Kafka, restarts and recovery: that the engine itself is right is for
// tests/verify/peakend_verify.py, which shares no code with it.
#include <CLI/CLI.hpp>
#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "benchmarks/figure.h"
#include "benchmarks/judge/decided_topics.h"
#include "benchmarks/judge/output_log.h"
#include "processors/cli/run_settings.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/kafka_group.h"
#include "processors/runtime/kafka_reader.h"
#include "processors/runtime/partition.h"

namespace peakend::benchmarks {
namespace {

constexpr absl::Duration kLimit = absl::Seconds(30);
constexpr absl::Duration kWait = absl::Milliseconds(10);
constexpr size_t kBatch = 2000;

using runtime::KafkaReader;
using runtime::StoredRecord;

// Hands each committed record of `topic` to `take`.
absl::Status ReadAll(const v1::Config& config, const std::string& topic,
                     const std::function<void(const StoredRecord&)>& take) {
  const auto reader = KafkaReader::Open(config, topic, runtime::kBeginning, nullptr, kLimit);
  if (!reader.ok()) return reader.status();
  while (true) {
    const auto records = (*reader)->Read(kWait, kBatch);
    if (!records.ok()) return records.status();
    for (const StoredRecord& record : *records) take(record);
    if (records->empty() && (*reader)->at_end()) return absl::OkStatus();
  }
}

class Engine {
 public:
  Engine(const cli::RunSettings& settings, int32_t partitions)
      : topic_(publish::InputTopicName(settings.config().topics())),
        decoder_(cli::IngestLimits(settings.config())) {
    const publish::RowSettings rows = cli::WorkerOptionsFrom(settings.config()).rows;
    for (int32_t p = 0; p < partitions; ++p) {
      partitions_.push_back(std::make_unique<runtime::Partition>(
          p, topic_, settings.policy, runtime::Durability::kNone, partitions,
          runtime::CompileRecordedPolicy, rows));
    }
  }

  void Process(const StoredRecord& stored) {
    runtime::InputRecord record;
    record.partition = stored.partition;
    record.offset = stored.offset;
    record.timestamp_ms = stored.timestamp_ms;
    record.has_key = stored.key.has_value();
    record.has_value = stored.value.has_value();
    if (stored.key) record.key = *stored.key;
    if (stored.value) record.value = *stored.value;
    outputs_.Clear();
    const double began = ThreadCpuSeconds();
    partitions_[static_cast<size_t>(stored.partition)]->Process(record, decoder_, outputs_, stats_);
    cpu_seconds_ += ThreadCpuSeconds() - began;
    ++records_;
    for (size_t i = 0; i < outputs_.size(); ++i) {
      const publish::Output output = outputs_[i];
      if (output.topic == publish::Topic::kInput) continue;  // stands there already
      log_.Append(output.topic, output.partition, output.key, output.value);
    }
  }

  int32_t partitions() const { return static_cast<int32_t>(partitions_.size()); }
  const OutputLog& log() const { return log_; }
  const runtime::EngineStats& stats() const { return stats_; }
  int64_t records() const { return records_; }
  double cpu_seconds() const { return cpu_seconds_; }

 private:
  const std::string topic_;
  ingest::Decoder decoder_;
  std::vector<std::unique_ptr<runtime::Partition>> partitions_;
  publish::OutputBatch outputs_;
  runtime::EngineStats stats_;
  OutputLog log_;
  int64_t records_ = 0;
  double cpu_seconds_ = 0;
};

// Of one topic.
struct Written {
  OutputLog log;  // empty of the changelog, for which the engine in memory does not answer
  int64_t records = 0;
  int64_t bytes = 0;
};

absl::StatusOr<Written> ReadOutput(const v1::Config& config, publish::Topic topic) {
  Written written;
  const absl::Status status =
      ReadAll(config, publish::TopicName(config.topics(), topic), [&](const StoredRecord& record) {
        const std::string_view key = record.key ? *record.key : std::string_view();
        const std::string_view value = record.value ? *record.value : std::string_view();
        ++written.records;
        written.bytes += static_cast<int64_t>(key.size() + value.size());
        if (topic != publish::Topic::kState) {
          written.log.Append(topic, record.partition, key, value);
        }
      });
  if (!status.ok()) return status;
  return written;
}

using WrittenByTopic = std::map<publish::Topic, Written>;

// Each topic on a thread: most of the time goes into connecting and waiting for ends.
absl::StatusOr<WrittenByTopic> ReadOutputs(const v1::Config& config) {
  std::map<publish::Topic, std::future<absl::StatusOr<Written>>> readers;
  for (const publish::Topic topic : publish::TopicsOf(config)) {
    if (topic == publish::Topic::kInput) continue;
    readers[topic] =
        std::async(std::launch::async, [&config, topic] { return ReadOutput(config, topic); });
  }
  WrittenByTopic all;
  absl::Status status;
  for (auto& [topic, reader] : readers) {
    auto written = reader.get();
    status.Update(written.status());
    if (written.ok()) all[topic] = *std::move(written);
  }
  if (!status.ok()) return status;
  return all;
}

struct Judged {
  OutputDifference difference;
  int64_t records = 0;
  int64_t left = 0;  // records behind the committed offsets
  int64_t late = 0;
  int64_t alerts = 0;
  int64_t duplicates = 0;
  int64_t input_bytes = 0;
  int64_t output_bytes = 0;
  int64_t state_records = 0;
  int64_t state_bytes = 0;
  double engine_cpu_seconds = 0;
};

void TakeOutputs(const OutputLog& expected, WrittenByTopic written, Judged& judged) {
  OutputLog got;
  for (auto& [topic, one] : written) {
    if (topic == publish::Topic::kState) {
      judged.state_records = one.records;
      judged.state_bytes = one.bytes;
    } else {
      judged.output_bytes += one.bytes;
      got.Add(std::move(one.log));
    }
  }
  judged.difference = Compare(expected, got);
}

std::vector<std::string> AllTopics(const v1::Config& config) {
  std::vector<std::string> names;
  for (const publish::Topic topic : publish::TopicsOf(config)) {
    names.push_back(publish::TopicName(config.topics(), topic));
  }
  return names;
}

absl::StatusOr<Judged> JudgeJob(const cli::RunSettings& settings) {
  const v1::Config& config = settings.config();
  const std::string input = publish::InputTopicName(config.topics());
  const int32_t partitions = config.topics().interaction_events().partitions();
  const absl::Status decided = WaitUntilDecided(config, AllTopics(config), partitions, kLimit);
  if (!decided.ok()) return decided;
  const auto group = runtime::KafkaGroup::Open(config, nullptr, kLimit);
  if (!group.ok()) return group.status();
  const auto committed = (*group)->Settled(input, partitions);
  if (!committed.ok()) return committed.status();
  auto outputs = std::async(std::launch::async, [&config] { return ReadOutputs(config); });
  Judged judged;
  Engine engine(settings, partitions);
  const absl::Status read = ReadAll(config, input, [&](const StoredRecord& record) {
    const auto end = committed->find(record.partition);
    if (end == committed->end() || record.offset >= end->second ||
        record.partition >= engine.partitions()) {
      ++judged.left;
    } else {
      engine.Process(record);
      judged.input_bytes += static_cast<int64_t>(record.value ? record.value->size() : 0);
    }
  });
  if (!read.ok()) return read;
  auto written = outputs.get();
  if (!written.ok()) return written.status();
  TakeOutputs(engine.log(), *std::move(written), judged);
  judged.records = engine.records();
  judged.late = engine.log().Count(publish::Topic::kLate);
  judged.alerts = engine.log().Count(publish::Topic::kAlerts);
  judged.duplicates = engine.stats().events_duplicate;
  judged.engine_cpu_seconds = engine.cpu_seconds();
  return judged;
}

std::string Json(const Judged& judged) {
  const OutputDifference& difference = judged.difference;
  return absl::StrFormat(
      R"({"expected":%d,"got":%d,"lost":%d,"dup":%d,"unexpected":%d,"wrong_order":%d,)"
      R"("late_dropped":%d,"alerts":%d,"duplicates":%d,"records":%d,"left":%d,)"
      R"("input_bytes":%d,"output_bytes":%d,"state_records":%d,"state_bytes":%d,)"
      R"("engine_cpu_s":%.3f})",
      difference.expected, difference.got, difference.lost, difference.dup, difference.unexpected,
      difference.wrong_order, judged.late, judged.alerts, judged.duplicates, judged.records,
      judged.left, judged.input_bytes, judged.output_bytes, judged.state_records,
      judged.state_bytes, judged.engine_cpu_seconds);
}

bool IsRight(const Judged& judged) {
  const OutputDifference& difference = judged.difference;
  return difference.lost + difference.dup + difference.unexpected + difference.wrong_order +
             judged.left ==
         0;
}

int Main(int argc, char** argv) {
  cli::Invocation call;
  call.in = &std::cin;
  call.out = &std::cout;
  call.err = &std::cerr;
  call.quiet = true;
  std::string policy;
  CLI::App app{"Did a job write what it should have?"};
  app.add_option("-X", call.overrides, "a setting of the job, NAME=VALUE")->allow_extra_args(false);
  app.add_option("--config", call.config_file, "of the job; -X wins");
  app.add_option("--policy", policy, "file; without it the built-in one");
  CLI11_PARSE(app, argc, argv);
  const auto settings = cli::LoadRunSettings(policy, runtime::RunsOn::kKafka, call);
  if (!settings) return static_cast<int>(cli::ExitCode::kConfigError);
  const auto judged = JudgeJob(*settings);
  if (!judged.ok()) {
    std::cerr << "output_judge: " << judged.status().message() << "\n";
    return static_cast<int>(cli::ExitCode::kUnavailable);
  }
  std::cout << Json(*judged) << "\n";
  return IsRight(*judged) ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace peakend::benchmarks

int main(int argc, char** argv) { return peakend::benchmarks::Main(argc, argv); }
