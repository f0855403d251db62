// One input partition: its clock, its customers and their deadlines.
//
// Record in, output records out; no thread, socket or clock. The outputs are a
// function of the records alone: neither batch sizes nor restarts change a byte. So is the policy:
// one that stands in the log counts from its record on.
//
// A durable partition also keeps book of what a changelog must hold (Checkpoint)
// and can be restored from one: records of customers first, then Resume, then the
// log from the low-water mark. Records before the committed position are processed
// again without outputs; a record at or below its customer's `applied` changes
// nothing for that customer, but moves the clock.
//
// Thread-safety: none; used by one worker.
#ifndef PEAKEND_PROCESSORS_RUNTIME_PARTITION_H_
#define PEAKEND_PROCESSORS_RUNTIME_PARTITION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "processors/alerts/budget.h"
#include "processors/ingest/decoder.h"
#include "processors/journey/baseline_board.h"
#include "processors/journey/notice_board.h"
#include "processors/journey/partition_clock.h"
#include "processors/publish/identity_records.h"
#include "processors/publish/output.h"
#include "processors/publish/policy.h"
#include "processors/publish/statistics_board.h"
#include "processors/publish/step.h"
#include "processors/runtime/changelog.h"
#include "processors/runtime/checkpoint.h"
#include "processors/runtime/config/policy_record.h"
#include "processors/runtime/customer_table.h"
#include "processors/runtime/deadlines.h"
#include "processors/runtime/engine_stats.h"
#include "processors/runtime/mutation.h"
#include "processors/runtime/policy_board.h"
#include "processors/runtime/source.h"
#include "processors/runtime/state_memory.h"

namespace peakend::runtime {

// What became of a record. Of a late, rejected or unmatched one the last output
// is the record itself, which the caller completes with its original headers.
enum class Outcome : uint8_t {
  kOk,
  kDuplicate,
  kLate,
  kRejected,
  kUnmatched,
  kReplayed,
  kIdentity,  // said between customers, or an event that goes on to where its part is
};
inline bool KeepsOriginal(Outcome outcome) {
  return outcome == Outcome::kLate || outcome == Outcome::kRejected ||
         outcome == Outcome::kUnmatched;
}

// Whether a partition's state is written to a changelog.
enum class Durability : uint8_t { kNone, kChangelog };

class Partition {
 public:
  // `topic` names the input in source coordinates; it has `partitions`, which decide where
  // a record for another customer goes. `policy` counts until the log states one, which `compile`
  // is for; it must outlive this. `rows` says which rows for warehouses are written.
  Partition(int32_t id, std::string topic, const publish::Policy& policy,
            Durability durability = Durability::kNone, int32_t partitions = 1,
            PolicyCompiler compile = CompileRecordedPolicy, const publish::RowSettings& rows = {});

  // --- Restoring, before the first record ---

  // Takes a record of a snapshot or of the changelog in; of one key the last counts, so
  // the order is the snapshot first, then that of the changelog. Errors: DataLoss = damaged;
  // FailedPrecondition = a newer format.
  absl::Status Restore(const ChangelogRecord& record);
  // The newest progress record seen by Restore; null when there is none.
  const v1::ProgressRecord* restored_progress() const {
    return restored_progress_ ? &*restored_progress_ : nullptr;
  }
  // All is restored: the log is read on from `start` (the low-water mark, or the
  // start of the log), and outputs of records before `committed` were written by
  // somebody before. A start above the low-water mark means that records are lost.
  void Resume(int64_t start, int64_t committed);
  // True while records before the committed position are processed again.
  bool replaying() const { return replaying_; }
  // After a replay: whether its outputs were those that were written. A difference
  // is a defect of determinism (or another version of the program).
  bool digest_differs() const { return digest_differs_; }

  // --- Processing ---

  // Takes a record in. Outputs are appended, `stats` is added to.
  Outcome Process(const InputRecord& record, ingest::Decoder& decoder,
                  publish::OutputBatch& outputs, EngineStats& stats);

  // The input has ended: time goes to infinity, everything closes. No record may
  // follow.
  void Finish(publish::OutputBatch& outputs, EngineStats& stats);

  // Brings the state of the customer with this record key near the processor.
  void Prefetch(std::string_view key) const;

  // Appends the records that make a commit of `position` complete: customers that
  // are due, and progress. REQUIRES: durable and not replaying.
  void WriteState(int64_t position, absl::Time at, const CheckpointOptions& options,
                  publish::OutputBatch& outputs);
  // The same with all customers who changed, while `go_on` says so.
  void WriteAllState(int64_t position, const std::function<bool()>& go_on,
                     publish::OutputBatch& outputs);

