// One row topic on its way into its table: a member of a consumer group, the batch that it fills,
// and where its partitions stand in PostgreSQL.
//
// Where to read from is PostgreSQL's word alone (sink_offset); what is committed to Kafka is a hint
// for tools that show lag. A batch that is given up, because its partitions go to another instance,
// is read again by whoever has them.
//
// Thread-safety: one thread.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_ROW_STREAM_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_ROW_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "peakend/v1/config.pb.h"
#include "processors/runtime/kafka_client.h"
#include "processors/runtime/kafka_source.h"
#include "processors/runtime/progress.h"
#include "processors/runtime/source.h"
#include "processors/warehouse/known_keys.h"
#include "processors/warehouse/row_batch.h"
#include "processors/warehouse/row_table.h"
#include "processors/warehouse/sink_connection.h"

namespace peakend::warehouse {

struct RowStreamOptions {
  // The topic is config.topics.interaction_events.name, the group config.kafka.group_id.
  v1::Config config;
  size_t batch_rows = 10'000;
  size_t batch_bytes = size_t{8} << 20;
  absl::Duration batch_wait = absl::Milliseconds(500);
  // Goes on over records that the topic no longer has.
  bool accept_loss = false;
};

struct RowStreamHooks {
  std::function<absl::Time()> clock;
  std::function<bool()> stop;
  runtime::KafkaLog log;
  // A batch was written: of so many records, in so long.
  std::function<void(const WriteReport&, size_t records, absl::Duration took)> on_batch;
  // Another instance has moved the offsets on: the batch is dropped and the group joined anew.
  std::function<void()> on_fenced;
  // A loss that was accepted, in words.
  std::function<void(const std::string&)> on_loss;
};

class RowStream final : public runtime::PartitionListener {
 public:
  // Joins the group at the first Poll. References must outlive the stream. Errors: InvalidArgument
  // = the configuration.
  static absl::StatusOr<std::unique_ptr<RowStream>> Open(RowStreamOptions options,
                                                         const RowTable& table,
                                                         SinkConnection& connection,
                                                         KnownKeys& known, RowStreamHooks hooks);

  // Takes records into the batch, waiting at most `wait` for the first; returns their number.
  // Errors: Unavailable = no broker answers, call again; OutOfRange = the topic lost records that
  // were not written; Cancelled = a stop; others are final.
  absl::StatusOr<size_t> Poll(absl::Duration wait);
  // Whether the batch is full or has waited long enough.
  bool IsDue() const;
  // Writes the batch, if there is anything in it. Errors: as Poll; FailedPrecondition = the tables.
  absl::Status Flush();
  // Everything was read and written, as of at most a few seconds ago; false without a partition.
  bool AtEnd();
  // Leaves the group; what is in the batch is dropped.
  absl::Status Close();

  const RowTable& table() const { return batch_.table(); }
  const std::string& topic() const { return topic_; }
  // Records that are in the topic and not in the batch; 0 where that is not known.
  int64_t Lag() const;
  size_t assigned() const { return source_->Assigned().size(); }
  bool reachable() const { return source_->reachable(); }

  std::vector<int64_t> OnAssigned(absl::Span<const int32_t> partitions) override;
  void OnRevoked(absl::Span<const int32_t> partitions, bool lost) override;

 private:
  RowStream(RowStreamOptions options, const RowTable& table, SinkConnection& connection,
            KnownKeys& known, RowStreamHooks hooks);
  absl::Status OpenSource();
  absl::StatusOr<int64_t> StartOf(int32_t partition);
  absl::StatusOr<int64_t> LogStart(int32_t partition);
  absl::StatusOr<int64_t> OverLoss(int32_t partition, int64_t next, int64_t log_start);
  absl::StatusOr<runtime::Positions> Stored();
  absl::Status Write(WriteReport* report);
  absl::Status JoinAnew();
  void Forget();
  void HintPositions();

  const RowStreamOptions options_;
  const RowStreamHooks hooks_;
  const std::string topic_;
  SinkConnection& connection_;
  KnownKeys& known_;
  RowBatch batch_;
  absl::Time batch_begun_ = absl::InfiniteFuture();
  runtime::Positions stored_;  // what sink_offset has, of our partitions
  absl::Status failed_;        // an assignment that could not be served
  absl::Time hinted_at_ = absl::InfinitePast();
  std::unique_ptr<runtime::KafkaSource> source_;
};

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_ROW_STREAM_H_
