#include "processors/runtime/kafka_transaction_client.h"

#include <unistd.h>

#include <algorithm>
#include <random>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "processors/publish/topic_names.h"

namespace peakend::runtime {
namespace {

using Kind = TransactionAnswer::Kind;

constexpr absl::Duration kStep = absl::Seconds(3);
constexpr absl::Duration kFlushLimit = absl::Seconds(1);
constexpr absl::Duration kReportLimit = absl::Seconds(1);
constexpr size_t kPollEvery = 256;

std::string OwnId(const v1::KafkaConfig& kafka) {
  if (!kafka.group_instance_id().empty()) {
    return absl::StrCat(kafka.group_id(), "-", kafka.group_instance_id());
  }
  char host[256] = {};
  if (gethostname(host, sizeof(host) - 1) != 0) host[0] = '\0';
  return absl::StrCat(kafka.group_id(), "-", host, "-", getpid(), "-",
                      absl::Hex(std::random_device()(), absl::kZeroPad8));
}

// Requests whose late arrival could change a later transaction: those of
// transactions (AddPartitionsToTxn, AddOffsetsToTxn, EndTxn, TxnOffsetCommit), and
// Produce, which a broker appends to whatever transaction its producer has open.
bool BelongsToATransaction(int16_t api_key) {
  return api_key == 0 || (api_key >= 24 && api_key <= 26) || api_key == 28;
}

bool IsFence(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR__FENCED || error == RD_KAFKA_RESP_ERR_PRODUCER_FENCED ||
         error == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH ||
         error == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID;
}

bool NotAllowed(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED ||
         error == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED ||
         error == RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION ||
         error == RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT ||
         error == RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE;
}

}  // namespace

KafkaTransactionClient::KafkaTransactionClient(const v1::Config& config, KafkaSource* source,
                                               KafkaLog log)
    : config_(config),
      source_(source),
      timeout_(KafkaTransactionTimeout(config.kafka())),
      transactional_id_(OwnId(config.kafka())),
      left_behind_(config.topics(), log),
      outage_(config.kafka()) {
  callbacks_.log = std::move(log);
  callbacks_.error = [this](rd_kafka_resp_err_t error, std::string_view reason) {
    outage_.Saw(error, reason);
  };
  callbacks_.delivered = [this](const rd_kafka_message_t& message) { OnDelivered(message); };
  callbacks_.requested = [this](int16_t api_key) {
    if (BelongsToATransaction(api_key)) requested_.fetch_add(1);
  };
  callbacks_.answered = [this](int16_t api_key) {
    if (BelongsToATransaction(api_key)) answered_.fetch_add(1);
  };
}

absl::StatusOr<std::unique_ptr<KafkaTransactionClient>> KafkaTransactionClient::Open(
    const v1::Config& config, KafkaSource* source, KafkaLog log) {
  std::unique_ptr<KafkaTransactionClient> client(
      new KafkaTransactionClient(config, source, std::move(log)));
  // Made at once, so that a bad setting is known before the first transaction.
  const absl::Status created = client->Create();
  if (!created.ok()) return created;
  client->starting_ = true;
  return client;
}

KafkaTransactionClient::~KafkaTransactionClient() { Discard(); }

void KafkaTransactionClient::Discard() {
  // librdkafka 2.0.2 adds partitions to a transaction in the background until its
  // records are under way; a client destroyed meanwhile can end the process (an
  // assertion on txn_req_cnt).
  if (kafka_ != nullptr) rd_kafka_flush(kafka_.get(), KafkaMilliseconds(kFlushLimit));
  topics_.Close();
  kafka_.reset();
}

absl::Status KafkaTransactionClient::Create() {
  Discard();
  requested_ = 0;
  answered_ = 0;
  absl::StatusOr<KafkaHandle> kafka =
      OpenKafka(KafkaRole::kTransactionalProducer, config_, &callbacks_, transactional_id_);
  if (!kafka.ok()) return kafka.status();
  kafka_ = std::move(*kafka);
  return topics_.Open(kafka_.get(), config_);
}

TransactionAnswer KafkaTransactionClient::Start() {
  give_up_at_ = absl::InfinitePast();
  if (!starting_) {
    const absl::Status created = Create();
    if (!created.ok()) return {Kind::kFatal, std::string(created.message())};
  }
  const KafkaError error(rd_kafka_init_transactions(kafka_.get(), KafkaMilliseconds(kStep)));
  rd_kafka_poll(kafka_.get(), 0);
  TransactionAnswer answer = Classify(error.get(), "start a transactional producer");
  starting_ = answer.kind == Kind::kRetry;
  // Nothing is open, so there is nothing to abort: try with another producer.
  if (answer.kind == Kind::kAbort) answer.kind = Kind::kRetry;
  return answer;
}

TransactionAnswer KafkaTransactionClient::Begin() {
  refused_.clear();
  produced_ = 0;
  begun_at_ = absl::Now();
  const KafkaError error(rd_kafka_begin_transaction(kafka_.get()));
  return Classify(error.get(), "begin a transaction");
}

TransactionAnswer KafkaTransactionClient::Produce(const publish::Output& output) {
  const absl::Time deadline = absl::Now() + kStep;
  while (true) {
    const rd_kafka_resp_err_t error = topics_.Produce(output, produced_);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR || KafkaNeverTakes(error)) {
      // Commit says so, when all that can never be taken is known.
      if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        refused_[produced_] = {error, false, nullptr, output.partition, output.value.size()};
      }
      if (++produced_ % kPollEvery == 0) rd_kafka_poll(kafka_.get(), 0);
      return {};
    }
    if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) return CannotProduce(error);
    if (absl::Now() >= deadline) return OutputsWait();
    rd_kafka_poll(kafka_.get(), 10);
  }
}

