// Which contacts a rule is for; the compiled form of RuleScope in policy.proto.
//
// Thread-safety: values.
#ifndef PEAKEND_PROCESSORS_ALERTS_RULE_SCOPE_H_
#define PEAKEND_PROCESSORS_ALERTS_RULE_SCOPE_H_

#include <optional>
#include <string>

#include "absl/types/span.h"
#include "processors/journey/cause.h"
#include "processors/journey/contact.h"
#include "processors/journey/event_facts.h"

namespace peakend::alerts {

// What is empty, 0 or absent lets everything pass.
struct RuleScope {
  std::string queue_id;
  int channel = 0;  // v1::Channel
  std::string tier;
  std::string touchpoint_id;
  std::optional<journey::Cause> cause;  // of what the event did
  // Of the event itself. A language holds its kinds: zh is zh-CN, too.
  std::string language;
  std::string producer;
  std::string scale;

  bool of_event() const { return !language.empty() || !producer.empty() || !scale.empty(); }
  friend bool operator==(const RuleScope&, const RuleScope&) = default;
};

// True when `scopes` is empty or one of them holds the contact as it stands and, of a
// rule that judges an event, the event (null = a condition) and the cause of what it did.
bool IsWithin(absl::Span<const RuleScope> scopes, const journey::Contact& contact,
              const journey::EventFacts* event, std::optional<journey::Cause> cause);

}  // namespace peakend::alerts

#endif  // PEAKEND_PROCESSORS_ALERTS_RULE_SCOPE_H_
