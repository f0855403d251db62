// What must hold of the calendars of a policy.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_CALENDAR_CHECKS_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_CALENDAR_CHECKS_H_

#include "peakend/v1/policy.pb.h"
#include "processors/runtime/config/message_reader.h"

namespace peakend::runtime {

// There are not too many, their hours and dates can be read, each is open at some time,
// and no queue has two. `policy` has its defaults.
void CheckCalendars(const v1::Policy& policy, LoadState& state);

// Fills in how far each calendar's time zone is ahead of UTC; reports those that the
// system does not know.
void ResolveTimeZones(v1::Policy& policy, LoadState& state);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_CALENDAR_CHECKS_H_
