#include "benchmarks/judge/decided_topics.h"

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "processors/runtime/kafka_offsets.h"

namespace peakend::benchmarks {
namespace {

using runtime::KafkaEdge;
using runtime::KafkaOffsets;

constexpr absl::Duration kAskAgainAfter = absl::Milliseconds(10);

struct Clients {
  std::unique_ptr<KafkaOffsets> all;
  std::unique_ptr<KafkaOffsets> committed;
};

absl::StatusOr<Clients> Connect(const v1::Config& config) {
  auto all = KafkaOffsets::Open(config, nullptr);
  if (!all.ok()) return all.status();
  auto committed = KafkaOffsets::OpenCommitted(config, nullptr);
  if (!committed.ok()) return committed.status();
  return Clients{*std::move(all), *std::move(committed)};
}

absl::Status Decided(const Clients& clients, const std::string& topic,
                     const std::vector<int32_t>& partitions, absl::Duration limit) {
  // In this order, so that records which come in between hold nothing up.
  const auto written = clients.all->Ask(topic, partitions, KafkaEdge::kBehindLast, limit);
  if (!written.ok()) return written.status();
  const auto stable = clients.committed->Ask(topic, partitions, KafkaEdge::kBehindLast, limit);
  if (!stable.ok()) return stable.status();
  const bool decided = std::all_of(partitions.begin(), partitions.end(), [&](int32_t partition) {
    return stable->at(partition) >= written->at(partition);
  });
  if (decided) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("a transaction is open in ", topic));
}

}  // namespace

absl::Status WaitUntilDecided(const v1::Config& config, const std::vector<std::string>& topics,
                              int32_t partitions, absl::Duration limit) {
  const absl::StatusOr<Clients> clients = Connect(config);
  if (!clients.ok()) return clients.status();
  std::vector<int32_t> ids(static_cast<size_t>(partitions));
  std::iota(ids.begin(), ids.end(), 0);
  const absl::Time deadline = absl::Now() + limit;
  for (const std::string& topic : topics) {
    while (true) {
      absl::Status decided = Decided(*clients, topic, ids, limit);
      if (decided.ok()) break;
      if (!absl::IsUnavailable(decided) || absl::Now() >= deadline) return decided;
      absl::SleepFor(kAskAgainAfter);
    }
  }
  return absl::OkStatus();
}

}  // namespace peakend::benchmarks
