#include "processors/cli/export_run.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "processors/cli/export_output.h"
#include "processors/cli/kafka_talk.h"
#include "processors/cli/replay_progress.h"
#include "processors/cli/topic_pass.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/kafka_reader.h"
#include "processors/warehouse/row_table.h"

namespace peakend::cli {
namespace {

using warehouse::KeptRows;
using warehouse::RowTable;

constexpr absl::Duration kExportWait = absl::Milliseconds(200);
constexpr size_t kExportBatch = 2'000;
constexpr absl::Duration kExportPatience = absl::Seconds(60);

class Exporter {
 public:
  Exporter(const ExportOptions& options, const v1::Config& config, const RowTable& table,
           const std::function<bool()>& stop, Invocation& call)
      : options_(options),
        config_(config),
        table_(table),
        topic_(publish::TopicName(config.topics(), publish::TopicOf(table.kind))),
        lines_(table, options.format),
        row_(table.prototype->New()),
        stop_(stop),
        call_(call) {}

  absl::StatusOr<ExportReport> Run();

 private:
  absl::StatusOr<KeptRows::Offsets> FindRows();
  absl::Status WritePartition(int32_t partition, const std::vector<int64_t>& offsets,
                              ReplayProgress& progress);
  absl::Status WriteRow(const runtime::StoredRecord& record);
  absl::Status Left(int32_t partition) const;

  const ExportOptions& options_;
  const v1::Config& config_;
  const RowTable& table_;
  const std::string topic_;
  const warehouse::RowLines lines_;
  const std::unique_ptr<google::protobuf::Message> row_;  // used again for each record
  const std::function<bool()>& stop_;
  Invocation& call_;
  std::unique_ptr<ExportOutput> output_;
  ExportReport report_;
  int64_t expected_ = 0;
};

absl::StatusOr<KeptRows::Offsets> Exporter::FindRows() {
  auto pass = TopicPass::Open(config_, topic_, stop_, call_);
  if (!pass.ok()) return pass.status();
  KeptRows kept(table_, options_.rows);
  absl::Status status =
      (*pass)->Read([&](const runtime::InputRecord& record) { return kept.Add(record); });
  if (!status.ok()) return status;
  KeptRows::Offsets offsets = kept.Take();
  report_.left_out = kept.left_out();
  report_.faulty = kept.faulty();
  for (const auto& [partition, of_it] : offsets) expected_ += static_cast<int64_t>(of_it.size());
  return offsets;
}

absl::Status Exporter::Left(int32_t partition) const {
  return absl::UnavailableError(absl::StrCat("topic ", topic_, ", partition ", partition,
                                             ": rows left the log while they were written; start "
                                             "again, or give the topic a longer retention"));
}

absl::Status Exporter::WriteRow(const runtime::StoredRecord& record) {
  if (!record.value || !table_.framing.Read(*record.value, row_.get()).ok()) {
    return Left(record.partition);
  }
  lines_.Append(*row_, {record.timestamp_ms, record.partition, record.offset}, &output_->text());
  ++report_.rows;
  return absl::OkStatus();
}

absl::Status Exporter::WritePartition(int32_t partition, const std::vector<int64_t>& offsets,
                                      ReplayProgress& progress) {
  auto reader = runtime::KafkaReader::OpenPartition(config_, topic_, partition, offsets.front(),
                                                    KafkaTalk(call_), kClusterLimit);
  if (!reader.ok()) return reader.status();
  absl::Time heard_at = absl::Now();
  auto next = offsets.begin();
  while (next != offsets.end()) {
    if (stop_()) return absl::CancelledError("interrupted");
    const auto records = (*reader)->Read(kExportWait, kExportBatch);
    const absl::Time now = absl::Now();
    if (!records.ok() && !absl::IsUnavailable(records.status())) return records.status();
    if (!records.ok()) *call_.err << "error: " << records.status().message() << std::endl;
    if (records.ok() && !records->empty()) heard_at = now;
    if (now - heard_at > kExportPatience) {
      return absl::UnavailableError(absl::StrCat("topic ", topic_, " gives no records any more"));
    }
    if (!records.ok()) continue;
    for (const runtime::StoredRecord& record : *records) {
      if (next == offsets.end()) break;
      if (record.offset > *next) return Left(partition);
      if (record.offset < *next) continue;
      if (absl::Status status = WriteRow(record); !status.ok()) return status;
      ++next;
    }
    if (absl::Status status = output_->Flush(); !status.ok()) return status;
    progress.Show(report_.rows, static_cast<double>(report_.rows) / static_cast<double>(expected_),
                  now);
    if (next != offsets.end() && (*reader)->at_end(partition)) return Left(partition);
  }
  return absl::OkStatus();
}

absl::StatusOr<ExportReport> Exporter::Run() {
  auto output = ExportOutput::Open(options_.output, options_.replace, options_.zstd, *call_.out);
  if (!output.ok()) return output.status();
  output_ = *std::move(output);
  const absl::StatusOr<KeptRows::Offsets> kept = FindRows();
  if (!kept.ok()) return kept.status();
  lines_.AppendHeader(&output_->text());
  {
    ReplayProgress progress(call_);
    for (const auto& [partition, offsets] : *kept) {
      absl::Status status = WritePartition(partition, offsets, progress);
      if (!status.ok()) return status;
    }
  }
  if (absl::Status status = output_->Finish(); !status.ok()) return status;
  report_.bytes = output_->bytes();
  return report_;
}

}  // namespace

absl::StatusOr<ExportReport> Export(const ExportOptions& options, const v1::Config& config,
                                    const std::function<bool()>& stop, Invocation& call) {
  for (const RowTable& table : warehouse::EnabledRowTables(config.bi())) {
    if (table.kind == options.kind) return Exporter(options, config, table, stop, call).Run();
  }
  return absl::FailedPreconditionError("these rows are not turned on");
}

}  // namespace peakend::cli
