// One transactional producer on librdkafka.
//
// Id: `<group_id>-<group_instance_id>`, so that a restarted worker ends at once what
// it left open when it died. Without an instance id nothing tells a restart from
// another worker, and the id is made up for each process: then the transaction
// of a dead process stays open until transaction_timeout, and until then readers
// of its outputs, and the next owner of its partitions, wait.
//
// Blocking calls return after a few seconds with kRetry, so that the worker keeps
// polling; Start and Commit are resumable in librdkafka, SendOffsets sends the same
// once more. What is not decided after transaction_timeout becomes kUnknown. Abort
// is a new producer, which ends the transaction of the old one; as long as the
// broker takes for that, about half a second.
//
// Thread-safety: one worker thread, the one of its source.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_TRANSACTION_CLIENT_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_TRANSACTION_CLIENT_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "peakend/v1/config.pb.h"
#include "processors/publish/output.h"
#include "processors/runtime/kafka_client.h"
#include "processors/runtime/kafka_handle.h"
#include "processors/runtime/kafka_outage.h"
#include "processors/runtime/kafka_output_topics.h"
#include "processors/runtime/kafka_source.h"
#include "processors/runtime/transaction_client.h"

namespace peakend::runtime {

class KafkaTransactionClient : public TransactionClient {
 public:
  // Connects at Start. `source` is the member of the group whose positions are
  // committed and must outlive the client. Errors: InvalidArgument = the
  // configuration.
  static absl::StatusOr<std::unique_ptr<KafkaTransactionClient>> Open(const v1::Config& config,
                                                                      KafkaSource* source,
                                                                      KafkaLog log);
  // What is open stays open, as after a crash.
  ~KafkaTransactionClient() override;

  TransactionAnswer Start() override;
  TransactionAnswer Begin() override;
  TransactionAnswer Produce(const publish::Output& output) override;
  // kAbort also when the source is no member of the group now.
  TransactionAnswer SendOffsets(const Positions& positions) override;
  TransactionAnswer Commit() override;
  TransactionAnswer Abort() override;
  bool HasUnansweredRequest() const override;
  std::vector<size_t> Undeliverable() const override;

  // Counts and names an output of Undeliverable: TransactionalSink's callback.
  void LeaveBehind(const publish::Output& output);

  // Since the start.
  const KafkaUndeliverable::Counts& undeliverable() const { return left_behind_.counts(); }
  const std::string& transactional_id() const { return transactional_id_; }

 private:
  // An output that the broker will never take, or that shared a batch with one.
  struct Refusal {
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
    bool whole_batch = false;  // the error is of all outputs that went together
    const rd_kafka_topic_t* topic = nullptr;
    int32_t partition = 0;
    size_t bytes = 0;
  };

  KafkaTransactionClient(const v1::Config& config, KafkaSource* source, KafkaLog log);
  absl::Status Create();
  void Discard();
  TransactionAnswer Classify(const rd_kafka_error_t* error, const char* doing) const;
  TransactionAnswer Over(rd_kafka_resp_err_t error, std::string message) const;
  TransactionAnswer CannotProduce(rd_kafka_resp_err_t error);
  TransactionAnswer OutputsWait() const;
  // What had to wait for the first output of its partition. kRetry while that is not
  // acknowledged; it fails, and the transaction with it, after kafka.transaction_timeout.
  TransactionAnswer ProduceHeld();
  void AwaitRefusal(rd_kafka_resp_err_t error);
  // How long the next part of a call may take, and its answer: kUnknown once
  // the call was repeated for too long.
  int Step();
  TransactionAnswer Bounded(TransactionAnswer answer);
  void OnDelivered(const rd_kafka_message_t& message);

  const v1::Config config_;
  KafkaSource* const source_;
  const absl::Duration timeout_;
  const std::string transactional_id_;
  KafkaCallbacks callbacks_;
  KafkaUndeliverable left_behind_;
  KafkaOutage outage_;

  // Transactional and produce requests, counted on threads of librdkafka.
  std::atomic<int64_t> requested_ = 0;
  std::atomic<int64_t> answered_ = 0;

  bool starting_ = false;                         // Start was answered with kRetry
  absl::Time give_up_at_ = absl::InfinitePast();  // of the call that is repeated
  absl::Time begun_at_ = absl::InfinitePast();
  size_t produced_ = 0;                // since Begin
  std::map<size_t, Refusal> refused_;  // since Begin, by number

  KafkaHandle kafka_;
  KafkaOutputTopics topics_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_TRANSACTION_CLIENT_H_
