// The load of the small benchmarks: turns of about 170 bytes, the shipped policy,
// and customers who are known and in an open contact.
//
// Thread-safety: none.
#ifndef PEAKEND_BENCHMARKS_WORKLOAD_H_
#define PEAKEND_BENCHMARKS_WORKLOAD_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

#include "peakend/v1/interaction_event.pb.h"
#include "processors/journey/event_facts.h"
#include "processors/publish/customer_state.h"
#include "processors/publish/output.h"
#include "processors/publish/policy.h"
#include "processors/publish/rows/row_settings.h"
#include "processors/publish/step.h"
#include "processors/runtime/state_memory.h"

namespace peakend::benchmarks {

// 2026-01-01T00:00:00Z, in ms.
inline constexpr int64_t kStartMs = 1'767'225'600'000;

// deploy/policies/default.yaml, compiled. Ends the program when that fails.
publish::Policy ShippedPolicy();
// Rows for warehouses as deploy/peakend.example.yaml has them: all kinds, as protobuf, days of UTC.
publish::RowSettings ShippedRows();

// "t/" and 12 digits.
std::string CustomerKey(uint64_t customer);

// A customer's turn in a chat; ids and time have a fixed width, so that all turns
// have one size.
v1::InteractionEvent TurnEvent(uint64_t customer, uint64_t event, int64_t at_ms, double valence);
v1::InteractionEvent LifecycleEvent(uint64_t customer, uint64_t event, int64_t at_ms,
                                    v1::Lifecycle::State state);

// Customers in an open contact, to whom turns happen, one after the other.
class KnownCustomers {
 public:
  // Turns per contact before Reopen is due.
  static constexpr size_t kTurns = 32;

  // `policy` and `rows` must outlive this; null = no rows for warehouses are written.
  // REQUIRES: count > 0.
  KnownCustomers(const publish::Policy& policy, size_t count,
                 const publish::RowSettings* rows = nullptr);

  // The next turn of the next customer, mild enough to raise no alert.
  journey::ApplyResult Turn();
  // True when everybody has had kTurns turns.
  bool Full() const { return turns_ >= kTurns * customers_.size(); }
  // Ends all contacts and journeys and opens a new contact for each customer.
  void Reopen();

  size_t size() const { return customers_.size(); }
  const publish::OutputBatch& outputs() const { return outputs_; }
  int64_t state_bytes() const { return static_cast<int64_t>(memory_.bytes()); }

 private:
  journey::ApplyResult Apply(size_t customer, journey::FactKind kind, bool with_affect);

  const publish::Policy& policy_;
  runtime::StateMemory memory_;
  publish::Step step_;
  std::deque<publish::CustomerState> customers_;
  publish::OutputBatch outputs_;
  publish::StepCounts counts_;
  std::string event_id_ = "e00000000000";
  int64_t now_ms_ = kStartMs;
  uint64_t events_ = 0;
  size_t turns_ = 0;
};

}  // namespace peakend::benchmarks

#endif  // PEAKEND_BENCHMARKS_WORKLOAD_H_
