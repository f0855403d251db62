#include "processors/cli/load_check.h"

#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "benchmarks/load/embedded.h"
#include "benchmarks/load/load_tally.h"
#include "benchmarks/load/profile.h"
#include "peakend/v1/interaction_event.pb.h"
#include "peakend/v1/load_manifest.pb.h"
#include "processors/cli/kafka_talk.h"
#include "processors/cli/load_sample.h"
#include "processors/cli/loaded_config.h"
#include "processors/cli/text_file.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/kafka_reader.h"

namespace peakend::cli {
namespace {

struct Sums {
  int64_t records = 0;
  int64_t bytes = 0;
  uint64_t digest = 0;
  std::map<int32_t, int64_t> by_partition;
};

std::optional<v1::LoadManifest> ReadManifest(const std::string& file, Invocation& call) {
  const absl::StatusOr<std::string> text = ReadTextFile(file);
  if (!text.ok()) {
    *call.err << "error: cannot read `" << file << "`: " << text.status().message() << "\n";
    return std::nullopt;
  }
  v1::LoadManifest manifest;
  const auto read = google::protobuf::util::JsonStringToMessage(*text, &manifest);
  if (!read.ok() || manifest.format() != 1 || !manifest.has_content()) {
    *call.err << "error: `" << file << "` is no manifest of a load: "
              << (read.ok() ? "it has no content" : std::string(read.message())) << "\n";
    return std::nullopt;
  }
  return manifest;
}

bool Add(const v1::LoadManifest& manifest, Sums& sums) {
  uint64_t digest = 0;
  if (!absl::SimpleHexAtoi(manifest.content().digest(), &digest)) return false;
  sums.records += manifest.content().records();
  sums.bytes += manifest.content().bytes();
  sums.digest += digest;
  for (const auto& [partition, records] : manifest.content().by_partition()) {
    sums.by_partition[partition] += records;
  }
  return true;
}

struct Promise {
  Sums sums;
  std::vector<v1::LoadManifest> manifests;
};

// Sums up what the manifests promise. Nullopt: the reason is on `call.err`.
std::optional<Promise> Promised(const std::vector<std::string>& files, Invocation& call) {
  Promise promise;
  std::optional<v1::LoadManifest> first;
  std::set<uint32_t> shards;
  for (const std::string& file : files) {
    const std::optional<v1::LoadManifest> manifest = ReadManifest(file, call);
    if (!manifest) return std::nullopt;
    if (!first) first = manifest;
    if (manifest->seed() != first->seed() || manifest->shards() != first->shards() ||
        manifest->profile_digest() != first->profile_digest()) {
      *call.err << "error: `" << file << "` is of another load (profile " << manifest->profile()
                << ", seed " << manifest->seed() << ") than `" << files[0] << "` (profile "
                << first->profile() << ", seed " << first->seed() << ")\n";
      return std::nullopt;
    }
    if (!manifest->void_because().empty()) {
      *call.err << "warning: `" << file << "` is of a void run: " << manifest->void_because(0)
                << "\n";
    }
    if (!shards.insert(manifest->shard()).second || !Add(*manifest, promise.sums)) {
      *call.err << "error: `" << file << "`: shard " << manifest->shard()
                << " was named before, or its digest is none\n";
      return std::nullopt;
    }
    promise.manifests.push_back(*manifest);
  }
  if (shards.size() != first->shards()) {
    *call.err << "error: manifests of " << shards.size() << " shards of " << first->shards()
              << ": name them all\n";
    return std::nullopt;
  }
  return promise;
}

// What a worker writes beside the events: ticks, hand-overs, policies.
bool IsControl(const std::string& value, v1::InteractionEvent* event) {
  return event->ParseFromString(value) && event->has_control();
}

absl::StatusOr<Sums> ReadTopic(const v1::Config& config, LoadSample& sample, Invocation& call) {
  auto reader = runtime::KafkaReader::Open(config, publish::InputTopicName(config.topics()),
                                           runtime::kBeginning, KafkaTalk(call), kClusterLimit);
  if (!reader.ok()) return reader.status();
  Sums sums;
  load::LoadTally tally;
  v1::InteractionEvent event;
  // A load may hold records that are none, of which protobuf tells the world.
  google::protobuf::LogSilencer silencer;
  while (!(*reader)->at_end()) {
    const auto records = (*reader)->Read(absl::Milliseconds(100), 5000);
    if (!records.ok()) return records.status();
    for (const runtime::StoredRecord& record : *records) {
      if (IsControl(record.value.value_or(""), &event)) continue;
      sample.Add(record.partition, event);
      tally.AddRecord(record.key.value_or(""), record.value.value_or(""));
      ++sums.by_partition[record.partition];
    }
  }
  sums.records = tally.records();
  sums.bytes = tally.bytes();
  sums.digest = tally.digest();
  return sums;
}

// The profile that a manifest is of, where it is at hand.
std::optional<v1::LoadProfile> ProfileOf(const v1::LoadManifest& manifest, LoadFlags flags,
                                         Invocation& call) {
  const auto& presets = load::Presets();
  const bool is_preset = std::any_of(presets.begin(), presets.end(), [&](const auto& preset) {
    return preset.name == manifest.profile();
  });
  if (flags.profile_file.empty() && !is_preset) return std::nullopt;
  flags.preset = manifest.profile();
  std::optional<v1::LoadProfile> profile = ReadLoadProfile(flags, call);
  if (!profile) return std::nullopt;
  profile->set_rate(manifest.rate());
  if (load::ProfileDigest(*profile) != manifest.profile_digest()) return std::nullopt;
  return profile;
}

}  // namespace

ExitCode CheckLoad(const LoadFlags& flags, Invocation& call) {
  const std::optional<LoadedConfig> loaded = LoadCallConfig(call);
  if (!loaded) return ExitCode::kConfigError;
  const std::optional<Promise> promise = Promised(flags.check, call);
  if (!promise) return ExitCode::kUsage;
  const Sums* const promised = &promise->sums;
  LoadSample sample;
  const absl::StatusOr<Sums> found = ReadTopic(loaded->config, sample, call);
  if (!found.ok()) return ReportKafkaError(found.status(), call);
  std::vector<std::string> differences;
  const auto compare = [&](const std::string& what, int64_t wanted, int64_t there) {
    if (wanted == there) return;
    differences.push_back(
        absl::StrCat(what, ": ", there, " in the topic, ", wanted, " by the manifest"));
  };
  compare("records", promised->records, found->records);
  compare("bytes", promised->bytes, found->bytes);
  std::map<int32_t, int64_t> there = found->by_partition;
  for (const auto& [partition, records] : promised->by_partition) {
    compare(absl::StrCat("records of partition ", partition), records, there[partition]);
  }
  if (promised->digest != found->digest) {
    differences.push_back(absl::StrFormat("digest: %016x in the topic, %016x by the manifest",
                                          found->digest, promised->digest));
  }
  for (const std::string& difference : differences) *call.out << difference << "\n";
  if (!differences.empty()) {
    const std::optional<v1::LoadProfile> profile =
        ProfileOf(promise->manifests.front(), flags, call);
    const std::string why = profile ? sample.Difference(promise->manifests, *profile) : "";
    if (!why.empty()) *call.out << why << "\n";
    return ExitCode::kChecksFailed;
  }
  *call.out << "the topic holds the load: " << found->records << " records, " << found->bytes
            << " bytes, digest " << absl::StrFormat("%016x", found->digest) << "\n";
  return ExitCode::kOk;
}

}  // namespace peakend::cli
