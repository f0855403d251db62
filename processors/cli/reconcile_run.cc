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
  // One table that the topic fills.
  struct Side {
    std::string name;
    std::unique_ptr<RowCensus> census;
  };
  struct Lag {
    int64_t lag = 0;
    int64_t lost = 0;
  };
  absl::StatusOr<Lag> AddTopic(const std::string& topic, const runtime::Positions& sink,
                               std::vector<Side>& sides, runtime::Positions* first);
  absl::Status AddTable(const RowTable& table, const runtime::Positions& first, Side& side);
  absl::Status Compare(const RowTable& table, const runtime::Positions& sink,
                       Reconciliation* found);

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

absl::StatusOr<Reconciler::Lag> Reconciler::AddTopic(const std::string& topic,
                                                     const runtime::Positions& sink,
                                                     std::vector<Side>& sides,
                                                     runtime::Positions* first) {
  auto pass = TopicPass::Open(config_, topic, stop_, call_);
  if (!pass.ok()) return pass.status();
  Lag lag;
  absl::Status status = (*pass)->Read([&](const runtime::InputRecord& record) -> absl::Status {
    const auto next = sink.find(record.partition);
    if (next == sink.end() || record.offset >= next->second) {
      ++lag.lag;
      return absl::OkStatus();
    }
    for (Side& side : sides) {
      if (absl::Status added = side.census->AddRecord(record); !added.ok()) return added;
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  // What left the log meanwhile has expired, too.
  absl::StatusOr<runtime::Positions> held = (*pass)->AskFirst(config_);
  if (!held.ok()) return held.status();
  *first = *std::move(held);
  for (const auto& [partition, offset] : *first) {
    const auto next = sink.find(partition);
    if (next != sink.end()) lag.lost += std::max<int64_t>(0, offset - next->second);
  }
  return lag;
}

absl::Status Reconciler::AddTable(const RowTable& table, const runtime::Positions& first,
                                  Side& side) {
  warehouse::TupleSplitter splitter;
  const auto take = [&](std::string_view tuple) { return side.census->AddTuple(tuple, first); };
  return postgres_->CopyOut(
      sql_.ReadRows(table, side.name, options_.census.since, options_.census.until),
      [&](std::string_view piece) {
        if (stop_()) return absl::CancelledError("interrupted");
        return splitter.Add(piece, take);
      });
}

absl::Status Reconciler::Compare(const RowTable& table, const runtime::Positions& sink,
                                 Reconciliation* found) {
  const std::string topic = TopicOf(table);
  std::vector<Side> sides;
  sides.push_back({table.name, std::make_unique<RowCensus>(table, options_.census)});
  if (table.keeps_revisions()) {
    warehouse::CensusOptions options = options_.census;
    options.every_version = true;
    sides.push_back(
        {std::string(warehouse::kRevisionTable), std::make_unique<RowCensus>(table, options)});
  }
  for (Side& side : sides) {
    if (absl::Status status = AddDeadLetters(topic, side.census.get()); !status.ok()) return status;
  }
  runtime::Positions first;
  const absl::StatusOr<Lag> lag = AddTopic(topic, sink, sides, &first);
  if (!lag.ok()) return lag.status();
  for (Side& side : sides) {
    if (absl::Status status = AddTable(table, first, side); !status.ok()) return status;
    found->push_back({side.name, topic, side.census->Finish(), lag->lag, lag->lost});
  }
  return absl::OkStatus();
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
    absl::Status status = Compare(tables[i], sinks[i], &found);
    if (!status.ok()) return status;
  }
  return found;
}

}  // namespace

absl::StatusOr<Reconciliation> Reconcile(const ReconcileOptions& options, const v1::Config& config,
                                         const std::function<bool()>& stop, Invocation& call) {
  return Reconciler(options, config, stop, call).Run();
}

}  // namespace peakend::cli
