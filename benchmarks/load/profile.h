// A load's profile: from YAML or the name of a preset to a checked message.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_BENCHMARKS_LOAD_PROFILE_H_
#define PEAKEND_BENCHMARKS_LOAD_PROFILE_H_

#include <string>
#include <string_view>

#include "peakend/v1/load_profile.pb.h"
#include "processors/runtime/config/load.h"

namespace peakend::load {

// With all its defaults, or what is wrong with it, by place. An error is also: shares of one
// whole above 1, and loads that no machine could plan (see PE0070 to PE0072).
runtime::LoadResult<v1::LoadProfile> ReadProfile(std::string_view file_name, std::string_view yaml);

// Of all that decides what the load holds, the rate with it: 16 hexadecimal digits.
std::string ProfileDigest(const v1::LoadProfile& profile);

}  // namespace peakend::load

#endif  // PEAKEND_BENCHMARKS_LOAD_PROFILE_H_
