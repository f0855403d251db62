// What a rule that judges events says to one: raise an alert, or call it made good.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_ALERTS_VERDICT_H_
#define PEAKEND_PROCESSORS_ALERTS_VERDICT_H_

#include <cstdint>
#include <optional>

#include "processors/alerts/rule.h"
#include "processors/alerts/scene.h"
#include "processors/alerts/watch.h"

namespace peakend::alerts {

enum class Verdict : uint8_t { kNothing, kRaise, kRecover };

// What `rule` watched; nothing when the event gave it nothing to see.
std::optional<affect::Nano> ValueFor(const Rule& rule, const Watched& watched);

// Whether there is an alert to raise or to recover is the caller's business.
// REQUIRES: !IsCondition(rule.trigger).
Verdict Judge(const Rule& rule, const Occasion& occasion, const Watched& watched);

}  // namespace peakend::alerts

#endif  // PEAKEND_PROCESSORS_ALERTS_VERDICT_H_
