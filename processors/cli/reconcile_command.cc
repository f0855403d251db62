#include "processors/cli/reconcile_command.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "absl/time/time.h"
#include "processors/cli/day_flags.h"
#include "processors/cli/interruption.h"
#include "processors/cli/kafka_talk.h"
#include "processors/cli/loaded_config.h"
#include "processors/cli/reconcile_run.h"
#include "processors/cli/reconciliation.h"
#include "processors/warehouse/postgres.h"
#include "processors/warehouse/row_table.h"

namespace peakend::cli {
namespace {

struct ReconcileFlags {
  ReconcileOptions options;
  DayFlags days;
  bool json = false;
};

// Nothing after an error, which was printed.
std::optional<ReconcileOptions> CheckedReconcileOptions(const ReconcileFlags& flags,
                                                        Invocation& call) {
  ReconcileOptions options = flags.options;
  if (options.conninfo.empty()) {
    *call.err << "error: --postgres is missing: where the database is, e.g. --postgres "
                 "\"host=/var/run/postgresql dbname=bi\"\n";
    return std::nullopt;
  }
  if (absl::Status status = warehouse::CheckConninfo(options.conninfo); !status.ok()) {
    *call.err << "error: " << status.message() << "\n";
    return std::nullopt;
  }
  const std::optional<DayRange> days = CheckedDays(flags.days, call);
  if (!days) return std::nullopt;
  options.census.since = days->since;
  options.census.until = days->until;
  return options;
}

ExitCode RunReconcile(const ReconcileFlags& flags, Invocation& call) {
  const std::optional<ReconcileOptions> options = CheckedReconcileOptions(flags, call);
  if (!options) return ExitCode::kUsage;
  const std::optional<LoadedConfig> loaded = LoadCallConfig(call);
  if (!loaded) return ExitCode::kConfigError;
  if (warehouse::EnabledRowTables(loaded->config.bi()).empty()) {
    *call.err << "error: no rows are turned on, so there is nothing to compare; set "
                 "bi.journey.enabled or another bi.*.enabled to true\n";
    return ExitCode::kConfigError;
  }
  const auto interruption = Interruption::Start(loaded->config, call);
  if (interruption == nullptr) return ExitCode::kBug;
  const auto found = Reconcile(
      *options, loaded->config, [&] { return interruption->requested(); }, call);
  if (absl::IsCancelled(found.status())) return interruption->Report(call);
  if (!found.ok()) return ReportKafkaError(found.status(), call);
  *call.out << (flags.json ? ReconciliationJson(*found) : ReconciliationText(*found)) << std::flush;
  for (const TableReconciliation& table : *found) {
    if (table.differences() > 0) return ExitCode::kChecksFailed;
  }
  return ExitCode::kOk;
}

void AddReconcileFlags(CLI::App& app, ReconcileFlags& flags) {
  app.add_option("--postgres", flags.options.conninfo,
                 "The database, as libpq takes it; a password belongs into a file that passfile= "
                 "or service= names")
      ->type_name("CONNINFO");
  app.add_option("--schema", flags.options.schema, "Schema of the tables")->capture_default_str();
  app.add_option("--name", flags.options.sink,
                 "Name of the sink that wrote them, as in sink_offset")
      ->capture_default_str();
  AddDayFlags(app, flags.days);
  app.add_flag("--json", flags.json,
               "One JSON object, with counts and checksums of each partition and day");
  app.add_option("--show", flags.options.census.most_shown,
                 "How many rows that differ are named, of each table")
      ->check(CLI::Range(0, 100'000))
      ->capture_default_str();
  app.add_option("--most-rows", flags.options.census.most_rows,
                 "Refuse to hold more rows of a table than this, up to 100 bytes each")
      ->check(CLI::Range(int64_t{1}, int64_t{1'000'000'000}))
      ->capture_default_str();
}

}  // namespace

Command ReconcileCommand() {
  return {.name = "reconcile",
          .summary = "Compare the rows in PostgreSQL with those in Kafka, each column of each row",
          .examples =
              "peakend reconcile --config peakend.yaml --postgres \"host=db dbname=bi "
              "user=peakend passfile=/etc/peakend/pgpass\"\n"
              "peakend reconcile --config peakend.yaml --postgres service=bi --since 2026-01-01 "
              "--until 2026-02-01\n"
              "peakend reconcile --config peakend.yaml --postgres service=bi --json | jq "
              "'.tables[] | select(.missing > 0)'\n",
          .notes =
              "Nothing is changed. The sink may run meanwhile: what it had not read when the "
              "comparison began is its lag, not\nmissing.\n"
              "missing: in Kafka only. stale: PostgreSQL has an older row_version. different: the "
              "same version, other columns.\nextra: in PostgreSQL only. lost: left the log before "
              "the sink read it. These are differences: exit code 1.\n"
              "expired: in PostgreSQL, and the topic has let go of it. dead letters: faulty, or "
              "refused by PostgreSQL; see the table\ndead_letter. lag: not read by the sink yet. "
              "These are none.\n",
          .takes_config = true,
          .setup = [](CLI::App& app) -> Action {
            auto flags = std::make_shared<ReconcileFlags>();
            AddReconcileFlags(app, *flags);
            return [flags](Invocation& call) { return RunReconcile(*flags, call); };
          }};
}

}  // namespace peakend::cli
