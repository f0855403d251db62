// What does the whole pipeline cost, compared with reading the topic and doing
// nothing? On a real broker, CPU-seconds per million events of
//   consume   a bare librdkafka consume loop
//   decode    the same and parsing each event
//   run       `peakend run`, at least once, all outputs delivered
//   exactly   `peakend run`, exactly once, state written within 10 s
//   each      the same with every changed customer in every transaction
//   poison    like exactly, and one record in a hundred cannot be parsed
// each a process of its own, one after the other, several rounds. No figure is
// printed when the outputs of `run` are not those that the engine gives in memory.
//
//   pipeline --broker HOST:PORT --program build/release/peakend [--events N] ...
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "benchmarks/child_process.h"
#include "benchmarks/contact_day.h"
#include "benchmarks/figure.h"
#include "benchmarks/kafka_consume_loop.h"
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

struct Options {
  std::string broker = "127.0.0.1:19092";
  std::string program = "build/release/peakend";
  int64_t events = 2'000'000;
  uint64_t customers = 200'000;
  size_t open_contacts = 100;
  int partitions = 4;
  int rounds = 5;
  std::string role;   // of a child: consume or decode
  std::string topic;  // of a child
};

// One bad record behind each so many good ones.
constexpr int64_t kPoisonEvery = 99;

KafkaJob Job(const Options& options, const std::string& run,
             const std::vector<std::string>& further = {}) {
  return {options.broker, options.topic, run, options.partitions, further};
}

// Distinct records that the outputs must hold.
struct Expected {
  std::set<std::string> alert_revisions;
  int64_t moments = 0;
  int64_t journeys = 0;
  int64_t rejected = 0;
  int64_t bytes = 0;
};

