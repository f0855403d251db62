// The first events of a topic, by which another load than the one that was promised shows: their
// ids follow from profile, rate and seed, their times also from when the load began.
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_PROCESSORS_CLI_LOAD_SAMPLE_H_
#define PEAKEND_PROCESSORS_CLI_LOAD_SAMPLE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "peakend/v1/interaction_event.pb.h"
#include "peakend/v1/load_manifest.pb.h"
#include "peakend/v1/load_profile.pb.h"

namespace peakend::cli {

class LoadSample {
 public:
  // The next event of that partition; bounded, later ones are passed over.
  void Add(int32_t partition, const v1::InteractionEvent& event);

  // What the manifests of a load of `profile`, which has their digest, do not explain, in words:
  // that the events are of another seed, or of a load that began at another time. Empty = they are
  // of this load, or there are none of any. Generates the load as far as the sample goes.
  std::string Difference(const std::vector<v1::LoadManifest>& manifests,
                         const v1::LoadProfile& profile) const;

 private:
  absl::flat_hash_map<std::string, int64_t> occurred_at_ms_;  // by event id
  std::map<int32_t, int64_t> taken_;                          // by partition
  int64_t last_due_us_ = -1;
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_LOAD_SAMPLE_H_
