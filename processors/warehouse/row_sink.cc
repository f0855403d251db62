#include "processors/warehouse/row_sink.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "processors/warehouse/schema_check.h"

namespace peakend::warehouse {
namespace {

// Room for a batch in the session's own memory, for its sorting and its arrival; and no compiler
// for statements that take milliseconds. A process that stands still in a transaction would block
// the one that replaced it, on the rows that both write: the server ends its session.
//
// A commit does not wait for the disk: if the server dies, the last transactions are gone with the
// offsets in them, and what they held is read again.
constexpr char kSession[] =
    "SET work_mem = '64MB'; SET temp_buffers = '64MB'; SET jit = off; "
    "SET synchronous_commit = off; "
    "SET idle_in_transaction_session_timeout = '10s'";
// A constraint that waits for the end of the transaction would refuse all of it.
constexpr char kBegin[] = "BEGIN; SET CONSTRAINTS ALL IMMEDIATE";

}  // namespace

RowSink::RowSink(RowSinkOptions options, std::unique_ptr<Postgres> postgres)
    : options_(std::move(options)),
      sql_(options_.schema),
      postgres_(std::move(postgres)),
      upload_(*postgres_, sql_, options_.clock),
      days_(*postgres_, sql_, options_.most_new_days) {}

absl::StatusOr<std::unique_ptr<RowSink>> RowSink::Open(RowSinkOptions options,
                                                       absl::Span<const RowTable* const> tables) {
  absl::StatusOr<std::unique_ptr<Postgres>> postgres = Postgres::Connect(options.conninfo);
  if (!postgres.ok()) return postgres.status();
  std::unique_ptr<RowSink> sink(new RowSink(std::move(options), *std::move(postgres)));
  if (absl::Status status = sink->Prepare(tables); !status.ok()) return status;
  return sink;
}

absl::Status RowSink::Prepare(absl::Span<const RowTable* const> tables) {
  if (absl::Status status = postgres_->Execute(kSession); !status.ok()) return status;
  for (const RowTable* table : tables) {
    absl::Status status = CheckTable(*postgres_, sql_, *table);
    if (status.ok()) status = upload_.Prepare(*table);
    if (!status.ok()) return status;
  }
  return days_.Load();
}

absl::StatusOr<runtime::Positions> RowSink::Offsets(const std::string& topic) {
  const absl::StatusOr<SqlRows> rows =
      postgres_->Query(sql_.ReadOffsets(), {SqlValue::Text(options_.name), SqlValue::Text(topic)});
  if (!rows.ok()) return rows.status();
  runtime::Positions offsets;
  for (int i = 0; i < rows->size(); ++i) {
    offsets[static_cast<int32_t>(rows->Integer(i, 0))] = rows->Integer(i, 1);
  }
  return offsets;
}

absl::Status RowSink::BeginAt(const std::string& topic, int32_t partition, int64_t offset) {
  const std::string number = absl::StrCat(partition);
  const std::string start = absl::StrCat(offset);
  return postgres_
      ->Query(sql_.CreateOffset(), {SqlValue::Text(options_.name), SqlValue::Text(topic),
                                    SqlValue::Text(number), SqlValue::Text(start)})
      .status();
}

absl::Status RowSink::SkipTo(const std::string& topic, int32_t partition, int64_t offset) {
  const std::string number = absl::StrCat(partition);
  const std::string start = absl::StrCat(offset);
  return postgres_
      ->Query(sql_.SetOffset(), {SqlValue::Text(options_.name), SqlValue::Text(topic),
                                 SqlValue::Text(number), SqlValue::Text(start)})
      .status();
}

absl::StatusOr<WriteReport> RowSink::Write(const std::string& topic, const RowBatch& batch,
                                           const runtime::Positions& expected) {
  WriteReport report;
  const std::vector<DayNumber> days = batch.Days();
  absl::Status status = Timed(options_.clock, &report.days, [&] {
    absl::Status made = days_.Ensure(batch.table().name, days);
    if (made.ok() && batch.table().keeps_revisions()) made = days_.Ensure(kRevisionTable, days);
    return made;
  });
  if (status.ok()) status = postgres_->Execute(kBegin);
  upload_.Begin();
  if (status.ok()) status = WriteAll(topic, batch, expected, &report);
  if (status.ok()) {
    status = Timed(options_.clock, &report.commit, [&] { return postgres_->Execute("COMMIT"); });
  }
  if (status.ok()) return report;
  if (connected()) postgres_->Execute("ROLLBACK").IgnoreError();
  return status;
}

absl::Status RowSink::WriteAll(const std::string& topic, const RowBatch& batch,
                               const runtime::Positions& expected, WriteReport* report) {
  // First, so that an instance that was replaced waits here, and finds out before it does anything.
  absl::Status status = Timed(options_.clock, &report->commit,
                              [&] { return MoveOffsets(topic, expected, batch.next()); });
  if (!status.ok()) return status;
  RowUpload::Refused refused;
  for (const RowBatch::Segment& segment : batch.segments()) {
    status = WriteSegment(batch, segment, &refused, report);
    if (!status.ok()) return status;
  }
  status = WriteDeadLetters(topic, batch, refused, report);
  if (!status.ok()) return status;
  return Timed(options_.clock, &report->keys, [&] { return WriteKeys(batch, refused); });
}

absl::Status RowSink::WriteSegment(const RowBatch& batch, const RowBatch::Segment& segment,
                                   RowUpload::Refused* refused, WriteReport* report) {
  if (segment.begin < segment.end) {
    absl::Status status = upload_.Write(batch, segment.begin, segment.end, refused, report);
    if (!status.ok()) return status;
  }
  if (segment.erased.empty()) return absl::OkStatus();
  return Erase(batch.table(), segment, report);
}

absl::Status RowSink::Erase(const RowTable& table, const RowBatch::Segment& segment,
                            WriteReport* report) {
  std::vector<int64_t> partitions;
  std::vector<int64_t> offsets;
  std::vector<int64_t> times;
  for (const RowPlace& place : segment.erased_at) {
    partitions.push_back(place.partition);
    offsets.push_back(place.offset);
    times.push_back(place.published_at_ms);
  }
  const std::array<std::string, 4> arrays = {SqlArray(segment.erased), SqlArray(partitions),
                                             SqlArray(offsets), SqlArray(times)};
  const std::array<SqlValue, 4> values = {SqlValue::Text(arrays[0]), SqlValue::Text(arrays[1]),
                                          SqlValue::Text(arrays[2]), SqlValue::Text(arrays[3])};
  const absl::StatusOr<SqlRows> rows = postgres_->Query(sql_.Erase(table, table.name), values);
  if (!rows.ok()) return rows.status();
  report->erased += rows->changed();
  if (!table.keeps_revisions()) return absl::OkStatus();
  return postgres_->Query(sql_.Erase(table, kRevisionTable), values).status();
}

absl::Status RowSink::WriteKeys(const RowBatch& batch, const RowUpload::Refused& refused) {
  std::vector<size_t> rows;
  rows.reserve(refused.size());
  for (const auto& [row, why] : refused) rows.push_back(row);
  const std::vector<DimensionKey> keys = batch.NewKeys(rows);
  for (size_t begin = 0; begin < keys.size();) {
    const Dimension& dimension = kDimensions[keys[begin].dimension];
    std::vector<std::string> tenants;
    std::vector<std::string> ids;
    std::vector<int64_t> seen;
    size_t end = begin;
    for (; end < keys.size() && keys[end].dimension == keys[begin].dimension; ++end) {
      tenants.push_back(keys[end].tenant);
      ids.push_back(keys[end].id);
      seen.push_back(keys[end].first_seen_at_ms);
    }
    const std::string tenant_array = SqlArray(tenants);
    const std::string id_array = SqlArray(ids);
    const std::string seen_array = SqlArray(seen);
    std::vector<SqlValue> values = {SqlValue::Text(id_array), SqlValue::Text(seen_array)};
    if (dimension.of_tenant) values.insert(values.begin(), SqlValue::Text(tenant_array));
    const absl::Status status = postgres_->Query(sql_.AddKeys(dimension), values).status();
    if (absl::IsInvalidArgument(status)) {
      return absl::FailedPreconditionError(absl::StrCat(sql_.Name(dimension.table),
                                                        " refuses a key (", status.message(),
                                                        "): remove what was added to that table"));
    }
    if (!status.ok()) return status;
    begin = end;
  }
  return absl::OkStatus();
}

absl::Status RowSink::WriteDeadLetters(const std::string& topic, const RowBatch& batch,
                                       const RowUpload::Refused& refused, WriteReport* report) {
  const auto write = [&](const SourceRecord& record, RowFault fault, const std::string& reason) {
    ++report->dead[static_cast<size_t>(fault)];
    const std::string partition = absl::StrCat(record.partition);
    const std::string offset = absl::StrCat(record.offset);
    return postgres_
        ->Query(sql_.AddDeadLetter(),
                {SqlValue::Text(topic), SqlValue::Text(partition), SqlValue::Text(offset),
                 SqlValue::Bytes(record.key, record.has_key),
                 SqlValue::Bytes(record.value, record.has_value), SqlValue::Text(reason)})
        .status();
  };
  for (const RowBatch::Fault& fault : batch.Faults()) {
    absl::Status status = write(fault.record, fault.reason, std::string(FaultName(fault.reason)));
    if (!status.ok()) return status;
  }
  for (const auto& [row, why] : refused) {
    absl::Status status =
        write(batch.RecordOf(row), RowFault::kRefused, absl::StrCat("refused: ", why.message()));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status RowSink::MoveOffsets(const std::string& topic, const runtime::Positions& expected,
                                  const runtime::Positions& next) {
  std::vector<int64_t> partitions;
  std::vector<int64_t> from;
  std::vector<int64_t> to;
  for (const auto& [partition, offset] : next) {
    const auto found = expected.find(partition);
    if (found == expected.end()) return absl::AbortedError("a partition is not ours");
    partitions.push_back(partition);
    from.push_back(found->second);
    to.push_back(offset);
  }
  const std::string numbers = SqlArray(partitions);
  const std::string froms = SqlArray(from);
  const std::string tos = SqlArray(to);
  const absl::StatusOr<SqlRows> moved = postgres_->Query(
      sql_.MoveOffsets(), {SqlValue::Text(options_.name), SqlValue::Text(topic),
                           SqlValue::Text(numbers), SqlValue::Text(froms), SqlValue::Text(tos)});
  if (!moved.ok()) return moved.status();
  if (moved->changed() == static_cast<int64_t>(next.size())) return absl::OkStatus();
  return absl::AbortedError("another instance moved the offsets on");
}

}  // namespace peakend::warehouse