// Writes the events to `topic`, and runs the engine over them in memory.
Expected Produce(const Options& options, const v1::Config& config, const std::string& topic,
                 bool poison) {
  auto producer = runtime::KafkaProducer::Open(config, topic, nullptr, absl::Seconds(30));
  CheckOk(producer.status());
  const publish::Policy policy = ShippedPolicy();
  std::vector<std::unique_ptr<runtime::Partition>> engine;
  for (int p = 0; p < options.partitions; ++p) {
    engine.push_back(std::make_unique<runtime::Partition>(p, options.topic, policy));
  }
  ingest::Decoder decoder{ingest::Limits{}};
  publish::OutputBatch outputs;
  runtime::EngineStats stats;
  ContactDay day(options.customers, options.open_contacts, 7);
  Expected expected;
  std::string key;
  std::string value;
  v1::Alert alert;
  for (int64_t i = 0; i < options.events; ++i) {
    const v1::InteractionEvent& event = day.Next();
    key = absl::StrCat(event.tenant_id(), "/", event.customer().customer_id());
    value.clear();
    event.AppendToString(&value);
    expected.bytes += static_cast<int64_t>(value.size());
    if (poison && i % kPoisonEvery == 0) {
      ++expected.rejected;
      const std::string_view cut = std::string_view(value).substr(0, value.size() / 2);
      CheckOk((*producer)->Send({.key = key, .value = cut}));
    }
    CheckOk((*producer)->Send({.key = key, .value = value}));
    runtime::InputRecord record;
    record.partition = publish::PartitionFor(key, options.partitions);
    record.offset = i;
    record.key = key;
    record.value = value;
    record.has_key = record.has_value = true;
    outputs.Clear();
    engine[static_cast<size_t>(record.partition)]->Process(record, decoder, outputs, stats);
    for (size_t o = 0; o < outputs.size(); ++o) {
      if (outputs[o].topic != publish::Topic::kAlerts) continue;
      const std::string_view bytes = outputs[o].value;
      if (!alert.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) Fail("bad alert");
      expected.alert_revisions.insert(absl::StrCat(alert.alert_id(), "/", alert.row_version()));
    }
    if (i % 100'000 == 0)
      std::cerr << "\rproducing " << i * 100 / options.events << " %" << std::flush;
  }
  CheckOk((*producer)->Flush(absl::Minutes(1)));
  std::cerr << "\rproduced " << options.events << " events\n";
  for (const int64_t moments : stats.moments) expected.moments += moments;
  expected.journeys = stats.journey_revisions;
  return expected;
}

int64_t CountRecords(const v1::Config& config, const std::string& topic,
                     std::set<std::string>* alert_revisions) {
  auto reader =
      runtime::KafkaReader::Open(config, topic, runtime::kBeginning, nullptr, absl::Seconds(30));
  CheckOk(reader.status());
  int64_t count = 0;
  v1::Alert alert;
  while (true) {
    const auto records = (*reader)->Read(absl::Milliseconds(100), 1000);
    CheckOk(records.status());
    count += static_cast<int64_t>(records->size());
    for (const runtime::StoredRecord& record : *records) {
      if (alert_revisions == nullptr) continue;
      if (!alert.ParseFromString(record.value.value_or(""))) Fail("an alert cannot be parsed");
      alert_revisions->insert(absl::StrCat(alert.alert_id(), "/", alert.row_version()));
    }
    if (records->empty() && (*reader)->at_end()) return count;
  }
}

void CheckOutputs(const v1::Config& config, const Expected& expected) {
  std::set<std::string> alerts;
  const auto name = [&](publish::Topic topic) {
    return publish::TopicName(config.topics(), topic);
  };
  const int64_t alert_records = CountRecords(config, name(publish::Topic::kAlerts), &alerts);
  const int64_t moments = CountRecords(config, name(publish::Topic::kMoments), nullptr);
  const int64_t journeys = CountRecords(config, name(publish::Topic::kJourneys), nullptr);
  const int64_t rejected = CountRecords(config, name(publish::Topic::kRejected), nullptr);
  if (rejected != expected.rejected || alerts != expected.alert_revisions ||
      alert_records != static_cast<int64_t>(alerts.size()) || moments != expected.moments ||
      journeys != expected.journeys) {
    Fail(absl::StrCat("the output is wrong, so there are no figures: ", alert_records,
                      " alert records of ", expected.alert_revisions.size(), ", ", moments,
                      " moments of ", expected.moments, ", ", journeys, " journeys of ",
                      expected.journeys, ", ", rejected, " rejected of ", expected.rejected));
  }
}

// True once the worker has taken `events` in.
bool Consumed(const std::string& metrics_file, int64_t events) {
  std::ifstream file(metrics_file);
  for (std::string line; std::getline(file, line);) {
    if (line.find("peakend_events_total{outcome=\"ok\"") == 0) {
      return std::stod(line.substr(line.rfind(' ') + 1)) >= static_cast<double>(events);
    }
  }
  return false;
}

ProcessCost MeasureRun(const Options& options, const std::string& run, const Expected& expected,
                       const std::vector<std::string>& delivery) {
  const KafkaJob job = Job(options, run, delivery);
  CheckOk(CreateTopics(job));
  const int port = 20'000 + static_cast<int>(getpid() % 20'000);
  const std::vector<std::string> arguments =
      JobCommand(options.program, {"run", "-X", absl::StrCat("admin.port=", port)}, job);
  const std::string log = absl::StrCat("/tmp/", run, ".log");
  const std::string page = absl::StrCat("/tmp/", run, ".metrics");
  ChildProcess process(arguments, log);
  const absl::Time deadline = absl::Now() + absl::Minutes(3);
  while (!Consumed(page, options.events)) {
    if (absl::Now() > deadline) Fail("`peakend run` does not get through; see " + log);
    absl::SleepFor(absl::Milliseconds(200));
    ChildProcess({"curl", "-s", "-o", page, absl::StrCat("http://127.0.0.1:", port, "/metrics")},
                 "/dev/null")
        .Wait();
  }
  process.Terminate();
  const ProcessCost cost = process.Wait();
  if (cost.exit_code != 0) Fail(absl::StrCat("`peakend run` ended with ", cost.exit_code));
  CheckOutputs(JobConfig(job), expected);
  unlink(log.c_str());
  unlink(page.c_str());
  return cost;
}

ProcessCost MeasureLoop(const Options& options, const char* self, const std::string& role) {
  ChildProcess process(
      {self, "--role", role, "--topic", options.topic, "--broker", options.broker, "--events",
       absl::StrCat(options.events), "--partitions", absl::StrCat(options.partitions)},
      "/dev/null");
  const ProcessCost cost = process.Wait();
  if (cost.exit_code != 0) Fail(role + " failed");
  return cost;
}

void Report(const char* name, const std::vector<ProcessCost>& costs,
            const std::vector<ProcessCost>& floor, int64_t events) {
  std::vector<double> cpu, wall, ratio;
  int64_t rss = 0;
  for (size_t i = 0; i < costs.size(); ++i) {
    cpu.push_back(costs[i].cpu_seconds * 1e6 / static_cast<double>(events));
    wall.push_back(static_cast<double>(events) / costs[i].wall_seconds / 1e6);
    ratio.push_back(costs[i].cpu_seconds / floor[i].cpu_seconds);
    rss = std::max(rss, costs[i].max_rss_kib);
  }
  const auto [least, most] = std::minmax_element(cpu.begin(), cpu.end());
  std::cout << absl::StrFormat("%-8s  %5.2f  %5.2f-%-5.2f  %5.2f  %6.2f  %6d\n", name, Median(cpu),
                               *least, *most, Median(ratio), Median(wall), rss / 1024);
}

