// What a customer costs in memory: one who is known and idle, and whether that stays so,
// and one whose journey has ended and can still be amended.
//
//   memory_benchmark [CUSTOMERS] [ROUNDS]
//
// Each round, every customer has one contact of four events, spread over 100 days;
// then the time passes until all journeys are settled. The first round learns the
// customers, the further ones must not need more. For the second figure a tenth of the
// customers have theirs within nine days, and it is read four days later: all that are in
// the amend window then, as it is on any day.
#include <malloc.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "benchmarks/figure.h"
#include "benchmarks/workload.h"
#include "processors/ingest/decoder.h"
#include "processors/runtime/partition.h"
#include "processors/runtime/process_usage.h"

namespace peakend::benchmarks {
namespace {

constexpr int64_t kDayMs = 86'400'000;
constexpr int64_t kRoundMs = 100 * kDayMs;
constexpr int kRounds = 4;
constexpr size_t kAtOnce = 1024;
// In which order customers come, another in each round, so that nobody lies beside whom came
// before. Primes above any number of customers.
constexpr uint64_t kStrides[] = {2'654'435'761, 2'654'435'789, 3'266'489'917, 3'266'490'017};
constexpr int64_t kGoalBytes = 300;
constexpr int64_t kAmendableGoalBytes = 1024;

class Rounds {
 public:
  Rounds(int64_t customers, publish::Policy policy)
      : customers_(customers), policy_(std::move(policy)), partition_(0, "in", policy_) {}

  // A contact of each customer within `spread_ms`, and `rest_ms` of silence.
  void Run(int64_t spread_ms, int64_t rest_ms) {
    const int64_t begin_ms = now_ms_;
    const uint64_t stride = kStrides[round_++ % std::size(kStrides)];
    const uint64_t events_before = events_;
    cpu_seconds_ = 0;
    for (int64_t i = 0; i < customers_; ++i) {
      now_ms_ = begin_ms + spread_ms / customers_ * i;
      const uint64_t customer =
          static_cast<uint64_t>(i) * stride % static_cast<uint64_t>(customers_);
      Send(customer, LifecycleEvent(customer, ++events_, now_ms_, v1::Lifecycle::CONNECTED));
      Send(customer, TurnEvent(customer, ++events_, now_ms_ + 1, 0.5));
      Send(customer, TurnEvent(customer, ++events_, now_ms_ + 2, -0.2));
      Send(customer, LifecycleEvent(customer, ++events_, now_ms_ + 3, v1::Lifecycle::DISCONNECTED));
    }
    // One more customer moves the time on, in steps: what falls due at once is written at
    // once, and the room for it would be counted.
    const auto last = static_cast<uint64_t>(customers_);
    constexpr int64_t kSteps = 1000;
    for (int64_t step = 1; step <= kSteps; ++step) {
      now_ms_ = begin_ms + spread_ms + rest_ms / kSteps * step;
      Send(last, LifecycleEvent(last, ++events_, now_ms_, v1::Lifecycle::CONNECTED));
    }
    Flush();
    ns_per_event_ = cpu_seconds_ * 1e9 / static_cast<double>(events_ - events_before);
  }

  // Of the latest round; making the events is left out.
  double ns_per_event() const { return ns_per_event_; }

  bool AllTaken() const { return stats_.events_ok == static_cast<int64_t>(events_); }
  int64_t known() const { return static_cast<int64_t>(partition_.customers()); }
  int64_t open_journeys() const { return partition_.open_journeys(); }
  int64_t state_bytes() const { return static_cast<int64_t>(partition_.state_bytes()); }

 private:
  void Send(uint64_t customer, const v1::InteractionEvent& event) {
    Waiting& waiting = waiting_[filled_++];
    waiting.key = CustomerKey(customer);
    event.SerializeToString(&waiting.value);
    if (filled_ == kAtOnce) Flush();
  }

  // What waits is processed, and timed: looking at the clock costs as much as half an event.
  void Flush() {
    const double began = ThreadCpuSeconds();
    for (size_t i = 0; i < filled_; ++i) {
      runtime::InputRecord record;
      record.offset = ++offset_;
      record.key = waiting_[i].key;
      record.value = waiting_[i].value;
      record.has_key = record.has_value = true;
      partition_.Process(record, decoder_, outputs_, stats_);
      outputs_.Clear();
    }
    cpu_seconds_ += ThreadCpuSeconds() - began;
    filled_ = 0;
  }

