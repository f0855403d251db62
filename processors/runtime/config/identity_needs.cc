#include "processors/runtime/config/identity_needs.h"

#include "absl/strings/str_cat.h"
#include "processors/runtime/config/problems.h"

namespace peakend::runtime {
namespace {

// Twice the piece into which a part is cut, which may exceed it by one element.
constexpr uint64_t kLeastRecordBytes = 512 * 1024;

}  // namespace

std::vector<Diagnostic> CheckIdentityNeeds(const v1::Policy& policy, const v1::Config& config,
                                           const Origins& origins, RunsOn on) {
  Problems problems(nullptr);
  if (policy.identities().empty()) return {};
  if (config.ingest().max_record_bytes() < kLeastRecordBytes) {
    problems.Error(WrittenOrigin(origins, {"ingest.max_record_bytes"}),
                   {"PE0050",
                    "`ingest.max_record_bytes` must be at least 512KiB where the policy has "
                    "`identities`",
                    "what is a customer's own goes to another as records of the input, which "
                    "would be rejected; raise it, the default is 1MiB"});
  }
  if (on == RunsOn::kKafka && config.delivery() == "at_least_once") {
    problems.Error(
        WrittenOrigin(origins, {"delivery"}),
        {"PE0051", "`delivery: at_least_once` does not go with `identities` in the policy",
         "a part that is handed over twice would count twice; use exactly_once, or a "
         "policy without `identities`"});
  }
  return problems.Take();
}

}  // namespace peakend::runtime
