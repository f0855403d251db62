// What a sink would do, for --dry-run.
#include <memory>
#include <ostream>
#include <vector>

#include "processors/cli/kafka_talk.h"
#include "processors/cli/sink_run.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/kafka_offsets.h"
#include "processors/warehouse/migrations.h"
#include "processors/warehouse/row_sink.h"
#include "processors/warehouse/schema_check.h"

namespace peakend::cli {
namespace {

// One line for each partition that PostgreSQL knows.
absl::Status DescribeTopic(const std::string& topic, const runtime::Positions& stored,
                           runtime::KafkaOffsets& kafka, std::ostream& out) {
  if (stored.empty()) {
    const auto first = kafka.Ask(topic, {0}, runtime::KafkaEdge::kFirst, kClusterLimit);
    if (!first.ok()) return first.status();
    out << topic << ": from the beginning\n";
    return absl::OkStatus();
  }
  std::vector<int32_t> partitions;
  for (const auto& [partition, next] : stored) partitions.push_back(partition);
  const auto ends = kafka.Ask(topic, partitions, runtime::KafkaEdge::kBehindLast, kClusterLimit);
  if (!ends.ok()) return ends.status();
  for (const auto& [partition, next] : stored) {
    out << topic << ", partition " << partition << ": from offset " << next << ", the end is "
        << ends->at(partition) << "\n";
  }
  return absl::OkStatus();
}

// What the database lacks; false when rows could not be written to it.
absl::StatusOr<bool> DescribeSchema(const SinkOptions& options, const v1::Config& config,
                                    warehouse::Postgres& postgres, std::ostream& out) {
  const warehouse::RowSql sql(options.schema);
  const auto missing = warehouse::MissingMigrations(postgres, sql);
  if (!missing.ok()) return missing.status();
  for (const warehouse::Migration& migration : *missing) {
    out << (options.init_schema ? "would apply " : "not applied: ") << migration.name << "\n";
  }
  if (!missing->empty()) return options.init_schema;
  for (const warehouse::RowTable& table : warehouse::EnabledRowTables(config.bi())) {
    const absl::Status status = warehouse::CheckTable(postgres, sql, table);
    if (absl::IsFailedPrecondition(status)) {
      out << status.message() << "\n";
      return false;
    }
    if (!status.ok()) return status;
  }
  out << "schema " << options.schema << " is up to date\n";
  return true;
}

absl::StatusOr<bool> Describe(const SinkOptions& options, const v1::Config& config,
                              Invocation& call) {
  auto postgres = warehouse::Postgres::Connect(options.conninfo);
  if (!postgres.ok()) return postgres.status();
  const absl::StatusOr<bool> good = DescribeSchema(options, config, **postgres, *call.out);
  if (!good.ok()) return good;
  auto kafka = runtime::KafkaOffsets::OpenCommitted(config, KafkaTalk(call));
  if (!kafka.ok()) return kafka.status();
  warehouse::RowSinkOptions sink_options;
  sink_options.conninfo = options.conninfo;
  sink_options.schema = options.schema;
  sink_options.name = options.name;
  // Without tables nothing is known of offsets either.
  std::unique_ptr<warehouse::RowSink> sink;
  const auto table = warehouse::MissingMigrations(**postgres, warehouse::RowSql(options.schema));
  if (table.ok() && table->empty()) {
    auto opened = warehouse::RowSink::Open(sink_options, {});
    if (!opened.ok()) return opened.status();
    sink = *std::move(opened);
  }
  for (const warehouse::RowTable& each : warehouse::EnabledRowTables(config.bi())) {
    const std::string topic = publish::TopicName(config.topics(), publish::TopicOf(each.kind));
    runtime::Positions stored;
    if (sink != nullptr) {
      const absl::StatusOr<runtime::Positions> offsets = sink->Offsets(topic);
      if (!offsets.ok()) return offsets.status();
      stored = *offsets;
    }
    absl::Status status = DescribeTopic(topic, stored, **kafka, *call.out);
    if (!status.ok()) return status;
  }
  return good;
}

}  // namespace

ExitCode DescribeSink(const SinkOptions& options, const LoadedConfig& loaded, Invocation& call) {
  const absl::StatusOr<bool> good = Describe(options, loaded.config, call);
  if (!good.ok()) return ReportKafkaError(good.status(), call);
  return *good ? ExitCode::kOk : ExitCode::kChecksFailed;
}

}  // namespace peakend::cli
