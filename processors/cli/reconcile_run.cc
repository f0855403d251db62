#include "processors/cli/reconcile_run.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/cli/topic_pass.h"
#include "processors/publish/rows/row_kind.h"
#include "processors/publish/topic_names.h"
#include "processors/warehouse/postgres.h"
#include "processors/warehouse/row_sql.h"
#include "processors/warehouse/schema_check.h"

namespace peakend::cli {
namespace {

using warehouse::RowCensus;
using warehouse::RowTable;
using warehouse::SqlValue;

// All that is asked sees one moment, however long the topics take.
constexpr char kSnapshot[] =
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0; "
    "SET LOCAL idle_in_transaction_session_timeout = 0";

class Reconciler {
 public:
  Reconciler(const ReconcileOptions& options, const v1::Config& config,
             const std::function<bool()>& stop, Invocation& call)
      : options_(options), config_(config), sql_(options.schema), stop_(stop), call_(call) {}

  absl::StatusOr<Reconciliation> Run();

 private:
  std::string TopicOf(const RowTable& table) const {
    return publish::TopicName(config_.topics(), publish::TopicOf(table.kind));
  }
  absl::StatusOr<runtime::Positions> SinkOffsets(const std::string& topic);
  absl::Status AddDeadLetters(const std::string& topic, RowCensus* census);
  absl::Status AddTopic(const runtime::Positions& sink, RowCensus* census,
                        runtime::Positions* first, TableReconciliation* found);
  absl::Status AddTable(const RowTable& table, const runtime::Positions& first, RowCensus* census);
  absl::StatusOr<TableReconciliation> Compare(const RowTable& table,
                                              const runtime::Positions& sink);

  const ReconcileOptions& options_;
  const v1::Config& config_;
  const warehouse::RowSql sql_;
  const std::function<bool()>& stop_;
  Invocation& call_;
  std::unique_ptr<warehouse::Postgres> postgres_;
};

absl::StatusOr<runtime::Positions> Reconciler::SinkOffsets(const std::string& topic) {
  const auto rows =
      postgres_->Query(sql_.ReadOffsets(), {SqlValue::Text(options_.sink), SqlValue::Text(topic)});
  if (!rows.ok()) return rows.status();
  runtime::Positions offsets;
  for (int i = 0; i < rows->size(); ++i) {
    offsets[static_cast<int32_t>(rows->Integer(i, 0))] = rows->Integer(i, 1);
  }
  return offsets;
}

absl::Status Reconciler::AddDeadLetters(const std::string& topic, RowCensus* census) {
  // One more than allowed: the census then refuses.
  const std::string most = absl::StrCat(options_.census.most_rows + 1);
  const auto rows =
      postgres_->Query(sql_.ReadDeadLetters(), {SqlValue::Text(topic), SqlValue::Text(most)});
  if (!rows.ok()) return rows.status();
  for (int i = 0; i < rows->size(); ++i) {
    absl::Status status =
        census->AddDeadLetter(static_cast<int32_t>(rows->Integer(i, 0)), rows->Integer(i, 1));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Reconciler::AddTopic(const runtime::Positions& sink, RowCensus* census,
                                  runtime::Positions* first, TableReconciliation* found) {
  auto pass = TopicPass::Open(config_, found->topic, stop_, call_);
  if (!pass.ok()) return pass.status();
  absl::Status status = (*pass)->Read([&](const runtime::InputRecord& record) {
    const auto next = sink.find(record.partition);
    if (next != sink.end() && record.offset < next->second) return census->AddRecord(record);
    ++found->lag;
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  // What left the log meanwhile has expired, too.
  absl::StatusOr<runtime::Positions> held = (*pass)->AskFirst(config_);
  if (!held.ok()) return held.status();
  *first = *std::move(held);
  for (const auto& [partition, offset] : *first) {
    const auto next = sink.find(partition);
    if (next != sink.end()) found->lost += std::max<int64_t>(0, offset - next->second);
  }
  return absl::OkStatus();
}

absl::Status Reconciler::AddTable(const RowTable& table, const runtime::Positions& first,
                                  RowCensus* census) {
  warehouse::TupleSplitter splitter;
  const auto take = [&](std::string_view tuple) { return census->AddTuple(tuple, first); };
  return postgres_->CopyOut(sql_.ReadRows(table, options_.census.since, options_.census.until),
                            [&](std::string_view piece) {
                              if (stop_()) return absl::CancelledError("interrupted");
                              return splitter.Add(piece, take);
                            });
}

absl::StatusOr<TableReconciliation> Reconciler::Compare(const RowTable& table,
                                                        const runtime::Positions& sink) {
  TableReconciliation found;
  found.table = table.name;
  found.topic = TopicOf(table);
  RowCensus census(table, options_.census);
  runtime::Positions first;
  absl::Status status = AddDeadLetters(found.topic, &census);
  if (status.ok()) status = AddTopic(sink, &census, &first, &found);
  if (status.ok()) status = AddTable(table, first, &census);
  if (!status.ok()) return status;
  found.census = census.Finish();
  return found;
}

absl::StatusOr<Reconciliation> Reconciler::Run() {
  auto postgres = warehouse::Postgres::Connect(options_.conninfo);
  if (!postgres.ok()) return postgres.status();
  postgres_ = *std::move(postgres);
  if (absl::Status status = postgres_->Execute(kSnapshot); !status.ok()) return status;
  const std::vector<RowTable> tables = warehouse::EnabledRowTables(config_.bi());
  std::vector<runtime::Positions> sinks;
  for (const RowTable& table : tables) {
    absl::Status status = warehouse::CheckTable(*postgres_, sql_, table);
    if (!status.ok()) return status;
    absl::StatusOr<runtime::Positions> sink = SinkOffsets(TopicOf(table));
    if (!sink.ok()) return sink.status();
    sinks.push_back(*std::move(sink));
  }
  if (std::all_of(sinks.begin(), sinks.end(), [](const auto& sink) { return sink.empty(); })) {
    return absl::FailedPreconditionError(absl::StrCat(
        "no sink called ", options_.sink, " has written into schema ", options_.schema,
        " yet; start `peakend sink postgres`, or say by --name and --schema which one is meant"));
  }
  Reconciliation found;
  for (size_t i = 0; i < tables.size(); ++i) {
    auto table = Compare(tables[i], sinks[i]);
    if (!table.ok()) return table.status();
    found.push_back(*std::move(table));
  }
  return found;
}

}  // namespace

absl::StatusOr<Reconciliation> Reconcile(const ReconcileOptions& options, const v1::Config& config,
                                         const std::function<bool()>& stop, Invocation& call) {
  return Reconciler(options, config, stop, call).Run();
}

}  // namespace peakend::cli
