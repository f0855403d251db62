// How long does a partition take to come back, and what does it cost to be prepared?
//   changelog  records of customers, restored from the changelog's bytes
//   snapshot   the same from a file on this machine's disk, as it is after a restart
//   copy       the pause of the worker for one piece of a snapshot
//   replay     events processed again behind the low-water mark, compared with the same
//              events processed for the first time
// One partition, no Kafka. No figure is printed when what came back is not what was
// there.
//
//   restore_benchmark [CUSTOMERS] [FOLDER]

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "benchmarks/contact_day.h"
#include "benchmarks/figure.h"
#include "benchmarks/workload.h"
#include "processors/ingest/decoder.h"
#include "processors/runtime/partition.h"
#include "processors/runtime/snapshot_folder.h"
#include "processors/runtime/snapshot_walk.h"

namespace peakend::benchmarks {
namespace {

using runtime::Partition;

constexpr int64_t kReplayEvents = 300'000;
constexpr size_t kOpenContacts = 100;
const size_t kPieceBytes = runtime::SnapshotWalkOptions().piece_bytes;

[[noreturn]] void Fail(const std::string& problem) {
  std::cerr << "restore_benchmark: " << problem << "\n";
  std::exit(EXIT_FAILURE);
}

struct Event {
  std::string key;
  std::string value;
};

// The log, of which only the last events are kept.
class Log {
 public:
  explicit Log(uint64_t customers) : day_(customers, kOpenContacts, 7) {}

  Event Next() {
    const v1::InteractionEvent& event = day_.Next();
    return {absl::StrCat(event.tenant_id(), "/", event.customer().customer_id()),
            event.SerializeAsString()};
  }

 private:
  ContactDay day_;
};

class Engine {
 public:
  explicit Engine(Partition& partition) : partition_(partition) {}

  void Process(int64_t offset, const Event& event) {
    runtime::InputRecord record;
    record.offset = offset;
    record.key = event.key;
    record.value = event.value;
    record.has_key = record.has_value = true;
    partition_.Process(record, decoder_, outputs_, stats_);
    if (offset % 1000 == 999) outputs_.Clear();
  }

