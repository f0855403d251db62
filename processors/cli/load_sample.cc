#include "processors/cli/load_sample.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "benchmarks/load/event_feed.h"
#include "benchmarks/load/event_writer.h"

namespace peakend::cli {
namespace {

constexpr int64_t kPerPartition = 100;

load::LoadPart PartOf(const v1::LoadManifest& manifest) {
  return {.seed = manifest.seed(),
          .start_at_ms = manifest.start_at_ms(),
          .length_us = manifest.length_ms() * 1000,
          .shard = manifest.shard(),
          .shards = manifest.shards()};
}

}  // namespace

void LoadSample::Add(int32_t partition, const v1::InteractionEvent& event) {
  const std::optional<int64_t> due_us = load::DueOfEventId(event.event_id());
  if (!due_us || taken_[partition] == kPerPartition) return;
  ++taken_[partition];
  occurred_at_ms_.emplace(event.event_id(), event.occurred_at_ms());
  last_due_us_ = std::max(last_due_us_, *due_us);
}

std::string LoadSample::Difference(const std::vector<v1::LoadManifest>& manifests,
                                   const v1::LoadProfile& profile) const {
  if (occurred_at_ms_.empty()) return "";
  int64_t known = 0;
  int64_t same = 0;
  v1::InteractionEvent event;
  for (const v1::LoadManifest& manifest : manifests) {
    load::EventFeed feed(profile, PartOf(manifest));
    for (load::LoadRecord record; feed.Next(record) && record.due_us <= last_due_us_;) {
      if (record.bad) continue;
      event.ParseFromArray(record.value.data(), static_cast<int>(record.value.size()));
      const auto found = occurred_at_ms_.find(event.event_id());
      if (found == occurred_at_ms_.end()) continue;
      ++known;
      if (found->second == event.occurred_at_ms()) ++same;
    }
  }
  const v1::LoadManifest& first = manifests.front();
  if (known == 0) {
    return absl::StrFormat(
        "the topic's load is of another seed, profile or rate: none of its first %d events is of "
        "seed %d, profile %s at %g events a second",
        occurred_at_ms_.size(), first.seed(), first.profile(), first.rate());
  }
  if (same == 0) {
    return absl::StrCat("the topic's load is of seed ", first.seed(),
                        " as well, but began at another time than the manifest's");
  }
  return "";
}

}  // namespace peakend::cli
