// What a new policy changes, for those who have to decide whether it goes to work.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_COMPARE_H_
#define PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_COMPARE_H_

#include <vector>

#include "peakend/v1/policy.pb.h"
#include "processors/runtime/policy_diff/change.h"

namespace peakend::runtime {

// The differences of two loaded policies, section by section in the order of the message
// Policy; none when they do the same, whatever their files look like. Defaults count like
// the same value written down. Where the order of rows means something (openings,
// expectations) a new order is a change.
std::vector<Change> ComparePolicies(const v1::Policy& before, const v1::Policy& after);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_COMPARE_H_
