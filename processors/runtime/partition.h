// One input partition: its clock, its customers and their deadlines.
//
// Record in, output records out; no thread, socket or clock. The outputs are a
// function of the records alone: neither batch sizes nor restarts change a byte.
//
// Thread-safety: none; used by one worker.
#ifndef PEAKEND_PROCESSORS_RUNTIME_PARTITION_H_
#define PEAKEND_PROCESSORS_RUNTIME_PARTITION_H_

#include <cstdint>
#include <string>

#include "processors/ingest/decoder.h"
#include "processors/journey/partition_clock.h"
#include "processors/publish/output.h"
#include "processors/publish/policy.h"
#include "processors/publish/step.h"
#include "processors/runtime/customer_table.h"
#include "processors/runtime/deadlines.h"
#include "processors/runtime/engine_stats.h"
#include "processors/runtime/source.h"
#include "processors/runtime/state_memory.h"

namespace peakend::runtime {

// What became of a record. Of a late, rejected or unmatched one the last output
// is the record itself, which the caller completes with its original headers.
enum class Outcome : uint8_t { kOk, kDuplicate, kLate, kRejected, kUnmatchedSurvey };
inline bool KeepsOriginal(Outcome outcome) {
  return outcome == Outcome::kLate || outcome == Outcome::kRejected ||
         outcome == Outcome::kUnmatchedSurvey;
}

class Partition {
 public:
  // `topic` names the input in source coordinates. `policy` must outlive this.
  Partition(int32_t id, std::string topic, const publish::Policy& policy);

  // Takes a record in. Outputs are appended, `stats` is added to.
  Outcome Process(const InputRecord& record, ingest::Decoder& decoder,
                  publish::OutputBatch& outputs, EngineStats& stats);

  // The input has ended: time goes to infinity, everything closes. No record may
  // follow.
  void Finish(publish::OutputBatch& outputs, EngineStats& stats);

  // Brings the state of the customer with this record key near the processor.
  void Prefetch(std::string_view key) const;

  // The alerts that the last record changed.
  const publish::StepCounts& last_counts() const { return counts_; }

  int64_t now_ms() const { return clock_.now_ms(); }
  int64_t watermark_ms() const {
    return clock_.WatermarkMs(policy_.windows.max_out_of_orderness_ms);
  }
  size_t customers() const { return customers_.size(); }
  int64_t open_journeys() const { return open_journeys_; }
  size_t state_bytes() const { return customers_.bytes() + deadlines_.bytes() + memory_.bytes(); }

 private:
  Outcome Take(const InputRecord& record, v1::InteractionEvent& event,
               publish::OutputBatch& outputs);
  Outcome ApplyTo(CustomerTable::Slot slot, const InputRecord& record,
                  const journey::EventFacts& facts, publish::OutputBatch& outputs);
  void FireDue(const publish::StepContext& context, publish::OutputBatch& outputs);
  void Schedule(CustomerTable::Slot slot);
  void ForgetIdle();
  publish::StepContext ContextOf(int64_t offset) const;
  void Keep(const InputRecord& record, publish::Topic topic, const ingest::Reject& reject,
            std::string_view stage, std::string_view reason, publish::OutputBatch& outputs) const;
  void AddCounts(EngineStats& stats);

  const int32_t id_;
  const std::string topic_;
  const publish::Policy& policy_;
  StateMemory memory_;
  publish::Step step_;
  journey::PartitionClock clock_;
  CustomerTable customers_;
  Deadlines deadlines_;
  int64_t forgot_at_ms_ = journey::PartitionClock::kUnset;
  int64_t open_journeys_ = 0;
  publish::StepCounts counts_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_PARTITION_H_
