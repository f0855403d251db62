// Not now, tell me again later: alerts that are snoozed, and the end of that.
#include <algorithm>
#include <optional>
#include <vector>

#include "processors/alerts/alert_book.h"
#include "processors/alerts/alert_contact.h"

namespace peakend::alerts {
namespace {

constexpr int64_t kShortestMs = 60'000;
constexpr int64_t kLongestMs = 7 * 86'400'000;

// When it goes on from those who have it: they get the time of that step once more.
int64_t EscalatesNextMs(const Alert& alert, const Rule& rule, int64_t from_ms) {
  const size_t done = alert.escalations;
  if (done >= rule.escalations.size()) return 0;
  const int64_t before_ms = done > 0 ? rule.escalations[done - 1].after_ms : 0;
  return from_ms + rule.escalations[done].after_ms - before_ms;
}

}  // namespace

bool AlertBook::Snooze(Alert& alert, const Rule& rule, const journey::EventFacts& facts) {
  if (!alert.live()) return false;
  const int64_t wanted_ms =
      facts.snooze_until_ms != 0 ? facts.snooze_until_ms : facts.at_ms + rule.snooze_ms;
  const int64_t until_ms =
      std::clamp(wanted_ms, facts.at_ms + kShortestMs, facts.at_ms + kLongestMs);
  // The same event may come twice, the second time perhaps when it has had its effect.
  if (until_ms == alert.snoozed_until_ms && facts.at_ms <= alert.updated_at_ms) return false;
  alert.Move(v1::Alert::SNOOZED, facts.at_ms);
  alert.snoozed_until_ms = until_ms;
  return true;
}

bool AlertBook::snoozes() const {
  return std::any_of(alerts_.begin(), alerts_.end(),
                     [](const Alert& alert) { return alert.state == v1::Alert::SNOOZED; });
}

void AlertBook::EndSnoozes(const Rules& rules, const Scene& scene, Changes& changes,
                           int64_t& next_due_ms) {
  for (size_t i = 0; i < alerts_.size(); ++i) {
    Alert& alert = alerts_[i];
    if (alert.state != v1::Alert::SNOOZED) continue;
    const std::optional<size_t> contact = ContactOf(alert, scene.contacts, scene.journey);
    if (!contact) continue;
    if (alert.snoozed_until_ms > scene.now_ms) {
      next_due_ms = std::min(next_due_ms, alert.snoozed_until_ms);
      continue;
    }
    const Rule& rule = rules[alert.rule];
    alert.Move(v1::Alert::OPEN, scene.now_ms);
    alert.stale = alert.stale || scene.clock_ms - alert.snoozed_until_ms > rule.stale_after_ms;
    alert.escalate_at_ms = EscalatesNextMs(alert, rule, scene.now_ms);
    changes.push_back({i, Reason::kSnoozeEnded, *contact});
  }
}

}  // namespace peakend::alerts
