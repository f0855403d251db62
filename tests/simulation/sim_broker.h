// A Kafka broker as a model: partitions, transactions and one consumer group, on a
// virtual clock.
//
// What is called here has arrived; that requests get lost, late or doubled on their way
// is the network's business. A restart of a broker changes nothing here: all of this
// is on its disks.
//
// Thread-safety: none.
#ifndef PEAKEND_TESTS_SIMULATION_SIM_BROKER_H_
#define PEAKEND_TESTS_SIMULATION_SIM_BROKER_H_

#include <array>
#include <cstdint>
#include <vector>

#include "processors/publish/output.h"
#include "tests/simulation/group_coordinator.h"
#include "tests/simulation/random.h"
#include "tests/simulation/topic_log.h"
#include "tests/simulation/transaction_coordinator.h"

namespace peakend::simulation {

class SimBroker {
 public:
  struct Options {
    int32_t partitions = 1;
    int64_t start_ms = 0;
    int64_t session_timeout_ms = 3000;
    // For so long compaction keeps a tombstone after it has removed what that deletes
    // (delete.retention.ms). Whoever reads for longer can miss it.
    int64_t tombstones_ms = 1000;
    TransactionCoordinator::Options transactions;
  };

  SimBroker(const Options& options, Random random);
  SimBroker(const SimBroker&) = delete;
  SimBroker& operator=(const SimBroker&) = delete;

  int64_t now_ms() const { return now_ms_; }
  int32_t partitions() const { return options_.partitions; }
  const Options& options() const { return options_; }
  // Lets time pass. What is due happens at the end of it.
  void Advance(int64_t ms);

  TopicLog& log(publish::Topic topic, int32_t partition);
  const TopicLog& log(publish::Topic topic, int32_t partition) const;
  TransactionCoordinator& transactions() { return transactions_; }
  GroupCoordinator& group() { return group_; }
  const GroupCoordinator& group() const { return group_; }

  // As the topic log's AppendBatch, for a partition of an open transaction.
  BrokerError Produce(const Producer& producer, const LogId& partition, int64_t sequence,
                      const std::vector<SharedPayload>& batch);
  BrokerError AddPositions(const Producer& producer, const Membership& membership,
                           const runtime::Positions& positions);

  // Rewrites the logs of a topic as the cleaner does.
  void Compact(publish::Topic topic);

  // Sum of all ends of logs: changes when anything is written.
  int64_t Written() const;

 private:
  const Options options_;
  int64_t now_ms_;
  std::array<std::vector<TopicLog>, publish::kTopicCount> logs_;
  GroupCoordinator group_;
  TransactionCoordinator transactions_;
};

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_SIM_BROKER_H_
