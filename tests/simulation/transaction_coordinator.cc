#include "tests/simulation/transaction_coordinator.h"

#include <algorithm>
#include <utility>

namespace peakend::simulation {

TransactionCoordinator::TransactionCoordinator(const Options& options, Random random,
                                               WriteMarker write_marker)
    : options_(options), random_(random), write_marker_(std::move(write_marker)) {}

BrokerError TransactionCoordinator::InitProducer(const std::string& transactional_id,
                                                 int64_t now_ms, Producer* producer) {
  const auto [it, inserted] = transactions_.try_emplace(transactional_id);
  Transaction& transaction = it->second;
  if (inserted) transaction.producer = {next_producer_++, -1};
  if (transaction.state == State::kOngoing) {
    // The present owner is fenced before its transaction is ended.
    ++transaction.producer.epoch;
    Decide(transaction, false, now_ms);
  }
  if (transaction.state == State::kPrepared) return BrokerError::kConcurrent;
  ++transaction.producer.epoch;
  transaction.state = State::kEmpty;
  *producer = transaction.producer;
  return BrokerError::kNone;
}

TransactionCoordinator::Transaction* TransactionCoordinator::Find(const Producer& producer) {
  for (auto& [id, transaction] : transactions_) {
    if (transaction.producer.id == producer.id) return &transaction;
  }
  return nullptr;
}

BrokerError TransactionCoordinator::AddPartitions(const Producer& producer,
                                                  const std::vector<LogId>& partitions,
                                                  int64_t now_ms) {
  Transaction* transaction = Find(producer);
  if (transaction == nullptr || transaction->producer.epoch != producer.epoch) {
    return BrokerError::kFenced;
  }
  if (transaction->state == State::kPrepared) return BrokerError::kConcurrent;
  if (transaction->state != State::kOngoing) {
    transaction->state = State::kOngoing;
    transaction->begun_ms = now_ms;
    transaction->partitions.clear();
  }
  for (const LogId& partition : partitions) {
    std::vector<LogId>& known = transaction->partitions;
    if (std::find(known.begin(), known.end(), partition) == known.end()) known.push_back(partition);
  }
  return BrokerError::kNone;
}

BrokerError TransactionCoordinator::EndTransaction(const Producer& producer, bool commit,
                                                   int64_t now_ms) {
  Transaction* transaction = Find(producer);
  if (transaction == nullptr || transaction->producer.epoch != producer.epoch) {
    return BrokerError::kFenced;
  }
  switch (transaction->state) {
    case State::kEmpty:
      return BrokerError::kInvalidState;
    case State::kOngoing:
      Decide(*transaction, commit, now_ms);
      return BrokerError::kNone;
    case State::kPrepared:
      return transaction->commit == commit ? BrokerError::kConcurrent : BrokerError::kInvalidState;
    case State::kComplete:
      return transaction->commit == commit ? BrokerError::kNone : BrokerError::kInvalidState;
  }
  return BrokerError::kInvalidState;
}

BrokerError TransactionCoordinator::Verify(const Producer& producer, const LogId& partition) const {
  for (const auto& [id, transaction] : transactions_) {
    if (transaction.producer.id != producer.id) continue;
    if (transaction.producer.epoch != producer.epoch) return BrokerError::kFenced;
    const std::vector<LogId>& known = transaction.partitions;
    const bool added = std::find(known.begin(), known.end(), partition) != known.end();
    return transaction.state == State::kOngoing && added ? BrokerError::kNone
                                                         : BrokerError::kInvalidState;
  }
  return BrokerError::kFenced;
}

void TransactionCoordinator::Decide(Transaction& transaction, bool commit, int64_t now_ms) {
  transaction.state = State::kPrepared;
  transaction.commit = commit;
  transaction.markers.clear();
  for (const LogId& partition : transaction.partitions) {
    const int64_t delay = random_.Draw(0, options_.max_marker_delay_ms);
    transaction.markers.push_back({partition, now_ms + delay});
  }
}

void TransactionCoordinator::Advance(int64_t now_ms) {
  for (auto& [id, transaction] : transactions_) {
    if (transaction.state == State::kOngoing &&
        now_ms - transaction.begun_ms >= options_.timeout_ms) {
      ++transaction.producer.epoch;
      Decide(transaction, false, now_ms);
    }
    if (transaction.state != State::kPrepared) continue;
    // By name: clang 14 captures no structured binding.
    std::erase_if(transaction.markers, [&, &written = transaction](const Marker& marker) {
      if (marker.due_ms > now_ms) return false;
      write_marker_(marker.partition, written.producer, written.commit);
      return true;
    });
    if (transaction.markers.empty()) transaction.state = State::kComplete;
  }
}

size_t TransactionCoordinator::Unfinished() const {
  size_t unfinished = 0;
  for (const auto& [id, transaction] : transactions_) {
    const bool busy = transaction.state == State::kOngoing || transaction.state == State::kPrepared;
    unfinished += busy ? 1 : 0;
  }
  return unfinished;
}

}  // namespace peakend::simulation
