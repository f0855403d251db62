#include "processors/cli/input_stretch.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "processors/publish/partitioner.h"

namespace peakend::cli {
namespace {

// Through the row of the journey alone.
InputStretch OfCustomer(const ExplainSubject& subject, int32_t partitions) {
  if (subject.journey) {
    return {subject.journey->source().partition(), subject.journey->source().offset()};
  }
  if (subject.alert) {
    const v1::Alert& row = *subject.alert;
    if (absl::StrCat(row.tenant_id(), "/", row.customer_id()) == subject.customer_key) {
      return {row.source().partition(), row.source().offset()};
    }
  }
  return {publish::PartitionFor(subject.customer_key, partitions), InputStretch::kAll};
}

}  // namespace

std::vector<InputStretch> StretchesFor(const ExplainSubject& subject, int32_t partitions) {
  std::vector<InputStretch> stretches = {OfCustomer(subject, partitions)};
  for (const auto& [partition, last] : subject.alert_sources) {
    if (partition == stretches.front().partition) {
      stretches.front().last = std::max(stretches.front().last, last);
    } else {
      stretches.push_back({partition, last});
    }
  }
  return stretches;
}

}  // namespace peakend::cli
