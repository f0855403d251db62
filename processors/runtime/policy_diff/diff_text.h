// The differences of two policies in words, and for programs.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_DIFF_TEXT_H_
#define PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_DIFF_TEXT_H_

#include <string>
#include <vector>

#include "processors/runtime/policy_diff/change.h"

namespace peakend::runtime {

// Which policies were compared, as their outputs name them: "shop@2+0123abcd".
struct ComparedPolicies {
  std::string before;
  std::string after;
};

// Section by section, a line per change, with how many there are of each kind at the end;
// one sentence when there are none. Values longer than 80 bytes are shortened.
std::string DiffText(const ComparedPolicies& policies, const std::vector<Change>& changes,
                     Language language);

// One JSON object: `before`, `after` and `changes`, whose `effect` stays the same whatever
// the language and whose `meaning` is for people. Values are complete.
std::string DiffJson(const ComparedPolicies& policies, const std::vector<Change>& changes,
                     Language language);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_DIFF_TEXT_H_
