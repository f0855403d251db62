#include "processors/alerts/rule_scope.h"

#include <algorithm>

namespace peakend::alerts {

bool IsWithin(absl::Span<const RuleScope> scopes, const journey::Contact& contact,
              std::optional<journey::Cause> cause) {
  const auto fits = [&](const RuleScope& scope) {
    return (scope.queue_id.empty() || scope.queue_id == contact.queue_id()) &&
           (scope.channel == 0 || scope.channel == contact.channel()) &&
           (scope.tier.empty() || scope.tier == contact.tier()) &&
           (scope.touchpoint_id.empty() || scope.touchpoint_id == contact.touchpoint_id()) &&
           (!scope.cause || !cause || *scope.cause == *cause);
  };
  return scopes.empty() || std::any_of(scopes.begin(), scopes.end(), fits);
}

}  // namespace peakend::alerts
