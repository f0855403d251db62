// What does an event cost in the engine alone, on the load of the pipeline
// benchmark and without Kafka: decode, state, moments, alerts, encoded outputs?
//
//   engine_benchmark [EVENTS]

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "benchmarks/contact_day.h"
#include "benchmarks/figure.h"
#include "benchmarks/workload.h"
#include "processors/ingest/decoder.h"
#include "processors/journey/identifier.h"
#include "processors/publish/partitioner.h"
#include "processors/runtime/partition.h"

namespace peakend::benchmarks {
namespace {

constexpr int32_t kPartitions = 4;
constexpr size_t kAhead = 8;

struct Input {
  std::string key;
  std::string value;
  int32_t partition = 0;
};

std::vector<Input> MakeInputs(int64_t events) {
  ContactDay day(200'000, 100, 7);
  std::vector<Input> inputs(static_cast<size_t>(events));
  for (Input& input : inputs) {
    const v1::InteractionEvent& event = day.Next();
    input.key = event.tenant_id() + "/" + event.customer().customer_id();
    input.value = event.SerializeAsString();
    input.partition = publish::PartitionFor(input.key, kPartitions);
  }
  return inputs;
}

double DecodeOnly(const std::vector<Input>& inputs) {
  ingest::Decoder decoder{ingest::Limits{}};
  const double begin = ThreadCpuSeconds();
  for (const Input& input : inputs) {
    if (decoder.Decode({input.key, input.value}).event == nullptr) std::exit(EXIT_FAILURE);
  }
  return ThreadCpuSeconds() - begin;
}

struct EngineRun {
  double seconds = 0;
  size_t outputs = 0;
  size_t output_bytes = 0;
  uint64_t digest = 0;  // of all outputs, so that two builds can be compared
};

EngineRun RunEngine(const std::vector<Input>& inputs, const publish::Policy& policy) {
  std::vector<std::unique_ptr<runtime::Partition>> partitions;
  for (int32_t p = 0; p < kPartitions; ++p) {
    partitions.push_back(std::make_unique<runtime::Partition>(p, "in", policy));
  }
  ingest::Decoder decoder{ingest::Limits{}};
  publish::OutputBatch outputs;
  runtime::EngineStats stats;
  EngineRun run;
  const double begin = ThreadCpuSeconds();
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (i + kAhead < inputs.size()) {
      const Input& ahead = inputs[i + kAhead];
      partitions[static_cast<size_t>(ahead.partition)]->Prefetch(ahead.key);
    }
    runtime::InputRecord record;
    record.partition = inputs[i].partition;
    record.offset = static_cast<int64_t>(i);
    record.key = inputs[i].key;
    record.value = inputs[i].value;
    record.has_key = record.has_value = true;
    partitions[static_cast<size_t>(record.partition)]->Process(record, decoder, outputs, stats);
    if (i % 1000 != 999) continue;
    run.outputs += outputs.size();
    run.output_bytes += outputs.bytes();
    for (size_t o = 0; o < outputs.size(); ++o) run.digest += journey::Hash64(outputs[o].value);
    outputs.Clear();
  }
  run.seconds = ThreadCpuSeconds() - begin;
  return run;
}

int Main(int argc, char** argv) {
  const int64_t events = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
  if (events < 1000) {
    std::cerr << "engine_benchmark [EVENTS], at least 1000\n";
    return EXIT_FAILURE;
  }
  const std::vector<Input> inputs = MakeInputs(events);
  const publish::Policy policy = ShippedPolicy();
  const auto per_event = [&](double seconds) {
    return seconds * 1e9 / static_cast<double>(events);
  };
  std::cout << absl::StrFormat("%d events, %d partitions\n", events, kPartitions);
  for (int round = 0; round < 5; ++round) {
    const double decode = DecodeOnly(inputs);
    const EngineRun run = RunEngine(inputs, policy);
    std::cout << absl::StrFormat(
        "decode %4.0f ns/event, engine %4.0f ns/event, %.3f outputs/event of %d bytes, digest "
        "%016x\n",
        per_event(decode), per_event(run.seconds),
        static_cast<double>(run.outputs) / static_cast<double>(events),
        run.output_bytes / std::max<size_t>(run.outputs, 1), run.digest);
  }
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace peakend::benchmarks

int main(int argc, char** argv) { return peakend::benchmarks::Main(argc, argv); }
