// What a job leaves on its topics, state included, as lines that peakend_verify.py
// reads (--dump): the worker over a log in memory, with a few lives that end in order
// or in a crash, and a commit every few records. The last life crashes, so that some
// customers are not written yet.
//
//   changelog_dump POLICY EVENTS PARTITIONS SEED NOW_MS [MISTAKE]    EVENTS: lines of JSON
//
// With a MISTAKE (mutation.h) the engine makes it, and the oracle has to see it.
// The last line on stderr is what is committed, as --committed wants it.
#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/cli/event_reader.h"
#include "processors/publish/partitioner.h"
#include "processors/runtime/config/load.h"
#include "processors/runtime/config/policy_version.h"
#include "processors/runtime/memory_log.h"
#include "processors/runtime/mutation.h"
#include "processors/runtime/worker.h"

namespace peakend::runtime {
namespace {

std::string Quoted(std::string_view bytes, bool has_bytes) {
  return has_bytes ? absl::StrCat("\"", absl::Base64Escape({bytes.data(), bytes.size()}), "\"")
                   : "null";
}

void PrintRecord(publish::Topic topic, int64_t offset, int64_t timestamp_ms,
                 const publish::Output& record) {
  std::string headers;
  if (record.headers != nullptr) {
    headers =
        absl::StrJoin(*record.headers, ",", [](std::string* text, const publish::Header& header) {
          absl::StrAppend(text, "[\"", header.name, "\",", Quoted(header.value, header.has_value),
                          "]");
        });
  }
  std::cout << "{\"topic\":\"" << publish::kDefaultTopicNames[static_cast<size_t>(topic)]
            << "\",\"partition\":" << record.partition << ",\"offset\":" << offset
            << ",\"timestamp\":" << timestamp_ms
            << ",\"key_b64\":" << Quoted(record.key, record.has_key)
            << ",\"value_b64\":" << Quoted(record.value, record.has_value) << ",\"headers\":["
            << headers << "]}\n";
}

// Shows nobody what is not committed; a crash loses it.
class Transactions : public Sink {
 public:
  explicit Transactions(MemoryLog& log) : log_(log) {}

  absl::Status Append(const publish::OutputBatch& outputs) override {
    for (size_t i = 0; i < outputs.size(); ++i) open_.AppendFrom(outputs, i);
    return absl::OkStatus();
  }
  absl::Status Commit(const Positions& positions) override {
    for (size_t i = 0; i < open_.size(); ++i) {
      const publish::Output output = open_[i];
      PrintRecord(output.topic, ends_[{output.topic, output.partition}]++, 0, output);
    }
    absl::Status status = log_.Append(open_);
    if (status.ok()) status = log_.Commit(positions);
    open_.Clear();
    return status;
  }
  void Forget(absl::Span<const int32_t> /*partitions*/) override {}
  void Crash() { open_.Clear(); }

 private:
  MemoryLog& log_;
  publish::OutputBatch open_;
  std::map<std::pair<publish::Topic, int32_t>, int64_t> ends_;
};

void ReadInput(std::istream& in, int64_t now_ms, MemoryLog& log) {
  cli::EventReader events(in, cli::EventFormat::kJson);
  while (true) {
    const auto event = events.Next();
    if (!event.ok() || !event->has_value()) return;
    const cli::EventRecord& record = **event;
    if (record.malformed) continue;
    const int32_t partition = record.key ? publish::PartitionFor(*record.key, log.partitions()) : 0;
    log.Append(partition, {-1, now_ms, record.key, std::string(record.value), {}});
    const MemoryLog::Record& stored = log.input(partition).back();
    publish::Output shown{publish::Topic::kInput, partition, partition, {}, *stored.value};
    shown.has_key = stored.key.has_value();
    if (stored.key) shown.key = *stored.key;
    PrintRecord(publish::Topic::kInput, stored.offset, now_ms, shown);
  }
}

class Job {
 public:
  Job(MemoryLog& log, const publish::Policy& policy, uint64_t seed)
      : log_(log), policy_(policy), random_(seed), sink_(log) {
    options_.input_topic =
        std::string(publish::kDefaultTopicNames[static_cast<size_t>(publish::Topic::kInput)]);
    options_.input_partitions = log.partitions();
    options_.batch_records = 7;
    options_.commit_records = 20;
    options_.tick_interval = absl::InfiniteDuration();
    // A turn takes 5 ms.
    options_.checkpoint.interval = absl::Milliseconds(40 * (random_() % 4));
    options_.checkpoint.max_replay_records = 60;
  }

