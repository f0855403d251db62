// What the sink wrote, as PostgreSQL gives it back, against the census of the same records.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "processors/warehouse/row_census.h"
#include "processors/warehouse/row_sink.h"
#include "tests/warehouse/row_records.h"
#include "tests/warehouse/test_database.h"

namespace peakend::warehouse {
namespace {

using testing::ElementsAre;

constexpr char kComparedTopic[] = "rows";

class ReconciledRowsTest : public DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    Migrate();
    RowSinkOptions options;
    options.conninfo = TestConninfo();
    options.schema = schema_;
    auto sink = RowSink::Open(options, {&table_});
    ASSERT_TRUE(sink.ok()) << sink.status();
    sink_ = *std::move(sink);
    ASSERT_TRUE(sink_->BeginAt(kComparedTopic, 0, 0).ok());
  }

  // Writes what stands in the log.
  void Write() {
    KnownKeys none(1);
    RowBatch batch(table_, none);
    log_.Fill(batch);
    const auto report = sink_->Write(kComparedTopic, batch, {{0, 0}});
    ASSERT_TRUE(report.ok()) << report.status();
  }

  CensusReport Census(const CensusOptions& options = {}) {
    RowCensus census(table_, options);
    for (const std::string& place : Rows("SELECT row_offset FROM dead_letter")) {
      EXPECT_TRUE(census.AddDeadLetter(0, std::stoi(place)).ok());
    }
    for (const runtime::InputRecord& record : log_.records()) {
      EXPECT_TRUE(census.AddRecord(record).ok());
    }
    TupleSplitter splitter;
    const absl::Status read = postgres_->CopyOut(
        RowSql(schema_).ReadRows(
            table_, options.every_version ? kRevisionTable : std::string_view(table_.name),
            options.since, options.until),
        [&](std::string_view piece) {
          return splitter.Add(piece, [&](std::string_view tuple) {
            return census.AddTuple(tuple, {{0, 0}});
          });
        });
    EXPECT_TRUE(read.ok()) << read;
    return census.Finish();
  }
  // missing, stale, different, extra.
  std::vector<int64_t> Differences() {
    const CensusReport report = Census();
    return {report.missing, report.stale, report.different, report.extra};
  }

  const RowTable table_ = RowTables()[static_cast<size_t>(RowKind::kJourney)];
  std::unique_ptr<RowSink> sink_;
  RecordLog log_;
};

TEST_F(ReconciledRowsTest, WhatTheSinkWroteIsTheSame) {
  bi::v1::JourneyRow odd = Journey("odd", 1);
  odd.set_score(-0.0);
  odd.set_opening(std::numeric_limits<double>::quiet_NaN());
  odd.set_end(std::numeric_limits<double>::denorm_min());
  odd.set_mean(0.1);
  odd.set_tier("\xE4\xBD\xA0\xE5\xA5\xBD \\ \" ' \t\n");
  odd.set_contact_count(std::numeric_limits<int32_t>::min());
  odd.set_detected_at_ms(std::numeric_limits<int64_t>::min());
  log_.Add(odd);
  log_.Add(Journey("old", 1, "0001-01-01"));
  log_.Add(Journey("far", 1, "9998-12-31"));
  for (int64_t version = 1; version < 50; ++version) log_.Add(Journey("a", version));
  log_.Add(Journey("gone", 1));
  log_.AddTombstone("gone");
  log_.AddBytes("broken", "\xff");
  log_.AddWithoutKey("x");
  Write();
  const CensusReport report = Census();
  EXPECT_EQ(report.differences(), 0);
  EXPECT_EQ(report.rows.kafka_rows, 5);
  EXPECT_FALSE(report.rows.differs());
  EXPECT_EQ(report.dead_letters, 2);
  EXPECT_EQ(report.cleared_dead_letters, 0);
}

TEST_F(ReconciledRowsTest, EachChangeOfTheTableIsSeen) {
  for (const char* key : {"a", "b", "c", "d", "e"}) log_.Add(Journey(key, 3));
  log_.Add(Journey("f", 3));
  log_.AddTombstone("f");
  Write();
  EXPECT_THAT(Differences(), ElementsAre(0, 0, 0, 0));
  Run("DELETE FROM journeys WHERE journey_id = 'a'");
  EXPECT_THAT(Differences(), ElementsAre(1, 0, 0, 0));
  Run("UPDATE journeys SET row_version = 2 WHERE journey_id = 'b'");
  EXPECT_THAT(Differences(), ElementsAre(1, 1, 0, 0));
  Run("UPDATE journeys SET score = 0.25000000000000006 WHERE journey_id = 'c'");
  EXPECT_THAT(Differences(), ElementsAre(1, 1, 1, 0));
  Run("UPDATE journeys SET journey_id = 'by hand' WHERE journey_id = 'd'");
  EXPECT_THAT(Differences(), ElementsAre(2, 1, 1, 1));
  Run("UPDATE journeys SET customer_key = 'somebody' WHERE journey_id = 'f'");
  EXPECT_THAT(Differences(), ElementsAre(2, 1, 2, 1));
}

