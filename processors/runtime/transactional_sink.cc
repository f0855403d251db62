#include "processors/runtime/transactional_sink.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/runtime/crash_point.h"
#include "processors/runtime/mutation.h"

namespace peakend::runtime {
namespace {

using Kind = TransactionAnswer::Kind;

bool Contains(absl::Span<const int32_t> partitions, int32_t partition) {
  return std::find(partitions.begin(), partitions.end(), partition) != partitions.end();
}

// Removes the outputs for which `keep` is false; returns whether there were any.
template <typename Keep>
bool KeepIf(const Keep& keep, publish::OutputBatch& batch) {
  publish::OutputBatch kept;
  for (size_t i = 0; i < batch.size(); ++i) {
    if (keep(batch[i])) kept.AppendFrom(batch, i);
  }
  if (kept.size() == batch.size()) return false;
  std::swap(batch, kept);
  return true;
}

// What these partitions caused; what others wrote for them stays theirs to write.
bool Remove(absl::Span<const int32_t> partitions, publish::OutputBatch& batch) {
  const auto of = [](const publish::Output& output) {
    return Mutated(Mutation::kForgetByDestination) ? output.partition : output.cause;
  };
  return KeepIf([&](const publish::Output& output) { return !Contains(partitions, of(output)); },
                batch);
}

// Starting again does not help, only a person can.
absl::Status InputRefused(const publish::Output& output) {
  return absl::InvalidArgumentError(absl::StrCat(
      "the input topic will never take a record of ", output.value.size(), " bytes that partition ",
      output.cause, " writes into its partition ", output.partition,
      " and that must not be lost: raise its max.message.bytes, or allow us to write there"));
}

// For a mutation only: a customer's key has a slash.
[[maybe_unused]] bool IsNoCustomer(const publish::Output& output) {
  return output.topic != publish::Topic::kState || output.key.find('/') == std::string_view::npos;
}

}  // namespace

TransactionalSink::TransactionalSink(TransactionClient& client, Progress& progress,
                                     OnUndeliverable on_undeliverable)
    : client_(client), progress_(progress), on_undeliverable_(std::move(on_undeliverable)) {}

absl::Status TransactionalSink::Append(const publish::OutputBatch& outputs) {
  for (size_t i = 0; i < outputs.size(); ++i) {
    pending_.AppendFrom(outputs, i);
    const bool alert = outputs[i].topic == publish::Topic::kAlerts;
    if (Mutated(Mutation::kDoubleAlert) && alert) pending_.AppendFrom(outputs, i);
  }
  return absl::OkStatus();
}

absl::Status TransactionalSink::Commit(const Positions& positions) {
  // What was sealed before must come first, and unchanged.
  if (absl::Status status = CommitSealed(); !status.ok()) return status;
  if (absl::Status status = LearnCommitted(positions); !status.ok()) return status;
  std::swap(sealed_, pending_);
  std::set<int32_t> writers;
  for (size_t i = 0; i < sealed_.size(); ++i) writers.insert(sealed_[i].cause);
  for (const auto& [partition, position] : positions) {
    const bool moved = committed_.at(partition) != position;
    if (!moved && !writers.contains(partition)) continue;
    sealed_positions_[partition] = position + (Mutated(Mutation::kOffByOneOffset) ? 1 : 0);
  }
  return CommitSealed();
}

absl::Status TransactionalSink::LearnCommitted(const Positions& positions) {
  for (const auto& [partition, position] : positions) {
    if (committed_.contains(partition)) continue;
    const absl::StatusOr<int64_t> known = progress_.Committed(partition);
    if (!known.ok()) return known.status();
    committed_[partition] = *known;
  }
  return absl::OkStatus();
}

absl::Status TransactionalSink::CommitSealed() {
  while (!sealed_.empty() || !sealed_positions_.empty() || phase_ != Phase::kIdle) {
    if (absl::Status status = Advance(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// One request, and what follows from its answer.
absl::Status TransactionalSink::Advance() {
  switch (phase_) {
    case Phase::kNoProducer: {
      const TransactionAnswer answer = client_.Start();
      if (answer.ok()) ++stats_.producers;
      return Take(answer, outcome_unknown_ ? Phase::kUnresolved : Phase::kIdle);
    }
    case Phase::kUnresolved:
      return Resolve();
    case Phase::kIdle:
      produced_ = 0;
      // A request of the last transaction may still be on its way into this one.
      if (client_.HasUnansweredRequest() && !Mutated(Mutation::kReuseEpoch)) {
        phase_ = Phase::kNoProducer;
        return absl::OkStatus();
      }
      renumbered_ = false;
      CrashPoint(CrashAt::kBeforeBegin);
      return Take(client_.Begin(), Phase::kOpen);
    case Phase::kOpen:
      return ProduceRest();
    case Phase::kOffsets: {
      CrashPoint(CrashAt::kBeforeSendOffsets);
      const TransactionAnswer answer = client_.SendOffsets(sealed_positions_);
      CrashPoint(CrashAt::kAfterSendOffsets);
      return Take(answer, Phase::kCommitting);
    }
    case Phase::kCommitting: {
      CrashPoint(CrashAt::kBeforeCommit);
      const TransactionAnswer answer = client_.Commit();
      CrashPoint(CrashAt::kAfterCommit);
      if (answer.ok()) Committed();
      return Take(answer, Phase::kIdle);
    }
    case Phase::kAborting: {
      CrashPoint(CrashAt::kBeforeAbort);
      const TransactionAnswer answer = client_.Abort();
      if (answer.ok()) ++stats_.aborts;
      if (answer.ok() && Mutated(Mutation::kForgetAbort)) sealed_.Clear();
      if (answer.ok() && Mutated(Mutation::kDirtyMarkLost)) KeepIf(IsNoCustomer, sealed_);
      return Take(answer, Phase::kIdle);
    }
  }
  return absl::InternalError("unknown phase");
}

absl::Status TransactionalSink::ProduceRest() {
  if (Mutated(Mutation::kCommitBeforeFlush) && !sealed_positions_.empty()) {
    phase_ = Phase::kOffsets;
    return absl::OkStatus();
  }
  for (; produced_ < sealed_.size(); ++produced_) {
    CrashPoint(CrashAt::kBeforeProduce);
    const TransactionAnswer answer = client_.Produce(sealed_[produced_]);
    CrashPoint(CrashAt::kAfterProduce);
    if (!answer.ok()) return Take(answer, Phase::kOpen);
  }
  phase_ = Phase::kOffsets;
  return absl::OkStatus();
}

absl::Status TransactionalSink::Take(const TransactionAnswer& answer, Phase next) {
  switch (answer.kind) {
    case Kind::kOk:
      phase_ = next;
      return absl::OkStatus();
    case Kind::kRetry:
      return absl::UnavailableError(answer.message);
    case Kind::kAbort:
      phase_ = Phase::kAborting;
      if (absl::Status status = DropUndeliverable(); !status.ok()) return status;
      // The reason may be a rebalance, which only the next poll can serve.
      return absl::UnavailableError(answer.message);
    case Kind::kUnknown:
      // Only a commit can have taken effect; anything else is simply done again.
      if (phase_ == Phase::kCommitting) {
        outcome_unknown_ = true;
        ++stats_.unknown_outcomes;
      }
      phase_ = Mutated(Mutation::kReuseEpoch) && outcome_unknown_ ? Phase::kUnresolved
                                                                  : Phase::kNoProducer;
      return absl::UnavailableError(answer.message);
    case Kind::kFenced:
    case Kind::kFatal:
      return absl::FailedPreconditionError(answer.message);
  }
  return absl::InternalError("unknown answer");
}

// A new producer runs, so the transaction in doubt has ended one way or the other.
absl::Status TransactionalSink::Resolve() {
  bool in = false;
  bool out = false;
  for (const auto& [partition, position] : sealed_positions_) {
    // One that stands where it stood tells nothing.
    if (position == committed_.at(partition)) continue;
    const absl::StatusOr<int64_t> now = progress_.Committed(partition);
    if (!now.ok()) return now.status();
    (*now >= position ? in : out) = true;
  }
  if (in && out) return absl::InternalError("half of a transaction was committed");
  outcome_unknown_ = false;
  phase_ = Phase::kIdle;
  // When no position moved it is done again: there are only state records and ticks
  // in it, which do no harm twice.
  if (in) Committed();
  return absl::OkStatus();
}

void TransactionalSink::Committed() {
  ++stats_.commits;
  for (const auto& [partition, position] : sealed_positions_) committed_[partition] = position;
  const bool outputs_follow = Mutated(Mutation::kCommitBeforeFlush) && !sealed_positions_.empty();
  if (!outputs_follow) sealed_.Clear();
  sealed_positions_.clear();
}

absl::Status TransactionalSink::DropUndeliverable() {
  const std::vector<size_t> numbers = client_.Undeliverable();
  // What was forgotten meanwhile has moved the others: the next transaction tells again.
  if (numbers.empty() || renumbered_) return absl::OkStatus();
  // Whoever reads the input goes by what stands there: without a record of it their state
  // would be another one for good.
  for (const size_t number : numbers) {
    if (sealed_[number].topic == publish::Topic::kInput) return InputRefused(sealed_[number]);
  }
  const std::set<size_t> leave(numbers.begin(), numbers.end());
  publish::OutputBatch kept;
  for (size_t i = 0; i < sealed_.size(); ++i) {
    if (!leave.contains(i)) {
      kept.AppendFrom(sealed_, i);
      continue;
    }
    ++stats_.undeliverable;
    if (on_undeliverable_) on_undeliverable_(sealed_[i]);
  }
  std::swap(sealed_, kept);
  return absl::OkStatus();
}

void TransactionalSink::Forget(absl::Span<const int32_t> partitions) {
  for (const int32_t partition : partitions) {
    committed_.erase(partition);
    sealed_positions_.erase(partition);
  }
  Remove(partitions, pending_);
  const bool removed = Remove(partitions, sealed_);
  renumbered_ |= removed;
  const bool in_transaction = phase_ == Phase::kOpen || phase_ == Phase::kOffsets;
  if (removed && in_transaction) {
    phase_ = Phase::kAborting;
    // At once, so that readers do not wait for it; a failure is met again later.
    CommitSealed().IgnoreError();
  }
}

}  // namespace peakend::runtime
