#include "processors/warehouse/row_upload.h"

#include <algorithm>

#include "processors/warehouse/copy_format.h"

namespace peakend::warehouse {
namespace {

// A topic that is read again fails at every batch: one of so many tries is lost there.
constexpr int kLongestRest = 64;

}  // namespace

absl::Status RowUpload::Prepare(const RowTable& table) {
  return postgres_.Execute(RowSql::CreateArrivals(table));
}

absl::Status RowUpload::Write(const RowBatch& batch, size_t begin, size_t end, Refused* refused,
                              WriteReport* report) {
  if (rest_ > 0) {
    --rest_;
    return WriteCarefully(batch, begin, end, refused, report);
  }
  absl::Status status = TryStraight(batch, begin, end, report);
  // What no COPY may do, such as write where row security is on, an upsert may.
  if (status.ok() || absl::IsUnavailable(status)) {
    next_rest_ = 1;
    return status;
  }
  rest_ = next_rest_;
  next_rest_ = std::min(2 * next_rest_, kLongestRest);
  return WriteCarefully(batch, begin, end, refused, report);
}

absl::Status RowUpload::TryStraight(const RowBatch& batch, size_t begin, size_t end,
                                    WriteReport* report) {
  new_rows_.clear();
  other_rows_.clear();
  for (size_t row = begin; row < end; ++row) {
    (batch.IsNew(row) ? new_rows_ : other_rows_).append(batch.CopyRows(row, row + 1));
  }
  const RowTable& table = batch.table();
  int64_t copied = 0;
  int64_t changed = 0;
  absl::Status status = Undoable([&] {
    absl::Status done = Timed(clock_, &report->straight, [&] {
      return Copy(sql_.CopyInto(table, table.name), new_rows_, &copied);
    });
    if (done.ok() && table.keeps_revisions()) {
      done = Timed(clock_, &report->revisions, [&] {
        int64_t kept = 0;
        return Copy(sql_.CopyInto(table, kRevisionTable), batch.CopyRows(begin, end), &kept);
      });
    }
    if (!done.ok() || other_rows_.empty()) return done;
    done = Arrive(table, other_rows_, report);
    return done.ok() ? Upsert(table, report, &changed) : done;
  });
  if (!status.ok()) return status;
  report->written += copied + changed;
  report->old += static_cast<int64_t>(end - begin) - copied - changed;
  return absl::OkStatus();
}

absl::Status RowUpload::WriteCarefully(const RowBatch& batch, size_t begin, size_t end,
                                       Refused* refused, WriteReport* report) {
  absl::Status status = Undoable([&] { return TryCarefully(batch, begin, end, report); });
  if (!absl::IsInvalidArgument(status)) return status;
  if (end - begin == 1) {
    refused->emplace_back(begin, std::move(status));
    return absl::OkStatus();
  }
  const size_t middle = begin + (end - begin) / 2;
  status = WriteCarefully(batch, begin, middle, refused, report);
  return status.ok() ? WriteCarefully(batch, middle, end, refused, report) : status;
}

absl::Status RowUpload::TryCarefully(const RowBatch& batch, size_t begin, size_t end,
                                     WriteReport* report) {
  const RowTable& table = batch.table();
  int64_t written = 0;
  absl::Status status = Arrive(table, batch.CopyRows(begin, end), report);
  if (status.ok()) status = Upsert(table, report, &written);
  if (status.ok() && table.keeps_revisions()) {
    status = Timed(clock_, &report->revisions,
                   [&] { return postgres_.Query(sql_.KeepRevisions(table)).status(); });
  }
  if (!status.ok()) return status;
  report->written += written;
  report->old += static_cast<int64_t>(end - begin) - written;
  return absl::OkStatus();
}

template <typename Work>
absl::Status RowUpload::Undoable(Work work) {
  if (absl::Status status = postgres_.Execute("SAVEPOINT rows"); !status.ok()) return status;
  absl::Status status = work();
  if (status.ok()) return postgres_.Execute("RELEASE SAVEPOINT rows");
  if (absl::IsUnavailable(status)) return status;
  absl::Status undone = postgres_.Execute("ROLLBACK TO SAVEPOINT rows; RELEASE SAVEPOINT rows");
  return undone.ok() ? status : undone;
}

absl::Status RowUpload::Copy(const std::string& sql, std::string_view rows, int64_t* copied) {
  if (rows.empty()) return absl::OkStatus();
  const absl::StatusOr<int64_t> done = postgres_.CopyIn(sql, {CopyHeader(), rows, CopyTrailer()});
  if (done.ok()) *copied = *done;
  return done.status();
}

absl::Status RowUpload::Arrive(const RowTable& table, std::string_view rows, WriteReport* report) {
  if (arrivals_filled_) {
    absl::Status status = postgres_.Execute(RowSql::ClearArrivals(table));
    if (!status.ok()) return status;
  }
  arrivals_filled_ = true;
  return Timed(clock_, &report->copy, [&] {
    int64_t arrived = 0;
    return Copy(RowSql::CopyArrivals(table), rows, &arrived);
  });
}

absl::Status RowUpload::Upsert(const RowTable& table, WriteReport* report, int64_t* written) {
  return Timed(clock_, &report->upsert, [&] {
    const absl::StatusOr<SqlRows> rows = postgres_.Query(sql_.Upsert(table));
    if (rows.ok()) *written = rows->changed();
    return rows.status();
  });
}

}  // namespace peakend::warehouse
