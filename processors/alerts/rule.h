// When a supervisor should hear of a customer; the compiled form of RulePolicy.
#ifndef PEAKEND_PROCESSORS_ALERTS_RULE_H_
#define PEAKEND_PROCESSORS_ALERTS_RULE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "peakend/v1/alert.pb.h"
#include "processors/affect/level.h"

namespace peakend::alerts {

enum class Trigger : uint8_t { kImpression, kScore, kAbandoned };

// Invariant: enter <= exit (hysteresis).
struct Rule {
  std::string name;
  Trigger trigger = Trigger::kScore;
  affect::Nano enter = -400'000'000;
  affect::Nano exit = -200'000'000;
  v1::Alert::Severity severity = v1::Alert::WARNING;
  v1::Alert::Urgency urgency = v1::Alert::LIST;
  int64_t cooldown_ms = 5 * 60'000;
  int64_t follow_up_within_ms = 86'400'000;
  size_t min_impressions = 1;

  v1::MomentKind moment_kind() const {
    return trigger == Trigger::kImpression ? v1::PEAK_NEGATIVE : v1::END;
  }
};

// Rules of one policy; alerts name theirs by a 16-bit index.
inline constexpr size_t kMaxRules = 1000;
using Rules = std::vector<Rule>;

}  // namespace peakend::alerts

#endif  // PEAKEND_PROCESSORS_ALERTS_RULE_H_
