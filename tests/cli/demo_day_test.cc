// The demo's day: complete, in order, and telling one of everything.
#include "processors/cli/demo_day.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "peakend/v1/alert.pb.h"
#include "peakend/v1/interaction_event.pb.h"
#include "peakend/v1/journey.pb.h"
#include "processors/cli/demo_text.h"
#include "processors/cli/run_settings.h"
#include "processors/ingest/decoder.h"
#include "processors/publish/partitioner.h"
#include "processors/runtime/memory_log.h"
#include "processors/runtime/worker.h"

namespace peakend::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr int64_t kNineMs = 1'736'154'000'000;  // 2025-01-06T09:00:00Z
constexpr int64_t kHourMs = 3'600'000;

DemoDay Day() {
  absl::StatusOr<DemoDay> day = MakeDemoDay(DemoConversations());
  EXPECT_TRUE(day.ok()) << day.status();
  return *std::move(day);
}

struct Outcome {
  std::vector<runtime::MemoryLog::Written> outputs;
  runtime::EngineStats stats;
};

// The default policy over the day on four partitions, then the end of time.
Outcome Process(const DemoDay& day) {
  std::ostringstream err;
  Invocation call;
  call.err = &err;
  const std::optional<RunSettings> settings = LoadRunSettings("", runtime::RunsOn::kFile, call);
  EXPECT_TRUE(settings.has_value()) << err.str();
  runtime::MemoryLog log(4);
  for (const DemoRecord& record : day.records) {
    log.Append(publish::PartitionFor(record.key, 4),
               {-1, record.arrives_at_ms, record.key, record.value, {}});
  }
  runtime::MemoryReader reader(log);
  runtime::Worker worker(WorkerOptionsFrom(settings->config()), settings->policy,
                         {reader, log, log}, [] { return absl::UnixEpoch(); }, {});
  reader.Listen(worker);
  while (worker.RunOnce().value_or(0) > 0) {
  }
  EXPECT_TRUE(worker.Finish().ok());
  return {log.TakeOutputs(), worker.stats()};
}

TEST(DemoDayTest, RecordsAreInOrderWithinTheDay) {
  const DemoDay day = Day();
  ASSERT_FALSE(day.records.empty());
  EXPECT_GE(day.records.front().arrives_at_ms, kNineMs);
  EXPECT_LE(day.records.back().arrives_at_ms, kNineMs + 8 * kHourMs);
  for (size_t i = 1; i < day.records.size(); ++i) {
    EXPECT_LE(day.records[i - 1].arrives_at_ms, day.records[i].arrives_at_ms) << i;
  }
}

TEST(DemoDayTest, IngestTakesAllButTheBrokenRecord) {
  ingest::Decoder decoder({1 << 20, 15 * 60'000});
  std::vector<v1::RejectReason> rejects;
  std::map<std::string, int> languages;
  for (const DemoRecord& record : Day().records) {
    const auto decoded = decoder.Decode({record.key, record.value, true, record.arrives_at_ms});
    if (decoded.event == nullptr) {
      rejects.push_back(decoded.reject.reason);
    } else {
      EXPECT_EQ(decoded.event->tenant_id, "demo");
      EXPECT_NE(decoded.event->queue_id, "");
      v1::InteractionEvent event;
      ASSERT_TRUE(event.ParseFromString(record.value));
      ++languages[event.language()];
    }
  }
  EXPECT_THAT(rejects, UnorderedElementsAre(v1::TRUNCATED));
  EXPECT_GT(languages["en"], 80);
  EXPECT_GT(languages["zh"], 80);
  EXPECT_EQ(languages.size(), 2);
}

TEST(DemoDayTest, EveryRuleEveryEndAndEveryTopicAreSeen) {
  const Outcome outcome = Process(Day());
  std::map<std::string, int> raised;
  std::map<v1::Alert::State, int> states;
  std::set<publish::Topic> topics;
  for (const auto& written : outcome.outputs) {
    topics.insert(written.topic);
    if (written.topic != publish::Topic::kAlerts) continue;
    v1::Alert alert;
    ASSERT_TRUE(alert.ParseFromString(written.value));
    ++states[alert.state()];
    if (alert.state() == v1::Alert::OPEN) ++raised[alert.rule()];
  }
  EXPECT_EQ(raised, (std::map<std::string, int>{{"abandoned", 2},
                                                {"delight", 3},
                                                {"follow_up_overdue", 8},
                                                {"negative_peak", 8},
                                                {"negative_turns", 11},
                                                {"score_low", 11},
                                                {"waiting", 5}}));
  EXPECT_EQ(states[v1::Alert::RESOLVED], 17);
  EXPECT_EQ(states[v1::Alert::FOLLOW_UP], 22);
  const std::set<publish::Topic> all = {publish::Topic::kAlerts,    publish::Topic::kMoments,
                                        publish::Topic::kJourneys,  publish::Topic::kRejected,
                                        publish::Topic::kLate,      publish::Topic::kCards,
                                        publish::Topic::kStatistics};
  EXPECT_EQ(topics, all);
  EXPECT_EQ(outcome.stats.events_duplicate, 1);
  EXPECT_EQ(outcome.stats.events_late, 1);
  EXPECT_EQ(outcome.stats.rejected[v1::TRUNCATED], 1);
}

TEST(DemoDayTest, AChatAndACallOfOneCustomerAreOneJourney) {
  std::map<std::string, v1::Journey> of_customer;
  for (const auto& written : Process(Day()).outputs) {
    if (written.topic != publish::Topic::kJourneys) continue;
    v1::Journey journey;
    ASSERT_TRUE(journey.ParseFromString(written.value));
    of_customer[journey.customer_id()] = journey;
  }
  EXPECT_EQ(of_customer.size(), 24);
  const v1::Journey& journey = of_customer["resident-07"];
  EXPECT_THAT(journey.contact_ids(), testing::ElementsAre("water-107", "water-108"));
  EXPECT_THAT(journey.channels(), testing::ElementsAre("chat", "voice"));
  EXPECT_LT(journey.opening(), -0.4);
  EXPECT_GT(journey.end(), 0);
}

TEST(DemoDayTest, TheSameDayEachTime) {
  const DemoDay first = Day();
  const DemoDay second = Day();
  ASSERT_EQ(first.records.size(), second.records.size());
  for (size_t i = 0; i < first.records.size(); ++i) {
    EXPECT_EQ(first.records[i].value, second.records[i].value) << i;
  }
}

TEST(DemoDayTest, ATickIsAccepted) {
  const DemoRecord tick = DemoClockTick(kNineMs, 3);
  ingest::Decoder decoder({1 << 20, 15 * 60'000});
  const auto decoded = decoder.Decode({tick.key, tick.value, true, tick.arrives_at_ms});
  ASSERT_NE(decoded.event, nullptr);
  EXPECT_TRUE(decoded.event->clock_tick);
}

TEST(DemoDayTest, AWrongLineIsNamed) {
  const auto of = [](std::string_view text) {
    return std::string(MakeDemoDay(text).status().message());
  };
  EXPECT_THAT(of(""), HasSubstr("conversations"));
  EXPECT_THAT(of("{}\n"), HasSubstr("line 1: channel"));
  EXPECT_THAT(of(R"({"channel":"CHAT","ended":"RESOLVED","at":"soon"})"), HasSubstr("line 1: at"));
  EXPECT_THAT(of(R"({"channel":"CHAT","ended":"RESOLVED","at":"09:00"})"),
              HasSubstr("line 1: waited_s"));
}

}  // namespace
}  // namespace peakend::cli
