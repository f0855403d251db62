// All committed records of a topic, once: from its beginning to where it ended as it was opened.
//
// Thread-safety: one thread.
#ifndef PEAKEND_PROCESSORS_CLI_TOPIC_PASS_H_
#define PEAKEND_PROCESSORS_CLI_TOPIC_PASS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "peakend/v1/config.pb.h"
#include "processors/cli/invocation.h"
#include "processors/runtime/kafka_range_reader.h"
#include "processors/runtime/progress.h"
#include "processors/runtime/source.h"

namespace peakend::cli {

class TopicPass {
 public:
  // `stop` is asked between records' batches; `call` outlives the pass. Errors: those of
  // KafkaReader.
  static absl::StatusOr<std::unique_ptr<TopicPass>> Open(const v1::Config& config,
                                                         std::string topic,
                                                         std::function<bool()> stop,
                                                         Invocation& call);

  // Gives each record to `take`, per partition in the order of offsets; on a terminal it is told
  // how far it has come. Once. Errors: Cancelled = `stop` said so; Unavailable = the cluster does
  // not answer any more; those of `take`.
  using Take = std::function<absl::Status(const runtime::InputRecord& record)>;
  absl::Status Read(const Take& take);

  // By partition the first offset that the log holds now. Errors: those of KafkaOffsets.
  absl::StatusOr<runtime::Positions> AskFirst(const v1::Config& config) const;

 private:
  TopicPass(std::string topic, std::function<bool()> stop, Invocation& call)
      : topic_(std::move(topic)), stop_(std::move(stop)), call_(call) {}

  const std::string topic_;
  const std::function<bool()> stop_;
  Invocation& call_;
  std::unique_ptr<runtime::KafkaRangeReader> reader_;
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_TOPIC_PASS_H_
