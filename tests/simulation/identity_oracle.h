// Linked customers at rest, over all partitions (I3, I4, I6 and I8 of docs/identity.md).
//
// Nobody is recalled or marked as left, everybody is where their own label says, and clocks went
// by producers' events and ticks. Where nothing was forgotten, each event is in its customer's
// part, once, everybody is where the facts alone say, and versions of rows have no gaps. That
// can't be asked of short memories: homes and customers forget at times of their own, links with
// them, and an event that comes once more where its contact was dropped counts once more.
//
// Thread-safety: none.
#ifndef PEAKEND_TESTS_SIMULATION_IDENTITY_ORACLE_H_
#define PEAKEND_TESTS_SIMULATION_IDENTITY_ORACLE_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "peakend/v1/customer_state.pb.h"
#include "processors/ingest/decoder.h"
#include "processors/journey/partition_clock.h"
#include "processors/publish/output.h"
#include "processors/publish/policy.h"
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
  void TakeTick(const runtime::InputRecord& record);
  // The partition's clock after a record.
  void TakeClock(int32_t partition, int64_t now_ms);
  // An output of a partition, in order.
  void TakeOutput(const publish::Output& output);
  // What a partition knows after the last record of its log.
  void TakeState(runtime::Partition& engine, int64_t position);

  // `for_ms`: how long the run took.
  std::vector<std::string> Judge(int64_t for_ms);

 private:
  struct Event {
    std::string customer;
    bool set_aside = false;
    bool of_contact = true;          // a contact counts it
    std::vector<std::string> parts;  // customers whose part has it
  };

  void TakeCustomer(std::string_view key, const v1::CustomerState& state);
  // An event that was of no use, and is in no part.
  void TakeSetAside(const publish::Output& output);
  template <typename Row>
  void TakeRow(const publish::Output& output);
  void Count(const std::string& origin, const v1::CustomerState::Contacts& part);
  void JudgeKept();
  void JudgeCounts();
  void CheckAtRest(const std::string& customer, const v1::CustomerState& state);

  const publish::Policy& policy_;
  ingest::Decoder decoder_;
  runtime::NaiveLinks links_;
  std::map<int32_t, journey::PartitionClock> clocks_;
  std::map<std::string, int64_t> counted_;  // events, by the contacts of each customer's part
  std::map<std::string, std::multiset<int64_t>> versions_;  // by topic and key
  std::map<uint64_t, Event> events_;                        // by hash
  std::map<std::string, std::string> places_;               // where each customer's part is
  std::vector<std::string> violations_;
};

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_IDENTITY_ORACLE_H_
