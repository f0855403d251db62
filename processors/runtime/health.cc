#include "processors/runtime/health.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "processors/publish/json.h"

namespace peakend::runtime {
namespace {

std::string Text(std::string_view text) {
  std::string out;
  publish::AppendJsonString(text, &out);
  return out;
}

constexpr const char* Bool(bool value) { return value ? "true" : "false"; }

}  // namespace

HealthBoard::HealthBoard(absl::Duration heartbeat_limit, absl::Time now)
    : heartbeat_limit_(heartbeat_limit), last_tick_(now) {}

void HealthBoard::Tick(absl::Time now) {
  const std::lock_guard lock(mutex_);
  last_tick_ = std::max(last_tick_, now);
}

void HealthBoard::SetAssigned(bool assigned) {
  const std::lock_guard lock(mutex_);
  assigned_ = assigned;
}

void HealthBoard::SetReplayLeft(int64_t records) {
  const std::lock_guard lock(mutex_);
  replay_left_ = std::max<int64_t>(records, 0);
}

void HealthBoard::SetKafka(bool reachable, std::string_view detail) {
  const std::lock_guard lock(mutex_);
  kafka_reachable_ = reachable;
  kafka_detail_ = std::string(detail);
}

void HealthBoard::StartDraining() {
  const std::lock_guard lock(mutex_);
  draining_ = true;
}

absl::Duration HealthBoard::Silence(absl::Time now) const {
  return std::max(now - last_tick_, absl::ZeroDuration());
}

HealthReport HealthBoard::Liveness(absl::Time now) const {
  const std::lock_guard lock(mutex_);
  const absl::Duration silence = Silence(now);
  const bool live = silence <= heartbeat_limit_;
  return {live, absl::StrCat("{\"status\":\"", live ? "live" : "stalled",
                             "\",\"worker_silent_ms\":", absl::ToInt64Milliseconds(silence),
                             ",\"limit_ms\":", absl::ToInt64Milliseconds(heartbeat_limit_), "}")};
}

HealthReport HealthBoard::Readiness(absl::Time now) const {
  const std::lock_guard lock(mutex_);
  const bool live = Silence(now) <= heartbeat_limit_;
  const bool replayed = replay_left_ == 0;
  const bool passed = live && assigned_ && replayed && kafka_reachable_;
  const char* const status = draining_ ? "draining" : passed ? "ready" : "not_ready";
  std::string json = absl::StrCat("{\"status\":\"", status, "\",\"checks\":{");
  absl::StrAppend(&json, "\"worker\":{\"ok\":", Bool(live), "}");
  absl::StrAppend(&json, ",\"assignment\":{\"ok\":", Bool(assigned_), "}");
  absl::StrAppend(&json, ",\"replay\":{\"ok\":", Bool(replayed));
  if (replay_left_ >= 0) absl::StrAppend(&json, ",\"records_left\":", replay_left_);
  absl::StrAppend(&json, "},\"kafka\":{\"ok\":", Bool(kafka_reachable_));
  if (!kafka_detail_.empty()) absl::StrAppend(&json, ",\"detail\":", Text(kafka_detail_));
  absl::StrAppend(&json, "}}}");
  return {passed && !draining_, std::move(json)};
}

}  // namespace peakend::runtime
