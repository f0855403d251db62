// How soon the alerts about a generated load can be read: a thread that follows the alert topic
// while the load goes on.
//
// An alert counts from when the event that raised it should have left (its id says so), and from
// when it did. One that time raised, as of somebody who waits, counts from its deadline, apart: of
// those some come long after the load.
//
// Thread-safety: Start, Sent and Stop by the owner; Read by any thread.
#ifndef PEAKEND_PROCESSORS_CLI_ALERT_WATCH_H_
#define PEAKEND_PROCESSORS_CLI_ALERT_WATCH_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "benchmarks/load/event_feed.h"
#include "benchmarks/load/latency_histogram.h"
#include "peakend/v1/config.pb.h"
#include "processors/runtime/kafka_reader.h"

namespace peakend::cli {

class AlertWatch {
 public:
  // Reads what comes after now. Errors: as KafkaReader::Open; NotFound = there is no alert topic.
  static absl::StatusOr<std::unique_ptr<AlertWatch>> Open(const v1::Config& config,
                                                          runtime::KafkaLog log,
                                                          absl::Duration limit);
  ~AlertWatch();
  AlertWatch(const AlertWatch&) = delete;
  AlertWatch& operator=(const AlertWatch&) = delete;

  struct Load {
    load::LoadPart part;
    absl::Time begin;
    double speed = 1;        // a record due after d leaves at begin + d / speed
    int64_t warm_up_us = 0;  // alerts of what is due before are counted apart
  };
  // Alerts about customers of other shards are theirs, and left out.
  void Start(const Load& load);
  // Of a record that was due at `due_us` (not before those told of): how late it left. Takes a lock
  // once for each piece of the load's time.
  void Sent(int64_t due_us, int64_t late_us);
  void Stop();

  struct Latencies {
    load::LatencyHistogram intended;
    load::LatencyHistogram sent;
    load::LatencyHistogram deadline;  // of alerts that are in neither of these
    int64_t warm_up = 0;              // alerts that are in none
  };
  Latencies Read() const;
  // So many that an event raised have come so far, with those of the warm-up.
  int64_t alerts() const { return alerts_; }

 private:
  explicit AlertWatch(std::unique_ptr<runtime::KafkaReader> reader) : reader_(std::move(reader)) {}
  void Follow();
  void Take(std::string_view value, absl::Time now);

  std::unique_ptr<runtime::KafkaReader> reader_;  // of the thread, once it runs
  Load load_;
  std::atomic<bool> stopped_{false};
  std::atomic<int64_t> alerts_{0};
  // Of the owner: the piece that is told of, and the largest lateness in it.
  size_t piece_ = 0;
  int64_t piece_late_us_ = 0;
  mutable absl::Mutex mutex_;
  Latencies latencies_ ABSL_GUARDED_BY(mutex_);
  // By piece of the load's time, the largest lateness in it; see kPieceUs.
  std::vector<int32_t> late_us_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_ALERT_WATCH_H_
