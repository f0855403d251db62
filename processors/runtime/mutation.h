// Deliberate mistakes, to find out whether the tests would notice them.
//
// In the program Mutated is a constant false and leaves nothing behind. The simulation
// compiles the engine once more with PEAKEND_MUTANTS and chooses one mistake at run time;
// each has to be caught (tests/simulation).
#ifndef PEAKEND_PROCESSORS_RUNTIME_MUTATION_H_
#define PEAKEND_PROCESSORS_RUNTIME_MUTATION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace peakend::runtime {

enum class Mutation : uint8_t {
  kNone,
  kSkipChangelogRecord,  // now and then a customer's record is not written
  kCommitBeforeFlush,    // positions are committed before the outputs they stand for
  kDropOnRevoke,         // what is pending is dropped when a partition is given up
  kDoubleAlert,          // an alert is written twice
  kForgetAbort,          // the outputs of an aborted transaction are not sent again
  kReuseEpoch,           // no new producer after a request without an answer
  kLoseTimer,            // a customer's deadline is not restored
  kOffByOneOffset,       // the position committed is one too high
  kLowWaterMarkTooHigh,  // replay starts one record too late
  kAppliedNotChecked,    // replay applies what a restored customer already contains
  kStubDroppedEarly,     // a removed customer is forgotten while replay can meet it
  kClockInStep,          // the step reads the worker's clock instead of the log's
  kDirtyMarkLost,        // an abort forgets which customers are to be written
  kSnapshotAhead,        // after a snapshot the changelog is read from too far on
  kSnapshotOnly,         // what a snapshot holds is not written to the changelog
  kForgetByDestination,  // outputs go with the partition they are written to, not their cause's
  kKeepLocal,            // who is recalled takes events in before the part is back
  kNoBounce,             // a host keeps events of who has left
  kRowVersionLost,       // who leaves forgets the versions of the rows that are withdrawn
  kClockByForwarded,     // a forwarded event moves the clock of the host's partition
  kPolicyNotRestored,    // after a restore the policy of the file counts again
};
inline constexpr std::array<std::string_view, 22> kMutationNames = {"none",
                                                                    "skip_changelog_record",
                                                                    "commit_before_flush",
                                                                    "drop_on_revoke",
                                                                    "double_alert",
                                                                    "forget_abort",
                                                                    "reuse_epoch",
                                                                    "lose_timer",
                                                                    "off_by_one",
                                                                    "low_water_mark",
                                                                    "applied_not_checked",
                                                                    "stub_dropped_early",
                                                                    "clock_in_step",
                                                                    "dirty_mark_lost",
                                                                    "snapshot_ahead",
                                                                    "snapshot_only",
                                                                    "forget_by_destination",
                                                                    "keep_local",
                                                                    "no_bounce",
                                                                    "row_version_lost",
                                                                    "clock_by_forwarded",
                                                                    "policy_not_restored"};

#ifdef PEAKEND_MUTANTS
inline Mutation& ChosenMutation() {
  static Mutation chosen = Mutation::kNone;
  return chosen;
}
inline bool Mutated(Mutation mutation) { return ChosenMutation() == mutation; }
// A worker's clock that the engine may not read, for kClockInStep.
inline int64_t& ForbiddenClockMs() {
  static int64_t now_ms = 0;
  return now_ms;
}
#else
constexpr bool Mutated(Mutation /*mutation*/) { return false; }
constexpr int64_t ForbiddenClockMs() { return 0; }
#endif

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_MUTATION_H_
