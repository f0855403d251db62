// An input topic, output topics and committed positions in memory: the second
// implementation of the waist. It runs file mode and most tests.
//
// A log outlives its readers: a MemoryReader is one stay in the consumer group, so
// a test can crash a worker and start the next one on the same log.
//
// Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_RUNTIME_MEMORY_LOG_H_
#define PEAKEND_PROCESSORS_RUNTIME_MEMORY_LOG_H_

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "processors/publish/output.h"
#include "processors/runtime/changelog.h"
#include "processors/runtime/progress.h"
#include "processors/runtime/sink.h"
#include "processors/runtime/source.h"

namespace peakend::runtime {

class MemoryLog : public Sink, public Progress, public Changelog {
 public:
  struct Record {
    int64_t offset = 0;
    int64_t timestamp_ms = 0;
    std::optional<std::string> key;
    std::optional<std::string> value;
    std::vector<publish::Header> headers;
    int64_t arrival = 0;  // among all records of the log; Append says it
  };
  struct Written {
    publish::Topic topic = publish::Topic::kAlerts;
    int32_t partition = 0;
    std::string key;
    std::string value;
    std::vector<publish::Header> headers;
    bool has_value = true;
  };

  // REQUIRES: partitions >= 1.
  explicit MemoryLog(int32_t partitions)
      : inputs_(static_cast<size_t>(partitions)), ends_(inputs_.size()) {}

  int32_t partitions() const { return static_cast<int32_t>(inputs_.size()); }
  // Appends to the input. A negative record.offset becomes the next one, whatever was
  // trimmed; else it must not be smaller than that.
  void Append(int32_t partition, Record record);
  const std::deque<Record>& input(int32_t partition) const { return inputs_[partition]; }
  // By arrival, from first_arrival() on: the partition of each record. Some of the oldest may
  // have been trimmed already.
  const std::deque<int32_t>& arrivals() const { return arrivals_; }
  int64_t first_arrival() const { return first_arrival_; }
  // Forgets input records before `offset`.
  void Trim(int32_t partition, int64_t offset);

  // Outputs in the order of writing.
  const std::vector<Written>& outputs() const { return outputs_; }
  std::vector<Written> TakeOutputs() { return std::exchange(outputs_, {}); }

  // The next `times` commits answer Unavailable and commit nothing.
  void FailCommits(int times) { failing_commits_ = times; }

  // Broker timestamp of input records that are appended as outputs from now on.
  void SetAppendTime(int64_t ms) { append_time_ms_ = ms; }

  // At once: this log has no transactions. State records go to the changelog, input records
  // to the input, with their keys.
  absl::Status Append(const publish::OutputBatch& outputs) override;
  absl::Status Commit(const Positions& positions) override;
  void Forget(absl::Span<const int32_t> partitions) override;
  absl::Status Read(int32_t partition, int64_t from,
                    const std::function<absl::Status(const ChangelogRecord&)>& take) override;
  absl::StatusOr<int64_t> StableEnd(int32_t partition) override;
  absl::StatusOr<int64_t> Committed(int32_t partition) override;

 private:
  std::vector<std::deque<Record>> inputs_;
  std::vector<int64_t> ends_;  // next offsets
  std::deque<int32_t> arrivals_;
  int64_t first_arrival_ = 0;
  std::vector<Written> outputs_;
  std::vector<Written> changelog_;
  Positions committed_;
  int failing_commits_ = 0;
  int64_t append_time_ms_ = 0;
};

enum class ReadOrder : uint8_t {
  kRoundRobin,
  // As the records came into the log, whichever their partitions: then what is processed when
  // does not depend on how many there are.
  kArrival,
};

// Reads some partitions of a log; all of them unless told otherwise.
class MemoryReader : public Source {
 public:
  // Both must outlive the reader. The listener is told at the first Poll.
  MemoryReader(MemoryLog& log, std::vector<int32_t> partitions,
               ReadOrder order = ReadOrder::kRoundRobin);
  explicit MemoryReader(MemoryLog& log, ReadOrder order = ReadOrder::kRoundRobin);

  void Listen(PartitionListener& listener) { listener_ = &listener; }
  // `wait` is not used: there is nobody to wait for.
  absl::StatusOr<absl::Span<const InputRecord>> Poll(absl::Duration wait,
                                                     size_t max_records) override;
  std::vector<publish::Header> Headers(const InputRecord& record) override;
  bool AtEnd(int32_t partition) override;
  absl::StatusOr<int64_t> LogStart(int32_t partition) override;
  absl::Status Close() override;

 private:
  void Assign();
  const MemoryLog::Record* Next(int32_t partition);
  void PollRoundRobin(size_t max_records);
  void PollInOrder(size_t max_records);
  void Take(int32_t partition, const MemoryLog::Record& record);

  MemoryLog& log_;
  std::vector<int32_t> partitions_;
  const ReadOrder order_;
  PartitionListener* listener_ = nullptr;
  bool assigned_ = false;
  std::map<int32_t, int64_t> next_offset_;  // of those that are read
  int64_t next_arrival_ = 0;
  std::vector<InputRecord> batch_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_MEMORY_LOG_H_
