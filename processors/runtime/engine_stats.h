// What the engine did and holds, as plain numbers: written by the worker's
// thread, copied out once per batch, shown as metrics.
//
// Thread-safety: none; hand copies across threads.
#ifndef PEAKEND_PROCESSORS_RUNTIME_ENGINE_STATS_H_
#define PEAKEND_PROCESSORS_RUNTIME_ENGINE_STATS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "processors/publish/identity_counts.h"

namespace peakend::runtime {

// One more than the largest v1::RejectReason.
inline constexpr size_t kRejectReasons = 17;

struct EngineStats {
  // Counters since the start of the process. Each input record adds to exactly
  // one of the first five (rejected: by v1::RejectReason).
  int64_t events_ok = 0;
  int64_t events_duplicate = 0;
  int64_t events_late = 0;
  // What linked customers write each other; of a forwarded event what became of it counts.
  int64_t identity_records = 0;
  std::array<int64_t, kRejectReasons> rejected = {};
  // By v1::MomentKind 0-4; revisions count.
  std::array<int64_t, 5> moments = {};
  int64_t journey_revisions = 0;
  int64_t journeys_closed = 0;
  int64_t records_lost = 0;  // removed from the log too early, and the loss accepted
  int64_t opening_cards = 0;
  int64_t alerts_over_budget = 0;  // listed, though their rule interrupts
  publish::IdentityCounts identities;
  // Alert transitions by rule, then by v1::Alert::State.
  std::map<std::string, std::array<int64_t, 8>, std::less<>> alerts;

  // Written into the input, to make time pass on a quiet partition.
  int64_t clock_ticks = 0;
  // Replays whose outputs were not those that were written.
  int64_t digest_differences = 0;
  // Local snapshots: written; could not be written; restored from; found and not usable.
  int64_t snapshots_written = 0;
  int64_t snapshots_failed = 0;
  int64_t snapshots_used = 0;
  int64_t snapshots_unusable = 0;

  // Gauges.
  int64_t customers = 0;
  int64_t journeys_open = 0;
  int64_t state_bytes = 0;
  int64_t customers_unwritten = 0;  // changed since their record
  // Partition -> newest event time and watermark, ms since the epoch.
  struct Clock {
    int64_t now_ms = 0;
    int64_t watermark_ms = 0;
    size_t notices = 0;       // to many at once, that may still count
    std::string policy = {};  // the stamp of the one that counts
  };
  std::map<int32_t, Clock> clocks;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_ENGINE_STATS_H_
