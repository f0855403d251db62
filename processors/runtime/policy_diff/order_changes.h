// Which rows of a list, of which the first that fits counts, come in another order.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_ORDER_CHANGES_H_
#define PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_ORDER_CHANGES_H_

#include <functional>
#include <string>
#include <vector>

#include "processors/runtime/policy_diff/change.h"

namespace peakend::runtime {

// True when both rows may fit at once, so that it counts which comes first. By names.
using MayMeet = std::function<bool(const std::string&, const std::string&)>;

// `before` and `after` are the names of the rows, each once. As few rows as can explain the
// new order of those that are in both, in the order of `after`; each with one row that it
// passed. Rows that never meet are in no order.
void CompareOrder(const std::string& section, const std::vector<std::string>& before,
                  const std::vector<std::string>& after, const MayMeet& may_meet,
                  std::vector<Change>& changes);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_ORDER_CHANGES_H_
