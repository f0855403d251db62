// Time zones of the system, looked up once while a policy is loaded.
//
// The core has no tables of its own and reads no file: what it needs of a zone becomes
// part of the policy, and of its digest. So two machines whose tables differ stamp their
// outputs with different policy versions instead of measuring differently unseen.
//
// Thread-safety: any number of threads. Reads /usr/share/zoneinfo, or where TZDIR says.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_TIME_ZONE_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_TIME_ZONE_H_

#include <optional>
#include <string>
#include <string_view>

#include "google/protobuf/repeated_ptr_field.h"
#include "peakend/v1/policy.pb.h"

namespace peakend::runtime {

using UtcOffsets = google::protobuf::RepeatedPtrField<v1::CalendarPolicy::UtcOffset>;

// How far the zone of the IANA name is ahead of UTC, in 2000 and wherever it changes until
// 2060; nothing when the system does not know the name.
std::optional<UtcOffsets> UtcOffsetsOf(const std::string& name);

// The zone that somebody probably meant: "Europe/Berlin" for "berlin" or "Europe/Berlim";
// "" when none is near.
std::string NearestTimeZone(std::string_view name);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_TIME_ZONE_H_
