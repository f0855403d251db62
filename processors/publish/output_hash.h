// What digests add up: two runs that wrote the same outputs have the same sum.
#ifndef PEAKEND_PROCESSORS_PUBLISH_OUTPUT_HASH_H_
#define PEAKEND_PROCESSORS_PUBLISH_OUTPUT_HASH_H_

#include <cstdint>

#include "processors/journey/identifier.h"
#include "processors/publish/output.h"

namespace peakend::publish {

// Over topic, key and value; headers are left out, as the value's own record
// decides them.
inline uint64_t OutputHash(const Output& output) {
  constexpr uint64_t kOdd = 0x9e3779b97f4a7c15;
  return journey::Hash64(output.value) +
         kOdd * (journey::Hash64(output.key) + static_cast<uint64_t>(output.topic));
}

// Sum mod 2^64 over the outputs of `batch` from number `begin` on. Rows for warehouses do not
// count: which are written, and how, may be another from one start to the next.
inline uint64_t OutputDigest(const OutputBatch& batch, size_t begin) {
  uint64_t digest = 0;
  for (size_t i = begin; i < batch.size(); ++i) {
    const Output output = batch[i];
    if (!IsRowTopic(output.topic)) digest += OutputHash(output);
  }
  return digest;
}

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_OUTPUT_HASH_H_
