// The consumer group: who its members are, which partitions each one has, and how far
// the group is.
//
// Eager rebalancing: whoever comes or goes makes all others give everything up and join
// again; then partitions are dealt out in ranges under a new generation. A static member
// that comes back within its session takes its place without that.
//
// Invariants: positions are taken only from a member of the present generation; those of
// an open transaction show when its marker is written, and until then an answer about
// their partitions is refused. A committed position that falls is kept as a violation.
//
// Thread-safety: none.
#ifndef PEAKEND_TESTS_SIMULATION_GROUP_COORDINATOR_H_
#define PEAKEND_TESTS_SIMULATION_GROUP_COORDINATOR_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "processors/runtime/progress.h"
#include "tests/simulation/broker_error.h"

namespace peakend::simulation {

struct Membership {
  int64_t member = -1;
  int32_t generation = -1;
};

class GroupCoordinator {
 public:
  GroupCoordinator(int32_t partitions, int64_t session_timeout_ms);

  // A new member, or a static one ("" = none) in the place of its former self.
  int64_t Join(const std::string& instance, int64_t now_ms);
  // kIllegalGeneration: give everything up and Rejoin.
  BrokerError Heartbeat(const Membership& membership, int64_t now_ms);
  BrokerError Rejoin(int64_t member, int64_t now_ms);
  // What the member has been given; kConcurrent while others are awaited.
  BrokerError Sync(Membership* membership, std::vector<int32_t>* partitions) const;
  void Leave(int64_t member, int64_t now_ms);

  // Positions inside the producer's open transaction. The newest word counts.
  BrokerError AddPositions(const Producer& producer, const Membership& membership,
                           const runtime::Positions& positions);
  // The transaction's marker.
  void EndTransaction(int64_t producer, bool commit);
  // kUnstable while an open transaction holds a position of it.
  BrokerError Committed(int32_t partition, int64_t* position) const;

  // Throws out who was silent for too long, and ends a rebalance that is complete.
  void Advance(int64_t now_ms);

  size_t OpenTransactions() const { return pending_.size(); }
  const std::vector<std::string>& violations() const { return violations_; }

 private:
  struct Member {
    std::string instance;
    int64_t seen_ms = 0;
    bool joined = false;  // waits for the new generation, or has it
    std::vector<int32_t> partitions;
  };

  void Rebalance(int64_t now_ms);
  void Complete();

  const int32_t partitions_;
  const int64_t session_timeout_ms_;
  std::map<int64_t, Member> members_;
  std::set<int64_t> replaced_;
  int64_t next_member_ = 0;
  int32_t generation_ = 0;
  bool rebalancing_ = false;
  int64_t rebalance_began_ms_ = 0;
  runtime::Positions committed_;
  std::map<int64_t, runtime::Positions> pending_;  // by producer id
  std::vector<std::string> violations_;
};

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_GROUP_COORDINATOR_H_
