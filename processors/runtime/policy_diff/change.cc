#include "processors/runtime/policy_diff/change.h"

#include <array>

namespace peakend::runtime {

std::string_view ChangeKindName(ChangeKind kind) {
  static constexpr std::array<std::string_view, kChangeKinds> kNames = {
      "added", "removed", "renamed", "moved", "changed"};
  return kNames[static_cast<size_t>(kind)];
}

}  // namespace peakend::runtime
