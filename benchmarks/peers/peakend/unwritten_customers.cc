#include "benchmarks/peers/peakend/unwritten_customers.h"

#include <algorithm>

namespace peakend::peer_job {

int64_t UnwrittenCustomers::DueBefore(int64_t position, absl::Time at,
                                      const runtime::CheckpointOptions& options) {
  if (options.interval <= absl::ZeroDuration()) return position;
  // The newest mark that is old enough stays: the ones to come lean on it.
  while (marks_.size() > 1 && marks_[1].at <= at - options.interval) marks_.pop_front();
  const bool old = !marks_.empty() && marks_.front().at <= at - options.interval;
  const int64_t due = old ? marks_.front().position : 0;
  if (marks_.empty() || marks_.back().position < position) marks_.push_back({at, position});
  return std::max(due, position - options.max_replay_records);
}

Customer* UnwrittenCustomers::TakeOldest(int64_t before) {
  if (empty() || first_change_.front().offset >= before) return nullptr;
  Customer* customer = first_change_.front().customer;
  first_change_.pop_front();
  customer->dirty = false;
  return customer;
}

}  // namespace peakend::peer_job
