// Whether this process lives and whether it does its work: what /livez and /readyz
// answer.
//
// Live = the worker's loop turned a moment ago; the broker plays no part in it,
// because a restart does not bring a broker back. Ready = all checks pass and the
// process is not draining.
//
// Thread-safety: all methods may be called from any thread.
#ifndef PEAKEND_PROCESSORS_RUNTIME_HEALTH_H_
#define PEAKEND_PROCESSORS_RUNTIME_HEALTH_H_

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace peakend::runtime {

// What a probe is told.
struct HealthReport {
  bool ok = false;
  std::string json;  // one object, one line
};

class HealthBoard {
 public:
  // Live while the last Tick is at most `heartbeat_limit` ago; `now` counts as the
  // first one. Not ready before every check was told to pass.
  HealthBoard(absl::Duration heartbeat_limit, absl::Time now);

  // The worker's loop turned.
  void Tick(absl::Time now);
  // Partitions were assigned, or all were given up. An empty share is a share: a
  // worker beyond the number of partitions is ready to take over.
  void SetAssigned(bool assigned);
  // Records between our positions and the committed ones; ready at 0.
  void SetReplayLeft(int64_t records);
  // Whether the cluster answers, and if not why: words for a person, no secrets.
  void SetKafka(bool reachable, std::string_view detail);
  // The process is stopping; not ready from now on.
  void StartDraining();

  HealthReport Liveness(absl::Time now) const;
  HealthReport Readiness(absl::Time now) const;

 private:
  // REQUIRES: mutex_ is held.
  absl::Duration Silence(absl::Time now) const;

  const absl::Duration heartbeat_limit_;
  mutable std::mutex mutex_;  // guards all below
  absl::Time last_tick_;
  bool assigned_ = false;
  int64_t replay_left_ = -1;  // -1 = not known yet
  bool kafka_reachable_ = false;
  std::string kafka_detail_ = "not connected yet";
  bool draining_ = false;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_HEALTH_H_
