#include "processors/cli/load_verdict.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "processors/cli/alert_wait.h"

namespace peakend::cli {
namespace {

constexpr double kAchieved = 0.995;
// Of the latency that it would be part of, at p99.
constexpr double kLateShare = 0.1;

double InMs(int64_t us) { return static_cast<double>(us) / 1000; }

}  // namespace

std::vector<std::string> VoidReasons(const v1::LoadDelivery& delivery, absl::Duration most_late) {
  std::vector<std::string> reasons;
  if (delivery.refused() > 0) {
    reasons.push_back(absl::StrCat(delivery.refused(), " records were refused"));
  }
  if (delivery.achieved_rate() < kAchieved * delivery.offered_rate()) {
    reasons.push_back(absl::StrFormat("%.0f records a second left of %.0f that were due",
                                      delivery.achieved_rate(), delivery.offered_rate()));
  }
  const int64_t late_us = delivery.lateness_us().p99();
  if (late_us > absl::ToInt64Microseconds(most_late)) {
    reasons.push_back(absl::StrFormat("records left late: p99 %.1f ms, at most %s is allowed",
                                      InMs(late_us), absl::FormatDuration(most_late)));
  }
  const v1::LoadQuantiles& alerts = delivery.alert_latency_us();
  if (alerts.count() > 0 &&
      static_cast<double>(late_us) > kLateShare * static_cast<double>(alerts.p99())) {
    reasons.push_back(absl::StrFormat(
        "records left late by p99 %.2f ms, more than a tenth of the %.2f ms that alerts took: that "
        "is no figure of the workers",
        InMs(late_us), InMs(alerts.p99())));
  }
  if (delivery.alert_watch_cut()) {
    reasons.push_back(absl::StrCat("alerts still came ", absl::FormatDuration(AlertWait::kMost),
                                   " after the last record: their latency lacks the latest"));
  }
  return reasons;
}

}  // namespace peakend::cli