  absl::Status Run() {
    for (int life = 0; life < 4; ++life) {
      const absl::Status status =
          Live(1 + static_cast<int64_t>(random_() % 20), random_() % 2 == 0);
      if (!status.ok()) return status;
    }
    return Live(std::nullopt, true);
  }

 private:
  // From a restore to an end; without `turns` all is read and committed before.
  absl::Status Live(std::optional<int64_t> turns, bool crashes) {
    MemoryReader reader(log_);
    Worker worker(
        options_, policy_, {reader, sink_, log_, &log_},
        [this] { return absl::UnixEpoch() + absl::Milliseconds(5) * turns_; }, Hooks());
    reader.Listen(worker);
    for (int64_t turn = 0; !turns || turn < *turns; ++turn) {
      ++turns_;
      const absl::StatusOr<size_t> records = worker.RunOnce();
      if (!records.ok()) return records.status();
      if (*records == 0) break;
    }
    absl::Status status;
    if (!crashes || !turns) status = worker.Commit();
    if (!crashes && status.ok()) status = reader.Close();
    sink_.Crash();
    // The program itself says so; here others are to find out.
    if (digests_differed_ && Mutated(Mutation::kNone)) {
      return absl::DataLossError("the digests differ after a replay");
    }
    return status;
  }

  WorkerHooks Hooks() {
    WorkerHooks hooks;
    hooks.on_digest_difference = [this](int32_t) { digests_differed_ = true; };
    return hooks;
  }

  MemoryLog& log_;
  const publish::Policy& policy_;
  std::mt19937_64 random_;
  Transactions sink_;
  WorkerOptions options_;
  int64_t turns_ = 0;
  bool digests_differed_ = false;
};

bool Choose(std::string_view mistake) {
  const auto known = std::find(kMutationNames.begin(), kMutationNames.end(), mistake);
  if (known == kMutationNames.end()) return false;
  ChosenMutation() = static_cast<Mutation>(known - kMutationNames.begin());
  return true;
}

int Main(const std::string& policy_file, std::istream& events, int32_t partitions, uint64_t seed,
         int64_t now_ms) {
  std::ifstream file(policy_file);
  const std::string yaml{std::istreambuf_iterator<char>(file), {}};
  const auto source = LoadPolicy(policy_file, yaml);
  if (!source.ok()) return 65;
  const auto policy = publish::CompilePolicy(source.value(), PolicyVersionStamp(source.value()));
  if (!policy.ok()) return 65;
  MemoryLog log(partitions);
  ReadInput(events, now_ms, log);
  if (const absl::Status status = Job(log, *policy, seed).Run(); !status.ok()) {
    std::cerr << status << "\n";
    return 1;
  }
  std::string committed;
  for (int32_t id = 0; id < partitions; ++id) {
    absl::StrAppend(&committed, id == 0 ? "" : ",", id, ":",
                    std::max<int64_t>(0, *log.Committed(id)));
  }
  std::cerr << committed << "\n";
  return 0;
}

}  // namespace
}  // namespace peakend::runtime

int main(int argc, char** argv) {
  int32_t partitions = 0;
  uint64_t seed = 0;
  int64_t now_ms = 0;
  if (argc < 6 || argc > 7 || !absl::SimpleAtoi(argv[3], &partitions) || partitions < 1 ||
      !absl::SimpleAtoi(argv[4], &seed) || !absl::SimpleAtoi(argv[5], &now_ms) ||
      !peakend::runtime::Choose(argc == 7 ? argv[6] : "none")) {
    std::cerr << "changelog_dump POLICY EVENTS PARTITIONS SEED NOW_MS [MISTAKE]\n";
    return 64;
  }
  std::ifstream events(argv[2]);
  return peakend::runtime::Main(argv[1], events, partitions, seed, now_ms);
}
