// How long alerts are waited for after a load's last record: until none has come for a while, but
// not for ever. Workers that are behind give theirs late, and those are the ones that count most.
//
// Thread-safety: a value.
#ifndef PEAKEND_PROCESSORS_CLI_ALERT_WAIT_H_
#define PEAKEND_PROCESSORS_CLI_ALERT_WAIT_H_

#include <cstdint>

#include "absl/time/time.h"

namespace peakend::cli {

class AlertWait {
 public:
  // Without an alert for so long there will be none.
  static constexpr absl::Duration kQuiet = absl::Seconds(3);
  // After the last record; workers that need longer are overloaded.
  static constexpr absl::Duration kMost = absl::Seconds(60);

  enum class Next {
    kWait,
    kQuiet,  // all have come
    kCut,    // they still came after kMost
  };

  // The last record left at `sent`, when `alerts` had come.
  AlertWait(absl::Time sent, int64_t alerts) : sent_(sent), changed_(sent), alerts_(alerts) {}

  // What to do when `alerts` have come by `now`. REQUIRES: neither falls.
  Next Look(absl::Time now, int64_t alerts) {
    if (alerts != alerts_) changed_ = now;
    alerts_ = alerts;
    if (now - changed_ >= kQuiet) return Next::kQuiet;
    return now - sent_ >= kMost ? Next::kCut : Next::kWait;
  }

 private:
  const absl::Time sent_;
  absl::Time changed_;  // when the newest alert was seen
  int64_t alerts_;
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_ALERT_WAIT_H_
