// The changelog topic, read outside of any group: committed records only, to the end
// that stood when Read was called.
//
// The end is the high watermark, not the last stable offset: of a transaction that
// is being committed the group may know the positions already while its marker is
// not yet in the changelog. What an open transaction holds back is waited for.
//
// One partition after the other by one client, which is also what is fastest: a
// broker's answers are taken as fast as they come. Memory: what librdkafka fetches
// ahead (kafka.fetch_queue_bytes).
//
// Thread-safety: one worker thread.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_CHANGELOG_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_CHANGELOG_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "peakend/v1/config.pb.h"
#include "processors/runtime/changelog.h"
#include "processors/runtime/kafka_client.h"
#include "processors/runtime/kafka_handle.h"
#include "processors/runtime/kafka_offsets.h"
#include "processors/runtime/kafka_outage.h"

namespace peakend::runtime {

class KafkaChangelog : public Changelog {
 public:
  // Connects in the background. Errors: InvalidArgument = the configuration.
  static absl::StatusOr<std::unique_ptr<KafkaChangelog>> Open(const v1::Config& config,
                                                              KafkaLog log);

  // Unavailable while a transaction is open in the partition (nothing was handed
  // over), and after 10 s without a sign of the broker (perhaps a part was). NotFound: no such
  // topic or partition.
  absl::Status Read(int32_t partition, int64_t from,
                    const std::function<absl::Status(const ChangelogRecord&)>& take) override;
  // The last stable offset; waits at most 1 s.
  absl::StatusOr<int64_t> StableEnd(int32_t partition) override;

 private:
  KafkaChangelog(const v1::Config& config, KafkaLog log);
  // The end to read to, with every record before it decided.
  absl::StatusOr<int64_t> DecidedEnd(int32_t partition);
  absl::Status ReadTo(int32_t partition, int64_t end,
                      const std::function<absl::Status(const ChangelogRecord&)>& take);
  // Hands over `message`, or notes what else it says. Sets `*reached` at the end.
  absl::Status Take(const rd_kafka_message_t& message, int32_t partition, int64_t end,
                    const std::function<absl::Status(const ChangelogRecord&)>& take, bool* reached);
  absl::Status Silent() const;

  const std::string topic_;
  KafkaCallbacks callbacks_;
  KafkaOutage outage_;
  std::vector<rd_kafka_message_t*> messages_;  // room for a batch

  std::unique_ptr<KafkaOffsets> offsets_;  // counts records of open transactions
  KafkaHandle kafka_;
  KafkaQueue queue_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_CHANGELOG_H_
