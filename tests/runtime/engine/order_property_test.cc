// Order within the allowed lateness, duplicates, batch sizes and partitions change
// nothing in the final journeys and contact moments (10,000 random cases), how far the
// clock jumps changes nothing at all, and the journeys are those of a plain model that
// sorts everything first.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "processors/publish/revision.h"
#include "tests/runtime/engine/random_stream.h"
#include "tests/runtime/engine/stream.h"

namespace peakend::runtime {
namespace {

// `events` behind notices to many, whose place in the log is their meaning.
std::vector<v1::InteractionEvent> Behind(std::vector<v1::InteractionEvent> notices,
                                         const std::vector<v1::InteractionEvent>& events) {
  notices.insert(notices.end(), events.begin(), events.end());
  return notices;
}

TEST(OrderPropertyTest, ArrivalOrderDuplicatesAndBatchesChangeNoFinalRecord) {
  for (int seed = 0; seed < Cases(); ++seed) {
    const int64_t factor = seed % 2 == 0 ? 1 : kSlow;
    Random random(static_cast<uint64_t>(seed));
    const std::vector<v1::InteractionEvent> events = RandomStream(random);
    const std::vector<v1::InteractionEvent> notices = RandomAnnouncements(random, -500, 2000);
    publish::Policy policy = SmallWindows();
    // Short enough for many to be strangers when they come back.
    if (Draw(random, 0, 1) == 0) policy.windows.memory_ms = Draw(random, 500, 6000);
    policy = Slowed(policy, factor);
    const RunResult reference = RunStream(Slowed(Behind(notices, events), factor), policy);
    RunOptions options;
    options.batch_records = static_cast<size_t>(Draw(random, 1, 9));
    options.partitions = 1;
    const RunResult other =
        RunStream(Slowed(Behind(notices, Duplicate(random, Shuffle(random, events))), factor),
                  policy, options);
    ASSERT_EQ(Different<v1::Journey>(reference.FinalJourneys(), other.FinalJourneys()), "")
        << "seed " << seed;
    ASSERT_EQ(Different<v1::Moment>(reference.FinalMoments(), other.FinalMoments()), "")
        << "seed " << seed;
  }
}

TEST(OrderPropertyTest, DuplicatesAndBatchSizesChangeNoByteAtAll) {
  const publish::Policy policy = SmallWindows();
  for (int seed = 0; seed < Cases() / 5; ++seed) {
    Random random(static_cast<uint64_t>(seed) + 1'000'000);
    const std::vector<v1::InteractionEvent> events = Shuffle(random, RandomStream(random));
    const RunResult reference = RunStream(events, policy);
    RunOptions options;
    options.batch_records = static_cast<size_t>(Draw(random, 1, 9));
    const RunResult other = RunStream(events, policy, options);
    ASSERT_EQ(reference.outputs.size(), other.outputs.size()) << "seed " << seed;
    for (size_t i = 0; i < reference.outputs.size(); ++i) {
      ASSERT_EQ(reference.outputs[i].key, other.outputs[i].key) << "seed " << seed;
      ASSERT_EQ(reference.outputs[i].value, other.outputs[i].value) << "seed " << seed;
    }
    std::map<std::string, int> alerts;
    for (const v1::Alert& alert : RunStream(Duplicate(random, events), policy).Alerts()) {
      ++alerts[alert.alert_id()];
    }
    for (const v1::Alert& alert : reference.Alerts()) --alerts[alert.alert_id()];
    for (const auto& [id, difference] : alerts) ASSERT_EQ(difference, 0) << "seed " << seed;
  }
}

// All that customers other than "clock" got, by topic, in order, without what tells how
// late it was found.
std::string SaidWithoutClock(const RunResult& result) {
  std::string said;
  for (v1::Alert alert : result.Alerts()) {
    if (alert.customer_id() == "clock") continue;
    alert.clear_source();
    alert.clear_stale();
    alert.clear_urgency();
    alert.clear_over_budget();
    publish::AppendBytes(alert, &said);
  }
  for (v1::Journey journey : result.Journeys()) {
    if (journey.customer_id() == "clock") continue;
    journey.clear_source();
    publish::AppendBytes(journey, &said);
  }
  return said;
}

// Each deadline is handled at its own time: whether the clock creeps there or jumps.
TEST(OrderPropertyTest, HowFarTheClockJumpsMakesNoDifference) {
  const publish::Policy policy = SmallWindows();
  for (int seed = 0; seed < Cases() / 20; ++seed) {
    Random random(static_cast<uint64_t>(seed) + 4'000'000);
    const std::vector<v1::InteractionEvent> events = RandomStream(random, {1, 30, 2600});
    std::vector<v1::InteractionEvent> creeping;
    int64_t clock_ms = 0;
    const auto creep_to = [&](int64_t until_ms) {
      for (clock_ms += 25; clock_ms < until_ms; clock_ms += 25) {
        creeping.push_back(
            AgentTurn("tick" + std::to_string(creeping.size()), "clock", "k", clock_ms));
      }
      clock_ms = until_ms;
    };
    for (const v1::InteractionEvent& event : events) {
      creep_to(event.occurred_at_ms() - kEpoch);
      creeping.push_back(event);
    }
    creep_to(clock_ms + 6000);
    ASSERT_EQ(SaidWithoutClock(RunStream(events, policy)),
              SaidWithoutClock(RunStream(creeping, policy)))
        << "seed " << seed;
  }
}

TEST(OrderPropertyTest, PartitionsChangeNoFinalRecord) {
  const publish::Policy policy = SmallWindows();
  std::set<int32_t> partitions;
  for (int seed = 0; seed < Cases() / 10; ++seed) {
    Random random(static_cast<uint64_t>(seed) + 2'000'000);
    const std::vector<v1::InteractionEvent> stream = RandomStream(random);
    const std::vector<v1::InteractionEvent> events =
        Behind(RandomAnnouncements(random, 0, 2000), stream);
    RunOptions options;
    options.partitions = 5;  // three would give all customers the same one
    const RunResult split = RunStream(events, policy, options);
    ASSERT_EQ(
        Different<v1::Journey>(RunStream(events, policy).FinalJourneys(), split.FinalJourneys()),
        "")
        << "seed " << seed;
    for (const v1::Moment& row : split.Moments()) partitions.insert(row.source().partition());
  }
  EXPECT_EQ(partitions.size(), static_cast<size_t>(StreamShape().customers));
}

// Named contacts only, one customer at a time: group by journey_gap after sorting.
// Sets of event ids are enough to pin the windows down.
TEST(OrderPropertyTest, JourneysAreThoseOfAPlainModel) {
  const publish::Policy policy = SmallWindows();
  for (int seed = 0; seed < Cases() / 5; ++seed) {
    Random random(static_cast<uint64_t>(seed) + 3'000'000);
    std::vector<v1::InteractionEvent> events;
    int64_t at_ms = 0;
    for (int n = 0; n < 30; ++n) {
      at_ms += Draw(random, 0, 3) == 0 ? Draw(random, 1100, 1300) : Draw(random, 0, 200);
      const std::string contact = "k" + std::to_string(Draw(random, 0, 2));
      events.push_back(CustomerTurn("e" + std::to_string(n), "c", contact, at_ms,
                                    static_cast<double>(Draw(random, -10, 10)) / 10));
    }
    std::multiset<std::string> expected;
    size_t begin = 0;
    for (size_t i = 1; i <= events.size(); ++i) {
      const bool gap =
          i == events.size() || events[i].occurred_at_ms() - events[i - 1].occurred_at_ms() > 1200;
      if (!gap) continue;
      double sum = 0;
      for (size_t k = begin; k < i; ++k) sum += events[k].turn().sentiment().score();
      expected.insert(std::to_string(events[begin].occurred_at_ms()) + " " +
                      std::to_string(events[i - 1].occurred_at_ms()) + " " +
                      std::to_string(std::lround(1e6 * sum / static_cast<double>(i - begin))));
      begin = i;
    }
    std::multiset<std::string> actual;
    for (const v1::Journey& journey : RunStream(events, policy).Journeys()) {
      if (journey.end_grade() != v1::JOURNEY_END_FINAL) continue;
      actual.insert(std::to_string(journey.started_at_ms()) + " " +
                    std::to_string(journey.ended_at_ms()) + " " +
                    std::to_string(std::lround(1e6 * journey.mean())));
    }
    ASSERT_EQ(actual, expected) << "seed " << seed;
  }
}

}  // namespace
}  // namespace peakend::runtime
