// What partitions write for each other into the input: does each log hold what one undisturbed
// engine over the sender's log says, once and in its order? (I1 and I2 of docs/identity.md.)
//
// Thread-safety: none.
#ifndef PEAKEND_TESTS_SIMULATION_EXCHANGE_ORACLE_H_
#define PEAKEND_TESTS_SIMULATION_EXCHANGE_ORACLE_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "processors/publish/output.h"

namespace peakend::simulation {

// How many records of each kind customers and homes of identities wrote each other.
struct ExchangeCounts {
  int64_t labels = 0;
  int64_t hand_overs = 0;
  int64_t forwarded = 0;
  int64_t bounced = 0;
  int64_t recalls = 0;

  void Add(const ExchangeCounts& other);
};

class ExchangeOracle {
 public:
  explicit ExchangeOracle(int32_t partitions) : partitions_(partitions) {}

  // The engine of partition `sent.cause` says it.
  void Send(const publish::Output& sent);
  // It stands in the log of `partition`, written by a worker.
  void Receive(int32_t partition, std::string_view key, std::string_view value);

  std::vector<std::string> Judge() const;
  const ExchangeCounts& counts() const { return counts_; }

 private:
  using Messages = std::vector<std::string>;  // key and value
  // Of one partition's log. The sender follows from who signed, but for an event that was sent
  // back: that is signed by its own customer.
  struct Log {
    std::map<int32_t, Messages> by_sender;
    Messages bounced;
  };
  enum class Kind : uint8_t { kOrdinary, kBounced };

  // Who signed, as a key of the input.
  Kind Read(std::string_view key, std::string_view value, std::string* signer);
  bool AllBouncedArrived(int32_t partition) const;

  const int32_t partitions_;
  std::map<std::pair<int32_t, int32_t>, Messages> sent_;          // by sender and addressee
  std::map<std::pair<int32_t, int32_t>, Messages> sent_bounced_;  // the same
  std::map<int32_t, Log> received_;
  ExchangeCounts counts_;
};

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_EXCHANGE_ORACLE_H_