TransactionAnswer KafkaTransactionClient::CannotProduce(rd_kafka_resp_err_t error) {
  const rd_kafka_resp_err_t fatal = rd_kafka_fatal_error(kafka_.get(), nullptr, 0);
  std::string message = absl::StrCat("cannot produce: ", rd_kafka_err2str(error));
  if (fatal != RD_KAFKA_RESP_ERR_NO_ERROR) return Over(fatal, std::move(message));
  AwaitRefusal(error);
  return {Kind::kAbort, std::move(message)};
}

TransactionAnswer KafkaTransactionClient::OutputsWait() const {
  return {Kind::kRetry, absl::StrCat("outputs wait for a broker",
                                     outage_.ongoing() ? ": " + outage_.Message() : "")};
}

TransactionAnswer KafkaTransactionClient::ProduceHeld() {
  const absl::Time deadline = absl::Now() + kStep;
  while (topics_.held() > 0) {
    // Unlike a poll it does not wait for kafka.linger first.
    rd_kafka_flush(kafka_.get(), 10);
    for (const KafkaOutputTopics::Refusal& refusal : topics_.Release()) {
      if (!KafkaNeverTakes(refusal.error)) return CannotProduce(refusal.error);
      refused_[refusal.opaque] = {refusal.error, false, nullptr, refusal.partition, refusal.bytes};
    }
    if (topics_.held() > 0 && absl::Now() >= deadline) return OutputsWait();
  }
  return {};
}

void KafkaTransactionClient::OnDelivered(const rd_kafka_message_t& message) {
  topics_.Answered(message);
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) return outage_.Over();
  if (!KafkaNeverTakes(message.err)) return;
  const auto number = static_cast<size_t>(reinterpret_cast<uintptr_t>(message._private));
  refused_[number] = {message.err, KafkaBlamesTheBatch(message.err), message.rkt, message.partition,
                      message.len};
}

TransactionAnswer KafkaTransactionClient::SendOffsets(const Positions& positions) {
  const KafkaGroupMetadata metadata = source_->GroupMetadata();
  if (metadata == nullptr) {
    give_up_at_ = absl::InfinitePast();
    return {Kind::kAbort, "cannot commit positions: we are no member of the group now"};
  }
  if (TransactionAnswer held = ProduceHeld(); !held.ok()) return held;
  const KafkaPartitions list(rd_kafka_topic_partition_list_new(static_cast<int>(positions.size())));
  const std::string topic = publish::InputTopicName(config_.topics());
  for (const auto& [partition, position] : positions) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset = position;
  }
  const KafkaError error(
      rd_kafka_send_offsets_to_transaction(kafka_.get(), list.get(), metadata.get(), Step()));
  AwaitRefusal(rd_kafka_error_code(error.get()));
  return Bounded(Classify(error.get(), "add positions to the transaction"));
}

TransactionAnswer KafkaTransactionClient::Commit() {
  if (TransactionAnswer held = ProduceHeld(); !held.ok()) return held;
  if (!refused_.empty() && give_up_at_ == absl::InfinitePast()) {
    return {Kind::kAbort, "an output can never be delivered"};
  }
  const KafkaError error(rd_kafka_commit_transaction(kafka_.get(), Step()));
  AwaitRefusal(rd_kafka_error_code(error.get()));
  TransactionAnswer answer = Classify(error.get(), "commit the transaction");
  const bool decided = answer.ok() || answer.kind == Kind::kRetry;
  // librdkafka can say "abort" after its own time limit, while the broker commits.
  if (!decided && answer.kind != Kind::kFenced && HasUnansweredRequest()) {
    answer.kind = Kind::kUnknown;
  }
  return Bounded(std::move(answer));
}

