// What a partition of the changelog comes to: its newest progress, and how many
// customers of which kind and cells of statistics it holds, in how many bytes.
//
// Memory: 16 bytes and an index entry per key.
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CHANGELOG_CENSUS_H_
#define PEAKEND_PROCESSORS_RUNTIME_CHANGELOG_CENSUS_H_

#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "peakend/v1/customer_state.pb.h"
#include "peakend/v1/inspection.pb.h"
#include "processors/runtime/changelog.h"

namespace peakend::runtime {

class ChangelogCensus {
 public:
  explicit ChangelogCensus(int32_t partition) { result_.set_partition(partition); }

  // Takes the partition's next record in. One that can't be read counts as damaged
  // and ends nothing.
  void Take(const ChangelogRecord& record);

  // As of the last record.
  v1::PartitionInspection Result() const;

 private:
  enum class Kind : uint8_t { kOpen, kIdle, kStub, kStatistics, kBaseline, kPolicy };
  struct Live {
    Kind kind;
    int64_t bytes;
  };
  void Keep(const ChangelogRecord& record, Kind kind, int64_t bytes);
  void TakeCustomer(const ChangelogRecord& record, int64_t bytes);

  v1::PartitionInspection result_;
  int64_t progress_bytes_ = 0;
  absl::flat_hash_map<uint64_t, Live> live_;  // by hash of the key
  v1::CustomerState customer_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CHANGELOG_CENSUS_H_
