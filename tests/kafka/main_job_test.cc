// The main job against a real broker: every alert, moment and journey that file
// mode finds in the same events, also when workers stop, die and share the work.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "absl/types/span.h"
#include "peakend/v1/alert.pb.h"
#include "tests/kafka/contact_center.h"
#include "tests/kafka/job_process.h"
#include "tests/kafka/kafka_cluster.h"
#include "tests/kafka/output_rows.h"

namespace peakend::runtime {
namespace {

using publish::Topic;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

using Events = std::vector<v1::InteractionEvent>;

constexpr size_t kEvents = 100'000;
constexpr size_t kFewerEvents = 20'000;

class MainJobTest : public KafkaClusterTest {
 protected:
  // The events of the center in two parts, and those that close its journeys.
  void Make(size_t events) {
    events_ = WithNotices(ContactCenter(events, static_cast<int>(events / 30)));
    const Events last = MonthLater(kPartitions);
    events_.insert(events_.end(), last.begin(), last.end());
    expected_ = RowsOfLines(FileMode(events_, kPartitions));
    ASSERT_GE(expected_.Count(Topic::kAlerts), events / 100);
    ASSERT_GE(expected_.Count(Topic::kJourneys), events / 100);
    ASSERT_GE(expected_.Count(Topic::kMoments), events / 100);
    ASSERT_GE(expected_.Count(Topic::kStatistics), 1000);
    ASSERT_THAT(expected_.contradictions, IsEmpty());
  }

  void Produce(size_t begin, size_t end) {
    const auto producer = Producer(input());
    for (size_t i = begin; i < end; ++i) {
      const std::string value = events_[i].SerializeAsString();
      if (events_[i].control().has_notice()) {
        for (int32_t partition = 0; partition < kPartitions; ++partition) {
          ASSERT_TRUE(producer->Send({.value = value, .partition = partition}).ok());
        }
        continue;
      }
      const std::string key = KeyOf(events_[i]);
      ASSERT_TRUE(producer->Send({.key = key, .value = value}).ok());
    }
    ASSERT_TRUE(producer->Flush(kTestLimit).ok());
  }

  OutputRows Written() {
    const v1::TopicsConfig& topics = config_.topics();
    // What a killed worker left open ends with its time, and hides what stands behind it until
    // then.
    OutputRows rows;
    Eventually([&] {
      rows = RowsOfTopics(topics, [this](const std::string& topic) { return Stored(topic); });
      return rows.rows.size() >= expected_.rows.size();
    });
    EXPECT_THAT(Stored(topics.late_events().name()), IsEmpty());
    EXPECT_THAT(Stored(topics.rejected_records().name()), IsEmpty());
    return rows;
  }

  // Waits until the first alert stands on its topic.
  bool AnAlertIsVisible() {
    auto reader = KafkaReader::Open(config_, config_.topics().moment_alerts().name(), kBeginning,
                                    nullptr, kTestLimit);
    EXPECT_TRUE(reader.ok()) << reader.status();
    return reader.ok() && Eventually([&] {
             const auto records = (*reader)->Read(absl::Milliseconds(20), 1);
             return records.ok() && !records->empty();
           });
  }

  // The last journeys of each partition are closed by its last event.
  bool AllJourneysAreVisible() {
    auto reader = KafkaReader::Open(config_, config_.topics().journeys().name(), kBeginning,
                                    nullptr, kTestLimit);
    EXPECT_TRUE(reader.ok()) << reader.status();
    OutputRows journeys;
    return reader.ok() && Eventually([&] {
             const auto records = (*reader)->Read(absl::Milliseconds(20), 1000);
             if (records.ok()) AddRecords(Topic::kJourneys, *records, &journeys);
             return journeys.rows.size() >= expected_.Count(Topic::kJourneys);
           });
  }

  void ExpectNoneIsMissing(const OutputRows& written) {
    EXPECT_EQ(Differences(expected_, written), "");
    // What is written again is the same, byte for byte.
    EXPECT_THAT(written.contradictions, IsEmpty());
  }
  void ExpectEachOnce(const OutputRows& written) {
    ExpectNoneIsMissing(written);
    EXPECT_EQ(written.records, written.rows.size());
  }

  // Half of the events, a worker that `signal` ends in the middle, the other half,
  // and another worker. Returns what was written.
  OutputRows EndInTheMiddle(int signal, int exit_code, const std::vector<std::string>& settings);

