#include "tests/simulation/sim_source.h"

#include <algorithm>
#include <utility>

namespace peakend::simulation {
namespace {

using publish::Topic;
using runtime::InputRecord;

constexpr size_t kFetchRecords = 16;  // of one partition in one answer

}  // namespace

SimSource::SimSource(Network& network, int worker, std::string instance)
    : network_(network), worker_(worker), instance_(std::move(instance)) {}

void SimSource::Heartbeat() {
  if (membership_.member < 0) return;
  network_.broker().group().Heartbeat(membership_, network_.broker().now_ms());
}

absl::StatusOr<absl::Span<const InputRecord>> SimSource::Poll(absl::Duration /*wait*/,
                                                              size_t max_records) {
  records_.clear();
  const Answer answer = network_.Send(worker_, Request::kPoll, [] { return BrokerError::kNone; });
  if (!answer.error) {
    network_.Wait(5);
    return absl::UnavailableError("no answer to a fetch");
  }
  if (absl::Status status = Follow(); !status.ok()) return status;
  Fetch(max_records);
  return records_;
}

// Does what the group wants of us next.
absl::Status SimSource::Follow() {
  GroupCoordinator& group = network_.broker().group();
  if (membership_.member < 0) {
    membership_.member = group.Join(instance_, network_.broker().now_ms());
  }
  switch (group.Heartbeat(membership_, network_.broker().now_ms())) {
    case BrokerError::kReplacedMember:
      GiveUp(true);
      return absl::FailedPreconditionError("another process took our place in the group");
    case BrokerError::kUnknownMember:
      GiveUp(true);
      membership_ = {};
      return absl::OkStatus();
    case BrokerError::kNone:
      return absl::OkStatus();
    default:
      break;
  }
  GiveUp(false);
  group.Rejoin(membership_.member, network_.broker().now_ms());
  group.Advance(network_.broker().now_ms());
  std::vector<int32_t> partitions;
  if (group.Sync(&membership_, &partitions) == BrokerError::kNone) TakeOver(partitions);
  return absl::OkStatus();
}

void SimSource::GiveUp(bool lost) {
  if (positions_.empty()) return;
  std::vector<int32_t> partitions;
  for (const auto& [partition, position] : positions_) partitions.push_back(partition);
  if (lost) positions_.clear();
  listener_->OnRevoked(partitions, lost);
  positions_.clear();
}

void SimSource::TakeOver(const std::vector<int32_t>& partitions) {
  if (partitions.empty()) return;
  const std::vector<int64_t> starts = listener_->OnAssigned(partitions);
  for (size_t i = 0; i < partitions.size(); ++i) {
    positions_[partitions[i]] = std::max<int64_t>(starts[i], 0);
  }
}

void SimSource::Fetch(size_t max_records) {
  for (auto& [partition, position] : positions_) {
    const TopicLog& log = network_.broker().log(Topic::kInput, partition);
    for (size_t i = 0; i < kFetchRecords && records_.size() < max_records; ++i) {
      const TopicLog::Record* record = log.NextCommitted(&position);
      if (record == nullptr) break;
      const Payload& payload = *record->payload;
      records_.push_back({partition, record->offset, record->timestamp_ms, payload.key,
                          payload.value, payload.has_key, payload.has_value});
    }
  }
}

std::vector<publish::Header> SimSource::Headers(const InputRecord& record) {
  int64_t position = record.offset;
  return network_.broker()
      .log(Topic::kInput, record.partition)
      .NextCommitted(&position)
      ->payload->headers;
}

bool SimSource::AtEnd(int32_t partition) {
  const auto position = positions_.find(partition);
  if (position == positions_.end()) return false;
  return position->second >= network_.broker().log(Topic::kInput, partition).end();
}

absl::StatusOr<int64_t> SimSource::LogStart(int32_t /*partition*/) { return 0; }

absl::Status SimSource::Close() {
  GiveUp(false);
  // A static member keeps its place until it is silent for too long.
  if (instance_.empty() && membership_.member >= 0) {
    network_.broker().group().Leave(membership_.member, network_.broker().now_ms());
  }
  membership_ = {};
  return absl::OkStatus();
}

absl::StatusOr<int64_t> SimSource::Committed(int32_t partition) {
  int64_t position = 0;
  SimBroker& broker = network_.broker();
  BrokerError error = BrokerError::kNone;
  const Answer answer =
      network_.Send(worker_, Request::kCommittedPosition, [] { return BrokerError::kNone; });
  if (answer.error) error = broker.group().Committed(partition, &position);
  if (answer.error && error == BrokerError::kNone) return position;
  // Whoever waits for an answer lets time pass.
  constexpr int64_t kWaitMs = 20;
  network_.Wait(kWaitMs);
  return absl::UnavailableError(answer.error ? "an open transaction holds the position back"
                                             : "no answer about the committed position");
}

}  // namespace peakend::simulation
