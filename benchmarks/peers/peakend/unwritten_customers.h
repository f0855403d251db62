// Which customers changed since their record was written, and when each one is due: the
// lazy half of the changelog, as processors/runtime/checkpoint.h has it for the engine.
//
// State is a cache of the log. The low-water mark is the first input offset whose effect
// is in no record yet; a restore replays the input from there.
//
// Thread-safety: none. Time is an argument.
#ifndef PEAKEND_BENCHMARKS_PEERS_PEAKEND_UNWRITTEN_CUSTOMERS_H_
#define PEAKEND_BENCHMARKS_PEERS_PEAKEND_UNWRITTEN_CUSTOMERS_H_

#include <cstdint>
#include <deque>

#include "absl/time/time.h"
#include "benchmarks/peers/peakend/customer_slab.h"
#include "processors/runtime/checkpoint.h"

namespace peakend::peer_job {

class UnwrittenCustomers {
 public:
  // The event at `offset` changed the customer. Offsets never fall from call to call.
  void Touch(Customer& customer, int64_t offset) {
    if (customer.dirty) return;
    customer.dirty = true;
    first_change_.push_back({&customer, offset});
  }

  bool empty() const { return first_change_.empty(); }
  // Where a replay would begin if `position` were committed now.
  int64_t LowWaterMark(int64_t position) const {
    return empty() ? position : first_change_.front().offset;
  }

  // The offset before which every change is to be in a record, of a commit of `position`
  // made `at`.
  int64_t DueBefore(int64_t position, absl::Time at, const runtime::CheckpointOptions& options);
  // The customer who changed longest ago, if that was before `offset`, else null. Its
  // record is the caller's to write.
  Customer* TakeOldest(int64_t before);

 private:
  struct Change {
    Customer* customer;
    int64_t offset;
  };
  struct Mark {
    absl::Time at;
    int64_t position;
  };
  std::deque<Change> first_change_;  // by offset
  std::deque<Mark> marks_;           // commits, by both
};

}  // namespace peakend::peer_job

#endif  // PEAKEND_BENCHMARKS_PEERS_PEAKEND_UNWRITTEN_CUSTOMERS_H_
