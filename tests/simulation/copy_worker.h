// The smallest worker that has to be exactly once: it copies each record and keeps its
// position as state. So the transactional sink is tried alone, and fast.
//
// Thread-safety: none.
#ifndef PEAKEND_TESTS_SIMULATION_COPY_WORKER_H_
#define PEAKEND_TESTS_SIMULATION_COPY_WORKER_H_

#include <cstdint>
#include <map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "processors/publish/output.h"
#include "processors/runtime/changelog.h"
#include "processors/runtime/progress.h"
#include "processors/runtime/sink.h"
#include "processors/runtime/source.h"

namespace peakend::simulation {

class CopyWorker : public runtime::PartitionListener {
 public:
  // All must outlive the worker.
  CopyWorker(runtime::Source& source, runtime::Sink& sink, runtime::Progress& progress,
             runtime::Changelog& changelog, size_t batch_records);

  // Returns the number of records.
  absl::StatusOr<size_t> Turn();
  absl::Status Stop();

  std::vector<int64_t> OnAssigned(absl::Span<const int32_t> partitions) override;
  void OnRevoked(absl::Span<const int32_t> partitions, bool lost) override;

  // Where the output of a record goes, and what it is.
  static void Copy(const runtime::InputRecord& record, publish::OutputBatch& outputs);

 private:
  absl::Status Commit();
  // The committed position, once state and group agree about it.
  absl::StatusOr<int64_t> Restore(int32_t partition);

  runtime::Source& source_;
  runtime::Sink& sink_;
  runtime::Progress& progress_;
  runtime::Changelog& changelog_;
  const size_t batch_records_;
  runtime::Positions next_;
  runtime::Positions stored_;  // positions that a state record was appended for
  absl::Status broken_;
  publish::OutputBatch outputs_;
};

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_COPY_WORKER_H_