  // False while some customers are restored further than the log was processed.
  bool CanBeShown() const { return !replaying_ && applied_.empty(); }
  // The same of a partition that keeps its state.
  bool CanBeCopied() const { return durable_ && CanBeShown(); }
  // Copies customers into a piece of a snapshot, from slot `from` on and until it holds
  // about `max_bytes`, as of a commit of `position`; call it before that commit's
  // WriteState. Returns where to go on, nullopt when all are copied.
  // REQUIRES: CanBeCopied().
  std::optional<CustomerTable::Slot> CopyState(CustomerTable::Slot from, int64_t position,
                                               size_t max_bytes, std::string& piece,
                                               publish::OutputBatch& outputs);
  // The value of the customer's record as of a commit of `position`; nullopt = there is
  // nobody with this key. REQUIRES: CanBeShown().
  std::optional<std::string> RecordOf(std::string_view key, int64_t position);

  // The clock that makes the next deadline due; kEndOfTime when there is none.
  int64_t NextDueMs();

  // The alerts that the last record changed.
  const publish::StepCounts& last_counts() const { return counts_; }

  // Of the input.
  int32_t partitions() const { return partitions_; }
  int64_t now_ms() const { return clock_.now_ms(); }
  int64_t watermark_ms() const {
    return clock_.WatermarkMs(policy().windows.max_out_of_orderness_ms);
  }
  // Which policy counts. Names in last_counts() stay valid as long as the one before it does.
  const PolicyBoard& policies() const { return policies_; }
  const publish::Policy& policy() const { return policies_.current(); }
  size_t customers() const { return customers_.size(); }
  // Customers who changed since their record was written.
  size_t unwritten() const { return checkpoint_.dirty(); }
  int64_t open_journeys() const { return open_journeys_; }
  // What was announced to many and may still count.
  size_t notices() const { return notices_.size(); }
  size_t state_bytes() const { return customers_.bytes() + deadlines_.bytes() + memory_.bytes(); }

 private:
  // Whose event it is: a customer's own, or that of a guest of theirs.
  struct Whose {
    uint64_t hash = 0;  // of the customer's key
    std::string_view tenant_id;
    std::string_view customer_id;
    std::string_view origin;  // the guest; empty = the customer's own
  };

  Outcome Take(const InputRecord& record, const ingest::EventView& event, ingest::Decoder& decoder,
               publish::OutputBatch& outputs);
  // What the engine takes in of an event that stands at `offset`.
  journey::EventFacts FactsOf(const ingest::EventView& event, int64_t offset) const;
  // `late` where it came to its customer's partition too late; `record` is kept as it is where
  // it is of no use.
  Outcome TakeFacts(const Whose& whose, const InputRecord& record, const journey::EventFacts& facts,
                    bool late, publish::OutputBatch& outputs);
  Outcome TakeControl(const InputRecord& record, const ingest::EventView& event,
                      publish::OutputBatch& outputs);
  Outcome ApplyTo(CustomerTable::Slot slot, const InputRecord& record,
                  const journey::EventFacts& facts, const publish::StepContext& context,
                  publish::OutputBatch& outputs);

  // --- Another policy: partition_policy.cc ---

  Outcome TakePolicy(const InputRecord& record, const v1::PolicyRecord& stated,
                     publish::OutputBatch& outputs);
  // Lets the policy that counts be used by all that depend on it.
  void UsePolicy();
  // Looks at everybody who is not idle: once as `before` leaves them, once as the policy finds
  // them that counts now.
  void LookAtAll(publish::Step& before, const publish::StepContext& context,
                 publish::OutputBatch& outputs);
  void LookAt(CustomerTable::Slot slot, publish::Step& before, const publish::StepContext& context,
              publish::OutputBatch& outputs);

  // --- Customers who may be linked: partition_identity.cc ---

