#include "tests/simulation/sim_broker.h"

namespace peakend::simulation {

SimBroker::SimBroker(const Options& options, Random random)
    : options_(options),
      now_ms_(options.start_ms),
      group_(options.partitions, options.session_timeout_ms),
      transactions_(options.transactions, random,
                    [this](const LogId& id, const Producer& producer, bool commit) {
                      if (id.partition == LogId::kOffsets) {
                        group_.EndTransaction(producer.id, commit);
                      } else {
                        log(id.topic, id.partition).WriteMarker(producer, commit, now_ms_);
                      }
                    }) {
  for (std::vector<TopicLog>& topic : logs_) topic.resize(static_cast<size_t>(options.partitions));
}

void SimBroker::Advance(int64_t ms) {
  now_ms_ += ms;
  transactions_.Advance(now_ms_);
  group_.Advance(now_ms_);
}

TopicLog& SimBroker::log(publish::Topic topic, int32_t partition) {
  return logs_[static_cast<size_t>(topic)][static_cast<size_t>(partition)];
}

const TopicLog& SimBroker::log(publish::Topic topic, int32_t partition) const {
  return logs_[static_cast<size_t>(topic)][static_cast<size_t>(partition)];
}

BrokerError SimBroker::Produce(const Producer& producer, const LogId& partition, int64_t sequence,
                               const std::vector<SharedPayload>& batch) {
  const BrokerError error = transactions_.Verify(producer, partition);
  if (error != BrokerError::kNone) return error;
  return log(partition.topic, partition.partition).AppendBatch(producer, sequence, batch, now_ms_);
}

BrokerError SimBroker::AddPositions(const Producer& producer, const Membership& membership,
                                    const runtime::Positions& positions) {
  const BrokerError error = transactions_.Verify(producer, LogId{});
  if (error != BrokerError::kNone) return error;
  return group_.AddPositions(producer, membership, positions);
}

void SimBroker::Compact(publish::Topic topic) {
  for (TopicLog& partition : logs_[static_cast<size_t>(topic)]) {
    partition.Compact(now_ms_, options_.tombstones_ms);
  }
}

int64_t SimBroker::Written() const {
  int64_t written = 0;
  for (const std::vector<TopicLog>& topic : logs_) {
    for (const TopicLog& partition : topic) written += partition.end();
  }
  return written;
}

}  // namespace peakend::simulation
