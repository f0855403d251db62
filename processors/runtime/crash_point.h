// Named places where a worker can be made to die, for tests/faults.
//
// In the program CrashPoint is empty. The fault harness compiles the engine's loop
// once more with PEAKEND_CRASH_POINTS: the environment's PEAKEND_CRASH_AT=NAME:N then
// ends the process, without any clean-up, at the N-th passing of that place.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CRASH_POINT_H_
#define PEAKEND_PROCESSORS_RUNTIME_CRASH_POINT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace peakend::runtime {

enum class CrashAt : uint8_t {
  kBeforeAppend,
  kAfterAppend,
  kBeforeBegin,
  kBeforeProduce,
  kAfterProduce,
  kBeforeSendOffsets,
  kAfterSendOffsets,
  kBeforeCommit,
  kAfterCommit,
  kBeforeAbort,
  kAfterChangelogRead,
  kAfterResume,
  kInReplay,
  kBeforeTick,
  kBeforeRevoke,
  kBeforeSnapshotRename,
};
inline constexpr std::array<std::string_view, 16> kCrashPointNames = {
    "before_append", "after_append",        "before_begin",       "before_produce",
    "after_produce", "before_send_offsets", "after_send_offsets", "before_commit",
    "after_commit",  "before_abort",        "after_changelog",    "after_resume",
    "in_replay",     "before_tick",         "before_revoke",      "before_snapshot_rename"};

#ifdef PEAKEND_CRASH_POINTS
void CrashPoint(CrashAt place);
#else
constexpr void CrashPoint(CrashAt /*place*/) {}
#endif

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CRASH_POINT_H_
