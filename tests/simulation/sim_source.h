// The input and the group's positions, as a worker of the simulation sees them.
//
// Like the Kafka client it heartbeats by itself as long as its process runs, and tells of
// a change of partitions inside Poll.
//
// Thread-safety: none.
#ifndef PEAKEND_TESTS_SIMULATION_SIM_SOURCE_H_
#define PEAKEND_TESTS_SIMULATION_SIM_SOURCE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "processors/runtime/progress.h"
#include "processors/runtime/source.h"
#include "tests/simulation/network.h"

namespace peakend::simulation {

class SimSource : public runtime::Source, public runtime::Progress {
 public:
  // `network` must outlive the source. `instance` "" = no static membership.
  SimSource(Network& network, int worker, std::string instance);

  void Listen(runtime::PartitionListener& listener) { listener_ = &listener; }
  // What the client's own thread does as long as the process is not stopped.
  void Heartbeat();
  // For requests that carry the group's generation.
  const Membership& membership() const { return membership_; }

  absl::StatusOr<absl::Span<const runtime::InputRecord>> Poll(absl::Duration wait,
                                                              size_t max_records) override;
  std::vector<publish::Header> Headers(const runtime::InputRecord& record) override;
  bool AtEnd(int32_t partition) override;
  absl::StatusOr<int64_t> LogStart(int32_t partition) override;
  absl::Status Close() override;
  absl::StatusOr<int64_t> Committed(int32_t partition) override;

 private:
  absl::Status Follow();
  void GiveUp(bool lost);
  void TakeOver(const std::vector<int32_t>& partitions);
  void Fetch(size_t max_records);

  Network& network_;
  const int worker_;
  const std::string instance_;
  runtime::PartitionListener* listener_ = nullptr;
  Membership membership_;
  std::map<int32_t, int64_t> positions_;  // of the partitions that we have
  std::vector<runtime::InputRecord> records_;
};

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_SIM_SOURCE_H_
