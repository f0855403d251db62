// Batches of output records, their headers, and rows in many versions.
#include "processors/publish/output.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "peakend/v1/journey.pb.h"
#include "processors/publish/rejected.h"
#include "processors/publish/revision.h"

namespace peakend::publish {
namespace {

TEST(OutputBatchTest, GivesBackWhatWasAppended) {
  OutputBatch batch;
  EXPECT_TRUE(batch.empty());
  batch.Append(Topic::kMoments, 3, "key", "value");
  batch.Append(Topic::kAlerts, 4, "", "");
  batch.Open(Topic::kJourneys, 5, "k").append("v1").append("v2");
  ASSERT_EQ(batch.size(), 3U);
  EXPECT_EQ(batch[0].topic, Topic::kMoments);
  EXPECT_EQ(batch[0].partition, 3);
  EXPECT_EQ(batch[0].key, "key");
  EXPECT_EQ(batch[0].value, "value");
  EXPECT_EQ(batch[0].headers, nullptr);
  EXPECT_EQ(batch[1].key, "");
  EXPECT_TRUE(batch[1].has_key);
  EXPECT_EQ(batch[2].value, "v1v2");
  EXPECT_EQ(batch.bytes(), 13U);
  batch.Clear();
  EXPECT_TRUE(batch.empty());
  EXPECT_EQ(batch.bytes(), 0U);
}

TEST(OutputBatchTest, InputRecordsNameTheirCause) {
  OutputBatch batch;
  batch.Append(Topic::kAlerts, 3, "a", "alert");
  batch.OpenInput(3, 5, "acme/c1").append("to another");
  Output original;
  original.topic = Topic::kLate;
  original.partition = 3;
  batch.AppendOriginal(original, {{"ours", "1"}});
  OutputBatch copy;
  for (size_t i = 0; i < batch.size(); ++i) copy.AppendFrom(batch, i);
  for (const OutputBatch* of : {&batch, &copy}) {
    for (size_t i = 0; i < 3; ++i) EXPECT_EQ((*of)[i].cause, 3) << i;
    EXPECT_EQ((*of)[0].partition, 3) << "all but input records stay where they were caused";
    EXPECT_EQ((*of)[1].topic, Topic::kInput);
    EXPECT_EQ((*of)[1].partition, 5);
    EXPECT_EQ((*of)[1].key, "acme/c1");
    EXPECT_TRUE((*of)[1].has_key);
    EXPECT_EQ((*of)[1].value, "to another");
    EXPECT_EQ((*of)[2].partition, 3);
  }
}

TEST(OutputBatchTest, NullIsNotEmpty) {
  OutputBatch batch;
  Output original;
  original.topic = Topic::kRejected;
  original.has_key = false;
  original.has_value = false;
  batch.AppendOriginal(original, {});
  EXPECT_FALSE(batch[0].has_key);
  EXPECT_FALSE(batch[0].has_value);
  ASSERT_NE(batch[0].headers, nullptr);
  EXPECT_TRUE(batch[0].headers->empty());
}

TEST(OutputBatchTest, OriginalHeadersComeFirst) {
  OutputBatch batch;
  Output original;
  original.topic = Topic::kLate;
  original.key = "k";
  original.value = "v";
  batch.Append(Topic::kMoments, 0, "m", "m");
  batch.AppendOriginal(original, {{"ours", "1"}});
  batch.AppendOriginal(original, {{"ours", "2"}});
  batch.PrependHeaders(1, {{"theirs", "a"}, {"theirs", "b"}});
  const std::vector<Header>& headers = *batch[1].headers;
  ASSERT_EQ(headers.size(), 3U);
  EXPECT_EQ(headers[0].value, "a");
  EXPECT_EQ(headers[1].value, "b");
  EXPECT_EQ(headers[2].value, "1");
  EXPECT_EQ(batch[2].headers->size(), 1U);
  EXPECT_EQ(batch[0].headers, nullptr);
}

TEST(RejectedTest, ReadsTheHeadersBack) {
  const v1::RejectedRecord record = ReadRejected("key", std::string("\x00\xff", 2),
                                                 {{"theirs", "x"},
                                                  {"peakend.error.reason", "key_mismatch"},
                                                  {"peakend.error.stage", "ingest"},
                                                  {"peakend.error.field", "key"},
                                                  {"peakend.source.topic", "events"},
                                                  {"peakend.source.partition", "7"},
                                                  {"peakend.source.offset", "12345678901"},
                                                  {"peakend.source.timestamp", "1767225600000"}});
  EXPECT_EQ(record.reason(), v1::KEY_MISMATCH);
  EXPECT_EQ(record.stage(), "ingest");
  EXPECT_EQ(record.field(), "key");
  EXPECT_EQ(record.key(), "key");
  EXPECT_EQ(record.value(), std::string("\x00\xff", 2));
  EXPECT_EQ(record.source().topic(), "events");
  EXPECT_EQ(record.source().partition(), 7);
  EXPECT_EQ(record.source().offset(), 12345678901);
  EXPECT_EQ(record.timestamp_ms(), 1767225600000);
}

// A record rejected twice carries our headers twice.
TEST(RejectedTest, TheLastHeaderOfANameCounts) {
  const v1::RejectedRecord record = ReadRejected(
      "", "", {{"peakend.error.reason", "no_key"}, {"peakend.error.reason", "no_time"}});
  EXPECT_EQ(record.reason(), v1::NO_TIME);
}

TEST(RejectedTest, MissingAndOddHeadersLeaveFieldsUnset) {
  EXPECT_FALSE(ReadRejected("", "", {}).has_source());
  const v1::RejectedRecord odd = ReadRejected(
      "", "", {{"peakend.error.reason", "because"}, {"peakend.source.offset", "many"}});
  EXPECT_EQ(odd.reason(), v1::REJECT_REASON_UNSPECIFIED);
  EXPECT_EQ(odd.source().offset(), 0);
}

class RevisionTest : public testing::Test {
 protected:
  bool Write(double score, bool deleted = false) {
    v1::Journey journey;
    journey.set_journey_id("j");
    journey.set_score(score);
    journey.set_is_deleted(deleted);
    v1::SourceCoordinates source;
    source.set_partition(2);
    source.set_offset(++offset_);
    return WriteRevision(journey, head_, "j", Topic::kJourneys, source, row_, 1, &scratch_, batch_);
  }
  v1::Journey Read(size_t i) {
    v1::Journey journey;
    EXPECT_TRUE(journey.ParseFromString(std::string(batch_[i].value)));
    return journey;
  }

  v1::Journey head_;
  RowVersion row_;
  OutputBatch batch_;
  std::string scratch_;
  int64_t offset_ = 0;
};

TEST_F(RevisionTest, SameContentIsNoNewVersion) {
  EXPECT_TRUE(Write(0.5));
  EXPECT_FALSE(Write(0.5));
  EXPECT_TRUE(Write(0.6));
  EXPECT_TRUE(Write(0.5));
  ASSERT_EQ(batch_.size(), 3U);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(Read(i).row_version(), static_cast<int64_t>(i) + 1) << "no gap";
    EXPECT_EQ(Read(i).journey_id(), "j");
    EXPECT_EQ(batch_[i].partition, 2);
  }
  EXPECT_EQ(Read(1).source().offset(), 3);
}

TEST_F(RevisionTest, ADeletionIsAVersion) {
  Write(0.5);
  EXPECT_TRUE(Write(0.5, true));
  EXPECT_FALSE(Write(0.5, true));
  EXPECT_EQ(Read(1).row_version(), 2);
  EXPECT_TRUE(Read(1).is_deleted());
}

}  // namespace
}  // namespace peakend::publish
