#include "processors/cli/load_command.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "benchmarks/load/embedded.h"
#include "processors/cli/load_check.h"
#include "processors/cli/load_file.h"
#include "processors/cli/load_kafka.h"
#include "processors/cli/load_options.h"
#include "processors/runtime/config/show.h"

namespace peakend::cli {
namespace {

std::string PresetList() {
  std::string list = "Presets\n";
  for (const load::Preset& preset : load::Presets()) {
    const std::vector<std::string> lines =
        absl::StrSplit(absl::string_view(preset.yaml.data(), preset.yaml.size()), '\n');
    absl::StrAppend(&list, "  ", std::string(preset.name), "\n");
    for (const std::string& line : lines) {
      absl::string_view text = line;
      if (!absl::ConsumePrefix(&text, "# ")) break;
      absl::StrAppend(&list, "        ", text, "\n");
    }
  }
  return list;
}

ExitCode Run(const LoadFlags& flags, Invocation& call) {
  if (!flags.check.empty()) return CheckLoad(flags, call);
  std::optional<LoadOptions> options = ReadLoadFlags(flags, call);
  if (!options) return ExitCode::kUsage;
  if (flags.show_profile) {
    *call.out << runtime::ShowMessage(options->profile, {}, runtime::ShowOrigins::kNo);
    return ExitCode::kOk;
  }
  if (flags.expect) {
    std::optional<RunSettings> settings =
        LoadRunSettings(flags.policy, runtime::RunsOn::kFile, call);
    if (!settings) return ExitCode::kConfigError;
    options->expect = std::make_shared<RunSettings>(*std::move(settings));
  }
  if (flags.dry_run) return CountLoad(flags, *std::move(options), call);
  if (!flags.out.empty()) return LoadFile(flags, *std::move(options), call);
  return LoadKafka(flags, *std::move(options), call);
}

void AddFlags(CLI::App& app, LoadFlags& flags) {
  auto* const preset =
      app.add_option("--preset", flags.preset,
                     "A contact center, see below; smb has about 2 events a second")
          ->capture_default_str();
  app.add_option("--profile", flags.profile_file, "A profile of your own (YAML)")->excludes(preset);
  app.add_option("--rate", flags.rate,
                 "Events a second, on the wall times --speed; absent = the profile's");
  app.add_option("--duration", flags.duration, "How long it runs, by the clock on the wall")
      ->capture_default_str();
  app.add_option("--speed", flags.speed,
                 "How much faster time passes, e.g. 60x: rate x speed events a second on the wall")
      ->capture_default_str();
  app.add_option("--seed", flags.seed, "Another seed is another load")->capture_default_str();
  app.add_option("--shard", flags.shard, "This part of the customers: I/N")->capture_default_str();
  app.add_option("--start", flags.start,
                 "Time of the first events (RFC 3339); absent = now, or 2026-01-01 in files");
  app.add_option("--out", flags.out, "Write a file instead of the topic; - is standard output");
  app.add_option("--format", flags.format, "Form of the file")
      ->check(CLI::IsMember({"json", "binary"}))
      ->capture_default_str();
  app.add_option("--manifest", flags.manifest,
                 "Where to write what was sent; absent = standard output");
  app.add_option("--most-late", flags.most_late,
                 "A run is void when 1 % of its records leave later than this")
      ->capture_default_str();
  app.add_option("--warm-up", flags.warm_up,
                 "What is due in so long from the beginning on is in no percentile")
      ->capture_default_str();
  app.add_option("--check", flags.check,
                 "Compare the topic with these manifests of a load (of all its shards)");
  app.add_flag("--dry-run", flags.dry_run,
               "Send nothing: say what the load would hold, and how fast it can be made");
  CLI::Option* const expect =
      app.add_flag("--expect", flags.expect,
                   "Afterwards work out how many journeys, alerts and moments workers must make "
                   "of it, for the manifest");
  app.add_option("--policy", flags.policy,
                 "Policy file for --expect; overrides policy.file of the configuration")
      ->needs(expect)
      ->type_name("FILE");
  app.add_flag("--append", flags.append, "Add to a topic that holds records");
  app.add_flag("--no-alerts", flags.no_alerts, "Do not measure how soon alerts come");
  app.add_flag("--show-profile", flags.show_profile, "Print the profile in full, and end");
}

}  // namespace

Command LoadCommand() {
  return {
      .name = "load",
      .summary = "Generate a contact center's events at a steady rate",
      .examples =
          "peakend load --preset telco-peak --rate 20000 --duration 60s\n"
          "peakend load --preset chat-zh --out chats.ndjson --duration 1h\n"
          "peakend load --profile mine.yaml --shard 1/4 --manifest shard1.json\n"
          "peakend load --preset bank --speed 60 --duration 10m\n"
          "peakend load --preset outage --show-profile > mine.yaml\n"
          "peakend load --preset bank --duration 1h --out day.ndjson --expect --policy mine.yaml\n"
          "peakend load --check shard1.json shard2.json\n",
      .notes = PresetList() +
               "\n"
               "A run is void, and exits with 1, when records left late or fewer left than were\n"
               "due: no figure of such a run means anything. The manifest says what was sent.\n"
               "\n"
               "On the wall rate x speed events pass in a second: --rate 100 --speed 60 offers\n"
               "6000. Without --preset and --profile it is smb, about 2 events a second.\n",
      .takes_config = true,
      .setup = [](CLI::App& app) -> Action {
        auto flags = std::make_shared<LoadFlags>();
        AddFlags(app, *flags);
        return [flags](Invocation& call) { return Run(*flags, call); };
      }};
}

}  // namespace peakend::cli
