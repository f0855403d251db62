#include "processors/cli/load_options.h"

#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "benchmarks/load/embedded.h"
#include "benchmarks/load/profile.h"
#include "processors/cli/loaded_config.h"
#include "processors/cli/new_file.h"
#include "processors/cli/text_file.h"
#include "processors/publish/json.h"
#include "processors/runtime/config/nearest_name.h"

namespace peakend::cli {
namespace {

constexpr double kMostSpeed = 100'000;
constexpr absl::Duration kLeastDuration = absl::Microseconds(1);
constexpr absl::Duration kMostDuration = absl::Hours(24 * 400);
constexpr double kMostRate = 5e6;
constexpr uint32_t kMostShards = 10'000;

// One field of the flags that cannot be read.
void Refuse(Invocation& call, absl::string_view flag, absl::string_view text,
            absl::string_view wanted) {
  *call.err << "error: " << flag << " cannot be `" << text << "`: " << wanted << "\n";
}

std::optional<absl::Duration> ReadDuration(absl::string_view flag, const std::string& text,
                                           absl::Duration least, Invocation& call) {
  absl::Duration duration;
  const absl::string_view form = "a duration such as 90s, 10m or 8h";
  if (!absl::ParseDuration(text, &duration) || duration < least || duration > kMostDuration) {
    Refuse(call, flag, text, form);
    return std::nullopt;
  }
  return duration;
}

std::optional<double> ReadNumber(absl::string_view flag, absl::string_view text, double most,
                                 Invocation& call) {
  double number = 0;
  if (!absl::SimpleAtod(text, &number) || !(number > 0) || number > most) {
    Refuse(call, flag, text, absl::StrCat("a number above 0 and not above ", most));
    return std::nullopt;
  }
  return number;
}

bool ReadShard(const std::string& text, load::LoadPart& part) {
  const std::vector<absl::string_view> pieces = absl::StrSplit(text, '/');
  return pieces.size() == 2 && absl::SimpleAtoi(pieces[0], &part.shard) &&
         absl::SimpleAtoi(pieces[1], &part.shards) && part.shard >= 1 &&
         part.shard <= part.shards && part.shards <= kMostShards;
}

}  // namespace

std::optional<v1::LoadProfile> ReadLoadProfile(const LoadFlags& flags, Invocation& call) {
  std::string name = flags.profile_file;
  std::string yaml;
  if (!name.empty()) {
    absl::StatusOr<std::string> text = ReadTextFile(name);
    if (!text.ok()) {
      *call.err << "error: cannot read `" << name << "`: " << text.status().message() << "\n";
      return std::nullopt;
    }
    yaml = *std::move(text);
  } else {
    std::vector<std::string> names;
    for (const load::Preset& preset : load::Presets()) {
      names.emplace_back(preset.name);
      if (preset.name == flags.preset) yaml = std::string(preset.yaml);
    }
    if (yaml.empty()) {
      *call.err << "error: there is no preset `" << flags.preset << "`"
                << "; there are: " << absl::StrJoin(names, " ") << "\n";
      return std::nullopt;
    }
    name = flags.preset + ".yaml";
  }
  auto profile = load::ReadProfile(name, yaml);
  PrintDiagnostics(profile.diagnostics(), call);
  if (!profile.ok()) return std::nullopt;
  return std::move(profile).value();
}

std::optional<LoadOptions> ReadLoadFlags(const LoadFlags& flags, Invocation& call) {
  LoadOptions options;
  std::optional<v1::LoadProfile> profile = ReadLoadProfile(flags, call);
  if (!profile) return std::nullopt;
  options.profile = *std::move(profile);
  if (!flags.rate.empty()) {
    const std::optional<double> rate =
        ReadNumber("--rate", absl::StripSuffix(flags.rate, "/s"), kMostRate, call);
    if (!rate) return std::nullopt;
    options.profile.set_rate(*rate);
  }
  absl::string_view speed_text = flags.speed;
  absl::ConsumeSuffix(&speed_text, "x");
  const std::optional<double> speed = ReadNumber("--speed", speed_text, kMostSpeed, call);
  const auto duration = ReadDuration("--duration", flags.duration, kLeastDuration, call);
  const auto late = ReadDuration("--most-late", flags.most_late, kLeastDuration, call);
  const auto warm_up = ReadDuration("--warm-up", flags.warm_up, absl::ZeroDuration(), call);
  if (!speed || !duration || !late || !warm_up) return std::nullopt;
  if (*warm_up >= *duration) {
    Refuse(call, "--warm-up", flags.warm_up, "shorter than --duration, or nothing is measured");
    return std::nullopt;
  }
  options.speed = *speed;
  options.most_late = *late;
  options.warm_up = *warm_up;
  options.part.seed = flags.seed;
  options.part.length_us = static_cast<int64_t>(absl::ToDoubleMicroseconds(*duration) * *speed);
  if (!ReadShard(flags.shard, options.part)) {
    Refuse(call, "--shard", flags.shard, "I/N such as 1/4, I from 1 to N, N at most 10000");
    return std::nullopt;
  }
  if (!flags.manifest.empty() && flags.manifest == flags.out) {
    Refuse(call, "--manifest", flags.manifest, "that is where the events go");
    return std::nullopt;
  }
  if (!flags.start.empty()) {
    absl::Time start;
    if (!absl::ParseTime(absl::RFC3339_full, flags.start, &start, nullptr) ||
        start < absl::UnixEpoch()) {
      Refuse(call, "--start", flags.start, "a time such as 2026-11-11T00:00:00Z");
      return std::nullopt;
    }
    options.part.start_at_ms = absl::ToUnixMillis(start);
  }
  return options;
}

v1::LoadManifest ManifestOf(const LoadOptions& options) {
  v1::LoadManifest manifest;
  manifest.set_format(1);
  manifest.set_profile(options.profile.name());
  manifest.set_profile_digest(load::ProfileDigest(options.profile));
  manifest.set_seed(options.part.seed);
  manifest.set_shard(options.part.shard);
  manifest.set_shards(options.part.shards);
  manifest.set_rate(options.profile.rate());
  manifest.set_speed(options.speed);
  manifest.set_start_at_ms(options.part.start_at_ms);
  manifest.set_length_ms(options.part.length_us / 1000);
  return manifest;
}

bool ManifestIsFree(const LoadFlags& flags, Invocation& call) {
  if (flags.manifest.empty()) return true;
  const absl::Status free = NewFile::CheckFree(flags.manifest);
  if (free.ok()) return true;
  *call.err << "error: " << free.message() << ": name another with --manifest\n";
  return false;
}

bool WriteManifest(const LoadFlags& flags, const v1::LoadManifest& manifest, Invocation& call) {
  std::string text;
  publish::AppendJson(manifest, &text);
  text += "\n";
  if (flags.manifest.empty()) {
    std::ostream& out = flags.out == "-" ? *call.err : *call.out;
    out << text << std::flush;
    return out.good();
  }
  auto file = NewFile::Create(flags.manifest);
  absl::Status written = file.status();
  if (written.ok()) written = (*file)->Append(text);
  if (written.ok()) written = (*file)->Finish();
  if (!written.ok()) {
    *call.err << "error: cannot write the manifest `" << flags.manifest
              << "`: " << written.message() << "\n"
              << text;
  }
  return written.ok();
}

}  // namespace peakend::cli
