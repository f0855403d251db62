// How long after an event was due to be sent can a read_committed consumer read the
// alert that it raised? Beside it, in the same run and with the same commit interval,
// the floor: the same for a pipeline that only copies each record; and for one whose
// transactions write to as many topics as the engine's, which tells what of the difference
// is the topics' and what the engine's.
//
// Open loop: events are due on a schedule that nothing slows down, and latency counts
// from there. No figure is printed when alerts are missing or when the sender itself
// was late.
//
//   latency --broker HOST:PORT --program build/release/peakend [--rate N] ...
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "benchmarks/child_process.h"
#include "benchmarks/contact_day.h"
#include "benchmarks/copy_through.h"
#include "benchmarks/figure.h"
#include "benchmarks/kafka_job.h"
#include "benchmarks/workload.h"
#include "peakend/v1/alert.pb.h"
#include "processors/publish/partitioner.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/kafka_producer.h"
#include "processors/runtime/kafka_reader.h"
#include "processors/runtime/kafka_version.h"
#include "processors/runtime/partition.h"

namespace peakend::benchmarks {
namespace {

// Unhappier than a usual day, so that a minute holds enough alerts for a p99.
constexpr double kMood = -0.35;
constexpr uint64_t kCustomers = 20'000;
constexpr size_t kOpenContacts = 1000;
constexpr absl::Duration kWarmUp = absl::Seconds(3);
constexpr absl::Duration kPatience = absl::Seconds(30);
constexpr double kLatestSendMs = 50;  // at p99; lateness counts into the latencies

enum class Pipeline : uint8_t { kCopy, kWideCopy, kEngine };
constexpr size_t kPipelines = 3;

struct Options {
  std::string broker = "127.0.0.1:19092";
  std::string program = "build/release/peakend";
  int rate = 5000;
  int seconds = 20;
  int partitions = 4;
  int rounds = 3;
  bool copy = false;                  // a child
  bool wide = false;                  // of a child
  std::string topic;                  // of a child
  std::string name;                   // of a child
  std::vector<std::string> settings;  // of a child
};

struct Event {
  std::string key;
  std::string value;
  int32_t partition = 0;
};

// All events, and how many alert records the engine makes of them.
struct Schedule {
  std::vector<Event> events;
  // By partition and offset: the number of the event.
  std::vector<std::vector<size_t>> numbers;
  int64_t alerts = 0;
};

Schedule MakeSchedule(const Options& options) {
  Schedule schedule;
  schedule.numbers.resize(static_cast<size_t>(options.partitions));
  const publish::Policy policy = ShippedPolicy();
  std::vector<std::unique_ptr<runtime::Partition>> engine;
  for (int p = 0; p < options.partitions; ++p) {
    engine.push_back(std::make_unique<runtime::Partition>(p, "in", policy));
  }
  ContactDay day(kCustomers, kOpenContacts, 7, kMood);
  ingest::Decoder decoder{ingest::Limits{}};
  publish::OutputBatch outputs;
  runtime::EngineStats stats;
  for (int i = 0; i < options.rate * options.seconds; ++i) {
    const v1::InteractionEvent& made = day.Next();
    Event& event = schedule.events.emplace_back();
    event.key = absl::StrCat(made.tenant_id(), "/", made.customer().customer_id());
    event.value = made.SerializeAsString();
    event.partition = publish::PartitionFor(event.key, options.partitions);
    std::vector<size_t>& numbers = schedule.numbers[static_cast<size_t>(event.partition)];
    runtime::InputRecord record;
    record.partition = event.partition;
    record.offset = static_cast<int64_t>(numbers.size());
    record.key = event.key;
    record.value = event.value;
    record.has_key = record.has_value = true;
    numbers.push_back(static_cast<size_t>(i));
    outputs.Clear();
    engine[static_cast<size_t>(event.partition)]->Process(record, decoder, outputs, stats);
    for (size_t o = 0; o < outputs.size(); ++o) {
      if (outputs[o].topic == publish::Topic::kAlerts) ++schedule.alerts;
    }
  }
  return schedule;
}

absl::Duration DueAfter(const Options& options, size_t number) {
  return absl::Seconds(1) * static_cast<int64_t>(number) / options.rate;
}

// Sends all events when they are due; returns how many ms late they were, sorted.
std::vector<double> Send(const Options& options, const Schedule& schedule, absl::Time start,
                         runtime::KafkaProducer& producer) {
  std::vector<double> late;
  for (size_t i = 0; i < schedule.events.size(); ++i) {
    const absl::Time due = start + DueAfter(options, i);
    const absl::Time now = absl::Now();
    if (now < due) absl::SleepFor(due - now);
    const Event& event = schedule.events[i];
    CheckOk(producer.Send({.key = event.key, .value = event.value, .partition = event.partition}));
    late.push_back(absl::ToDoubleMilliseconds(absl::Now() - due));
  }
  CheckOk(producer.Flush(absl::Minutes(1)));
  std::sort(late.begin(), late.end());
  return late;
}

// Which input record an output came from.
std::pair<int32_t, int64_t> CauseOf(const runtime::StoredRecord& record, bool copy) {
  if (copy) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(*record.key, '/');
    int32_t partition = 0;
    int64_t offset = 0;
    if (!absl::SimpleAtoi(parts.first, &partition) || !absl::SimpleAtoi(parts.second, &offset)) {
      Fail("a copy has another key");
    }
    return {partition, offset};
  }
  v1::Alert alert;
  if (!alert.ParseFromString(record.value.value_or(""))) Fail("an alert cannot be parsed");
  return {alert.source().partition(), alert.source().offset()};
}

struct Latencies {
  std::vector<double> ms;   // sorted
  double sent_late_ms = 0;  // p99 of the sender's own lateness
  double at(double share) const {
    return ms[static_cast<size_t>(share * static_cast<double>(ms.size() - 1))];
  }
};

// Reads until all outputs are there.
Latencies Collect(const Options& options, const Schedule& schedule, absl::Time start, bool copy,
                  runtime::KafkaReader& reader) {
  const int64_t expected = copy ? static_cast<int64_t>(schedule.events.size()) : schedule.alerts;
  const absl::Time deadline = start + absl::Seconds(options.seconds) + kPatience;
  Latencies latencies;
  for (int64_t seen = 0; seen < expected;) {
    const auto records = reader.Read(absl::Milliseconds(2), 1000);
    CheckOk(records.status());
    const absl::Time now = absl::Now();
    if (now > deadline) Fail(absl::StrCat(seen, " outputs of ", expected, " came: no figures"));
    seen += static_cast<int64_t>(records->size());
    for (const runtime::StoredRecord& record : *records) {
      const auto [partition, offset] = CauseOf(record, copy);
      const size_t number =
          schedule.numbers.at(static_cast<size_t>(partition)).at(static_cast<size_t>(offset));
      const absl::Duration due = DueAfter(options, number);
      if (due < kWarmUp) continue;
      latencies.ms.push_back(absl::ToDoubleMilliseconds(now - (start + due)));
    }
  }
  std::sort(latencies.ms.begin(), latencies.ms.end());
  return latencies;
}

Latencies Measure(const Options& options, const char* self, const Schedule& schedule,
                  const std::vector<std::string>& mode, Pipeline pipeline) {
  static int runs = 0;
  const bool copy = pipeline != Pipeline::kEngine;
  const std::string name = absl::StrCat("latency-", getpid(), "-", runs++);
  const KafkaJob job{options.broker, name + "-events", name, options.partitions, mode};
  CheckOk(CreateTopics(job));
  std::vector<std::string> arguments;
  if (copy) {
    arguments = {self,           "--copy",
                 "--broker",     options.broker,
                 "--topic",      job.input_topic,
                 "--name",       name,
                 "--partitions", absl::StrCat(options.partitions)};
    if (pipeline == Pipeline::kWideCopy) arguments.push_back("--wide");
    for (const std::string& setting : mode) arguments.insert(arguments.end(), {"--set", setting});
  } else {
    arguments = JobCommand(options.program, {"run", "-X", "admin.enabled=false"}, job);
  }
  const std::string log = absl::StrCat("/tmp/", name, ".log");
  ChildProcess process(arguments, log);
  const v1::Config config = JobConfig(job);
  const publish::Topic topic = copy ? publish::Topic::kMoments : publish::Topic::kAlerts;
  auto reader = runtime::KafkaReader::Open(config, publish::TopicName(config.topics(), topic),
                                           runtime::kBeginning, nullptr, absl::Seconds(30));
  CheckOk(reader.status());
  auto producer = runtime::KafkaProducer::Open(config, job.input_topic, nullptr, absl::Seconds(30));
  CheckOk(producer.status());
  // What is late because the group is still being formed falls into the warm-up.
  const absl::Time start = absl::Now() + absl::Seconds(4);
  std::vector<double> late;
  std::thread sender([&] { late = Send(options, schedule, start, **producer); });
  Latencies latencies = Collect(options, schedule, start, copy, **reader);
  sender.join();
  process.Terminate();
  if (process.Wait().exit_code != 0) Fail("the pipeline failed; see " + log);
  unlink(log.c_str());
  latencies.sent_late_ms = late[late.size() * 99 / 100];
  if (latencies.sent_late_ms > kLatestSendMs) {
    Fail(absl::StrCat("1 % of the events were sent more than ", latencies.sent_late_ms,
                      " ms late: no figures"));
  }
  return latencies;
}

// Of all rounds, by pipeline.
using Rounds = std::array<std::vector<Latencies>, kPipelines>;

void Report(const char* mode, const Rounds& rounds) {
  std::array<std::vector<double>, kPipelines> p50, p99;
  std::vector<double> to_copy, to_wide, late;
  for (size_t i = 0; i < rounds[0].size(); ++i) {
    for (size_t p = 0; p < kPipelines; ++p) {
      p50[p].push_back(rounds[p][i].at(0.5));
      p99[p].push_back(rounds[p][i].at(0.99));
      late.push_back(rounds[p][i].sent_late_ms);
    }
    to_copy.push_back(p99[2].back() / p99[0].back());
    to_wide.push_back(p99[2].back() / p99[1].back());
  }
  std::cout << absl::StrFormat("%-20s", mode);
  for (size_t p = 0; p < kPipelines; ++p) {
    std::cout << absl::StrFormat("  %6.1f %7.1f", Median(p50[p]), Median(p99[p]));
  }
  std::cout << absl::StrFormat("   %5.2f  %5.2f   %5.1f\n", Median(to_copy), Median(to_wide),
                               Median(late));
}

struct Mode {
  const char* name;
  std::vector<std::string> settings;
};

int RunAll(const Options& options, const char* self) {
  const Schedule schedule = MakeSchedule(options);
  const std::vector<Mode> modes = {
      {"at least once", {"delivery=at_least_once"}},
      {"exactly once, 100 ms", {"delivery=exactly_once", "worker.commit_interval=100ms"}},
      {"exactly once, 20 ms", {"delivery=exactly_once", "worker.commit_interval=20ms"}}};
  std::vector<Rounds> rounds(modes.size());
  for (int round = 0; round < options.rounds; ++round) {
    for (size_t m = 0; m < modes.size(); ++m) {
      for (size_t p = 0; p < kPipelines; ++p) {
        rounds[m][p].push_back(
            Measure(options, self, schedule, modes[m].settings, static_cast<Pipeline>(p)));
      }
    }
    std::cerr << "round " << round + 1 << " of " << options.rounds << " done\n";
  }
  std::cout << absl::StrFormat(
      "%d events/s for %d s, %d partitions; all %d alert records came; librdkafka %s; medians of "
      "%d rounds\nms from the time an event was due until its copy, or its alert, was read; a wide "
      "copy's transactions\nwrite to as many topics as peakend's; ratios of the p99s in the same "
      "round\n                        copy50  copy99    wide50  wide99   alert50 alert99   to copy "
      " to wide   sent late, p99\n",
      options.rate, options.seconds, options.partitions, schedule.alerts,
      runtime::KafkaLibraryVersion(), options.rounds);
  for (size_t m = 0; m < modes.size(); ++m) Report(modes[m].name, rounds[m]);
  return EXIT_SUCCESS;
}

int Main(int argc, char** argv) {
  Options options;
  CLI::App app{"How soon an alert can be read, compared with a pipeline that copies"};
  app.add_option("--broker", options.broker);
  app.add_option("--program", options.program);
  app.add_option("--rate", options.rate)->check(CLI::Range(100, 1'000'000));
  app.add_option("--seconds", options.seconds)->check(CLI::Range(5, 3600));
  app.add_option("--partitions", options.partitions)->check(CLI::Range(1, 128));
  app.add_option("--rounds", options.rounds)->check(CLI::Range(1, 100));
  app.add_flag("--copy", options.copy);
  app.add_flag("--wide", options.wide);
  app.add_option("--topic", options.topic);
  app.add_option("--name", options.name);
  app.add_option("--set", options.settings);
  CLI11_PARSE(app, argc, argv);
  if (!options.copy) return RunAll(options, argv[0]);
  CheckOk(CopyThrough(JobConfig({options.broker, options.topic, options.name, options.partitions,
                                 options.settings}),
                      options.wide ? CopyTo::kEngineTopics : CopyTo::kOneTopic));
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace peakend::benchmarks

int main(int argc, char** argv) { return peakend::benchmarks::Main(argc, argv); }
