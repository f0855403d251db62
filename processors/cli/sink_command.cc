#include "processors/cli/sink_command.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "processors/cli/loaded_config.h"
#include "processors/cli/sink_options.h"
#include "processors/cli/sink_run.h"
#include "processors/warehouse/migrations.h"
#include "processors/warehouse/postgres.h"
#include "processors/warehouse/row_table.h"

namespace peakend::cli {
namespace {

struct SinkFlags {
  SinkOptions options;
  std::string batch_wait = "500ms";
  bool print_ddl = false;
};

constexpr absl::Duration kLongestBatchWait = absl::Minutes(1);

// Nothing after an error, which was printed.
std::optional<SinkOptions> CheckedOptions(const SinkFlags& flags, Invocation& call) {
  SinkOptions options = flags.options;
  if (options.conninfo.empty()) {
    *call.err << "error: --postgres is missing: where the database is, e.g. --postgres "
                 "\"host=/var/run/postgresql dbname=bi\"\n";
    return std::nullopt;
  }
  if (absl::Status status = warehouse::CheckConninfo(options.conninfo); !status.ok()) {
    *call.err << "error: " << status.message() << "\n";
    return std::nullopt;
  }
  if (!absl::ParseDuration(flags.batch_wait, &options.batch_wait) ||
      options.batch_wait < absl::ZeroDuration() || options.batch_wait > kLongestBatchWait) {
    *call.err << "error: --batch-wait `" << flags.batch_wait
              << "` is not a duration like 500ms, from 0s to 1m\n";
    return std::nullopt;
  }
  if (options.group.empty()) options.group = "peakend-sink-" + options.name;
  return options;
}

ExitCode Sink(const SinkFlags& flags, Invocation& call) {
  if (flags.print_ddl) {
    *call.out << warehouse::Ddl(flags.options.schema);
    return ExitCode::kOk;
  }
  const std::optional<SinkOptions> options = CheckedOptions(flags, call);
  if (!options) return ExitCode::kUsage;
  const std::optional<LoadedConfig> loaded = LoadCallConfig(call);
  if (!loaded) return ExitCode::kConfigError;
  const v1::BiConfig& bi = loaded->config.bi();
  if (warehouse::EnabledRowTables(bi).empty()) {
    *call.err << "error: no rows are turned on, so there is nothing to read; set "
                 "bi.journey.enabled or another bi.*.enabled to true, for the workers, too\n";
    return ExitCode::kConfigError;
  }
  return options->dry_run ? DescribeSink(*options, *loaded, call)
                          : RunSink(*options, *loaded, call);
}

void AddPlace(CLI::App& app, SinkFlags& flags) {
  app.add_option("--postgres", flags.options.conninfo,
                 "The database, as libpq takes it; a password belongs into a file that passfile= "
                 "or service= names")
      ->type_name("CONNINFO");
  app.add_option("--schema", flags.options.schema, "Schema of the tables")->capture_default_str();
  app.add_option("--name", flags.options.name,
                 "Name of this sink in sink_offset: instances of one name share the work, sinks of "
                 "different names each write everything")
      ->capture_default_str();
  app.add_option("--group", flags.options.group,
                 "Consumer groups are called so, with -TABLE behind (default: peakend-sink-NAME)");
}

void AddActions(CLI::App& app, SinkFlags& flags) {
  app.add_flag("--init-schema", flags.options.init_schema,
               "First make the tables, or bring them up to date");
  CLI::Option* print =
      app.add_flag("--print-ddl", flags.print_ddl, "Print the SQL of the tables and end; for psql");
  app.add_flag("--dry-run", flags.options.dry_run,
               "Say what would be made and read, write nothing and end")
      ->excludes(print);
  app.add_flag("--exit-at-end", flags.options.exit_at_end,
               "End when all topics were read to their end; for one instance");
  app.add_flag("--accept-loss", flags.options.accept_loss,
               "Go on although a topic has lost rows that were not written yet");
}

void AddBatches(CLI::App& app, SinkFlags& flags) {
  app.add_option("--batch-rows", flags.options.batch_rows, "Most rows of one transaction")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--batch-wait", flags.batch_wait, "Longest wait for a full batch")
      ->type_name("DURATION")
      ->capture_default_str();
}

Command PostgresCommand() {
  return {
      .name = "postgres",
      .summary = "Write the rows for warehouses into PostgreSQL, each exactly once",
      .examples =
          "peakend sink postgres --config peakend.yaml --postgres \"host=db dbname=bi user=peakend "
          "passfile=/etc/peakend/pgpass\" --init-schema\n"
          "peakend sink postgres --config peakend.yaml --postgres service=bi --dry-run\n"
          "peakend sink postgres --config peakend.yaml --postgres service=bi --exit-at-end\n"
          "peakend sink postgres --print-ddl | psql -v ON_ERROR_STOP=1 service=bi\n",
      .notes =
          "Only topics whose bi.*.enabled is true are read. Rows, offsets and what PostgreSQL "
          "refuses (table dead_letter)\nare one transaction: after a kill, of whatever, nothing is "
          "lost or doubled. Several may run; they share the partitions.\n"
          "It needs a session of its own: through PgBouncer with pool_mode=session only.\n"
          "The admin port is that of the configuration: beside a worker, add -X admin.port=9465.\n",
      .takes_config = true,
      .setup = [](CLI::App& app) -> Action {
        auto flags = std::make_shared<SinkFlags>();
        AddPlace(app, *flags);
        AddActions(app, *flags);
        AddBatches(app, *flags);
        return [flags](Invocation& call) { return Sink(*flags, call); };
      }};
}

}  // namespace

Command SinkCommand() {
  return {.name = "sink",
          .summary = "Bring the rows for warehouses into a database",
          .examples =
              "peakend sink postgres --config peakend.yaml --postgres \"host=db dbname=bi\" "
              "--init-schema\n",
          .subcommands = {PostgresCommand()}};
}

}  // namespace peakend::cli
