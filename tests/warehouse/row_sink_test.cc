// Rows of one topic into their table: versions, refusals, erasures, deaths.
#include "processors/warehouse/row_sink.h"

#include <gmock/gmock.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/warehouse/row_sink_fixture.h"

namespace peakend::warehouse {
namespace {

using runtime::Positions;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::StartsWith;

constexpr char kNewest[] = "SELECT journey_id, row_version, tier FROM journeys ORDER BY 1";

TEST_F(RowSinkTest, ARowStandsInItsTableWithAllItsColumns) {
  bi::v1::JourneyRow row = Journey("a", 7);
  row.set_end(-0.5);
  row.set_tenant_id("acme");
  row.set_is_thin(true);
  row.set_tier("");
  RecordLog log;
  log.Add(row);
  const WriteReport report = Written(log);
  EXPECT_EQ(report.written, 1);
  EXPECT_THAT(Rows("SELECT journey_id, row_version, is_deleted, tenant_id, business_date, "
                   "detected_at_ms, contact_count, \"end\", opening, is_thin, tier, "
                   "published_at_ms, row_partition, row_offset FROM journeys"),
              ElementsAre("a|7|f|acme|2026-01-31|1700000000007|3|-0.5|-|t|-|1800000000000|0|0"));
  EXPECT_THAT(Offsets(), ElementsAre(Pair(0, 1)));
}

TEST_F(RowSinkTest, NoOlderVersionIsWrittenOverANewerOne) {
  RecordLog log;
  log.Add(Journey("a", 2));
  log.Add(Journey("b", 5));
  Written(log);
  log.Add(Journey("a", 1));
  log.Add(Journey("a", 2));
  log.Add(Journey("b", 6));
  const WriteReport report = Written(log, 2);
  EXPECT_EQ(report.written, 1);
  EXPECT_EQ(report.old, 2);
  EXPECT_THAT(Rows(kNewest), ElementsAre("a|2|gold", "b|6|gold"));
  EXPECT_THAT(
      Rows("SELECT journey_id, row_version, row_offset FROM journey_revision ORDER BY 1, 2"),
      ElementsAre("a|1|2", "a|2|0", "b|5|1", "b|6|4"));
}

TEST_F(RowSinkTest, AThousandRevisionsOfOneJourneyInOneBatch) {
  RecordLog log;
  for (int64_t i = 0; i < 1000; ++i) log.Add(Journey("a", 1 + (i * 7919) % 1000));
  const WriteReport report = Written(log);
  EXPECT_EQ(report.written, 1);
  EXPECT_EQ(report.old, 999);
  EXPECT_THAT(Rows(kNewest), ElementsAre("a|1000|gold"));
  EXPECT_EQ(Count("journey_revision"), 1000);
}

TEST_F(RowSinkTest, AReplayedBatchIsRefusedAndChangesNothing) {
  RecordLog log;
  log.Add(Journey("a", 1));
  log.AddBytes("bad", "");
  Written(log);
  EXPECT_TRUE(absl::IsAborted(Write(log).status()));
  EXPECT_THAT(Offsets(), ElementsAre(Pair(0, 2)));
  // Somebody sets the offsets back: all of it comes again, and stays as it is.
  Run("UPDATE sink_offset SET next_offset = 0");
  const WriteReport again = Written(log);
  EXPECT_EQ(again.written, 0);
  EXPECT_EQ(again.old, 1);
  EXPECT_EQ(Count("journeys"), 1);
  EXPECT_EQ(Count("journey_revision"), 1);
  EXPECT_EQ(Count("dead_letter"), 1);
}

TEST_F(RowSinkTest, AnInstanceThatIsBehindWritesNothing) {
  RecordLog log;
  log.Add(Journey("a", 1));
  Written(log);
  const std::unique_ptr<RowSink> other = Open();
  KnownKeys none(1);
  RowBatch batch(table_, none);
  log.Add(Journey("a", 2));
  log.Add(Journey("z", 9));
  log.Fill(batch);
  EXPECT_TRUE(absl::IsAborted(other->Write(kRowsTopic, batch, {{0, 0}}).status()));
  EXPECT_TRUE(absl::IsAborted(other->Write(kRowsTopic, batch, {}).status()));
  EXPECT_THAT(Rows(kNewest), ElementsAre("a|1|gold"));
  EXPECT_EQ(Count("journey_revision"), 1);
  EXPECT_EQ(Count("dim_customer"), 1);
  // Its connection is as good as before.
  batch.Clear();
  log.Fill(batch, 1);
  EXPECT_TRUE(other->Write(kRowsTopic, batch, {{0, 1}}).ok());
  EXPECT_EQ(Count("journeys"), 2);
}

TEST_F(RowSinkTest, OnlyTheRowsThatPostgresRefusesBecomeDeadLetters) {
  DropViews();
  Run("ALTER TABLE journeys ALTER contact_count TYPE smallint, ALTER tier TYPE varchar(5), "
      "ADD CONSTRAINT sane CHECK (score <= 1)");
  RecordLog log;
  for (int i = 0; i < 300; ++i) {
    bi::v1::JourneyRow row = Journey(absl::StrCat("j", i), 1);
    if (i == 17) row.set_contact_count(40000);
    if (i == 18) row.set_tier("platinum");
    if (i == 299) row.set_score(2);
    log.Add(row);
  }
  const WriteReport report = Written(log);
  EXPECT_EQ(report.written, 297);
  EXPECT_EQ(report.old, 0);
  EXPECT_EQ(report.dead[static_cast<size_t>(RowFault::kRefused)], 3);
  EXPECT_EQ(Count("journeys"), 297);
  EXPECT_EQ(Count("journey_revision"), 297);
  EXPECT_EQ(Count("dim_customer"), 297);
  EXPECT_THAT(
      Rows("SELECT row_offset, convert_from(key, 'UTF8'), reason FROM dead_letter ORDER BY 1"),
      ElementsAre(StartsWith("17|j17|refused: PostgreSQL error 22003"),
                  StartsWith("18|j18|refused: PostgreSQL error 22001"),
                  HasSubstr("299|j299|refused: PostgreSQL error 23514")));
  EXPECT_THAT(Rows("SELECT reason FROM dead_letter WHERE row_offset = 299"),
              ElementsAre(HasSubstr("constraint sane")));
  EXPECT_THAT(Offsets(), ElementsAre(Pair(0, 300)));
  // The bytes are those of the record.
  bi::v1::JourneyRow kept;
  const auto value = Rows("SELECT encode(value, 'escape') FROM dead_letter WHERE row_offset = 18");
  ASSERT_EQ(value.size(), 1U);
  EXPECT_THAT(value[0], HasSubstr("platinum"));
}

TEST_F(RowSinkTest, TextThatFitsNoIndexHurtsItsRowOnly) {
  std::string noise;
  uint32_t state = 1;
  for (int i = 0; i < 9000; ++i) {
    state = state * 1664525 + 1013904223;
    noise += static_cast<char>('!' + (state >> 24) % 90);
  }
  RecordLog log;
  log.Add(Journey("a", 1));
  log.Add(Journey(noise, 1));
  bi::v1::JourneyRow row = Journey("b", 1);
  row.set_tenant_id(noise);
  log.Add(row);
  EXPECT_EQ(Written(log).written, 2);
  EXPECT_THAT(Rows(kNewest), ElementsAre("a|1|gold", "b|1|gold"));
  EXPECT_THAT(Rows("SELECT reason FROM dead_letter"), ElementsAre(HasSubstr("54000")));
  EXPECT_THAT(Rows("SELECT customer_key FROM dim_customer"), ElementsAre("customer-a"));
}

TEST_F(RowSinkTest, ADeferredConstraintRefusesItsRowOnly) {
  Run("CREATE TABLE tiers (tier text PRIMARY KEY); INSERT INTO tiers VALUES ('gold');"
      "ALTER TABLE journeys ADD FOREIGN KEY (tier) REFERENCES tiers DEFERRABLE INITIALLY DEFERRED");
  RecordLog log;
  log.Add(Journey("a", 1));
  bi::v1::JourneyRow row = Journey("b", 1);
  row.set_tier("tin");
  log.Add(row);
  EXPECT_EQ(Written(log).written, 1);
  EXPECT_THAT(Rows(kNewest), ElementsAre("a|1|gold"));
}

TEST_F(RowSinkTest, ABadVersionDoesNotHideAGoodOne) {
  Run("ALTER TABLE journeys ADD CONSTRAINT sane CHECK (score <= 1)");
  RecordLog log;
  log.Add(Journey("a", 1));
  bi::v1::JourneyRow row = Journey("a", 2);
  row.set_score(2);
  log.Add(row);
  EXPECT_EQ(Written(log).written, 1);
  EXPECT_THAT(Rows(kNewest), ElementsAre("a|1|gold"));
}

TEST_F(RowSinkTest, RecordsThatAreNoRowsAreKeptWithTheReason) {
  RecordLog log;
  bi::v1::JourneyRow nul = Journey("a", 1);
  nul.set_tier(std::string("a\0b", 3));
  log.Add(nul);
  log.AddWithoutKey("?");
  const WriteReport report = Written(log);
  EXPECT_EQ(report.dead[static_cast<size_t>(RowFault::kNulByte)], 1);
  EXPECT_EQ(report.dead[static_cast<size_t>(RowFault::kNoKey)], 1);
  EXPECT_THAT(Rows("SELECT topic, partition, row_offset, key IS NULL, reason FROM dead_letter "
                   "ORDER BY row_offset"),
              ElementsAre("rows|0|0|f|nul_byte", "rows|0|1|t|no_key"));
}

TEST_F(RowSinkTest, ATombstoneMakesItsRowEmptyAndKeepsItsVersion) {
  RecordLog log;
  log.Add(Journey("a", 2));
  log.Add(Journey("b", 1));
  Written(log);
  log.AddTombstone("a");
  log.AddTombstone("unknown");
  EXPECT_EQ(Written(log, 2).erased, 1);
  const std::string columns =
      "journey_id, row_version, is_deleted, customer_key, tier, score, contact_count";
  EXPECT_THAT(Rows(absl::StrCat("SELECT ", columns, " FROM journeys ORDER BY 1")),
              ElementsAre("a|2|t||-|-|0", "b|1|f|customer-b|gold|0.25|3"));
  EXPECT_THAT(Rows(absl::StrCat("SELECT ", columns, " FROM journey_revision ORDER BY 1")),
              ElementsAre("a|2|t||-|-|0", "b|1|f|customer-b|gold|0.25|3"));
  // What is not newer does not bring it back; what is does.
  log.Add(Journey("a", 1));
  log.Add(Journey("a", 2));
  Written(log, 4);
  EXPECT_THAT(Rows("SELECT is_deleted, tier FROM journeys WHERE journey_id = 'a'"),
              ElementsAre("t|-"));
  log.Add(Journey("a", 3));
  Written(log, 6);
  EXPECT_THAT(Rows("SELECT is_deleted, tier FROM journeys WHERE journey_id = 'a'"),
              ElementsAre("f|gold"));
}

TEST_F(RowSinkTest, ATombstoneThatComesAgainLeavesWhatWasWrittenBehindIt) {
  RecordLog log;
  log.Add(Journey("a", 1));
  log.AddTombstone("a");
  log.Add(Journey("a", 2));
  Written(log);
  const std::string what =
      "SELECT journey_id, row_version, tier FROM (TABLE journeys UNION ALL TABLE journey_revision) "
      "AS both_tables ORDER BY 1, 2";
  const auto expected = ElementsAre("a|1|-", "a|2|gold", "a|2|gold");
  EXPECT_THAT(Rows(what), expected);
  Run("UPDATE sink_offset SET next_offset = 0");
  Written(log);
  EXPECT_THAT(Rows(what), expected);
  // In a topic that was made anew a tombstone counts, wherever the row stood in the old one.
  Run("UPDATE journeys SET row_offset = 1000, published_at_ms = 1");
  Run("UPDATE sink_offset SET next_offset = 0");
  RecordLog other;
  other.AddTombstone("a");
  EXPECT_EQ(Written(other).erased, 1);
}

TEST_F(RowSinkTest, WithinABatchTheOrderOfTombstonesCounts) {
  RecordLog log;
  log.AddTombstone("a");
  log.Add(Journey("a", 1));
  log.Add(Journey("b", 1));
  log.AddTombstone("b");
  log.Add(Journey("c", 1));
  log.AddTombstone("c");
  log.Add(Journey("c", 2));
  Written(log);
  EXPECT_THAT(Rows(kNewest), ElementsAre("a|1|gold", "b|1|-", "c|2|gold"));
}

TEST_F(RowSinkTest, AColumnThatAPersonDroppedIsNamedWithTheRemedy) {
  Run("ALTER TABLE journeys DROP tier CASCADE");
  RecordLog log;
  log.Add(Journey("a", 1));
  const absl::Status status = Write(log).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("tier"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("--print-ddl"));
  EXPECT_THAT(Offsets(), ElementsAre(Pair(0, 0)));
  Run("ALTER TABLE journeys ADD tier text");
  EXPECT_EQ(Written(log).written, 1);
}

TEST_F(RowSinkTest, ASessionThatIsKilledLeavesNothingHalfDone) {
  RecordLog log;
  log.Add(Journey("a", 1));
  Written(log);
  for (int i = 0; i < 100; ++i) log.Add(Journey(absl::StrCat("j", i), 1));
  // The lock holds the batch up behind its COPY, until its session is killed.
  Run("BEGIN; LOCK TABLE journeys IN ACCESS EXCLUSIVE MODE");
  absl::Status status;
  std::thread writer([&] { status = Write(log, 1).status(); });
  while (Rows("SELECT 1 FROM pg_locks WHERE NOT granted").empty()) std::this_thread::yield();
  Terminate(sink_->process_id());
  writer.join();
  Run("COMMIT");
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_FALSE(sink_->connected());
  sink_ = Open();
  EXPECT_THAT(Offsets(), ElementsAre(Pair(0, 1)));
  EXPECT_EQ(Count("journeys"), 1);
  EXPECT_EQ(Written(log, 1).written, 100);
  EXPECT_EQ(Count("journeys"), 101);
  EXPECT_EQ(Count("journey_revision"), 101);
}

TEST_F(RowSinkTest, PartitionsMoveTogetherOrNotAtAll) {
  RecordLog first;
  RecordLog second(1);
  first.Add(Journey("a", 1));
  second.Add(Journey("b", 1));
  ASSERT_TRUE(sink_->BeginAt(kRowsTopic, 1, 0).ok());
  KnownKeys none(1);
  RowBatch batch(table_, none);
  first.Fill(batch);
  second.Fill(batch);
  EXPECT_TRUE(absl::IsAborted(sink_->Write(kRowsTopic, batch, {{0, 0}, {1, 5}}).status()));
  EXPECT_EQ(Count("journeys"), 0);
  EXPECT_THAT(Offsets(), ElementsAre(Pair(0, 0), Pair(1, 0)));
  EXPECT_TRUE(sink_->Write(kRowsTopic, batch, {{0, 0}, {1, 0}}).ok());
  EXPECT_THAT(Offsets(), ElementsAre(Pair(0, 1), Pair(1, 1)));
}

}  // namespace
}  // namespace peakend::warehouse
