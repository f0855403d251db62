// Exactly once: outputs, state records and positions in one transaction.
//
// The rules, over a TransactionClient:
// - Stable id, Start before the first transaction: what a dead process left open
//   is ended at once.
// - A batch is sealed when Commit is first called for it and is never changed by
//   later Appends: a commit that is repeated commits the same.
// - Abort = the same outputs again in a new transaction. The engine is a function of
//   the log, so reading and processing the records once more could only give
//   these very bytes; nothing is rolled back and nothing is read again.
// - Outcome unknown (no answer), or a transactional request unanswered: the producer
//   is given up and a new one started, which fences whatever is still under way.
//   Then the committed positions tell whether the batch is in.
// - Every transaction carries the positions of every partition whose records caused
//   what is in it, wherever that is written to. A partition that was lost takes what it
//   caused with it (Forget); if that is in the open transaction already, it is aborted.
// - An output that no broker will ever take is left behind; one for the input is not: then
//   nothing more is committed.
//
// Thread-safety: none; owned by one worker.
#ifndef PEAKEND_PROCESSORS_RUNTIME_TRANSACTIONAL_SINK_H_
#define PEAKEND_PROCESSORS_RUNTIME_TRANSACTIONAL_SINK_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "processors/publish/output.h"
#include "processors/runtime/progress.h"
#include "processors/runtime/sink.h"
#include "processors/runtime/transaction_client.h"

namespace peakend::runtime {

class TransactionalSink : public Sink {
 public:
  struct Stats {
    int64_t commits = 0;
    int64_t aborts = 0;
    int64_t unknown_outcomes = 0;  // no answer: resolved by a new producer
    int64_t producers = 0;         // started, the first included
    int64_t undeliverable = 0;     // outputs that no broker will ever take
  };
  // Told of each output that is left behind: its topic, partition and size.
  using OnUndeliverable = std::function<void(const publish::Output&)>;

  // Both must outlive the sink. `progress` is asked before the first commit
  // for a partition, and when an outcome is unknown.
  TransactionalSink(TransactionClient& client, Progress& progress,
                    OnUndeliverable on_undeliverable);

  absl::Status Append(const publish::OutputBatch& outputs) override;
  absl::Status Commit(const Positions& positions) override;
  void Forget(absl::Span<const int32_t> partitions) override;

  const Stats& stats() const { return stats_; }

 private:
  // What the open transaction of the client is at.
  enum class Phase : uint8_t {
    kNoProducer,  // Start comes next
    kUnresolved,  // started after an unknown outcome: ask the committed positions
    kIdle,        // no transaction
    kOpen,        // begun; `produced_` outputs are in it
    kOffsets,     // SendOffsets was called and not answered yet
    kCommitting,  // Commit was called and not answered yet
    kAborting,    // Abort is to be called, or was and is not answered yet
  };

  // Of each partition, where it stands before our first commit for it.
  absl::Status LearnCommitted(const Positions& positions);
  absl::Status CommitSealed();
  absl::Status Advance();
  absl::Status Resolve();
  absl::Status ProduceRest();
  absl::Status Take(const TransactionAnswer& answer, Phase next);
  absl::Status DropUndeliverable();
  void Committed();

  TransactionClient& client_;
  Progress& progress_;
  const OnUndeliverable on_undeliverable_;
  Phase phase_ = Phase::kNoProducer;
  bool outcome_unknown_ = false;
  bool renumbered_ = false;       // something of sealed_ was forgotten since it was produced
  publish::OutputBatch sealed_;   // what the next commit is about
  Positions sealed_positions_;    // empty = nothing is sealed
  publish::OutputBatch pending_;  // appended since
  size_t produced_ = 0;           // outputs of sealed_ in the open transaction
  Positions committed_;           // the newest; by us, or found
  Stats stats_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_TRANSACTIONAL_SINK_H_
