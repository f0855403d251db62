// How long the texts of a policy may be.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_TEXT_BOUNDS_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_TEXT_BOUNDS_H_

#include <cstddef>

#include "peakend/v1/policy.pb.h"
#include "processors/runtime/config/message_reader.h"

namespace peakend::runtime {

// Names and ids: many stand on every output, as they do in its key.
inline constexpr size_t kMaxNameBytes = 256;
// What people are to read.
inline constexpr size_t kMaxSentenceBytes = 4096;

// Reports each text of the policy that is longer; phrases have bounds of their own.
void CheckTextBounds(const v1::Policy& policy, LoadState& state);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_TEXT_BOUNDS_H_
