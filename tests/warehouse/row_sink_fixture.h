// A sink of journeys over a fresh database, and what it is fed by.
#ifndef PEAKEND_TESTS_WAREHOUSE_ROW_SINK_FIXTURE_H_
#define PEAKEND_TESTS_WAREHOUSE_ROW_SINK_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "processors/warehouse/row_sink.h"
#include "tests/warehouse/row_records.h"
#include "tests/warehouse/test_database.h"

namespace peakend::warehouse {

inline constexpr char kRowsTopic[] = "rows";

class RowSinkTest : public DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    Migrate();
    sink_ = Open();
    ASSERT_NE(sink_, nullptr);
    ASSERT_TRUE(sink_->BeginAt(kRowsTopic, 0, 0).ok());
  }

  std::unique_ptr<RowSink> Open(const std::string& further_conninfo = "") {
    RowSinkOptions options;
    options.conninfo = TestConninfo() + further_conninfo;
    options.schema = schema_;
    options.most_new_days = 10;
    options.clock = [this] { return now_ += absl::Milliseconds(1); };
    auto sink = RowSink::Open(options, {&table_});
    if (!sink.ok()) {
      ADD_FAILURE() << sink.status();
      return nullptr;
    }
    return *std::move(sink);
  }

  // Writes what `log` has from `begin` on.
  absl::StatusOr<WriteReport> Write(const RecordLog& log, int64_t begin = 0) {
    KnownKeys none(1);
    RowBatch batch(table_, none);
    log.Fill(batch, begin);
    return sink_->Write(kRowsTopic, batch, {{0, begin}});
  }
  WriteReport Written(const RecordLog& log, int64_t begin = 0) {
    const absl::StatusOr<WriteReport> report = Write(log, begin);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *report : WriteReport();
  }
  runtime::Positions Offsets() { return *sink_->Offsets(kRowsTopic); }

  const RowTable table_ = RowTables()[static_cast<size_t>(RowKind::kJourney)];
  std::unique_ptr<RowSink> sink_;
  // Goes on with every look, so that a report tells what was done at all.
  absl::Time now_ = absl::UnixEpoch();
};

}  // namespace peakend::warehouse

#endif  // PEAKEND_TESTS_WAREHOUSE_ROW_SINK_FIXTURE_H_
