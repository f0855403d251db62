// Bad records among good ones on a real broker: each is set aside as it came, and
// nothing else notices.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "tests/kafka/bad_records.h"
#include "tests/kafka/contact_center.h"
#include "tests/kafka/job_process.h"
#include "tests/kafka/kafka_cluster.h"
#include "tests/kafka/output_rows.h"

namespace peakend::runtime {
namespace {

using publish::Topic;
using testing::IsEmpty;

using Headers = std::vector<std::pair<std::string, std::string>>;

// As a producer may send them: repeated, empty, no text, with a name of ours.
std::vector<publish::Header> OwnHeaders(const std::string& name) {
  return {{"case", name},
          {"trace", std::string("\x00\xff", 2)},
          {"trace", "again"},
          {"empty", ""},
          {"peakend.error.reason", "of somebody else"}};
}

Headers Pairs(const std::vector<publish::Header>& headers) {
  Headers pairs;
  for (const publish::Header& header : headers) pairs.emplace_back(header.name, header.value);
  return pairs;
}

std::string ReasonName(v1::RejectReason reason) {
  return absl::AsciiStrToLower(v1::RejectReason_Name(reason));
}

// What rejected-records must say of `original`.
Headers ExpectedHeaders(const BadRecord& bad, const StoredRecord& original,
                        const std::string& topic) {
  Headers headers = Pairs(OwnHeaders(bad.name));
  headers.insert(headers.end(),
                 {{"peakend.error.reason", ReasonName(bad.reason)},
                  {"peakend.error.stage", "ingest"},
                  {"peakend.error.field", bad.field},
                  {"peakend.source.topic", topic},
                  {"peakend.source.partition", std::to_string(original.partition)},
                  {"peakend.source.offset", std::to_string(original.offset)},
                  {"peakend.source.timestamp", std::to_string(original.timestamp_ms)}});
  return headers;
}

// Records by the value of their first header.
std::map<std::string, StoredRecord> ByCase(const std::vector<StoredRecord>& records) {
  std::map<std::string, StoredRecord> cases;
  for (const StoredRecord& record : records) {
    if (record.headers.empty()) continue;
    EXPECT_TRUE(cases.emplace(record.headers[0].value, record).second)
        << record.headers[0].value << " is there twice";
  }
  return cases;
}

class BadInputTest : public KafkaClusterTest {
 protected:
  void SetUp() override {
    KafkaClusterTest::SetUp();
    good_ = ContactCenter(1000, 40);
    v1::InteractionEvent turn = MonthLater(kPartitions)[0];
    turn.set_event_id("bad");
    turn.mutable_customer()->set_customer_id("customer-1");
    turn.mutable_turn()->mutable_sentiment()->set_score(-1);
    bad_ = BadRecords(turn);
  }

  // One bad record after every fiftieth good one.
  void Produce() {
    const auto producer = Producer(input());
    size_t next = 0;
    for (size_t i = 0; i < good_.size(); ++i) {
      const std::string key = KeyOf(good_[i]);
      const std::string value = good_[i].SerializeAsString();
      ASSERT_TRUE(producer->Send({.key = key, .value = value}).ok());
      if (i % 50 != 0 || next == bad_.size()) continue;
      const BadRecord& bad = bad_[next++];
      ASSERT_TRUE(
          producer->Send({.key = bad.key, .value = bad.value, .headers = OwnHeaders(bad.name)})
              .ok())
          << bad.name;
    }
    ASSERT_EQ(next, bad_.size());
    for (const v1::InteractionEvent& event : MonthLater(kPartitions)) {
      good_.push_back(event);
      const std::string key = KeyOf(event);
      const std::string value = event.SerializeAsString();
      ASSERT_TRUE(producer->Send({.key = key, .value = value}).ok());
    }
    ASSERT_TRUE(producer->Flush(kTestLimit).ok());
  }

  std::vector<v1::InteractionEvent> good_;
  std::vector<BadRecord> bad_;
};

TEST_F(BadInputTest, IsSetAsideAsItCameAndHarmsNothing) {
  Produce();
  JobProcess job(config_);
  const auto records = static_cast<int64_t>(good_.size() + bad_.size());
  ASSERT_TRUE(Eventually([&] { return job.Processed() >= records; })) << job.log();
  EXPECT_EQ(job.Processed(), records);
  EXPECT_EQ(job.Get("/readyz").status, 200) << job.Get("/readyz").body;
  std::map<std::string, int64_t> reasons;
  for (const BadRecord& bad : bad_) ++reasons[ReasonName(bad.reason)];
  for (const auto& [reason, count] : reasons) {
    EXPECT_EQ(job.Metric("peakend_rejected_records_total", "reason=\"" + reason + "\""), count)
        << reason;
  }
  EXPECT_EQ(job.Metric("peakend_undeliverable_records_total"), 0);
  EXPECT_EQ(job.Stop(), 0) << job.log();

  const v1::TopicsConfig& topics = config_.topics();
  const auto originals = ByCase(Stored(input()));
  const auto rejected = ByCase(Stored(topics.rejected_records().name()));
  EXPECT_EQ(rejected.size(), bad_.size());
  for (const BadRecord& bad : bad_) {
    SCOPED_TRACE(bad.name);
    ASSERT_TRUE(originals.contains(bad.name));
    ASSERT_TRUE(rejected.contains(bad.name));
    const StoredRecord& original = originals.at(bad.name);
    const StoredRecord& record = rejected.at(bad.name);
    EXPECT_EQ(record.key, bad.key);
    EXPECT_TRUE(record.value == bad.value) << "not the bytes that were sent";
    EXPECT_EQ(record.partition, original.partition);
    EXPECT_EQ(Pairs(record.headers), ExpectedHeaders(bad, original, input()));
  }

  const OutputRows rows =
      RowsOfTopics(topics, [this](const std::string& topic) { return Stored(topic); });
  const OutputRows expected = RowsOfLines(FileMode(good_, kPartitions));
  EXPECT_GE(expected.Count(Topic::kJourneys), 40u);
  EXPECT_EQ(Differences(expected, rows), "");
  EXPECT_THAT(Stored(topics.late_events().name()), IsEmpty());
}

}  // namespace
}  // namespace peakend::runtime
