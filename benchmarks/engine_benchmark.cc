// What does an event cost in the engine alone, without Kafka: decode, state, moments, alerts,
// encoded outputs, and the records of the changelog where events come from a file?
//
//   engine_benchmark [--rows] [EVENTS]            the load of the pipeline benchmark
//   engine_benchmark [--rows] --events FILE [ROUNDS]
//
// With --rows all rows for warehouses are written, too.
// A file is what `peakend load --out FILE --format binary` wrote. Its state is written as a worker
// does that keeps up with it: a commit each 100 ms of the events' time.

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_format.h"
#include "benchmarks/engine_input.h"
#include "benchmarks/figure.h"
#include "benchmarks/workload.h"
#include "processors/ingest/decoder.h"
#include "processors/journey/identifier.h"
#include "processors/runtime/partition.h"

namespace peakend::benchmarks {
namespace {

constexpr int32_t kPartitions = 4;
constexpr size_t kAhead = 8;
constexpr int64_t kCommitMs = 100;

double DecodeOnly(const std::vector<EngineInput>& inputs) {
  ingest::Decoder decoder{ingest::Limits{}};
  const double begin = ThreadCpuSeconds();
  for (const EngineInput& input : inputs) {
    if (decoder.Decode({input.key, input.value}).event == nullptr) std::exit(EXIT_FAILURE);
  }
  return ThreadCpuSeconds() - begin;
}

// What was written, and a digest of all of it, so that two builds can be compared.
struct Written {
  size_t records = 0;
  size_t bytes = 0;
  uint64_t digest = 0;

  void Take(publish::OutputBatch& outputs) {
    records += outputs.size();
    bytes += outputs.bytes();
    for (size_t o = 0; o < outputs.size(); ++o) digest += journey::Hash64(outputs[o].value);
    outputs.Clear();
  }
  size_t BytesEach() const { return bytes / std::max<size_t>(records, 1); }
};

class EngineRun {
 public:
  EngineRun(const publish::Policy& policy, runtime::Durability durability,
            const publish::RowSettings& rows)
      : durable_(durability == runtime::Durability::kChangelog) {
    for (int32_t p = 0; p < kPartitions; ++p) {
      partitions_.push_back(std::make_unique<runtime::Partition>(
          p, "in", policy, durability, kPartitions, runtime::CompileRecordedPolicy, rows));
    }
  }

  void Process(const std::vector<EngineInput>& inputs) {
    const double begin = ThreadCpuSeconds();
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (i + kAhead < inputs.size()) {
        const EngineInput& ahead = inputs[i + kAhead];
        partitions_[static_cast<size_t>(ahead.partition)]->Prefetch(ahead.key);
      }
      runtime::InputRecord record;
      record.partition = inputs[i].partition;
      record.offset = static_cast<int64_t>(i);
      record.key = inputs[i].key;
      record.value = inputs[i].value;
      record.has_key = record.has_value = true;
      runtime::Partition& partition = *partitions_[static_cast<size_t>(record.partition)];
      partition.Process(record, decoder_, batch_, stats_);
      if (i % 1000 == 999) outputs_.Take(batch_);
      if (durable_ && partition.now_ms() - committed_ms_ >= kCommitMs) {
        Commit(record.offset + 1, partition.now_ms());
      }
    }
    outputs_.Take(batch_);
    seconds_ = ThreadCpuSeconds() - begin;
  }

  double seconds() const { return seconds_; }
  double state_seconds() const { return state_seconds_; }  // of them
  const Written& outputs() const { return outputs_; }
  const Written& state() const { return state_; }

 private:
  void Commit(int64_t position, int64_t at_ms) {
    outputs_.Take(batch_);
    committed_ms_ = at_ms;
    const double begin = ThreadCpuSeconds();
    for (const auto& partition : partitions_) {
      partition->WriteState(position, absl::FromUnixMillis(at_ms), {}, batch_);
    }
    state_seconds_ += ThreadCpuSeconds() - begin;
    state_.Take(batch_);
  }

  const bool durable_;
  std::vector<std::unique_ptr<runtime::Partition>> partitions_;
  ingest::Decoder decoder_{ingest::Limits{}};
  publish::OutputBatch batch_;
  runtime::EngineStats stats_;
  Written outputs_;
  Written state_;
  int64_t committed_ms_ = 0;
  double seconds_ = 0;
  double state_seconds_ = 0;
};

void Measure(const std::vector<EngineInput>& inputs, runtime::Durability durability,
             const publish::RowSettings& rows, int rounds) {
  const publish::Policy policy = ShippedPolicy();
  const auto events = static_cast<double>(inputs.size());
  const auto per_event = [&](double seconds) { return seconds * 1e9 / events; };
  std::cout << absl::StrFormat("%d events, %d partitions\n", inputs.size(), kPartitions);
  for (int round = 0; round < rounds; ++round) {
    const double decode = DecodeOnly(inputs);
    EngineRun run(policy, durability, rows);
    run.Process(inputs);
    std::cout << absl::StrFormat(
        "decode %4.0f ns/event, engine %4.0f ns/event, %.3f outputs/event of %d bytes, digest "
        "%016x\n",
        per_event(decode), per_event(run.seconds() - run.state_seconds()),
        static_cast<double>(run.outputs().records) / events, run.outputs().BytesEach(),
        run.outputs().digest);
    if (durability == runtime::Durability::kNone) continue;
    std::cout << absl::StrFormat(
        "  state %4.0f ns/event, %.3f records/event of %d bytes, digest %016x\n",
        per_event(run.state_seconds()), static_cast<double>(run.state().records) / events,
        run.state().BytesEach(), run.state().digest);
  }
}

int Main(int argc, char** argv) {
  publish::RowSettings rows;
  if (argc > 1 && std::string_view(argv[1]) == "--rows") {
    rows = ShippedRows();
    ++argv;
    --argc;
  }
  if (argc > 2 && std::string_view(argv[1]) == "--events") {
    const auto inputs = ReadInputs(argv[2], kPartitions);
    if (!inputs.ok()) {
      std::cerr << "engine_benchmark: " << inputs.status().message() << "\n";
      return EXIT_FAILURE;
    }
    Measure(*inputs, runtime::Durability::kChangelog, rows, argc > 3 ? std::atoi(argv[3]) : 5);
    return EXIT_SUCCESS;
  }
  const int64_t events = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
  if (events < 1000) {
    std::cerr << "engine_benchmark [--rows] [EVENTS], at least 1000, or --events FILE [ROUNDS]\n";
    return EXIT_FAILURE;
  }
  Measure(MakeInputs(events, kPartitions), runtime::Durability::kNone, rows, 5);
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace peakend::benchmarks

int main(int argc, char** argv) { return peakend::benchmarks::Main(argc, argv); }
