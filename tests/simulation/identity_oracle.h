// Linked customers at rest, over all partitions (I3 and I4 of docs/identity.md).
//
// Nobody is recalled or marked as left, and everybody is where their own label says. Where
// nothing was forgotten, each event is in one part, once, and everybody is where the facts alone
// say. That can't be asked of short memories: homes and customers forget at times of their own,
// links with them, and an event whose contact was dropped is in no part.
//
// Thread-safety: none.
#ifndef PEAKEND_TESTS_SIMULATION_IDENTITY_ORACLE_H_
#define PEAKEND_TESTS_SIMULATION_IDENTITY_ORACLE_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "peakend/v1/customer_state.pb.h"
#include "processors/ingest/decoder.h"
#include "processors/publish/output.h"
#include "processors/publish/policy.h"
#include "processors/runtime/log.h"
#include "processors/runtime/partition.h"
#include "tests/runtime/engine/naive_links.h"

namespace peakend::simulation {

class IdentityOracle {
 public:
  // `policy` must outlive the oracle. REQUIRES: policy.identities.
  IdentityOracle(const publish::Policy& policy, const ingest::Limits& limits)
      : policy_(policy), decoder_(limits) {}

  // A record that no worker wrote.
  void TakeFact(const runtime::InputRecord& record);
  // An event that was of no use, and is in no part.
  void TakeSetAside(const publish::Output& output);
  // What a partition knows after the last record of its log.
  void TakeState(runtime::Partition& engine, int64_t position);

  // `for_ms`: how long the run took.
  std::vector<std::string> Judge(int64_t for_ms);

 private:
  struct Event {
    bool set_aside = false;
    int parts = 0;  // that have it
  };

  // Of an event that is taken in; 0 = it is not.
  uint64_t HashOf(const ingest::EventView& event) const;
  void TakeCustomer(std::string_view key, const v1::CustomerState& state);
  void Count(const v1::CustomerState::Contacts& part);
  void JudgeKept();
  void CheckAtRest(const std::string& customer, const v1::CustomerState& state);

  const publish::Policy& policy_;
  ingest::Decoder decoder_;
  runtime::NaiveLinks links_;
  std::map<uint64_t, Event> events_;           // by hash
  std::map<std::string, std::string> places_;  // where each customer's part is
  std::vector<std::string> violations_;
};

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_IDENTITY_ORACLE_H_
