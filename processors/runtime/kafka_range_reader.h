// Reads what was written into a topic between two times: committed records only, outside of any
// group, nothing written. The end is fixed when it is opened, so it ends however much is added.
//
// Times are those of the topic's timestamps (the broker's or the producers'); in a partition the
// range goes from the first record at `from` or later to before the first one at `until` or
// later.
//
// Thread-safety: one thread.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_RANGE_READER_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_RANGE_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "peakend/v1/config.pb.h"
#include "processors/runtime/kafka_client.h"
#include "processors/runtime/kafka_reader.h"

namespace peakend::runtime {

class KafkaRangeReader {
 public:
  // Offsets [begin, end) of a partition; `first` is the first one that its log still holds.
  struct Range {
    int64_t first = 0;
    int64_t begin = 0;
    int64_t end = 0;
    int64_t position = 0;       // all before it was read
    int64_t first_time_ms = 0;  // of the first record that was read; 0 = none was

    bool done() const { return position >= end; }
    // Records were deleted that may have been of the range.
    bool cut() const { return first > 0 && begin == first; }
  };

  // Errors as KafkaReader::Open. REQUIRES: from < until.
  static absl::StatusOr<std::unique_ptr<KafkaRangeReader>> Open(const v1::Config& config,
                                                                const std::string& topic,
                                                                absl::Time from, absl::Time until,
                                                                const KafkaLog& log,
                                                                absl::Duration limit);

  // The next records of the range, at most `max_records`, waiting at most `wait`; per partition
  // in offset order. Errors as KafkaReader::Read.
  absl::StatusOr<std::vector<StoredRecord>> Read(absl::Duration wait, size_t max_records);

  // Everything was read.
  bool done() const;
  // By partition.
  const std::vector<Range>& ranges() const { return ranges_; }
  // In [0, 1], by offsets.
  double ShareDone() const;

 private:
  KafkaRangeReader() = default;

  std::vector<Range> ranges_;
  std::unique_ptr<KafkaReader> reader_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_RANGE_READER_H_
