#include "processors/alerts/rule_scope.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/match.h"

namespace peakend::alerts {
namespace {

bool IsKindOf(std::string_view language, const std::string& of) {
  return absl::StartsWithIgnoreCase(absl::string_view(language.data(), language.size()), of) &&
         (language.size() == of.size() || language[of.size()] == '-');
}

bool Fits(const RuleScope& scope, const journey::EventFacts& event) {
  return (scope.language.empty() || IsKindOf(event.language, scope.language)) &&
         (scope.producer.empty() || scope.producer == event.producer) &&
         (scope.scale.empty() || scope.scale == event.scale);
}

}  // namespace

bool IsWithin(absl::Span<const RuleScope> scopes, const journey::Contact& contact,
              const journey::EventFacts* event, std::optional<journey::Cause> cause) {
  const auto fits = [&](const RuleScope& scope) {
    return (scope.queue_id.empty() || scope.queue_id == contact.queue_id()) &&
           (scope.channel == 0 || scope.channel == contact.channel()) &&
           (scope.tier.empty() || scope.tier == contact.tier()) &&
           (scope.touchpoint_id.empty() || scope.touchpoint_id == contact.touchpoint_id()) &&
           (!scope.cause || !cause || *scope.cause == *cause) &&
           (event == nullptr || Fits(scope, *event));
  };
  return scopes.empty() || std::any_of(scopes.begin(), scopes.end(), fits);
}

}  // namespace peakend::alerts
