// A random day with every kind of evidence says the same to a job on a broker as to file
// mode: rows, cards, statistics and late events, version by version.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "processors/runtime/kafka_group.h"
#include "tests/kafka/contact_center.h"
#include "tests/kafka/job_process.h"
#include "tests/kafka/kafka_cluster.h"
#include "tests/kafka/output_rows.h"
#include "tests/kafka/random_day.h"

namespace peakend::runtime {
namespace {

using publish::Topic;
using testing::IsEmpty;

using Events = std::vector<v1::InteractionEvent>;

constexpr char kWindows[] = PEAKEND_VERIFY_FOLDER "/windows.yaml";
constexpr char kLinked[] = PEAKEND_VERIFY_FOLDER "/../kafka/linked.yaml";

class SameOutputsTest : public KafkaClusterTest {
 protected:
  // Jobs one after the other, until none leaves anything to read: what a job sends to
  // other partitions after it was asked to stop is for the next.
  void RunUntilAllIsRead(const std::string& policy) {
    for (int64_t left = Unread(); left > 0; left = Unread()) {
      JobProcess job(config_, {"policy.file=" + policy});
      ASSERT_TRUE(Eventually([&] { return job.Processed() >= left; })) << job.log();
      ASSERT_EQ(job.Stop(), 0) << job.log();
    }
  }

  OutputRows Written() {
    return RowsOfTopics(config_.topics(),
                        [this](const std::string& topic) { return Stored(topic); });
  }

 private:
  int64_t Unread() {
    auto group = KafkaGroup::Open(config_, nullptr, kTestLimit);
    EXPECT_TRUE(group.ok()) << group.status();
    const auto committed = (*group)->Committed(input());
    EXPECT_TRUE(committed.ok()) << committed.status();
    int64_t unread = 0;
    for (const StoredRecord& record : Stored(input())) {
      const auto of = committed->find(record.partition);
      if (of == committed->end() || record.offset >= of->second) ++unread;
    }
    return unread;
  }
};

TEST_F(SameOutputsTest, EveryKindOfEvidence) {
  Events events = RandomDay(11, 2000);
  const Events last = MonthLater(kPartitions);
  events.insert(events.end(), last.begin(), last.end());
  const OutputRows expected = RowsOfLines(FileMode(events, kPartitions, kWindows));
  for (const Topic topic : {Topic::kAlerts, Topic::kMoments, Topic::kJourneys, Topic::kCards,
                            Topic::kLate, Topic::kStatistics}) {
    EXPECT_GE(expected.Count(topic), 100U) << static_cast<int>(topic);
  }

  Produce(config_, events);
  RunUntilAllIsRead(kWindows);
  const OutputRows written = Written();
  EXPECT_EQ(Differences(expected, written), "");
  EXPECT_THAT(written.contradictions, IsEmpty());
  EXPECT_EQ(written.records, expected.records);
}

// Jobs read partitions at speeds of their own, so messages between them come in another
// order; that changes no row of the end.
TEST_F(SameOutputsTest, LinkedCustomersInTheEnd) {
  Events events = RandomLinkedDay(5, 1000);
  const Events last = MonthLater(kPartitions);
  Events all = events;
  all.insert(all.end(), last.begin(), last.end());
  const OutputRows rows = RowsOfLines(FileMode(all, kPartitions, kLinked));
  const auto merged = [](const auto& row) {
    return absl::StrContains(row.second.content, "\"merged_into\":\"") &&
           !absl::StrContains(row.second.content, "\"merged_into\":\"\"");
  };
  EXPECT_GE(std::count_if(rows.rows.begin(), rows.rows.end(), merged), 10);

  Produce(config_, events);
  RunUntilAllIsRead(kLinked);
  Produce(config_, last);
  RunUntilAllIsRead(kLinked);
  const OutputRows written = Finals(Written());
  EXPECT_EQ(Differences(Finals(rows), written), "");
  EXPECT_GE(written.Count(Topic::kJourneys), 10U);
}

}  // namespace
}  // namespace peakend::runtime
