// What a customer's record costs: to write, to restore, and its bytes.
#include <benchmark/benchmark.h>

#include <string>
#include <utility>

#include "benchmarks/cost.h"
#include "benchmarks/workload.h"
#include "processors/publish/customer_memory.h"
#include "processors/publish/customer_record.h"
#include "processors/runtime/state_memory.h"

namespace peakend::benchmarks {
namespace {

// Somebody whose last journey is over.
publish::CustomerState IdleCustomer() {
  publish::CustomerState customer("t", "000000000007");
  customer.last_event_ms = kStartMs;
  customer.previous_journey = {0x0123456789abcdef, 0xfedcba9876543210};
  return customer;
}

// Somebody in a contact with `turns` turns.
publish::CustomerState OpenCustomer(const publish::Policy& policy, int64_t turns,
                                    publish::CustomerMemory memory) {
  publish::CustomerState customer("t", "000000000007");
  publish::Step step(policy, memory);
  publish::OutputBatch outputs;
  publish::StepCounts counts;
  for (int64_t i = 0; i < turns; ++i) {
    const int64_t at_ms = kStartMs + 20'000 * i;
    const v1::InteractionEvent event =
        TurnEvent(7, static_cast<uint64_t>(i), at_ms, static_cast<double>(i % 7) / 10 - 0.3);
    step.Apply(customer, journey::ReadFacts(ingest::ViewOf(event)), {at_ms, at_ms, "in", 0, i},
               outputs, counts);
  }
  return customer;
}

// The customer of a benchmark with `turns` turns, of which 0 means idle.
publish::CustomerState CustomerOf(const publish::Policy& policy, int64_t turns,
                                  publish::CustomerMemory memory) {
  return turns == 0 ? IdleCustomer() : OpenCustomer(policy, turns, memory);
}

constexpr publish::RecordStamp kStamp{1'000'000'000, 0x0123456789abcdef, false};

void WriteRecord(benchmark::State& state) {
  const publish::Policy policy = ShippedPolicy();
  runtime::StateMemory memory;
  const publish::CustomerState customer = CustomerOf(policy, state.range(0), memory.customers());
  publish::CustomerRecordWriter writer(policy.rules);
  std::string bytes;
  writer.Append(customer, kStamp, &bytes);
  Cost cost;
  for (auto _ : state) {
    bytes.clear();
    writer.Append(customer, kStamp, &bytes);
    benchmark::DoNotOptimize(bytes.data());
  }
  cost.Report(state);
  state.SetItemsProcessed(state.iterations());
  state.counters["bytes"] = static_cast<double>(bytes.size());
}
BENCHMARK(WriteRecord)->ArgName("turns")->Arg(0)->Arg(8)->Arg(32)->Arg(100);

// The destruction of the customer included.
void RestoreRecord(benchmark::State& state) {
  const publish::Policy policy = ShippedPolicy();
  runtime::StateMemory memory;
  std::string bytes;
  const publish::CustomerState customer = CustomerOf(policy, state.range(0), memory.customers());
  publish::CustomerRecordWriter(policy.rules).Append(customer, kStamp, &bytes);
  publish::CustomerRecordReader reader;
  if (!reader.Restore(customer.key(), bytes, memory.customers()).ok()) {
    return state.SkipWithError("refused");
  }
  Cost cost;
  for (auto _ : state) {
    benchmark::DoNotOptimize(reader.Restore(customer.key(), bytes, memory.customers()));
  }
  cost.Report(state);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(RestoreRecord)->ArgName("turns")->Arg(0)->Arg(8)->Arg(32)->Arg(100);

}  // namespace
}  // namespace peakend::benchmarks
