// Whom an alert goes to when nobody takes it: worked out once for each rule.
//
// Each recipient passes an alert on by themselves, some time after it came to them. Whoever has
// had it does not get it again, so that there is an end of it. Only what brings it to somebody
// new is an escalation: a recipient whose next one has it already goes along with the next.
//
// Thread-safety: pure functions; values.
#ifndef PEAKEND_PROCESSORS_ALERTS_ESCALATION_H_
#define PEAKEND_PROCESSORS_ALERTS_ESCALATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"

namespace peakend::alerts {

// Most recipients of a policy, and so of the escalations of a rule.
inline constexpr size_t kMaxRecipients = 100;

struct Recipient {
  std::string name;
  // Empty = the alert stays there; then `after_ms` means nothing.
  std::string escalate_to;
  int64_t after_ms = 0;
};

struct Escalation {
  int64_t after_ms = 0;  // since the alert was raised
  std::vector<std::string> recipients;

  friend bool operator==(const Escalation&, const Escalation&) = default;
};

// The escalations of a rule with the recipients `first`, in the order of time; each has at least
// one recipient that none before has, and at most as many as `first`. Names that are not in
// `all` pass nothing on. Empty = the alert stays where it is.
std::vector<Escalation> EscalationsOf(absl::Span<const std::string> first,
                                      absl::Span<const Recipient> all);

}  // namespace peakend::alerts

#endif  // PEAKEND_PROCESSORS_ALERTS_ESCALATION_H_