// Not by rd_kafka_abort_transaction: while librdkafka 2.0.2 still adds partitions to
// the transaction, that ends the process (the same assertion) or this producer (the
// broker refuses to end what it has not begun).
TransactionAnswer KafkaTransactionClient::Abort() { return Start(); }

bool KafkaTransactionClient::HasUnansweredRequest() const { return requested_ != answered_; }

std::vector<size_t> KafkaTransactionClient::Undeliverable() const {
  // Of outputs that were refused together only the largest is surely to blame; the
  // others go into the next transaction, and are judged there without it.
  std::map<std::pair<const rd_kafka_topic_t*, int32_t>, size_t> largest;
  std::vector<size_t> numbers;
  for (const auto& [number, refusal] : refused_) {
    if (!refusal.whole_batch) {
      numbers.push_back(number);
      continue;
    }
    const auto [found, added] = largest.try_emplace({refusal.topic, refusal.partition}, number);
    if (!added && refused_.at(found->second).bytes < refusal.bytes) found->second = number;
  }
  for (const auto& [partition, number] : largest) numbers.push_back(number);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

void KafkaTransactionClient::LeaveBehind(const publish::Output& output) {
  const auto refusal = std::find_if(refused_.begin(), refused_.end(), [&](const auto& entry) {
    return entry.second.partition == output.partition && entry.second.bytes == output.value.size();
  });
  left_behind_.LeaveBehind(
      output.topic, output.partition, output.value.size(),
      refusal == refused_.end() ? RD_KAFKA_RESP_ERR__FAIL : refusal->second.error);
}

int KafkaTransactionClient::Step() {
  const absl::Time now = absl::Now();
  if (give_up_at_ == absl::InfinitePast()) give_up_at_ = now + timeout_;
  return KafkaMilliseconds(std::clamp(give_up_at_ - now, absl::Milliseconds(1), kStep));
}

TransactionAnswer KafkaTransactionClient::Bounded(TransactionAnswer answer) {
  if (answer.kind == Kind::kRetry && absl::Now() < give_up_at_) return answer;
  if (answer.kind == Kind::kRetry) answer.kind = Kind::kUnknown;
  give_up_at_ = absl::InfinitePast();
  return answer;
}

TransactionAnswer KafkaTransactionClient::Classify(const rd_kafka_error_t* error,
                                                   const char* doing) const {
  if (error == nullptr) return {};
  std::string message = absl::StrCat("cannot ", doing, ": ", rd_kafka_error_string(error));
  const rd_kafka_resp_err_t fatal = rd_kafka_fatal_error(kafka_.get(), nullptr, 0);
  if (fatal != RD_KAFKA_RESP_ERR_NO_ERROR) return Over(fatal, std::move(message));
  const rd_kafka_resp_err_t code = rd_kafka_error_code(error);
  if (IsFence(code) || rd_kafka_error_is_fatal(error) != 0) return Over(code, std::move(message));
  if (rd_kafka_error_txn_requires_abort(error) != 0) return {Kind::kAbort, std::move(message)};
  if (rd_kafka_error_is_retriable(error) == 0) return {Kind::kFatal, std::move(message)};
  if (outage_.ongoing()) message = absl::StrCat("cannot ", doing, ": ", outage_.Message());
  return {Kind::kRetry, std::move(message)};
}

// Whether another producer could go on where this one is over. A broker that ends a
// transaction after its timeout refuses what comes later with the same words as one
// whose producer was replaced.
TransactionAnswer KafkaTransactionClient::Over(rd_kafka_resp_err_t error,
                                               std::string message) const {
  if (!IsFence(error)) return {NotAllowed(error) ? Kind::kFatal : Kind::kUnknown, message};
  const bool others_have_our_id = !config_.kafka().group_instance_id().empty();
  if (!others_have_our_id || absl::Now() >= begun_at_ + timeout_) {
    return {Kind::kUnknown, absl::StrCat(message, " (the transaction took too long)")};
  }
  return {Kind::kFenced, absl::StrCat("another process runs with the same ",
                                      "kafka.group_instance_id (", message, ")")};
}

// A transaction fails before the delivery report that says of which output.
void KafkaTransactionClient::AwaitRefusal(rd_kafka_resp_err_t error) {
  rd_kafka_poll(kafka_.get(), 0);
  if (!KafkaNeverTakes(error)) return;
  const absl::Time deadline = absl::Now() + kReportLimit;
  while (refused_.empty() && absl::Now() < deadline) rd_kafka_poll(kafka_.get(), 10);
}

}  // namespace peakend::runtime
