// What customers of a queue usually wait for an answer, as one partition knows it.
//
// A baseline counts for the records that follow its own in the log until the next one comes.
// Each is kept in the changelog under the offset of its record, so that a replay meets the
// one that counted there: those before the low-water mark but the newest are forgotten.
//
// Bounded: as many as come between the low-water mark and the position; whoever keeps that
// mark raises it when size() grows. Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_JOURNEY_BASELINE_BOARD_H_
#define PEAKEND_PROCESSORS_JOURNEY_BASELINE_BOARD_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "peakend/v1/control.pb.h"
#include "processors/ingest/event_view.h"

namespace peakend::journey {

class BaselineBoard {
 public:
  // Of the keys of its records in the changelog; a customer's key has a "/".
  static constexpr std::string_view kKeyPrefix = "baseline ";

  struct Record {
    std::string key;
    std::optional<std::string> value;  // nullopt = the record is removed
  };

  // Takes in the baseline that the record at `offset` states. One of the version that counts
  // changes nothing. REQUIRES: event.baseline, and `event` passed ingest.
  void Post(const ingest::EventView& event, int64_t offset);

  // The median wait that the customer of `event` can expect of its queue, where at least
  // `waits` are known of the event's hour.
  std::optional<int64_t> WaitOf(const ingest::EventView& event, int64_t waits) const;

  // Forgets those that count for no record from `low_water_mark` on.
  void Forget(int64_t low_water_mark);
  // What changed since the last call.
  std::vector<Record> TakeUnwritten();
  // Every baseline that is kept.
  std::vector<Record> Records() const;

  // Takes a record of the changelog in. DataLoss = damaged.
  absl::Status Restore(std::string_view key, std::string_view value, bool has_value);
  // The log is read on from `start`: what came there or behind comes again.
  void Resume(int64_t start);

  size_t size() const { return posted_.size(); }
  bool empty() const { return current_.empty(); }

 private:
  struct Wait {
    int64_t ms = 0;
    int64_t waits = 0;
  };
  void MakeCurrent(int64_t offset);

  // By offset. Behind `current_offset_` stand those that a replay has not met again.
  std::map<int64_t, v1::Baseline> posted_;
  std::vector<int64_t> unwritten_;
  int64_t current_offset_ = -1;                  // of the one that counts; -1 = none does
  absl::flat_hash_map<uint64_t, Wait> current_;  // by tenant, queue, channel and hour
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_BASELINE_BOARD_H_
