// One customer's record as of a commit: what a worker tells about a customer.
//
// Thread-safety: a value.
#ifndef PEAKEND_PROCESSORS_RUNTIME_COMMITTED_RECORD_H_
#define PEAKEND_PROCESSORS_RUNTIME_COMMITTED_RECORD_H_

#include <cstdint>
#include <memory>
#include <string>

#include "processors/publish/policy.h"

namespace peakend::runtime {

struct CommittedRecord {
  int32_t partition = 0;
  int64_t committed_offset = 0;
  // As CustomerRecordWriter makes it, applied through committed_offset - 1.
  std::string value;
  // The policy that counts there; never null.
  std::shared_ptr<const publish::Policy> policy;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_COMMITTED_RECORD_H_
