// A transactional producer of the simulation: librdkafka's part in exactly once, with the
// requests on a network that loses, delays and doubles them.
//
// Thread-safety: none.
#ifndef PEAKEND_TESTS_SIMULATION_SIM_TRANSACTION_CLIENT_H_
#define PEAKEND_TESTS_SIMULATION_SIM_TRANSACTION_CLIENT_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "processors/runtime/transaction_client.h"
#include "tests/simulation/network.h"
#include "tests/simulation/sim_source.h"

namespace peakend::simulation {

class SimTransactionClient : public runtime::TransactionClient {
 public:
  // `network` and `source` must outlive the client. `shared_id`: another process may run
  // under this id, so that being fenced means to give up.
  SimTransactionClient(Network& network, const SimSource& source, int worker,
                       std::string transactional_id, bool shared_id);

  runtime::TransactionAnswer Start() override;
  runtime::TransactionAnswer Begin() override;
  runtime::TransactionAnswer Produce(const publish::Output& output) override;
  runtime::TransactionAnswer SendOffsets(const runtime::Positions& positions) override;
  runtime::TransactionAnswer Commit() override;
  runtime::TransactionAnswer Abort() override;
  bool HasUnansweredRequest() const override { return unanswered_; }
  std::vector<size_t> Undeliverable() const override { return {}; }

 private:
  struct Stream {
    int64_t next_sequence = 0;  // counts batches over all transactions of the epoch
    bool added = false;         // to the present transaction
    std::vector<SharedPayload> unsent;
  };

  template <typename Effect>
  runtime::TransactionAnswer Request(simulation::Request request, const Effect& effect);
  runtime::TransactionAnswer Fenced(runtime::TransactionAnswer answer) const;
  runtime::TransactionAnswer Add(const LogId& partition);
  runtime::TransactionAnswer Send(const LogId& partition, Stream& stream);
  runtime::TransactionAnswer End(bool commit);

  Network& network_;
  const SimSource& source_;
  const int worker_;
  const std::string transactional_id_;
  const bool shared_id_;
  int64_t begun_ms_ = 0;
  Producer producer_;
  bool unanswered_ = false;
  bool opened_ = false;  // the coordinator may know of the present transaction
  bool offsets_added_ = false;
  std::map<LogId, Stream> streams_;
};

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_SIM_TRANSACTION_CLIENT_H_
