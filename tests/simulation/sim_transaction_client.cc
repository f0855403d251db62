#include "tests/simulation/sim_transaction_client.h"

#include <memory>
#include <utility>

namespace peakend::simulation {
namespace {

using runtime::TransactionAnswer;
using Kind = TransactionAnswer::Kind;

// Small, so that much of an open transaction stands in the logs before its end.
constexpr size_t kBatchRecords = 4;

TransactionAnswer Translate(BrokerError error) {
  switch (error) {
    case BrokerError::kNone:
      return {};
    case BrokerError::kConcurrent:
    case BrokerError::kUnstable:
      return {Kind::kRetry, "the last transaction is still being ended"};
    case BrokerError::kFenced:
      return {Kind::kFenced, "a newer producer has taken over"};
    case BrokerError::kRefused:
      return {Kind::kAbort, "the broker refused a request"};
    case BrokerError::kIllegalGeneration:
    case BrokerError::kUnknownMember:
    case BrokerError::kReplacedMember:
      return {Kind::kAbort, "the group has moved on"};
    case BrokerError::kInvalidState:
    case BrokerError::kOutOfOrder:
      return {Kind::kFatal, "the broker sees the transaction in another state"};
  }
  return {Kind::kFatal, "unknown error"};
}

}  // namespace

SimTransactionClient::SimTransactionClient(Network& network, const SimSource& source, int worker,
                                           std::string transactional_id, bool shared_id)
    : network_(network),
      source_(source),
      worker_(worker),
      transactional_id_(std::move(transactional_id)),
      shared_id_(shared_id) {}

// A broker that ends a transaction after its timeout refuses what comes later with the
// same words as one whose producer was replaced.
TransactionAnswer SimTransactionClient::Fenced(TransactionAnswer answer) const {
  const SimBroker& broker = network_.broker();
  const bool too_long = broker.now_ms() - begun_ms_ >= broker.options().transactions.timeout_ms;
  if (!shared_id_ || too_long) answer.kind = Kind::kUnknown;
  return answer;
}

// Sends a request, again after short waits as long as the last transaction is still
// being ended.
template <typename Effect>
TransactionAnswer SimTransactionClient::Request(simulation::Request request, const Effect& effect) {
  constexpr int kTries = 3;
  constexpr int64_t kWaitMs = 40;
  TransactionAnswer last;
  for (int i = 0; i < kTries; ++i) {
    const Answer answer = network_.Send(worker_, request, effect);
    if (answer.doubled || !answer.error) unanswered_ = true;
    if (!answer.error) {
      network_.Wait(kWaitMs);
      return {answer.unknown ? Kind::kUnknown : Kind::kRetry, "no answer"};
    }
    last = Translate(*answer.error);
    if (last.kind == Kind::kFenced) return Fenced(std::move(last));
    if (last.kind != Kind::kRetry) return last;
    network_.Wait(kWaitMs);
  }
  return last;
}

TransactionAnswer SimTransactionClient::Start() {
  const auto started = std::make_shared<Producer>();
  SimBroker& broker = network_.broker();
  TransactionAnswer answer =
      Request(Request::kInitProducer, [&broker, started, id = transactional_id_] {
        return broker.transactions().InitProducer(id, broker.now_ms(), started.get());
      });
  if (!answer.ok()) return answer;
  producer_ = *started;
  unanswered_ = false;
  opened_ = false;
  offsets_added_ = false;
  streams_.clear();
  return answer;
}

TransactionAnswer SimTransactionClient::Begin() {
  begun_ms_ = network_.broker().now_ms();
  opened_ = false;
  offsets_added_ = false;
  for (auto& [partition, stream] : streams_) {
    stream.added = false;
    stream.unsent.clear();
  }
  return {};
}

TransactionAnswer SimTransactionClient::Add(const LogId& partition) {
  SimBroker& broker = network_.broker();
  TransactionAnswer answer =
      Request(Request::kAddPartitions, [&broker, producer = producer_, partition] {
        return broker.transactions().AddPartitions(producer, {partition}, broker.now_ms());
      });
  opened_ = opened_ || answer.kind != Kind::kAbort;
  return answer;
}

TransactionAnswer SimTransactionClient::Produce(const publish::Output& output) {
  const LogId partition{output.topic, output.partition};
  Stream& stream = streams_[partition];
  if (!stream.added) {
    if (TransactionAnswer answer = Add(partition); !answer.ok()) return answer;
    stream.added = true;
  }
  if (stream.unsent.size() >= kBatchRecords) {
    if (TransactionAnswer answer = Send(partition, stream); !answer.ok()) return answer;
  }
  auto payload = std::make_shared<Payload>();
  payload->key = output.key;
  payload->value = output.value;
  payload->has_key = output.has_key;
  payload->has_value = output.has_value;
  if (output.headers != nullptr) payload->headers = *output.headers;
  stream.unsent.push_back(std::move(payload));
  return {};
}

TransactionAnswer SimTransactionClient::Send(const LogId& partition, Stream& stream) {
  if (stream.unsent.empty()) return {};
  SimBroker& broker = network_.broker();
  const TransactionAnswer answer = Request(
      Request::kProduce,
      [&broker, producer = producer_, partition, sequence = stream.next_sequence,
       batch = stream.unsent] { return broker.Produce(producer, partition, sequence, batch); });
  if (!answer.ok()) return answer;
  ++stream.next_sequence;
  stream.unsent.clear();
  return answer;
}

TransactionAnswer SimTransactionClient::SendOffsets(const runtime::Positions& positions) {
  if (positions.empty()) return {};
  if (!offsets_added_) {
    if (TransactionAnswer answer = Add(LogId{}); !answer.ok()) return answer;
    offsets_added_ = true;
  }
  SimBroker& broker = network_.broker();
  return Request(Request::kSendPositions,
                 [&broker, producer = producer_, membership = source_.membership(), positions] {
                   return broker.AddPositions(producer, membership, positions);
                 });
}

TransactionAnswer SimTransactionClient::Commit() {
  for (auto& [partition, stream] : streams_) {
    if (TransactionAnswer answer = Send(partition, stream); !answer.ok()) return answer;
  }
  return End(true);
}

TransactionAnswer SimTransactionClient::Abort() { return End(false); }

TransactionAnswer SimTransactionClient::End(bool commit) {
  if (!opened_) return {};
  SimBroker& broker = network_.broker();
  return Request(Request::kEndTransaction, [&broker, producer = producer_, commit] {
    return broker.transactions().EndTransaction(producer, commit, broker.now_ms());
  });
}

}  // namespace peakend::simulation
