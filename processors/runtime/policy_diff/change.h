// One difference between two policies, as a value.
//
// Thread-safety: values.
#ifndef PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_CHANGE_H_
#define PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_CHANGE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "processors/runtime/policy_diff/effect.h"

namespace peakend::runtime {

enum class ChangeKind : uint8_t { kAdded, kRemoved, kRenamed, kMoved, kChanged };
inline constexpr size_t kChangeKinds = 5;

// "added", "removed", "renamed", "moved", "changed".
std::string_view ChangeKindName(ChangeKind kind);

struct Change {
  ChangeKind kind = ChangeKind::kChanged;
  // The field of the policy that it is in, such as "rules"; "name" and the like for
  // what stands at the top.
  std::string section;
  // Which row of a list: "score_low", "queue_wait, tier gold". Empty = the section itself.
  std::string subject;
  // What of it: "enter". Empty = all of it.
  std::string field;
  // As people write values; empty = absent. Of a row that was added or removed: what it
  // says beside its subject and its defaults. Of one that was renamed: the names. Of one
  // that was moved: `after` is the row that it passed.
  std::string before = {};
  std::string after = {};
  Effect effect = Effect::kNone;

  friend bool operator==(const Change&, const Change&) = default;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_POLICY_DIFF_CHANGE_H_
