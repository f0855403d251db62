// What a policy that links customers needs of the configuration that it runs with: parts of
// customers go through the input as records.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_IDENTITY_NEEDS_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_IDENTITY_NEEDS_H_

#include <cstdint>
#include <vector>

#include "peakend/v1/config.pb.h"
#include "peakend/v1/policy.pb.h"
#include "processors/ingest/decoder.h"
#include "processors/runtime/config/diagnostic.h"
#include "processors/runtime/config/origin.h"

namespace peakend::runtime {

// Of a record that customers write each other, at most: the largest event, forwarded.
inline int64_t LargestIdentityRecord(const v1::Config& config) {
  return static_cast<int64_t>(config.ingest().max_record_bytes() + ingest::kIdentityRoomBytes);
}

enum class RunsOn : uint8_t { kFile, kKafka };

// Errors only; none where `policy` links nobody.
std::vector<Diagnostic> CheckIdentityNeeds(const v1::Policy& policy, const v1::Config& config,
                                           const Origins& origins, RunsOn on);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_IDENTITY_NEEDS_H_
