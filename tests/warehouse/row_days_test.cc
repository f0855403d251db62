// Day partitions and dimensions that rows bring with them.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "tests/warehouse/row_sink_fixture.h"

namespace peakend::warehouse {
namespace {

using testing::ElementsAre;

TEST_F(RowSinkTest, EachDayGetsItsPartition) {
  RecordLog log;
  log.Add(Journey("a", 1, "2026-01-31"));
  log.Add(Journey("b", 1, "2026-02-01"));
  log.Add(Journey("c", 1, "1812-06-24"));
  log.Add(Journey("d", 1, "2101-01-01"));
  EXPECT_EQ(Written(log).written, 4);
  EXPECT_EQ(Count("journeys_20260131"), 1);
  EXPECT_EQ(Count("journeys_20260201"), 1);
  EXPECT_EQ(Count("journeys_default"), 2);
  EXPECT_EQ(Count("journey_revision_20260201"), 1);
}

TEST_F(RowSinkTest, ADayThatCannotHaveItsPartitionGoesToTheDefault) {
  Run("CREATE TABLE january PARTITION OF journeys FOR VALUES FROM ('2026-01-01') TO "
      "('2026-02-01')");
  RecordLog first;
  first.Add(Journey("a", 1, "2026-01-31"));
  Written(first);
  EXPECT_EQ(Count("january"), 1);
  // Another process makes one that we do not know of.
  Run("CREATE TABLE journeys_20260301 PARTITION OF journeys FOR VALUES FROM ('2026-03-01') TO "
      "('2026-03-02')");
  first.Add(Journey("b", 1, "2026-03-01"));
  Written(first, 1);
  EXPECT_EQ(Count("journeys_20260301"), 1);
}

TEST_F(RowSinkTest, ABatchMakesABoundedNumberOfPartitions) {
  RecordLog log;
  for (int i = 10; i < 25; ++i) log.Add(Journey(absl::StrCat(i), 1, absl::StrCat("2026-01-", i)));
  Written(log);
  EXPECT_EQ(Count("journeys"), 15);
  // The oldest five, where the partition stays theirs: there are rows of that day in the default.
  EXPECT_EQ(Count("journeys_default"), 5);
  log.Add(Journey("10", 2, "2026-01-10"));
  EXPECT_EQ(Written(log, 15).written, 1);
  EXPECT_EQ(Count("journeys_default"), 5);
}

TEST_F(RowSinkTest, DimensionsHaveEachKeyOnceAsFirstSeen) {
  RecordLog log;
  log.Add(Journey("a", 1));
  log.Add(Journey("a", 2));
  Written(log);
  EXPECT_THAT(Rows("SELECT * FROM dim_customer"), ElementsAre("|customer-a|1700000000001"));
}

}  // namespace
}  // namespace peakend::warehouse
