// Who may write under a transactional id, and how its transactions end.
//
// As a broker speaks to librdkafka (EndTxn v1): consecutive transactions of one
// producer share an epoch, so that a request of an earlier one which arrives late acts
// on the present one. Partitions verify that a write belongs to an open transaction,
// as brokers since 3.6 do; that cannot tell the one transaction from the other.
//
// After the decision each partition gets its marker at a time of its own; only when all
// have it may the next transaction begin.
//
// Thread-safety: none.
#ifndef PEAKEND_TESTS_SIMULATION_TRANSACTION_COORDINATOR_H_
#define PEAKEND_TESTS_SIMULATION_TRANSACTION_COORDINATOR_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/simulation/broker_error.h"
#include "tests/simulation/random.h"

namespace peakend::simulation {

class TransactionCoordinator {
 public:
  struct Options {
    int64_t timeout_ms = 2000;
    int64_t max_marker_delay_ms = 150;
  };
  using WriteMarker = std::function<void(const LogId&, const Producer&, bool commit)>;

  TransactionCoordinator(const Options& options, Random random, WriteMarker write_marker);

  // A new epoch under `transactional_id`. What an earlier one left open is aborted
  // first: kConcurrent until that is done.
  BrokerError InitProducer(const std::string& transactional_id, int64_t now_ms, Producer* producer);
  // The first partitions of a transaction open it.
  BrokerError AddPartitions(const Producer& producer, const std::vector<LogId>& partitions,
                            int64_t now_ms);
  BrokerError EndTransaction(const Producer& producer, bool commit, int64_t now_ms);
  // Whether a write of `producer` to `partition` belongs to an open transaction.
  BrokerError Verify(const Producer& producer, const LogId& partition) const;

  // Writes the markers that are due and aborts transactions that took too long.
  void Advance(int64_t now_ms);
  // Transactions that are open or still being ended.
  size_t Unfinished() const;

 private:
  enum class State : uint8_t { kEmpty, kOngoing, kPrepared, kComplete };
  struct Marker {
    LogId partition;
    int64_t due_ms = 0;
  };
  struct Transaction {
    Producer producer;
    State state = State::kEmpty;
    bool commit = false;  // the decision, from kPrepared on
    int64_t begun_ms = 0;
    std::vector<LogId> partitions;
    std::vector<Marker> markers;  // not yet written
  };

  Transaction* Find(const Producer& producer);
  void Decide(Transaction& transaction, bool commit, int64_t now_ms);

  const Options options_;
  Random random_;
  const WriteMarker write_marker_;
  int64_t next_producer_ = 1;
  std::map<std::string, Transaction> transactions_;  // by transactional id
};

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_TRANSACTION_COORDINATOR_H_
