// A machine's disk and the snapshots on it. A disk outlives its processes.
//
// Thread-safety: none.
#ifndef PEAKEND_TESTS_SIMULATION_SIM_SNAPSHOTS_H_
#define PEAKEND_TESTS_SIMULATION_SIM_SNAPSHOTS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "processors/runtime/snapshot_store.h"
#include "tests/simulation/network.h"

namespace peakend::simulation {

class SimDisk {
 public:
  struct File {
    runtime::Snapshot snapshot;
    std::vector<std::string> pieces;
    bool damaged = false;  // from the middle on
  };
  enum class Damage : uint8_t { kLost, kDamaged, kGoneBack, kFull };

  // kFull lasts until the next call, or until there is room.
  void Suffer(Damage damage);
  void MakeRoom() { full_ = false; }
  // Replaces the partition's snapshot; false when the disk is full.
  bool Put(File file);
  const File* Get(int32_t partition) const;
  void Remove(int32_t partition) { files_.erase(partition); }

 private:
  std::map<int32_t, File> files_;
  std::map<int32_t, File> before_;  // the files that these replaced
  bool full_ = false;
};

class SimSnapshots : public runtime::SnapshotStore {
 public:
  // Both must outlive the store.
  SimSnapshots(Network& network, SimDisk& disk) : network_(network), disk_(disk) {}

  absl::StatusOr<runtime::Snapshot> Read(
      int32_t partition,
      const std::function<absl::Status(const runtime::ChangelogRecord&)>& take) override;
  void Discard(int32_t partition) override { disk_.Remove(partition); }
  void Begin(const runtime::Snapshot& snapshot) override;
  bool Add(std::string& piece) override;
  void Finish(int64_t committed) override;
  void Abandon() override { writing_.reset(); }
  std::optional<absl::Status> Outcome() override;

 private:
  Network& network_;
  SimDisk& disk_;
  std::optional<SimDisk::File> writing_;
  int64_t done_at_ms_ = 0;  // 0 = not finished
  bool busy_ = false;
};

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_SIM_SNAPSHOTS_H_