double MedianRatio(const std::vector<ProcessCost>& costs, const std::vector<ProcessCost>& to) {
  std::vector<double> ratios;
  for (size_t i = 0; i < costs.size(); ++i) {
    ratios.push_back(costs[i].cpu_seconds / to[i].cpu_seconds);
  }
  return Median(std::move(ratios));
}

int RunAll(Options options, const char* self) {
  const std::string id = absl::StrCat("pipeline-", getpid());
  options.topic = id + "-events";
  CheckOk(CreateTopics(Job(options, id)));
  const Expected expected = Produce(options, JobConfig(Job(options, id)), options.topic, false);
  Options poisoned = options;
  poisoned.topic = id + "-poisoned-events";
  CheckOk(CreateTopics(Job(poisoned, id)));
  const Expected expected_of_poisoned =
      Produce(options, JobConfig(Job(poisoned, id)), poisoned.topic, true);
  std::vector<ProcessCost> consume, decode, run, exactly, each, poison;
  for (int round = 0; round < options.rounds; ++round) {
    consume.push_back(MeasureLoop(options, self, "consume"));
    decode.push_back(MeasureLoop(options, self, "decode"));
    const std::string name = absl::StrCat(id, "-", round);
    run.push_back(MeasureRun(options, name + "-a", expected, {"delivery=at_least_once"}));
    exactly.push_back(MeasureRun(options, name + "-e", expected, {"delivery=exactly_once"}));
    each.push_back(MeasureRun(options, name + "-0", expected,
                              {"delivery=exactly_once", "checkpoint.interval=0s"}));
    poison.push_back(
        MeasureRun(poisoned, name + "-p", expected_of_poisoned, {"delivery=exactly_once"}));
    std::cerr << "round " << round + 1 << " of " << options.rounds << " done\n";
  }
  std::cout << absl::StrFormat(
      "%d events of %d bytes, %d customers, %d partitions; outputs of run checked: %d alert "
      "revisions, %d moments, %d journeys; librdkafka %s; %d rounds\n"
      "CPU-s per million events (median, range), ratio to consume in the same round (median), "
      "million events/s, MB\n",
      options.events, expected.bytes / options.events, options.customers, options.partitions,
      expected.alert_revisions.size(), expected.moments, expected.journeys,
      runtime::KafkaLibraryVersion(), options.rounds);
  Report("consume", consume, consume, options.events);
  Report("decode", decode, consume, options.events);
  Report("run", run, consume, options.events);
  Report("exactly", exactly, consume, options.events);
  Report("each", each, consume, options.events);
  Report("poison", poison, consume, options.events);
  std::cout << "CPU ratios (median): exactly to run " << MedianRatio(exactly, run)
            << ", each to run " << MedianRatio(each, run) << ", poison to exactly "
            << MedianRatio(poison, exactly) << "\n";
  return EXIT_SUCCESS;
}

int Main(int argc, char** argv) {
  Options options;
  CLI::App app{"CPU cost of the pipeline, compared with a bare consume loop"};
  app.add_option("--broker", options.broker);
  app.add_option("--program", options.program);
  app.add_option("--events", options.events)->check(CLI::Range(1000, 100'000'000));
  app.add_option("--customers", options.customers);
  app.add_option("--open-contacts", options.open_contacts)->check(CLI::Range(1, 20'000));
  app.add_option("--partitions", options.partitions)->check(CLI::Range(1, 128));
  app.add_option("--rounds", options.rounds)->check(CLI::Range(1, 100));
  app.add_option("--role", options.role);
  app.add_option("--topic", options.topic);
  CLI11_PARSE(app, argc, argv);
  if (options.role.empty()) return RunAll(options, argv[0]);
  const LoopWork work = options.role == "decode" ? LoopWork::kDecode : LoopWork::kNothing;
  CheckOk(RunConsumeLoop(JobConfig(Job(options, "pipeline-loop")), options.topic,
                         options.partitions, options.events, work));
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace peakend::benchmarks

int main(int argc, char** argv) { return peakend::benchmarks::Main(argc, argv); }
