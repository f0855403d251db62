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

std::string DeliveryText(const v1::LoadDelivery& delivery) {
  const v1::LoadQuantiles& late = delivery.lateness_us();
  std::string text = absl::StrFormat(
      "%d records in %.1f s (%.0f/s of %.0f/s); late p50 %.2f p99 %.2f max %.1f ms\n",
      delivery.delivered(), delivery.seconds(), delivery.achieved_rate(), delivery.offered_rate(),
      InMs(late.p50()), InMs(late.p99()), InMs(late.max()));
  if (const v1::LoadQuantiles& alerts = delivery.alert_latency_us(); alerts.count() > 0) {
    absl::StrAppendFormat(&text, "%d alerts, readable after p50 %.1f p99 %.1f ms\n", alerts.count(),
                          InMs(alerts.p50()), InMs(alerts.p99()));
    if (alerts.negative() > 0) {
      absl::StrAppendFormat(&text,
                            "%d of them before their event should have left: a clock was set\n",
                            alerts.negative());
    }
  }
  const v1::LoadQuantiles& deadlines = delivery.deadline_alert_latency_us();
  if (deadlines.count() > 0) {
    absl::StrAppendFormat(&text, "%d alerts about deadlines, after these p50 %.1f p99 %.1f ms\n",
                          deadlines.count(), InMs(deadlines.p50()), InMs(deadlines.p99()));
  }
  if (delivery.warm_up_ms() > 0) {
    absl::StrAppendFormat(&text, "%d records and %d alerts of the warm-up are in no percentile\n",
                          delivery.warm_up_records(), delivery.warm_up_alerts());
  }
  return text;
}

}  // namespace peakend::cli