  struct Waiting {
    std::string key;
    std::string value;
  };
  const int64_t customers_;
  const publish::Policy policy_;
  runtime::Partition partition_;
  ingest::Decoder decoder_{ingest::Limits()};
  publish::OutputBatch outputs_;
  runtime::EngineStats stats_;
  std::vector<Waiting> waiting_ = std::vector<Waiting>(kAtOnce);
  size_t filled_ = 0;
  int64_t offset_ = 0;
  int64_t now_ms_ = kStartMs;
  uint64_t events_ = 0;
  size_t round_ = 0;
  double cpu_seconds_ = 0;
  double ns_per_event_ = 0;
};

// Without what was freed and is only kept for later. Asked when policy and engine are
// there: what they take is no customer's.
int64_t ResidentBytes() {
  malloc_trim(0);
  return runtime::ReadProcessUsage().resident_bytes;
}

void Report(std::string_view who, double bytes, int64_t goal) {
  std::cout << absl::StrFormat("%.1f B per %s, goal %d B: %s\n", bytes, who, goal,
                               bytes <= static_cast<double>(goal) ? "met" : "missed");
}

// Without an amend window, so that few customers are anything but idle at any time.
int MeasureIdle(int64_t customers, int64_t count) {
  publish::Policy policy = ShippedPolicy();
  policy.windows.amend_window_ms = 0;
  policy.windows.repeat_window_ms = 0;
  Rounds rounds(customers, policy);
  const int64_t before = ResidentBytes();
  const auto per_customer = [&](int64_t bytes) {
    return static_cast<double>(bytes) / static_cast<double>(customers);
  };
  std::cout << absl::StrFormat("%d customers\n%5s %10s %14s %12s %18s %14s %9s\n", customers,
                               "round", "known", "open journeys", "RSS MiB", "RSS B/customer",
                               "accounted B", "ns/event");
  for (int round = 1; round <= count; ++round) {
    rounds.Run(kRoundMs, 20 * kDayMs);
    if (!rounds.AllTaken()) {
      std::cerr << "the engine did not take all events: the numbers say nothing\n";
      return EXIT_FAILURE;
    }
    const int64_t grown = runtime::ReadProcessUsage().resident_bytes - before;
    std::cout << absl::StrFormat("%5d %10d %14d %12.1f %18.1f %14.1f %9.0f\n", round,
                                 rounds.known(), rounds.open_journeys(),
                                 static_cast<double>(grown) / (1 << 20), per_customer(grown),
                                 per_customer(rounds.state_bytes()), rounds.ns_per_event())
              << std::flush;
  }
  Report("idle customer", per_customer(runtime::ReadProcessUsage().resident_bytes - before),
         kGoalBytes);
  return EXIT_SUCCESS;
}

int MeasureAmendable(int64_t customers) {
  Rounds rounds(customers, ShippedPolicy());
  const int64_t before = ResidentBytes();
  rounds.Run(9 * kDayMs, 4 * kDayMs);
  if (!rounds.AllTaken() || rounds.open_journeys() > 1) {
    std::cerr << "not every journey has ended: the numbers say nothing\n";
    return EXIT_FAILURE;
  }
  const int64_t grown = runtime::ReadProcessUsage().resident_bytes - before;
  Report("customer whose journey can be amended",
         static_cast<double>(grown) / static_cast<double>(customers), kAmendableGoalBytes);
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace peakend::benchmarks

int main(int argc, char** argv) {
  int64_t customers = 1'000'000;
  if (argc > 1 && (!absl::SimpleAtoi(argv[1], &customers) || customers < 1)) {
    std::cerr << "usage: memory_benchmark [CUSTOMERS] [ROUNDS]\n";
    return 64;
  }
  int64_t rounds = peakend::benchmarks::kRounds;
  if (argc > 2 && (!absl::SimpleAtoi(argv[2], &rounds) || rounds < 1)) return 64;
  const int64_t amendable = std::max<int64_t>(1, customers / 10);
  if (const int failed = peakend::benchmarks::MeasureAmendable(amendable)) return failed;
  return peakend::benchmarks::MeasureIdle(customers, rounds);
}
