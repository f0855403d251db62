// Learns baselines from the statistics topic and writes them into the input.
//
// Reads on from where it stopped, so that one that stays open reads each row once.
//
// Thread-safety: one thread.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_BASELINE_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_BASELINE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "peakend/v1/config.pb.h"
#include "peakend/v1/control.pb.h"
#include "processors/publish/baseline_merge.h"
#include "processors/runtime/kafka_client.h"
#include "processors/runtime/kafka_reader.h"

namespace peakend::runtime {

class KafkaBaseline {
 public:
  // Errors as KafkaReader::Open. `config` must outlive this.
  static absl::StatusOr<std::unique_ptr<KafkaBaseline>> Open(const v1::Config& config, KafkaLog log,
                                                             absl::Duration limit);

  // The baseline of all rows whose window ended within `baseline.window` before `now`. A stop
  // ends the reading with Cancelled. Errors as KafkaReader::Read.
  absl::StatusOr<v1::Baseline> Learn(absl::Time now, const std::function<bool()>& stop);

  // Writes `baseline` into every partition of the input; returns how many there are. A
  // baseline that stands there already does no harm. Errors as KafkaProducer.
  absl::StatusOr<int32_t> Write(const v1::Baseline& baseline, absl::Duration limit);

  // Rows read so far.
  int64_t rows() const { return rows_; }

 private:
  KafkaBaseline(const v1::Config& config, KafkaLog log) : config_(config), log_(std::move(log)) {}

  const v1::Config& config_;
  const KafkaLog log_;
  std::unique_ptr<KafkaReader> reader_;
  publish::BaselineMerge merge_;
  int64_t rows_ = 0;
};

// The control record that states `baseline`.
std::string BaselineRecord(const v1::Baseline& baseline);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_BASELINE_H_