  // Tells the homes of the identities that an event names. REQUIRES: the policy links.
  void SayIdentities(const InputRecord& record, const ingest::EventView& event,
                     publish::OutputBatch& outputs);
  // Sends the customer's part where their label says, or for it.
  void Move(publish::CustomerState& customer, int64_t offset, publish::OutputBatch& outputs);
  std::optional<CustomerTable::Slot> WhoIsAway(const Whose& whose);
  // Sends an event of who is away on to their host.
  Outcome Forward(CustomerTable::Slot slot, const InputRecord& record, int64_t at_ms, bool late,
                  publish::OutputBatch& outputs);
  Outcome TakeIdentity(const InputRecord& record, const ingest::EventView& event,
                       ingest::Decoder& decoder, publish::OutputBatch& outputs);
  // All kinds but a forwarded event.
  void Hear(publish::CustomerState& customer, int64_t offset, const v1::IdentityRecord& said,
            publish::OutputBatch& outputs);
  void HearLabel(publish::CustomerState& customer, int64_t offset,
                 const journey::LabelMessage& heard, publish::OutputBatch& outputs);
  Outcome TakeForwarded(CustomerTable::Slot slot, const InputRecord& record,
                        const v1::IdentityRecord& said, ingest::Decoder& decoder,
                        publish::OutputBatch& outputs);
  // The customer is spoken of now.
  publish::CustomerIdentity& Speak(publish::CustomerState& customer);
  publish::IdentitySender SenderOf(const publish::CustomerState& customer) const;
  // Whether the customer waits for their part from `host`.
  static bool IsOwed(const publish::CustomerState& customer, std::string_view host);
  Outcome Reject(const InputRecord& record, const ingest::Reject& reject,
                 publish::OutputBatch& outputs);

  void FireDue(const publish::StepContext& context, publish::OutputBatch& outputs);
  // Counts the contacts that steps found ended, and writes the rows of the windows that are
  // over at a watermark.
  void CountSamples();
  void CloseStatistics(int64_t watermark_ms, int64_t offset, publish::OutputBatch& outputs);
  // The clock that makes the next deadline of a customer due.
  int64_t NextDeadlineMs();
  // False for one that is out of date.
  bool IsNoted(const Deadline& deadline);
  void Schedule(CustomerTable::Slot slot);
  void ForgetIdle(int64_t watermark_before_ms, int64_t offset);
  void FinishReplay();
  absl::Status RestoreCustomer(const ChangelogRecord& record);
  // The customer's restored state holds the record at `offset` already.
  bool Holds(CustomerTable::Slot slot, int64_t offset) const {
    return slot < applied_.size() && applied_[slot] >= offset &&
           !Mutated(Mutation::kAppliedNotChecked);
  }
  // What the records of a commit of `position` depend on.
  Checkpoint::Moment MomentOf(int64_t position, absl::Time at);
  // Appends what the changelog keeps besides customers and progress, once these have been
  // written for a commit of `position`.
  void WriteBoards(int64_t position, publish::OutputBatch& outputs);
  // The customer changed and wrote the outputs from number `begin` on.
  void Account(CustomerTable::Slot slot, int64_t offset, const publish::OutputBatch& outputs,
               size_t begin);
  // The same for outputs of no customer.
  void AccountUnowned(int64_t offset, const publish::OutputBatch& outputs, size_t begin);
  publish::StepContext ContextOf(int64_t offset, std::string_view origin = {}) const;
  void Keep(const InputRecord& record, publish::Topic topic, const ingest::Reject& reject,
            std::string_view stage, std::string_view reason, publish::OutputBatch& outputs);
  void Count(Outcome outcome, v1::RejectReason reason, EngineStats& stats);
  void AddCounts(EngineStats& stats);

  const int32_t id_;
  const std::string topic_;
  const int32_t partitions_;
  PolicyBoard policies_;
  StateMemory memory_;
  const publish::RowSettings rows_;
  std::unique_ptr<publish::Step> step_;
  journey::PartitionClock clock_;
  CustomerTable customers_;
  Deadlines deadlines_;
  alerts::Budget budget_;
  journey::NoticeBoard notices_;
  journey::BaselineBoard baselines_;
  publish::StatisticsBoard statistics_;
  int64_t open_journeys_ = 0;
  publish::StepCounts counts_;
  int64_t stored_at_ms_ = 0;  // broker timestamp of the record at hand
  v1::RejectReason rejected_for_ = v1::REJECT_REASON_UNSPECIFIED;  // the last record that was

  const bool durable_;
  Checkpoint checkpoint_;
  uint64_t digest_ = 0;                                     // of all outputs
  int64_t clock_before_ = journey::PartitionClock::kUnset;  // before the record at hand
  // Restoring and replaying.
  publish::CustomerRecordReader reader_;
  std::optional<v1::ProgressRecord> restored_progress_;
  std::vector<int64_t> applied_;  // by slot; empty once nobody is ahead of the log
  int64_t applied_max_ = -1;
  int64_t committed_ = 0;
  bool replaying_ = false;
  bool replays_all_ = false;  // from the low-water mark on
  bool digest_differs_ = false;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_PARTITION_H_
