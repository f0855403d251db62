// What a worker says about one of its customers; its loop stands in worker.cc.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/runtime/worker.h"

namespace peakend::runtime {

absl::StatusOr<CommittedRecord> Worker::Describe(std::string_view key) {
  if (uncommitted_ > 0) return absl::UnavailableError("the newest records are not committed yet");
  std::vector<int32_t> ready;
  std::vector<int32_t> replaying;
  for (auto& [id, owned] : owned_) {
    // A customer may be restored further than the position says.
    if (!owned.partition->CanBeShown()) {
      replaying.push_back(id);
      continue;
    }
    ready.push_back(id);
    std::optional<std::string> value = owned.partition->RecordOf(key, owned.next_offset);
    if (value) {
      return CommittedRecord{id, owned.next_offset, *std::move(value),
                             owned.partition->policies().shared()};
    }
  }
  if (!replaying.empty()) {
    return absl::UnavailableError(
        absl::StrCat("not ready: this worker is still replaying, in partitions ",
                     absl::StrJoin(replaying, ", "), ", and the customer may be there"));
  }
  if (ready.empty()) {
    return absl::NotFoundError("this worker owns no partitions; another worker may hold them");
  }
  return absl::NotFoundError(absl::StrCat("no such customer in the partitions of this worker, ",
                                          absl::StrJoin(ready, ", "),
                                          "; another worker may hold them"));
}

}  // namespace peakend::runtime
