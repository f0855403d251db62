// The calendars of a policy, compiled.
#ifndef PEAKEND_PROCESSORS_PUBLISH_POLICY_CALENDARS_H_
#define PEAKEND_PROCESSORS_PUBLISH_POLICY_CALENDARS_H_

#include "absl/status/statusor.h"
#include "peakend/v1/policy.pb.h"
#include "processors/journey/calendars.h"

namespace peakend::publish {

// Errors: InvalidArgument names the first calendar that cannot be read, is never open or
// has no offsets from UTC (whoever loads the policy looks its time zone up), and the first
// queue with two.
absl::StatusOr<journey::Calendars> CompileCalendars(const v1::Policy& policy);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_POLICY_CALENDARS_H_
