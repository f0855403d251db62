#include "processors/alerts/escalation.h"

#include <algorithm>
#include <limits>
#include <string_view>

namespace peakend::alerts {
namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

struct Holder {
  std::string_view name;
  std::string_view next = {};  // empty = it stays
  int64_t due_ms = kNever;     // when it goes on
};

Holder HolderFrom(int64_t came_ms, std::string_view name, absl::Span<const Recipient> all) {
  const auto known =
      std::find_if(all.begin(), all.end(), [&](const Recipient& one) { return one.name == name; });
  if (known == all.end() || known->escalate_to.empty()) return {name};
  return {name, known->escalate_to, came_ms + known->after_ms};
}

bool Holds(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::vector<Escalation> EscalationsOf(absl::Span<const std::string> first,
                                      absl::Span<const Recipient> all) {
  std::vector<Holder> holders;
  std::vector<std::string_view> had;
  for (const std::string& name : first) {
    if (Holds(had, name)) continue;
    had.push_back(name);
    holders.push_back(HolderFrom(0, name, all));
  }
  std::vector<Escalation> escalations;
  const auto sooner = [](const Holder& a, const Holder& b) { return a.due_ms < b.due_ms; };
  while (!holders.empty()) {
    const int64_t now_ms = std::min_element(holders.begin(), holders.end(), sooner)->due_ms;
    if (now_ms == kNever) break;
    bool somebody_new = false;
    std::vector<Holder> left;
    for (const Holder& holder : holders) {
      if (holder.due_ms > now_ms) {
        left.push_back(holder);
      } else if (!Holds(had, holder.next)) {
        had.push_back(holder.next);
        left.push_back(HolderFrom(now_ms, holder.next, all));
        somebody_new = true;
      }
    }
    holders = std::move(left);
    if (!somebody_new) continue;
    Escalation& escalation = escalations.emplace_back();
    escalation.after_ms = now_ms;
    for (const Holder& holder : holders) escalation.recipients.emplace_back(holder.name);
  }
  return escalations;
}

}  // namespace peakend::alerts
