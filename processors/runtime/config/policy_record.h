// A policy as a record of the input: written from a checked one, and checked again by whoever
// goes by it.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_POLICY_RECORD_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_POLICY_RECORD_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "peakend/v1/control.pb.h"
#include "peakend/v1/policy.pb.h"
#include "processors/publish/policy.h"

namespace peakend::runtime {

// The value of the record that makes `policy` count. `policy` as the loader gives it. Errors:
// InvalidArgument = it is too large.
absl::StatusOr<std::string> PolicyRecordValue(const v1::Policy& policy);

// The policy that `record` states. Errors: InvalidArgument = its stamp is not that of its content,
// or `peakend check` would refuse it; the first problem is named.
absl::StatusOr<publish::Policy> CompileRecordedPolicy(const v1::PolicyRecord& record);

// Whether `next` may count where `policy` has counted. Not with other identities: homes would have
// to be told anew from the beginning of the log. Nor with a larger max_out_of_orderness or
// allowed_lateness: events would be in time again for what is closed, and forgotten. Errors:
// InvalidArgument.
absl::Status CheckMayFollow(const publish::Policy& policy, const publish::Policy& next);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_POLICY_RECORD_H_
