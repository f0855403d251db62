// A few records at known offsets, those of open transactions included.
//
// Thread-safety: one thread.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_SAMPLER_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_SAMPLER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "peakend/v1/config.pb.h"
#include "processors/runtime/kafka_client.h"
#include "processors/runtime/kafka_handle.h"
#include "processors/runtime/source.h"

namespace peakend::runtime {

// Offsets [begin, end) of a partition. REQUIRES: begin < end <= high watermark.
struct KafkaRange {
  std::string topic;
  int32_t partition = 0;
  int64_t begin = 0;
  int64_t end = 0;
};

class KafkaSampler {
 public:
  // By index of the range. Views are valid during the call.
  using Take = std::function<void(size_t range, const InputRecord& record, bool stamped_by_broker)>;

  // Connects in the background. Errors: InvalidArgument = the configuration.
  static absl::StatusOr<std::unique_ptr<KafkaSampler>> Open(const v1::Config& config, KafkaLog log);

  // Hands over what still stands in `ranges`, per range in order. REQUIRES: they name
  // different partitions. Errors: Unavailable = some were not read within `limit`;
  // PermissionDenied.
  absl::Status Read(const std::vector<KafkaRange>& ranges, absl::Duration limit, const Take& take);

 private:
  KafkaSampler() = default;

  KafkaCallbacks callbacks_;
  KafkaHandle kafka_;
  KafkaQueue queue_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_SAMPLER_H_
