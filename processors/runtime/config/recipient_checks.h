// What must hold of the recipients of a policy, and of the names that rules give.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_RECIPIENT_CHECKS_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_RECIPIENT_CHECKS_H_

#include "peakend/v1/policy.pb.h"
#include "processors/runtime/config/message_reader.h"

namespace peakend::runtime {

// No two have one name, `escalate_to` and `after` stand together, no alert comes back to whom
// it came from, and where there is a list, rules and `escalate_to` name those that are in it.
// Without a list rules name whom they want.
void CheckRecipients(const v1::Policy& policy, LoadState& state);

// Recipients that nothing names are a warning.
void LintRecipients(const v1::Policy& policy, LoadState& state);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_RECIPIENT_CHECKS_H_
