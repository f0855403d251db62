// What one event costs inside the engine, stage by stage.
#include <benchmark/benchmark.h>

#include <string>
#include <utility>
#include <vector>

#include "benchmarks/cost.h"
#include "benchmarks/workload.h"
#include "processors/ingest/decoder.h"
#include "processors/journey/contact_set.h"
#include "processors/journey/journey_id.h"
#include "processors/moments/parts.h"
#include "processors/publish/messages.h"
#include "processors/publish/revision.h"
#include "processors/runtime/partition.h"

namespace peakend::benchmarks {
namespace {

constexpr int64_t kTurnMs = 20'000;

using Decoding = ingest::Decoder::Result (ingest::Decoder::*)(const ingest::RawRecord&);

// Bytes -> checked event.
void Decode(benchmark::State& state, Decoding decode) {
  ingest::Decoder decoder{ingest::Limits()};
  const std::string key = CustomerKey(7);
  const std::string value = TurnEvent(7, 1, kStartMs, 0.25).SerializeAsString();
  const ingest::RawRecord record{key, value, true, kStartMs};
  // The first call builds the message that the others reuse.
  if ((decoder.*decode)(record).event == nullptr) return state.SkipWithError("rejected");
  Cost cost;
  for (auto _ : state) benchmark::DoNotOptimize((decoder.*decode)(record));
  cost.Report(state);
  state.counters["bytes"] = static_cast<double>(value.size());
}
BENCHMARK_CAPTURE(Decode, Scanner, &ingest::Decoder::Decode);
BENCHMARK_CAPTURE(Decode, GeneratedParser, &ingest::Decoder::DecodeInFull);

void TakeTurns(benchmark::State& state, KnownCustomers& customers) {
  // The second round finds all the memory that it needs.
  while (!customers.Full()) customers.Turn();
  customers.Reopen();
  Cost cost;
  for (auto _ : state) {
    if (customers.Full()) {
      state.PauseTiming();
      cost.Pause();
      customers.Reopen();
      cost.Resume();
      state.ResumeTiming();
    }
    benchmark::DoNotOptimize(customers.Turn());
  }
  cost.Report(state);
}

// A turn of a known customer in an open contact; no alert changes.
void StepOfKnownCustomer(benchmark::State& state) {
  const publish::Policy policy = ShippedPolicy();
  KnownCustomers customers(policy, static_cast<size_t>(state.range(0)));
  TakeTurns(state, customers);
}
BENCHMARK(StepOfKnownCustomer)->ArgName("customers")->Arg(100);
// One set-up is enough: it takes longer than what is measured.
BENCHMARK(StepOfKnownCustomer)->ArgName("customers")->Arg(100'000)->Iterations(1'000'000);

// The same with its row for warehouses.
void StepOfKnownCustomerWithRows(benchmark::State& state) {
  const publish::Policy policy = ShippedPolicy();
  const publish::RowSettings rows = ShippedRows();
  KnownCustomers customers(policy, static_cast<size_t>(state.range(0)), &rows);
  TakeTurns(state, customers);
}
BENCHMARK(StepOfKnownCustomerWithRows)->ArgName("customers")->Arg(100);

// A contact from its first event to the end of all that is kept of its journey.
void LiveContacts(benchmark::State& state, const publish::RowSettings* rows) {
  const publish::Policy policy = ShippedPolicy();
  KnownCustomers customers(policy, 1, rows);
  const auto live = [&] {
    while (!customers.Full()) customers.Turn();
    customers.Reopen();
  };
  live();
  Cost cost;
  for (auto _ : state) live();
  cost.Report(state);
}
void WholeContact(benchmark::State& state) { LiveContacts(state, nullptr); }
BENCHMARK(WholeContact);
void WholeContactWithRows(benchmark::State& state) {
  const publish::RowSettings rows = ShippedRows();
  LiveContacts(state, &rows);
}
BENCHMARK(WholeContactWithRows);

// Decode, clock, customer table, step and deadlines: all but the broker.
void PartitionRecord(benchmark::State& state) {
  const auto customers = static_cast<uint64_t>(state.range(0));
  const publish::Policy policy = ShippedPolicy();
  runtime::Partition partition(0, "in", policy);
  ingest::Decoder decoder{ingest::Limits()};
  publish::OutputBatch outputs;
  runtime::EngineStats stats;
  uint64_t events = 0;
  std::string key;
  std::string value;
  const auto next = [&] {
    const uint64_t customer = events % customers;
    ++events;
    const int64_t at_ms =
        kStartMs + static_cast<int64_t>(events) * kTurnMs / static_cast<int64_t>(customers);
    key = CustomerKey(customer);
    value = TurnEvent(customer, events, at_ms, static_cast<double>(events % 7) / 10 - 0.3)
                .SerializeAsString();
    runtime::InputRecord record;
    record.offset = static_cast<int64_t>(events);
    record.key = key;
    record.value = value;
    record.has_key = record.has_value = true;
    return record;
  };
  for (uint64_t i = 0; i < customers; ++i) partition.Process(next(), decoder, outputs, stats);
  constexpr size_t kBatch = 1000;
  struct Input {
    std::string key;
    std::string value;
    runtime::InputRecord record;
  };
  std::vector<Input> batch(kBatch);
  size_t at = kBatch;
  Cost cost;
  for (auto _ : state) {
    if (at == kBatch) {
      state.PauseTiming();
      cost.Pause();
      for (Input& input : batch) {
        input.record = next();
        input.key = key;
        input.value = value;
        input.record.key = input.key;
        input.record.value = input.value;
      }
      outputs.Clear();
      at = 0;
      cost.Resume();
      state.ResumeTiming();
    }
    partition.Process(batch[at++].record, decoder, outputs, stats);
  }
  if (stats.events_ok < state.iterations()) state.SkipWithError("not all were taken");
  cost.Report(state);
}
BENCHMARK(PartitionRecord)->ArgName("customers")->Arg(100);
// One set-up is enough: it takes longer than what is measured.
BENCHMARK(PartitionRecord)->ArgName("customers")->Arg(100'000)->Iterations(1'000'000);

// The same under many rules, of each kind in turn, with thresholds of their own.
void StepUnderRules(benchmark::State& state) {
  publish::Policy policy = ShippedPolicy();
  std::vector<alerts::Rule> rules;
  for (int64_t i = 0; i < state.range(0); ++i) {
    alerts::Rule rule = policy.rules[static_cast<size_t>(i) % policy.rules.size()];
    rule.name += std::to_string(i);
    rule.enter -= static_cast<affect::Nano>(i);
    rules.push_back(std::move(rule));
  }
  policy.rules = alerts::Rules(std::move(rules));
  KnownCustomers customers(policy, 100);
  TakeTurns(state, customers);
}
BENCHMARK(StepUnderRules)->ArgName("rules")->Arg(10)->Arg(200);

// A contact with `turns` impressions, as messages see it.
class OneContact {
 public:
  OneContact(const publish::Policy& policy, int turns)
      : policy_(policy), customer_("t", "000000000007") {
    publish::OpenCustomer& open = customer_.Open(std::pmr::get_default_resource());
    for (int i = 0; i < turns; ++i) {
      const v1::InteractionEvent event =
          TurnEvent(7, static_cast<uint64_t>(i), kStartMs + i * kTurnMs, 0.9 - 0.05 * i);
      const journey::EventFacts facts = journey::ReadFacts(ingest::ViewOf(event));
      open.parts.Apply({}, facts, policy_.windows, nullptr);
      const journey::JourneySpan span = open.contacts().JourneyOf(0, policy_.windows);
      const alerts::Scene scene{open.contacts(), span,        policy_.windows, policy_.model, "t",
                                "000000000007",  facts.at_ms, facts.at_ms};
      last_ = open.alerts.OnEvent(policy_.rules, {scene, 0, facts}).transitions;
      if (!last_.empty()) alert_ = last_.front();
    }
    parts_ = moments::Assess(journey::Story::Of(contacts(), 0), policy_.windows, policy_.model);
  }

  absl::Span<const journey::Contact> contacts() const {
    return customer_.open()->contacts().contacts();
  }
  publish::Assessed assessed() const {
    const journey::JourneySpan span = customer_.open()->contacts().JourneyOf(0, policy_.windows);
    const journey::Identifier id = journey::JourneyId("t", "000000000007", span.first);
    return {customer_, policy_, contacts(), parts_, id, id, {}, v1::JOURNEY_END_PROVISIONAL};
  }
  // The newest transition; alert is null when no rule was met.
  const alerts::Transition& alert() const { return alert_; }

 private:
  const publish::Policy& policy_;
  publish::CustomerState customer_;
  moments::Parts parts_;
  alerts::Transitions last_;
  alerts::Transition alert_;
};

// All parts and the score.
void AssessImpressions(benchmark::State& state) {
  const publish::Policy policy = ShippedPolicy();
  const OneContact one(policy, static_cast<int>(state.range(0)));
  Cost cost;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        moments::Assess(journey::Story::Of(one.contacts(), 0), policy.windows, policy.model));
  }
  cost.Report(state);
}
BENCHMARK(AssessImpressions)->ArgName("impressions")->Arg(32);

// The score alone, as live rules look at it.
void LiveScoreOfImpressions(benchmark::State& state) {
  const publish::Policy policy = ShippedPolicy();
  const OneContact one(policy, static_cast<int>(state.range(0)));
  Cost cost;
  for (auto _ : state) {
    const moments::RecentImpressions recent(one.contacts(), {}, policy.model.tail_max);
    benchmark::DoNotOptimize(moments::LiveScore(recent, policy.model));
  }
  cost.Report(state);
}
BENCHMARK(LiveScoreOfImpressions)->ArgName("impressions")->Arg(32);

void EncodeAlert(benchmark::State& state) {
  const publish::Policy policy = ShippedPolicy();
  const OneContact one(policy, 40);
  if (one.alert().alert == nullptr) return state.SkipWithError("no rule was met");
  const publish::Assessed assessed = one.assessed();
  v1::Alert alert;
  std::string bytes;
  publish::FillAlert(assessed, one.alert(), one.contacts()[0], &alert);
  Cost cost;
  for (auto _ : state) {
    bytes.clear();
    publish::FillAlert(assessed, one.alert(), one.contacts()[0], &alert);
    publish::AppendBytes(alert, &bytes);
    benchmark::DoNotOptimize(bytes.data());
  }
  cost.Report(state);
  state.counters["bytes"] = static_cast<double>(bytes.size());
}
BENCHMARK(EncodeAlert);

void EncodeJourney(benchmark::State& state) {
  const publish::Policy policy = ShippedPolicy();
  const OneContact one(policy, 40);
  const publish::Assessed assessed = one.assessed();
  v1::Journey journey;
  std::string bytes;
  publish::FillJourney(assessed, nullptr, &journey);
  Cost cost;
  for (auto _ : state) {
    bytes.clear();
    publish::FillJourney(assessed, nullptr, &journey);
    publish::AppendBytes(journey, &bytes);
    benchmark::DoNotOptimize(bytes.data());
  }
  cost.Report(state);
  state.counters["bytes"] = static_cast<double>(bytes.size());
}
BENCHMARK(EncodeJourney);

}  // namespace
}  // namespace peakend::benchmarks
