// The input topic as a member of the consumer group: records in, positions back.
//
// Start offsets come from the listener, never from librdkafka; positions are
// committed when the sink asks, never by themselves. Of each partition only
// records with rising offsets come out.
//
// Thread-safety: one worker thread, except where a function says otherwise. The
// listener is called inside Poll and Close, on that thread. Destroying a source
// without Close is like a crash: the group notices after the session timeout.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_SOURCE_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_SOURCE_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "peakend/v1/config.pb.h"
#include "processors/runtime/fetch_wake.h"
#include "processors/runtime/kafka_client.h"
#include "processors/runtime/kafka_offsets.h"
#include "processors/runtime/kafka_outage.h"
#include "processors/runtime/progress.h"
#include "processors/runtime/source.h"

namespace peakend::runtime {

class KafkaSource : public Source, public Progress {
 public:
  // Connects in the background and joins the group at the first Poll after
  // Subscribe. Errors: InvalidArgument = the configuration.
  static absl::StatusOr<std::unique_ptr<KafkaSource>> Open(const v1::Config& config, KafkaLog log);
  ~KafkaSource() override;

  // `listener` must outlive the source or its Close. Call once, before Poll.
  absl::Status Subscribe(PartitionListener* listener);

  // Unavailable carries one clear sentence (broker, protocol, likely cause) and
  // comes at the start of an outage, then every 30 s; in between an outage looks
  // like an idle topic. FailedPrecondition: fenced by another process with our
  // group_instance_id. OutOfRange: the log lost the offset we were to read.
  absl::StatusOr<absl::Span<const InputRecord>> Poll(absl::Duration wait,
                                                     size_t max_records) override;
  std::vector<publish::Header> Headers(const InputRecord& record) override;

  // Commits what the listener asks for, then leaves the group (a static member
  // stays until its session ends, so that a restart moves nothing). Takes at most
  // shutdown.limit, or 10 s when that is unset. DeadlineExceeded: the group was
  // not told.
  absl::Status Close() override;

  // Three things together: librdkafka said that its reading reached the last stable
  // offset and nothing came since; the partition's leader, asked at most once per
  // second and only then, says that the log ends at that very offset, records of
  // open transactions counted; and this answer is at most 3 s old. So a
  // connection that is silent or slow, and an open transaction, are no end. May
  // wait 250 ms for the answer.
  bool AtEnd(int32_t partition) override;

  // Waits at most 5 s.
  absl::StatusOr<int64_t> LogStart(int32_t partition) override;

  // Waits at most 5 s, in which transactions that are ending may end.
  absl::StatusOr<int64_t> Committed(int32_t partition) override;

  // Who we are in the group at this moment, for a transaction that must be refused
  // when the group has gone on without us. Null when we are no member: before the
  // first assignment, and from the moment the partitions are lost. Ask anew for
  // each transaction.
  KafkaGroupMetadata GroupMetadata() const;

  // Makes `positions` the committed progress of the partitions that we own; those
  // of others are ignored, and so are all while the group gives partitions to new
  // owners, who then read a little again. Waits for the broker's answer, at most
  // 10 s, then Unavailable: call again. FailedPrecondition: fenced.
  absl::Status CommitPositions(const Positions& positions);

  // Call it after Poll to run with little kafka.fetch_queue_bytes_before_2_2: a client that
  // is behind then goes on fetching as soon as half of it is free (fetch_wake.h), for a
  // question to the leaders of our partitions, which may wait 50 ms for their answer. Without
  // effect where librdkafka can do so by itself.
  void KeepFetching();

  // Records between our position and the end of the partition, of each owned
  // partition where both are known. Control records of transactions count.
  std::map<int32_t, int64_t> Lag() const;
  // Partitions that we own now, in order.
  std::vector<int32_t> Assigned() const;
  // Records that came a second time or out of order and were left out.
  int64_t repeated_records() const { return repeated_records_; }
  // False from the moment an outage is known until a broker answers again. Any
  // thread.
  bool reachable() const { return reachable_.load(std::memory_order_relaxed); }

 private:
  struct Partition {
    bool owned = false;
    int64_t next = 0;         // offset of the next record we expect
    bool positioned = false;  // `next` is a real offset, not "from the beginning"
    int64_t committed = -1;   // by us, since the assignment
    int64_t end_seen = -1;    // where reading reached the end; none since the last record
    int64_t end_answer = -1;  // the leader's, of ends_answered_at_
  };

  KafkaSource(const v1::Config& config, KafkaLog log);
  void OnRebalance(rd_kafka_resp_err_t event, rd_kafka_topic_partition_list_t* list);
  void Assign(rd_kafka_topic_partition_list_t* list);
  void Revoke(const rd_kafka_topic_partition_list_t& list, bool lost);
  void OnError(rd_kafka_resp_err_t error, std::string_view reason);
  void ReleaseBatch();
  // True when `message` is a record to hand out.
  bool Accept(const rd_kafka_message_t& message);
  void CheckOutage();
  void AskEnds();
  Partition& PartitionAt(int32_t partition);
  bool Owns(int32_t partition) const;

  const std::string topic_;
  const absl::Duration close_limit_;
  KafkaCallbacks callbacks_;
  KafkaOutage outage_;
  FetchWake fetch_wake_;
  std::atomic<bool> reachable_ = true;
  absl::Time probed_at_ = absl::InfinitePast();
  PartitionListener* listener_ = nullptr;
  std::vector<Partition> partitions_;  // by number
  std::unique_ptr<KafkaOffsets> offsets_;
  absl::Time ends_asked_at_ = absl::InfinitePast();
  absl::Time ends_answered_at_ = absl::InfinitePast();
  absl::Status fatal_;
  int64_t repeated_records_ = 0;
  bool closed_ = false;

  // The latest batch: messages_[i] holds the bytes of records_[i].
  std::vector<rd_kafka_message_t*> messages_;
  size_t batch_size_ = 0;
  std::vector<InputRecord> records_;

  KafkaHandle kafka_;
  KafkaQueue queue_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_SOURCE_H_
