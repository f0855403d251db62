// State is a cache of the log: whatever is committed, written lazily, copied into
// snapshots, lost in a crash and restored, the committed outputs are those of one
// undisturbed run (10,000 random histories).
//
// The changelog here is a list of committed records, so this pins the algorithm of
// Partition and Checkpoint down; brokers and their faults are the simulation's part.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "processors/runtime/partition.h"
#include "processors/runtime/snapshot_piece.h"
#include "tests/runtime/engine/random_stream.h"
#include "tests/runtime/engine/stream.h"
#include "tests/simulation/random_policy.h"

namespace peakend::runtime {
namespace {

struct Stored {
  std::string key;
  std::string value;
  bool has_value = true;
  int64_t offset = 0;  // in the changelog
};

// What links customers of `policy`, slowed like it.
publish::Identities RandomLinks(const publish::Policy& policy) {
  publish::Identities identities;
  identities.rules.repeat_after_minutes =
      std::max<int64_t>(1, policy.windows.memory_ms / 60'000 / 4);
  identities.types = {{"customer"}, {"phone", false, 3}, {"device", false, 2}};
  return identities;
}

// Some customers begin with ~, and say whose phone they use or who they are.
void Link(Random& random, v1::InteractionEvent& event) {
  v1::Customer& customer = *event.mutable_customer();
  const std::string& name = customer.customer_id();
  if (name.empty()) return;
  const int64_t number = name.back() - '0';
  if (number % 4 != 0) customer.set_customer_id("~" + name);
  if (Draw(random, 0, 3) > 0) return;
  v1::Identity& identity = *customer.add_identities();
  static constexpr const char* kTypes[] = {"phone", "phone", "device", "customer"};
  identity.set_type(kTypes[Draw(random, 0, 3)]);
  const bool names = identity.type() == "customer";
  identity.set_value(names ? "c0" : std::to_string((number + Draw(random, 0, 1)) / 2));
}

// Now and then another policy begins to count, or would if it were one.
std::vector<Stored> WithPolicies(uint64_t seed, std::vector<Stored> log) {
  simulation::Random random(seed);
  if (random.Percent(40)) return log;
  std::vector<Stored> with;
  for (Stored& stored : log) {
    if (random.Percent(3)) with.push_back({"", simulation::VariedPolicyRecord(random)});
    with.push_back(std::move(stored));
  }
  return with;
}

// One partition's input, as bytes.
std::vector<Stored> RandomLog(Random& random, int64_t factor, bool links) {
  StreamShape shape;
  shape.customers = Draw(random, 1, 8);
  shape.max_events = 120;
  std::vector<v1::InteractionEvent> events = Shuffle(random, RandomStream(random, shape));
  for (const v1::InteractionEvent& notice : RandomAnnouncements(random, 0, 60'000)) {
    const auto later = std::find_if(events.begin(), events.end(), [&](const auto& event) {
      return event.occurred_at_ms() > notice.occurred_at_ms();
    });
    events.insert(later, notice);
  }
  events = Slowed(Duplicate(random, std::move(events)), factor);
  std::vector<Stored> log;
  int64_t pause_ms = 0;
  for (v1::InteractionEvent& event : events) {
    // Long enough at times for customers to be forgotten.
    if (Draw(random, 0, 39) == 0) {
      pause_ms += factor * (Draw(random, 0, 1) == 0 ? 3'000 : 30'000);
    }
    event.set_occurred_at_ms(event.occurred_at_ms() + pause_ms);
    if (links) Link(random, event);
    std::string value = event.SerializeAsString();
    if (Draw(random, 0, 29) == 0) value.resize(value.size() / 2);
    log.push_back({"acme/" + event.customer().customer_id(), value});
  }
  return log;
}

InputRecord RecordAt(const std::vector<Stored>& log, int64_t offset) {
  const Stored& stored = log[static_cast<size_t>(offset)];
  InputRecord record;
  record.offset = offset;
  record.key = stored.key;
  record.value = stored.value;
  record.has_key = record.has_value = true;
  return record;
}

void Take(const publish::OutputBatch& batch, std::vector<Stored>& outputs,
          std::vector<Stored>& changelog) {
  for (size_t i = 0; i < batch.size(); ++i) {
    const publish::Output output = batch[i];
    std::vector<Stored>& place = output.topic == publish::Topic::kState ? changelog : outputs;
    const int64_t offset = place.empty() ? 0 : place.back().offset + 1;
    place.push_back({std::string(output.key), std::string(output.value), output.has_value, offset});
  }
}

// Keeps the newest record of some keys, as a broker may at any time. Tombstones from
// offset `young` on stay.
std::vector<Stored> Compact(Random& random, const std::vector<Stored>& changelog, int64_t young) {
  std::map<std::string, size_t> newest;
  for (size_t i = 0; i < changelog.size(); ++i) newest[changelog[i].key] = i;
  std::vector<Stored> kept;
  for (size_t i = 0; i < changelog.size(); ++i) {
    // A tombstone outlives what it removes.
    const size_t last = newest[changelog[i].key];
    if (last == i || (changelog[last].has_value && Draw(random, 0, 2) == 0)) {
      kept.push_back(changelog[i]);
    }
  }
  std::erase_if(kept, [&](const Stored& stored) {
    return !stored.has_value && stored.offset < young && !changelog[newest[stored.key]].has_value &&
           Draw(random, 0, 1) == 0;
  });
  return kept;
}

// One partition under a policy, with all that is durable about it.
class History {
 public:
  History(uint64_t seed, const publish::Policy& policy, int64_t factor)
      : policy_(policy),
        random_(seed),
        log_(WithPolicies(seed, RandomLog(random_, factor, policy.identities.has_value()))),
        compile_([&policy, factor](const v1::PolicyRecord& record) {
          auto varied = simulation::CompileVaried(policy, record);
          // Its windows are of milliseconds; those that link keep what they had.
          return varied.ok() && !policy.identities ? Slowed(*std::move(varied), factor) : varied;
        }) {
    const int64_t interval = Draw(random_, 0, 3);
    options_.interval = absl::Milliseconds(interval == 0 ? 0 : 20 * interval);
    options_.max_replay_records = Draw(random_, 1, 60);
  }

  // One run over `log`, which holds what was sent to other customers as well.
  std::vector<Stored> Undisturbed(const std::vector<Stored>& log) {
    Partition partition(0, "events", policy_, Durability::kNone, 1, compile_);
    std::vector<Stored> outputs;
    publish::OutputBatch batch;
    for (int64_t offset = 0; offset < static_cast<int64_t>(log.size()); ++offset) {
      partition.Process(RecordAt(log, offset), decoder_, batch, stats_);
    }
    Take(batch, outputs, changelog_);
    return outputs;
  }

  // Lives until the log is processed; returns the committed outputs.
  std::vector<Stored> Disturbed() {
    while (!Live()) {
    }
    return outputs_;
  }

  // What was sent to other customers stands behind what producers wrote before.
  const std::vector<Stored>& log() const { return log_; }
  bool digest_differed() const { return digest_differed_; }
  int restores() const { return restores_; }
  int restores_from_snapshot() const { return restores_from_snapshot_; }

 private:
  int64_t Size() const { return static_cast<int64_t>(log_.size()); }

  // From a restore to a crash; true when all is committed.
  bool Live() {
    Partition partition(0, "events", policy_, Durability::kChangelog, 1, compile_);
    if (Draw(random_, 0, 2) == 0) {
      // A snapshot is not used for so long that tombstones written since could be gone.
      const int64_t young = snapshot_ ? snapshot_->changelog_offset : INT64_MAX;
      changelog_ = Compact(random_, changelog_, young);
    }
    Restore(partition);
    const v1::ProgressRecord* progress = partition.restored_progress();
    int64_t offset = progress != nullptr ? progress->low_water_mark() : 0;
    if (progress != nullptr) {
      EXPECT_EQ(progress->committed_offset(), committed_);
    }
    partition.Resume(offset, committed_);
    ++restores_;
    publish::OutputBatch batch;
    for (; offset < Size(); ++offset) {
      partition.Process(RecordAt(log_, offset), decoder_, batch, stats_);
      if (offset + 1 == committed_) digest_differed_ |= partition.digest_differs();
      if (offset < committed_) continue;
      if (Draw(random_, 0, 2) == 0 || offset + 1 == Size()) {
        if (Draw(random_, 0, 7) == 0) return false;  // before the commit
        Commit(partition, offset + 1, batch);
        if (Draw(random_, 0, 9) == 0) return false;  // after it
      }
    }
    return committed_ == Size();
  }

  void Restore(Partition& partition) {
    const auto take = [&](std::string_view key, std::string_view value, bool has_value) {
      const absl::Status status = partition.Restore({key, value, has_value, 0, 0});
      EXPECT_TRUE(status.ok()) << status;
      return status;
    };
    // What was being copied when the last life ended is gone; the rest may be lost.
    copying_.reset();
    if (snapshot_ && Draw(random_, 0, 3) == 0) snapshot_.reset();
    if (snapshot_) {
      const auto take_customer = [&](std::string_view key, std::string_view value) {
        return take(key, value, true);
      };
      EXPECT_TRUE(ForEachSnapshotRecord(snapshot_->records, take_customer).ok());
      ++restores_from_snapshot_;
    }
    for (const Stored& stored : changelog_) {
      if (snapshot_ && stored.offset < snapshot_->changelog_offset) continue;
      take(stored.key, stored.value, stored.has_value).IgnoreError();
    }
  }

  // Copies a few customers at a time, over many commits.
  void Copy(Partition& partition, int64_t position, publish::OutputBatch& batch) {
    if (!partition.CanBeCopied() || Draw(random_, 0, 2) == 0) return;
    if (!copying_) {
      const int64_t end = changelog_.empty() ? 0 : changelog_.back().offset + 1;
      copying_ = Copied{end, 0, {}};
    }
    const size_t size = copying_->records.size();
    const auto bytes = static_cast<size_t>(Draw(random_, 1, 300));
    copying_->next =
        partition.CopyState(*copying_->next, position, size + bytes, copying_->records, batch);
  }

  void Commit(Partition& partition, int64_t position, publish::OutputBatch& batch) {
    Copy(partition, position, batch);
    const absl::Time at = absl::FromUnixMillis(position);
    if (Draw(random_, 0, 9) == 0) {
      int64_t chunks = Draw(random_, 0, 1);
      partition.WriteAllState(
          position, [&] { return chunks-- > 0; }, batch);
    } else {
      partition.WriteState(position, at, options_, batch);
    }
    Take(batch, outputs_, changelog_);
    for (size_t i = 0; i < batch.size(); ++i) {
      if (batch[i].topic != publish::Topic::kInput) continue;
      log_.push_back({std::string(batch[i].key), std::string(batch[i].value)});
    }
    batch.Clear();
    committed_ = position;
    if (copying_ && !copying_->next) snapshot_ = std::exchange(copying_, std::nullopt);
  }

  const publish::Policy& policy_;
  Random random_;
  std::vector<Stored> log_;
  const PolicyCompiler compile_;
  CheckpointOptions options_;
  ingest::Decoder decoder_{ingest::Limits{}};
  EngineStats stats_;
  int64_t committed_ = 0;
  std::vector<Stored> outputs_;
  std::vector<Stored> changelog_;
  struct Copied {
    int64_t changelog_offset = 0;
    std::optional<CustomerTable::Slot> next;
    std::string records;
  };
  std::optional<Copied> copying_;
  std::optional<Copied> snapshot_;
  int restores_from_snapshot_ = 0;
  bool digest_differed_ = false;
  int restores_ = 0;
};

TEST(RecoveryPropertyTest, CommittedOutputsAreThoseOfAnUndisturbedRun) {
  int64_t restores = 0;
  int64_t restores_from_snapshot = 0;
  size_t sent = 0;
  for (int seed = 0; seed < Cases(); ++seed) {
    const int64_t factor = seed % 2 == 0 ? 1 : kSlow;
    publish::Policy policy = Slowed(SmallWindows(), factor);
    if (seed % 3 == 0) policy.identities = RandomLinks(policy);
    History undisturbed(static_cast<uint64_t>(seed), policy, factor);
    History disturbed(static_cast<uint64_t>(seed), policy, factor);
    const size_t natives = disturbed.log().size();
    const std::vector<Stored> actual = disturbed.Disturbed();
    const std::vector<Stored> expected = undisturbed.Undisturbed(disturbed.log());
    sent += disturbed.log().size() - natives;
    ASSERT_EQ(actual.size(), expected.size()) << "seed " << seed;
    for (size_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ(actual[i].key, expected[i].key) << "seed " << seed << ", output " << i;
      ASSERT_EQ(actual[i].value, expected[i].value) << "seed " << seed << ", output " << i;
    }
    ASSERT_FALSE(disturbed.digest_differed()) << "seed " << seed;
    restores += disturbed.restores();
    restores_from_snapshot += disturbed.restores_from_snapshot();
  }
  // Else nothing was tried.
  EXPECT_GT(restores, 2 * Cases());
  EXPECT_GT(restores_from_snapshot, Cases() / 2);
  EXPECT_GT(sent, static_cast<size_t>(Cases()));
}

}  // namespace
}  // namespace peakend::runtime
