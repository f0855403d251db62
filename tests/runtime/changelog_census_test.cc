#include "processors/runtime/changelog_census.h"

#include <gtest/gtest.h>

#include <string>

#include "peakend/v1/progress_record.pb.h"

namespace peakend::runtime {
namespace {

class ChangelogCensusTest : public testing::Test {
 protected:
  void Put(const std::string& key, const std::string& value) {
    ChangelogRecord record;
    record.key = key;
    record.value = value;
    census_.Take(record);
  }
  void PutCustomer(const std::string& key, bool open, bool gone) {
    v1::CustomerState customer;
    customer.set_format(1);
    customer.set_gone(gone);
    if (open) customer.mutable_open();
    Put(key, customer.SerializeAsString());
  }
  void Remove(const std::string& key) {
    ChangelogRecord record;
    record.key = key;
    record.has_value = false;
    census_.Take(record);
  }

  ChangelogCensus census_{2};
};

TEST_F(ChangelogCensusTest, CountsTheNewestRecordOfEachKey) {
  PutCustomer("t/a", true, false);
  PutCustomer("t/b", true, false);
  PutCustomer("t/c", true, false);
  PutCustomer("t/a", false, false);
  PutCustomer("t/b", false, true);
  const v1::PartitionInspection result = census_.Result();
  EXPECT_EQ(result.partition(), 2);
  EXPECT_EQ(result.open(), 1);
  EXPECT_EQ(result.idle(), 1);
  EXPECT_EQ(result.stubs(), 1);
  EXPECT_EQ(result.records(), 5);
  EXPECT_LT(result.live_bytes(), result.record_bytes());
}

TEST_F(ChangelogCensusTest, ARemovedCustomerCountsNoMore) {
  PutCustomer("t/a", false, true);
  Remove("t/a");
  const v1::PartitionInspection result = census_.Result();
  EXPECT_EQ(result.stubs(), 0);
  EXPECT_EQ(result.live_bytes(), 0);
  EXPECT_EQ(result.records(), 2);
}

TEST_F(ChangelogCensusTest, TheNewestProgressCounts) {
  EXPECT_FALSE(census_.Result().has_progress());
  v1::ProgressRecord progress;
  for (const int64_t offset : {10, 20}) {
    progress.set_committed_offset(offset);
    Put("progress", progress.SerializeAsString());
  }
  EXPECT_EQ(census_.Result().progress().committed_offset(), 20);
  EXPECT_EQ(census_.Result().open() + census_.Result().idle(), 0);
}

TEST_F(ChangelogCensusTest, DamageIsCountedAndEndsNothing) {
  Put("t/a", "\x0a");
  Put("progress", "\x0a");
  PutCustomer("t/b", true, false);
  EXPECT_EQ(census_.Result().damaged(), 2);
  EXPECT_EQ(census_.Result().open(), 1);
}

}  // namespace
}  // namespace peakend::runtime
