// Each partition of a job that linked customers, processed anew by itself, makes its rows again.
#include "processors/cli/partition_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "processors/cli/event_reader.h"
#include "processors/publish/json.h"
#include "processors/publish/partitioner.h"
#include "processors/runtime/config/load.h"
#include "processors/runtime/memory_log.h"
#include "processors/runtime/worker.h"

namespace peakend::cli {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

constexpr int kPartitions = 4;
constexpr char kTopic[] = "interaction-events";

publish::Policy StoryPolicy() {
  std::ostringstream yaml;
  yaml << std::ifstream(PEAKEND_EXPLAIN_STORIES "/linked.yaml").rdbuf();
  const auto loaded = runtime::LoadPolicy("linked.yaml", yaml.str());
  EXPECT_TRUE(loaded.ok()) << runtime::RenderDiagnostics(loaded.diagnostics(), false);
  absl::StatusOr<publish::Policy> policy = publish::CompilePolicy(loaded.value(), "linked@1");
  EXPECT_TRUE(policy.ok()) << policy.status();
  return *std::move(policy);
}

std::string Line(const google::protobuf::Message& row) {
  std::string line;
  publish::AppendJson(row, &line);
  return line;
}

class PartitionRunTest : public testing::Test {
 protected:
  // Lets a job process the story; each event and all that comes of it before the next one.
  void SetUp() override {
    runtime::WorkerOptions options;
    options.input_topic = kTopic;
    options.input_partitions = kPartitions;
    runtime::MemoryReader reader(log_, runtime::ReadOrder::kArrival);
    runtime::Worker worker(options, policy_, {reader, log_, log_}, absl::Now, {});
    reader.Listen(worker);
    std::ifstream story(PEAKEND_EXPLAIN_STORIES "/linked.ndjson");
    EventReader events(story, EventFormat::kJson);
    while (true) {
      const auto event = events.Next();
      ASSERT_TRUE(event.ok()) << event.status();
      if (!event->has_value()) break;
      runtime::MemoryLog::Record record;
      record.offset = -1;
      record.key = (*event)->key;
      record.value = std::string((*event)->value);
      record.timestamp_ms = absl::ToUnixMillis(absl::Now());
      const int32_t partition = publish::PartitionFor(*record.key, kPartitions);
      log_.Append(partition, std::move(record));
      absl::StatusOr<size_t> records = worker.RunOnce();
      while (records.ok() && *records > 0) records = worker.RunOnce();
      ASSERT_TRUE(records.ok()) << records.status();
    }
  }

  // Rows of journeys and alerts that the job wrote into a partition.
  std::vector<std::string> Written(int32_t partition) const {
    std::vector<std::string> rows;
    for (const runtime::MemoryLog::Written& output : log_.outputs()) {
      if (output.partition != partition) continue;
      v1::Journey journey;
      v1::Alert alert;
      if (output.topic == publish::Topic::kJourneys) {
        journey.ParseFromString(output.value);
        rows.push_back(Line(journey));
      } else if (output.topic == publish::Topic::kAlerts) {
        alert.ParseFromString(output.value);
        rows.push_back(Line(alert));
      }
    }
    return rows;
  }

  std::vector<std::string> Again(int32_t partition) const {
    std::vector<std::string> rows;
    PartitionRun run({kTopic, partition, kPartitions, {}}, policy_,
                     [&](publish::Topic, std::string_view, const google::protobuf::Message& row) {
                       rows.push_back(Line(row));
                       return true;
                     });
    for (const runtime::MemoryLog::Record& record : log_.input(partition)) {
      run.Process({partition, record.offset, record.timestamp_ms, record.key, record.value, {}});
    }
    return rows;
  }

  const publish::Policy policy_ = StoryPolicy();
  runtime::MemoryLog log_{kPartitions};
};

TEST_F(PartitionRunTest, EachPartitionMakesItsRowsAgain) {
  for (int32_t partition = 0; partition < kPartitions; ++partition) {
    EXPECT_THAT(Written(partition), Not(IsEmpty())) << partition;
    EXPECT_EQ(Again(partition), Written(partition)) << partition;
  }
}

TEST_F(PartitionRunTest, DescribesWhoIsThere) {
  const int32_t partition = publish::PartitionFor("acme/p1", kPartitions);
  PartitionRun run({kTopic, partition, kPartitions, {}}, policy_,
                   [](const auto&...) { return true; });
  EXPECT_FALSE(run.Describe("acme/p1").has_value());
  for (const runtime::MemoryLog::Record& record : log_.input(partition)) {
    run.Process({partition, record.offset, record.timestamp_ms, record.key, record.value, {}});
  }
  const auto state = run.Describe("acme/p1");
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ(state->partition, partition);
  EXPECT_EQ(state->committed_offset, log_.input(partition).back().offset + 1);
  EXPECT_EQ(state->policy->stamp, policy_.stamp);
  EXPECT_FALSE(run.Describe("acme/nobody").has_value());
}

}  // namespace
}  // namespace peakend::cli