  Events events_;
  OutputRows expected_;
};

TEST_F(MainJobTest, EveryAlertAndJourneyOfAHundredThousandEvents) {
  Make(kEvents);
  Produce(0, events_.size());
  // The stop comes before the commit: what waits then must be delivered all the same.
  JobProcess job(
      config_, {"worker.commit_interval=10s", "worker.commit_records=10000000", "kafka.linger=1s"});
  ASSERT_TRUE(Eventually([&] { return job.Processed() >= static_cast<int64_t>(events_.size()); }))
      << job.Processed() << " of " << events_.size() << " events\n"
      << job.log();
  EXPECT_GE(job.Metric("peakend_events_total", "duplicate"), 1000);
  EXPECT_EQ(job.Stop(), 0) << job.log();

  const OutputRows written = Written();
  ExpectNoneIsMissing(written);
  EXPECT_EQ(written.records, expected_.rows.size()) << "an undisturbed run repeats nothing";
}

OutputRows MainJobTest::EndInTheMiddle(int signal, int exit_code,
                                       const std::vector<std::string>& settings) {
  Make(kFewerEvents);
  const size_t half = events_.size() / 2;
  Produce(0, half);
  {
    JobProcess job(config_, settings);
    EXPECT_TRUE(AnAlertIsVisible()) << job.log();
    // At least once, alerts are visible before their positions are committed.
    EXPECT_TRUE(Eventually([&] { return job.Metric("peakend_commit_seconds_count") > 0; }));
    job.process().Signal(signal);
    EXPECT_EQ(job.process().Wait(absl::Minutes(1)), exit_code) << job.log();
  }
  Produce(half, events_.size());
  JobProcess job(config_, settings);
  EXPECT_TRUE(AllJourneysAreVisible()) << job.log();
  EXPECT_LT(job.Processed(), static_cast<int64_t>(events_.size())) << "the first had begun";
  EXPECT_EQ(job.Stop(), 0) << job.log();
  return Written();
}

TEST_F(MainJobTest, StoppedAndStartedAgain) { ExpectEachOnce(EndInTheMiddle(SIGTERM, 0, {})); }

TEST_F(MainJobTest, KilledAndStartedAgain) {
  ExpectEachOnce(EndInTheMiddle(SIGKILL, -SIGKILL, {}));
}

TEST_F(MainJobTest, KilledAtLeastOnce) {
  ExpectNoneIsMissing(EndInTheMiddle(SIGKILL, -SIGKILL, {"delivery=at_least_once"}));
}

TEST_F(MainJobTest, OneOfTwoWorkersLearnsABaselineForAllPartitions) {
  Make(kFewerEvents);
  Produce(0, events_.size());
  // All of the past counts; the interval only decides when.
  const std::vector<std::string> settings = {"baseline.interval=1s", "baseline.window=1000d"};
  JobProcess one(config_, settings);
  JobProcess two(config_, settings);
  std::set<int32_t> stated;
  auto reader = KafkaReader::Open(config_, input(), kBeginning, nullptr, kTestLimit);
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_TRUE(Eventually([&] {
    const auto records = (*reader)->Read(absl::Milliseconds(20), 10'000);
    if (!records.ok()) return false;
    v1::InteractionEvent event;
    for (const StoredRecord& record : *records) {
      if (!event.ParseFromString(record.value.value_or(""))) continue;
      if (event.control().baseline().cells_size() > 0) stated.insert(record.partition);
    }
    return stated.size() == kPartitions;
  })) << one.log()
      << two.log();
  EXPECT_EQ(one.Stop(), 0) << one.log();
  EXPECT_EQ(two.Stop(), 0) << two.log();
  EXPECT_EQ(one.LogLines("baseline written").empty(), !two.LogLines("baseline written").empty());
}

TEST_F(MainJobTest, OneOfTwoWorkersIsStopped) {
  Make(kFewerEvents);
  JobProcess one(config_);
  JobProcess two(config_);
  const auto partitions = [](const JobProcess& job) {
    return job.Metric("peakend_assigned_partitions");
  };
  ASSERT_TRUE(Eventually([&] { return partitions(one) == 2 && partitions(two) == 2; }))
      << one.log() << two.log();
  const size_t half = events_.size() / 2;
  Produce(0, half);
  ASSERT_TRUE(AnAlertIsVisible()) << one.log() << two.log();
  ASSERT_TRUE(Eventually([&] { return two.Metric("peakend_output_records_total") > 0; }));
  EXPECT_EQ(two.Stop(), 0) << two.log();
  Produce(half, events_.size());
  ASSERT_TRUE(Eventually([&] { return partitions(one) == kPartitions; })) << one.log();
  EXPECT_TRUE(AllJourneysAreVisible()) << one.log();
  EXPECT_EQ(one.Stop(), 0) << one.log();
  ExpectEachOnce(Written());
}

TEST_F(MainJobTest, AfterAKillItGoesOnFromItsSnapshotsAndShowsACustomer) {
  Make(kFewerEvents);
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / config_.kafka().group_id();
  const std::vector<std::string> settings = {"kafka.group_instance_id=w", "admin.customers=true",
                                             "checkpoint.snapshot_folder=" + folder.string(),
                                             "checkpoint.snapshot_interval=200ms"};
  const auto snapshots = [](const JobProcess& job, const char* result) {
    return job.Metric("peakend_snapshots_total", result);
  };
  Produce(0, events_.size() / 2);
  {
    JobProcess job(config_, settings);
    ASSERT_TRUE(Eventually([&] { return snapshots(job, "written") >= kPartitions; })) << job.log();
    job.process().Signal(SIGKILL);
    ASSERT_TRUE(job.process().Wait(kTestLimit).has_value());
  }
  JobProcess job(config_, settings);
  Produce(events_.size() / 2, events_.size());
  ASSERT_TRUE(AllJourneysAreVisible()) << job.log();
  EXPECT_GE(snapshots(job, "used"), 1) << job.log();
  EXPECT_EQ(snapshots(job, "unusable"), 0) << job.log();
  HttpAnswer answer;
  EXPECT_TRUE(Eventually([&] {
    answer = job.Get("/v1/customers/" + KeyOf(events_.back()));
    return answer.status == 200;
  })) << answer.body;
  EXPECT_THAT(answer.body, AllOf(HasSubstr("\"committed_offset\""), HasSubstr("\"status\"")));
  EXPECT_EQ(job.Stop(), 0) << job.log();
  ExpectEachOnce(Written());
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace peakend::runtime
