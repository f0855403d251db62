// The two ways of rows into their table: which is taken, and that both end in the same tables.
#include "processors/warehouse/row_upload.h"

#include <gmock/gmock.h>

#include <map>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "tests/warehouse/row_sink_fixture.h"

namespace peakend::warehouse {
namespace {

using testing::ElementsAreArray;

bi::v1::JourneyRow Amended(std::string_view id, int64_t version) {
  bi::v1::JourneyRow row = Journey(id, version);
  row.set_amend_reason("event");
  return row;
}

class RowUploadTest : public RowSinkTest {
 protected:
  bool WentStraight(const WriteReport& report) {
    return report.straight > absl::ZeroDuration() && report.copy == absl::ZeroDuration();
  }
};

TEST_F(RowUploadTest, NewRowsGoStraightAndOthersAround) {
  RecordLog log;
  log.Add(Journey("a", 1));
  log.Add(Journey("b", 1));
  EXPECT_TRUE(WentStraight(Written(log)));
  log.Add(Journey("c", 1));
  log.Add(Amended("a", 2));
  const WriteReport both = Written(log, 2);
  EXPECT_GT(both.straight, absl::ZeroDuration());
  EXPECT_GT(both.copy, absl::ZeroDuration());
  EXPECT_EQ(both.written, 2);
  EXPECT_EQ(both.old, 0);
}

TEST_F(RowUploadTest, ATopicThatIsReadAgainIsTriedStraightMoreAndMoreSeldom) {
  RecordLog log;
  log.Add(Journey("a", 1));
  Written(log);
  std::string tries;
  for (int i = 0; i < 16; ++i) {
    Run("UPDATE sink_offset SET next_offset = 0");
    tries += Written(log).straight > absl::ZeroDuration() ? '|' : '.';
  }
  EXPECT_EQ(tries, "|.|..|....|.....");
  // One that succeeds is as good as if there had never been another.
  int64_t end = log.end();
  while (true) {
    log.Add(Journey(absl::StrCat("j", end), 1));
    if (WentStraight(Written(log, end++))) break;
  }
  log.Add(Journey("z", 1));
  EXPECT_TRUE(WentStraight(Written(log, end)));
}

TEST_F(RowUploadTest, WhereNoCopyMayGoRowsGoAround) {
  RecordLog log;
  log.Add(Journey("a", 1));
  Written(log);
  const std::string schema = Quoted(schema_);
  Run(absl::StrCat("CREATE ROLE guarded; GRANT USAGE ON SCHEMA ", schema, " TO guarded",
                   "; GRANT ALL ON ALL TABLES IN SCHEMA ", schema, " TO guarded",
                   "; ALTER TABLE journeys ENABLE ROW LEVEL SECURITY"
                   "; CREATE POLICY everyone ON journeys USING (true)"));
  sink_ = Open(" options='-c role=guarded'");
  ASSERT_NE(sink_, nullptr);
  log.Add(Journey("b", 1));
  const WriteReport report = Written(log, 1);
  EXPECT_EQ(report.written, 1);
  EXPECT_FALSE(WentStraight(report));
  EXPECT_EQ(Count("journeys"), 2);
  sink_.reset();
  Run("DROP OWNED BY guarded; DROP ROLE guarded");
}

// What must stand in the tables, by the rules alone.
class Expected {
 public:
  void Add(const bi::v1::JourneyRow& row) {
    int64_t& newest = newest_[row.journey_id()];
    newest = std::max(newest, row.row_version());
    versions_.insert(absl::StrCat(row.journey_id(), "|", row.row_version()));
  }
  std::vector<std::string> Newest() const {
    std::vector<std::string> rows;
    for (const auto& [id, version] : newest_) rows.push_back(absl::StrCat(id, "|", version));
    return rows;
  }
  const std::set<std::string>& versions() const { return versions_; }

 private:
  std::map<std::string, int64_t> newest_;
  std::set<std::string> versions_;
};

TEST_F(RowUploadTest, WhateverComesTheTablesHoldTheNewestAndEveryVersion) {
  Run("ALTER TABLE journeys ADD CONSTRAINT sane CHECK (score <= 1)");
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 dice(seed);
  const auto below = [&](uint32_t limit) { return static_cast<int>(dice() % limit); };
  RecordLog log;
  Expected expected;
  int64_t begin = 0;
  for (int batch = 0; batch < 60; ++batch) {
    // Few keys meet often; many are mostly new.
    const uint32_t keys = below(2) == 0 ? 20 : 100'000;
    for (int left = 1 + below(30); left > 0; --left) {
      bi::v1::JourneyRow row = Journey(absl::StrCat("k", below(keys)), 1 + below(4));
      // Who says so is not always right.
      if (below(3) == 0) row.set_amend_reason("event");
      if (below(100) == 0) row.set_score(2);
      log.Add(row);
      if (row.score() <= 1) expected.Add(row);
    }
    Written(log, begin);
    begin = log.end();
    if (below(10) != 0) continue;
    begin = below(static_cast<uint32_t>(log.end()));
    Run(absl::StrCat("UPDATE sink_offset SET next_offset = ", begin));
    Written(log, begin);
    begin = log.end();
  }
  EXPECT_THAT(
      Rows("SELECT journey_id, row_version FROM journeys ORDER BY journey_id COLLATE \"C\""),
      ElementsAreArray(expected.Newest()));
  const auto versions = Rows("SELECT journey_id, row_version FROM journey_revision");
  EXPECT_EQ(std::set<std::string>(versions.begin(), versions.end()), expected.versions());
  EXPECT_EQ(versions.size(), expected.versions().size());
}

}  // namespace
}  // namespace peakend::warehouse
