#include "processors/cli/export_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "processors/cli/day_flags.h"
#include "processors/cli/export_run.h"
#include "processors/cli/interruption.h"
#include "processors/cli/kafka_talk.h"
#include "processors/cli/loaded_config.h"

namespace peakend::cli {
namespace {

struct ExportFlags {
  std::string kind;
  std::string format = "ndjson";
  DayFlags days;
  ExportOptions options;
};

std::vector<std::string> KindNames() {
  std::vector<std::string> names;
  names.reserve(publish::kRowKinds.size());
  for (const publish::RowKind kind : publish::kRowKinds) names.emplace_back(RowKindName(kind));
  return names;
}

// Nothing after an error, which was printed.
std::optional<ExportOptions> CheckedExportOptions(const ExportFlags& flags, Invocation& call) {
  ExportOptions options = flags.options;
  for (const publish::RowKind kind : publish::kRowKinds) {
    if (RowKindName(kind) == flags.kind) options.kind = kind;
  }
  if (flags.format == "csv") options.format = warehouse::RowLineFormat::kCsv;
  if (absl::EndsWith(options.output, ".zst")) options.zstd = true;
  const std::optional<DayRange> days = CheckedDays(flags.days, call);
  if (!days) return std::nullopt;
  options.rows.since = days->since;
  options.rows.until = days->until;
  return options;
}

ExitCode ReportExport(const ExportOptions& options, const ExportReport& report, Invocation& call) {
  if (!call.quiet) {
    *call.err << report.rows << " rows, " << report.bytes << " bytes";
    if (options.output != "-") *call.err << " in " << options.output;
    if (report.left_out > 0) *call.err << "; " << report.left_out << " deleted ones are left out";
    *call.err << std::endl;
  }
  if (report.faulty == 0) return ExitCode::kOk;
  *call.err << "error: " << report.faulty
            << " records of the topic are no rows and are left out; `peakend sink postgres` puts "
               "such ones into dead_letter"
            << std::endl;
  return ExitCode::kBadData;
}

ExitCode RunExport(const ExportFlags& flags, Invocation& call) {
  const std::optional<ExportOptions> options = CheckedExportOptions(flags, call);
  if (!options) return ExitCode::kUsage;
  const std::optional<LoadedConfig> loaded = LoadCallConfig(call);
  if (!loaded) return ExitCode::kConfigError;
  if (!RowsConfigOf(loaded->config.bi(), options->kind).enabled()) {
    *call.err << "error: rows of this kind are not written; set bi." << flags.kind
              << ".enabled to true, for the workers, too\n";
    return ExitCode::kConfigError;
  }
  const auto interruption = Interruption::Start(loaded->config, call);
  if (interruption == nullptr) return ExitCode::kBug;
  const auto report = Export(
      *options, loaded->config, [&] { return interruption->requested(); }, call);
  if (absl::IsCancelled(report.status())) return interruption->Report(call);
  if (absl::IsAlreadyExists(report.status())) {
    *call.err << "error: " << report.status().message() << " (--force replaces a file)\n";
    return ExitCode::kUsage;
  }
  if (!report.ok()) return ReportKafkaError(report.status(), call);
  return ReportExport(*options, *report, call);
}

void AddExportFlags(CLI::App& app, ExportFlags& flags) {
  app.add_option("KIND", flags.kind,
                 "touchpoint, moment, contact, journey, alert, promise or survey")
      ->required()
      ->check(CLI::IsMember(KindNames()));
  app.add_option("--output", flags.options.output,
                 "File to write; - is the standard output. A name that ends in .zst is compressed")
      ->type_name("FILE")
      ->required();
  app.add_option("--format", flags.format, "ndjson or csv")
      ->check(CLI::IsMember({"ndjson", "csv"}))
      ->capture_default_str();
  AddDayFlags(app, flags.days);
  app.add_flag(
      "--all-versions", flags.options.rows.all_versions,
      "Every version of each row, deleted ones too; else the newest, unless it is deleted");
  app.add_flag("--zstd", flags.options.zstd, "Compress, whatever the file is called");
  app.add_flag("--force", flags.options.replace,
               "Replace a file that is there, once all is written");
  app.add_option("--most-rows", flags.options.rows.most_rows,
                 "Refuse to export more rows than this; each takes up to 70 bytes of memory")
      ->check(CLI::Range(int64_t{1}, int64_t{1'000'000'000}))
      ->capture_default_str();
}

}  // namespace

Command ExportCommand() {
  return {
      .name = "export",
      .summary = "Write the rows for warehouses into a file, as NDJSON or CSV",
      .examples =
          "peakend export journey --config peakend.yaml --since 2026-01-01 --until 2026-02-01 "
          "--output journeys.ndjson.zst\n"
          "peakend export contact --config peakend.yaml --format csv --output contacts.csv\n"
          "peakend export moment --config peakend.yaml --all-versions --output - | jq .cause\n",
      .notes =
          "Rows come from the topic, which is read twice; those that it has let go of are gone. "
          "They stand by partition and offset.\nWhat a tombstone erased is left out, always. "
          "In CSV nothing between commas is NULL.\n"
          "Exit code 65: all rows are written, but the topic also has records that are none.\n",
      .takes_config = true,
      .setup = [](CLI::App& app) -> Action {
        auto flags = std::make_shared<ExportFlags>();
        AddExportFlags(app, *flags);
        return [flags](Invocation& call) { return RunExport(*flags, call); };
      }};
}

}  // namespace peakend::cli