TEST_F(ReconciledRowsTest, EveryVersionCountsWhereAllAreKept) {
  for (int64_t i = 0; i < 20; ++i) log_.Add(Journey("a", 1 + (i * 7) % 10));
  log_.Add(Journey("gone", 1));
  log_.AddTombstone("gone");
  log_.Add(Journey("gone", 1));
  log_.Add(Journey("gone", 2));
  Write();
  const auto differing = [&] {
    const CensusReport report = Census({.every_version = true});
    return std::vector<int64_t>{report.rows.kafka_rows, report.missing, report.stale,
                                report.different, report.extra};
  };
  EXPECT_THAT(differing(), ElementsAre(12, 0, 0, 0, 0));
  Run("DELETE FROM journey_revision WHERE journey_id = 'a' AND row_version IN (1, 10)");
  EXPECT_THAT(differing(), ElementsAre(12, 2, 0, 0, 0));
  Run("UPDATE journey_revision SET tier = 'x' WHERE journey_id = 'gone' AND row_version = 1");
  Run("UPDATE journey_revision SET row_version = 11 WHERE journey_id = 'a' AND row_version = 9");
  EXPECT_THAT(differing(), ElementsAre(12, 3, 0, 1, 1));
  EXPECT_EQ(Census().differences(), 0);
}

TEST_F(ReconciledRowsTest, EveryColumnCounts) {
  log_.Add(Journey("a", 3));
  Write();
  for (const Column& column : table_.columns) {
    if (column.field == nullptr || column.name == table_.key()) continue;
    SCOPED_TRACE(column.name);
    std::string other = "'9'";
    if (column.type == ColumnType::kBoolean) other = "NOT " + Quoted(column.name);
    if (column.type == ColumnType::kDate) other = "'2026-01-30'";
    Run("CREATE TABLE kept AS SELECT * FROM journeys; UPDATE journeys SET " + Quoted(column.name) +
        " = " + other);
    EXPECT_GT(Census().differences(), 0);
    Run("DELETE FROM journeys; INSERT INTO journeys SELECT * FROM kept; DROP TABLE kept");
  }
  EXPECT_EQ(Census().differences(), 0);
}

TEST_F(ReconciledRowsTest, ColumnsOfOtherTypesAndOrderAreRead) {
  log_.Add(Journey("a", 3));
  Write();
  Run("CREATE TABLE other AS SELECT 'x' AS ours, * FROM journeys; "
      "ALTER TABLE other ALTER contact_count TYPE bigint, ALTER score TYPE numeric; "
      "DROP TABLE journeys CASCADE; ALTER TABLE other RENAME TO journeys");
  EXPECT_EQ(Census().differences(), 0);
}

TEST_F(ReconciledRowsTest, OtherDaysAreNotRead) {
  log_.Add(Journey("a", 1, "2026-01-01"));
  log_.Add(Journey("b", 1, "2026-01-02"));
  log_.Add(Journey("c", 1, "2026-01-03"));
  Write();
  Run("DELETE FROM journeys WHERE journey_id IN ('a', 'c')");
  const CensusReport report =
      Census({.since = ParseDay("2026-01-02"), .until = ParseDay("2026-01-03")});
  EXPECT_EQ(report.differences(), 0);
  EXPECT_EQ(report.rows.postgres_rows, 1);
}

TEST_F(ReconciledRowsTest, WhatTheReaderRefusesEndsTheCopy) {
  log_.Add(Journey("a", 1));
  Write();
  auto other = Postgres::Connect(TestConninfo());
  ASSERT_TRUE(other.ok()) << other.status();
  const absl::Status status =
      (*other)->CopyOut(RowSql(schema_).ReadRows(table_, table_.name, {}, {}),
                        [](std::string_view piece) { return absl::CancelledError("enough"); });
  EXPECT_TRUE(absl::IsCancelled(status));
}

}  // namespace
}  // namespace peakend::warehouse