 private:
  Partition& partition_;
  ingest::Decoder decoder_{ingest::Limits{}};
  publish::OutputBatch outputs_;
  runtime::EngineStats stats_;
};

// The partition as it stood at `position`, and the events that follow.
struct Setup {
  int64_t position = 0;
  size_t customers = 0;
  publish::OutputBatch changelog;
  std::vector<Event> next;
};

std::unique_ptr<Partition> NewPartition(const publish::Policy& policy) {
  return std::make_unique<Partition>(0, "in", policy, runtime::Durability::kChangelog);
}

// Restores the changelog's bytes; returns the seconds that it took.
double RestoreChangelog(const Setup& setup, Partition& partition) {
  const double begin = ThreadCpuSeconds();
  for (size_t i = 0; i < setup.changelog.size(); ++i) {
    const publish::Output output = setup.changelog[i];
    const absl::Status status =
        partition.Restore({output.key, output.value, output.has_value, static_cast<int64_t>(i), 0});
    if (!status.ok()) Fail(std::string(status.message()));
  }
  return ThreadCpuSeconds() - begin;
}

void Check(const Setup& setup, const Partition& partition) {
  if (partition.customers() != setup.customers || partition.digest_differs()) {
    Fail(absl::StrCat(partition.customers(), " customers came back of ", setup.customers,
                      partition.digest_differs() ? ", and the digest differs" : ""));
  }
}

void MeasureChangelog(const Setup& setup, const publish::Policy& policy) {
  const std::unique_ptr<Partition> partition = NewPartition(policy);
  const double restore = RestoreChangelog(setup, *partition);
  const double begin = ThreadCpuSeconds();
  partition->Resume(setup.position, setup.position);
  const double resume = ThreadCpuSeconds() - begin;
  Check(setup, *partition);
  const auto records = static_cast<double>(setup.changelog.size());
  std::cout << absl::StrFormat(
      "changelog  %.2f s, %.0f thousand records/s, of it %.2f s to resume; %.0f bytes a record\n",
      restore + resume, records / (restore + resume) / 1e3, resume,
      static_cast<double>(setup.changelog.bytes()) / records);
}

// Copies all customers; returns the pauses, sorted.
std::vector<double> WriteSnapshot(const Setup& setup, Partition& partition,
                                  runtime::SnapshotStore& store) {
  std::vector<double> pauses;
  publish::OutputBatch outputs;
  store.Begin({.partition = 0, .changelog_offset = 0, .begun_at = absl::Now()});
  std::optional<runtime::CustomerTable::Slot> slot = 0;
  std::string piece;
  while (slot) {
    const absl::Time begin = absl::Now();
    slot = partition.CopyState(*slot, setup.position, kPieceBytes, piece, outputs);
    pauses.push_back(absl::ToDoubleMilliseconds(absl::Now() - begin));
    while (!store.Add(piece)) std::this_thread::yield();
  }
  store.Finish(setup.position);
  std::optional<absl::Status> outcome;
  while (!outcome) {
    std::this_thread::yield();
    outcome = store.Outcome();
  }
  if (!outcome->ok()) Fail(std::string(outcome->message()));
  std::sort(pauses.begin(), pauses.end());
  return pauses;
}

void MeasureSnapshot(const Setup& setup, const publish::Policy& policy, const std::string& folder) {
  runtime::SnapshotFolder store({folder, "group", "in"}, absl::Now);
  {
    const std::unique_ptr<Partition> partition = NewPartition(policy);
    RestoreChangelog(setup, *partition);
    partition->Resume(setup.position, setup.position);
    const absl::Time begin = absl::Now();
    const std::vector<double> pauses = WriteSnapshot(setup, *partition, store);
    const auto at = [&](double share) {
      return pauses[static_cast<size_t>(share * static_cast<double>(pauses.size() - 1))];
    };
    std::cout << absl::StrFormat(
        "copy       pause p50 %.2f ms, p99 %.2f, p99.9 %.2f, longest %.2f; %d pieces, all on disk "
        "after %.2f s\n",
        at(0.5), at(0.99), at(0.999), pauses.back(), pauses.size(),
        absl::ToDoubleSeconds(absl::Now() - begin));
  }
  const std::unique_ptr<Partition> partition = NewPartition(policy);
  const absl::Time begin = absl::Now();
  const auto read = store.Read(
      0, [&](const runtime::ChangelogRecord& record) { return partition->Restore(record); });
  if (!read.ok()) Fail(std::string(read.status().message()));
  // The progress record is what the changelog adds to it.
  const publish::Output progress = setup.changelog[setup.changelog.size() - 1];
  if (!partition->Restore({progress.key, progress.value, true, 0, 0}).ok()) Fail("no progress");
  partition->Resume(setup.position, setup.position);
  const double seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  Check(setup, *partition);
  std::cout << absl::StrFormat("snapshot   %.2f s on the wall, %.0f thousand records/s\n", seconds,
                               static_cast<double>(setup.customers) / seconds / 1e3);
}

// Processes the events that follow, for the first time or again.
double Follow(const Setup& setup, const publish::Policy& policy, bool again) {
  const std::unique_ptr<Partition> partition = NewPartition(policy);
  RestoreChangelog(setup, *partition);
  partition->Resume(setup.position, setup.position + (again ? kReplayEvents : 0));
  Engine engine(*partition);
  const double begin = ThreadCpuSeconds();
  for (int64_t i = 0; i < kReplayEvents; ++i) {
    engine.Process(setup.position + i, setup.next[static_cast<size_t>(i)]);
  }
  return ThreadCpuSeconds() - begin;
}

Setup Prepare(uint64_t customers, const publish::Policy& policy) {
  Setup setup;
  Log log(customers);
  const std::unique_ptr<Partition> partition = NewPartition(policy);
  Engine engine(*partition);
  while (partition->customers() < customers) {
    engine.Process(setup.position++, log.Next());
    if (setup.position % 1'000'000 == 0) {
      std::cerr << "\r" << partition->customers() << " customers" << std::flush;
    }
  }
  std::cerr << "\n";
  partition->WriteAllState(
      setup.position, [] { return true; }, setup.changelog);
  setup.customers = partition->customers();
  for (int64_t i = 0; i < kReplayEvents; ++i) setup.next.push_back(log.Next());
  return setup;
}

int Main(int argc, char** argv) {
  const int64_t customers = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
  const std::string folder =
      argc > 2 ? argv[2] : (std::filesystem::temp_directory_path() / "peakend-restore").string();
  if (customers < 1000) {
    std::cerr << "restore_benchmark [CUSTOMERS, at least 1000] [FOLDER]\n";
    return EXIT_FAILURE;
  }
  const publish::Policy policy = ShippedPolicy();
  const Setup setup = Prepare(static_cast<uint64_t>(customers), policy);
  std::cout << absl::StrFormat("%d customers after %d events, one partition\n", setup.customers,
                               setup.position);
  for (int round = 0; round < 3; ++round) {
    MeasureChangelog(setup, policy);
    MeasureSnapshot(setup, policy, folder);
    const double first = Follow(setup, policy, false);
    const double again = Follow(setup, policy, true);
    std::cout << absl::StrFormat(
        "replay     %.0f ns/event, the first time %.0f: %.2f of the normal speed\n",
        again * 1e9 / kReplayEvents, first * 1e9 / kReplayEvents, first / again);
  }
  std::filesystem::remove_all(folder);
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace peakend::benchmarks

int main(int argc, char** argv) { return peakend::benchmarks::Main(argc, argv); }
