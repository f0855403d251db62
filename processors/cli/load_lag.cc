#include "processors/cli/load_lag.h"

#include <numeric>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "processors/runtime/kafka_group.h"
#include "processors/runtime/kafka_offsets.h"

namespace peakend::cli {
namespace {

constexpr absl::Duration kEvery = absl::Seconds(1);
constexpr absl::Duration kLimit = absl::Seconds(2);

}  // namespace

LoadLag::LoadLag(const v1::Config& config, std::string topic, int32_t partitions)
    : config_(config),
      topic_(std::move(topic)),
      partitions_(partitions),
      thread_([this] { Follow(); }) {}

LoadLag::~LoadLag() {
  stopped_.Notify();
  thread_.join();
}

std::optional<int64_t> LoadLag::Newest() const {
  const int64_t newest = newest_;
  return newest < 0 ? std::nullopt : std::optional(newest);
}

void LoadLag::Follow() {
  // Nobody is told of what fails: a load goes on without this figure.
  auto group = runtime::KafkaGroup::Open(config_, nullptr, kLimit);
  auto offsets = runtime::KafkaOffsets::Open(config_, nullptr);
  if (!group.ok() || !offsets.ok()) return;
  std::vector<int32_t> all(static_cast<size_t>(partitions_));
  std::iota(all.begin(), all.end(), 0);
  while (!stopped_.WaitForNotificationWithTimeout(kEvery)) {
    const auto committed = (*group)->Committed(topic_);
    const auto ends = (*offsets)->Ask(topic_, all, runtime::KafkaEdge::kBehindLast, kLimit);
    if (!committed.ok() || !ends.ok() || committed->empty()) {
      newest_ = -1;
      continue;
    }
    int64_t lag = 0;
    for (const auto& [partition, end] : *ends) {
      const auto found = committed->find(partition);
      lag += end - (found == committed->end() ? 0 : found->second);
    }
    newest_ = lag;
  }
}

}  // namespace peakend::cli
