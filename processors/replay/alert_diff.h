// Which alerts of two policies are about the same.
//
// An alert is about a customer's event under a rule's name. Alerts that two policies raised by
// the same event are one, also where they were raised at different times (a condition with
// another patience); of what is left those of the same rule in the same contact are one.
//
// Swapping the policies swaps the sides and changes nothing else. Pure functions.
#ifndef PEAKEND_PROCESSORS_REPLAY_ALERT_DIFF_H_
#define PEAKEND_PROCESSORS_REPLAY_ALERT_DIFF_H_

#include <cstdint>
#include <vector>

#include "processors/replay/raised_alert.h"

namespace peakend::replay {

// At least one side is there.
struct AlertPair {
  const RaisedAlert* before = nullptr;  // null = only raised under the second policy
  const RaisedAlert* after = nullptr;   // null = only raised under the first one

  const RaisedAlert& either() const { return before != nullptr ? *before : *after; }
  bool matched() const { return before != nullptr && after != nullptr; }
  // How much later it is under the second policy; 0 where it is under one alone.
  int64_t ShiftMs() const;
  bool SeverityChanged() const;
  bool UrgencyChanged() const;
  // Whether anything of it is not the same.
  bool Different() const;
};

// Each alert of either list in exactly one pair, in order of time. Several that are about the
// same are paired in that order. The pairs point into the lists.
std::vector<AlertPair> PairAlerts(const std::vector<RaisedAlert>& before,
                                  const std::vector<RaisedAlert>& after);

// Puts the biggest differences first: what interrupts under one policy alone, then what is
// raised under one alone, then another severity, then the largest shift; in each the most severe
// first.
void SortBySize(std::vector<AlertPair>* pairs);

}  // namespace peakend::replay

#endif  // PEAKEND_PROCESSORS_REPLAY_ALERT_DIFF_H_
