// What is new about the fields of one section or row of a policy.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_LEAF_CHANGES_H_
#define PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_LEAF_CHANGES_H_

#include <string>
#include <vector>

#include "google/protobuf/message.h"
#include "processors/runtime/policy_diff/change.h"

namespace peakend::runtime {

// Adds a change for each field that takes one value and has another one, and, for each
// list of texts, one for what is gone and one for what is new. What names a row is left
// out, and so are messages inside. Both messages have one type.
void CompareLeaves(const std::string& section, const std::string& subject,
                   const google::protobuf::Message& before, const google::protobuf::Message& after,
                   std::vector<Change>& changes);

// One for `gone` and one for `fresh`, of what differs between two sets of texts.
void CompareTexts(const Change& place, std::vector<std::string> before,
                  std::vector<std::string> after, std::vector<Change>& changes);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_LEAF_CHANGES_H_
