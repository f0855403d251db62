// A listener that reads assigned partitions from chosen offsets and remembers what
// it was told.
#ifndef PEAKEND_TESTS_RUNTIME_KAFKA_PARTITIONS_H_
#define PEAKEND_TESTS_RUNTIME_KAFKA_PARTITIONS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <vector>

#include "absl/types/span.h"
#include "processors/runtime/source.h"

namespace peakend::runtime {

struct KafkaPartitionsSeen : public PartitionListener {
  std::vector<int64_t> OnAssigned(absl::Span<const int32_t> partitions) override {
    std::vector<int64_t> offsets;
    for (const int32_t partition : partitions) {
      owned.insert(partition);
      offsets.push_back(start ? start(partition) : kBeginning);
    }
    ++assignments;
    return offsets;
  }
  void OnRevoked(absl::Span<const int32_t> partitions, bool lost) override {
    if (before_revoke) before_revoke(lost);
    for (const int32_t partition : partitions) owned.erase(partition);
    ++revocations;
  }

  std::function<int64_t(int32_t)> start;    // null = the beginning
  std::function<void(bool)> before_revoke;  // null = nothing
  std::set<int32_t> owned;
  int assignments = 0;
  int revocations = 0;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_TESTS_RUNTIME_KAFKA_PARTITIONS_H_
