// The Kafka side of a worker's waist, as the configuration asks for it: source,
// sink by delivery mode, changelog.
//
// Thread-safety: one worker thread; see the parts.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_WAIST_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_WAIST_H_

#include <functional>
#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "peakend/v1/config.pb.h"
#include "processors/runtime/changelog.h"
#include "processors/runtime/kafka_changelog.h"
#include "processors/runtime/kafka_sink.h"
#include "processors/runtime/kafka_source.h"
#include "processors/runtime/kafka_transaction_client.h"
#include "processors/runtime/sink.h"
#include "processors/runtime/transactional_sink.h"

namespace peakend::runtime {

class KafkaWaist {
 public:
  // `log_for` gives the log of a part: "consumer", "producer", "changelog". Errors:
  // InvalidArgument = the configuration.
  static absl::StatusOr<std::unique_ptr<KafkaWaist>> Open(
      const v1::Config& config, const std::function<KafkaLog(std::string_view)>& log_for);

  KafkaSource& source() { return *source_; }
  Sink& sink();
  Changelog& changelog() { return *changelog_; }
  // Outputs that no broker would take, by publish::Topic, since the start.
  KafkaUndeliverable::Counts undeliverable() const;
  // Null when outputs are at least once.
  const TransactionalSink* transactions() const { return transactional_sink_.get(); }

 private:
  KafkaWaist() = default;

  // In the order in which they may be destroyed from the end.
  std::unique_ptr<KafkaSource> source_;
  std::unique_ptr<KafkaChangelog> changelog_;
  std::unique_ptr<KafkaTransactionClient> client_;
  std::unique_ptr<TransactionalSink> transactional_sink_;
  std::unique_ptr<KafkaSink> plain_sink_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_WAIST_H_
