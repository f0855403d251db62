// Order within the allowed lateness, duplicates, batch sizes and partitions change
// nothing in the final journeys and contact moments (10,000 random cases), and the
// journeys are those of a plain model that sorts everything first.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/runtime/engine/stream.h"

namespace peakend::runtime {
namespace {

constexpr int64_t kLateness = 1000;

publish::Policy SmallWindows() {
  publish::Policy policy = DefaultPolicy();
  policy.windows.contact_gap_ms = 300;
  policy.windows.contact_gap_email_ms = 900;
  policy.windows.max_out_of_orderness_ms = 50;
  policy.windows.allowed_lateness_ms = kLateness;
  policy.windows.journey_gap_ms = 1200;
  policy.windows.journey_max_ms = 1'000'000'000;
  policy.windows.short_abandon_ms = 20;
  policy.windows.memory_ms = 20'000;
  return policy;
}

using Random = std::mt19937_64;
int64_t Draw(Random& random, int64_t from, int64_t to) {
  return from + static_cast<int64_t>(random() % static_cast<uint64_t>(to - from + 1));
}

v1::InteractionEvent RandomEvent(Random& random, int n, int64_t at_ms) {
  const std::string id = "e" + std::to_string(n);
  const std::string customer = "c" + std::to_string(Draw(random, 0, 2));
  // Named contacts are reused after pauses; "" is an unnamed one.
  const std::string contact =
      Draw(random, 0, 3) == 0 ? "" : "k" + std::to_string(Draw(random, 0, 2));
  static constexpr v1::Lifecycle::State kStates[] = {
      v1::Lifecycle::QUEUED,   v1::Lifecycle::CONNECTED,    v1::Lifecycle::ABANDONED,
      v1::Lifecycle::RESOLVED, v1::Lifecycle::DISCONNECTED, v1::Lifecycle::WRAP_END};
  switch (Draw(random, 0, 9)) {
    case 0:
    case 1:
      return Lifecycle(id, customer, contact, at_ms, kStates[Draw(random, 0, 5)]);
    case 2:
      return AgentTurn(id, customer, contact, at_ms);
    case 3: {
      v1::InteractionEvent event = Event(id, customer, contact, at_ms);
      event.mutable_survey()->set_status(v1::Survey::ANSWERED);
      event.mutable_survey()->set_raw(static_cast<double>(Draw(random, 1, 5)));
      event.mutable_survey()->set_raw_min(1);
      event.mutable_survey()->set_raw_max(5);
      return event;
    }
    default: {
      v1::InteractionEvent event = CustomerTurn(id, customer, contact, at_ms,
                                                static_cast<double>(Draw(random, -10, 10)) / 10);
      if (Draw(random, 0, 2) == 0) {
        event.mutable_turn()->mutable_sentiment()->set_confidence(
            static_cast<double>(Draw(random, 1, 10)) / 10);
      }
      event.set_channel(Draw(random, 0, 1) == 0 ? v1::CHANNEL_CHAT : v1::CHANNEL_VOICE);
      return event;
    }
  }
}

// Events in time order; steps around both gaps are common, and so are ties.
std::vector<v1::InteractionEvent> RandomStream(Random& random) {
  std::vector<v1::InteractionEvent> events;
  const int64_t count = Draw(random, 1, 60);
  int64_t at_ms = 0;
  for (int n = 0; n < count; ++n) {
    static constexpr int64_t kSteps[] = {0, 0, 5, 20, 60, 250, 301, 900, 1199, 1201, 2600};
    at_ms += kSteps[Draw(random, 0, 10)];
    events.push_back(RandomEvent(random, n, at_ms));
  }
  return events;
}

// Another arrival order in which no event is late.
std::vector<v1::InteractionEvent> Shuffle(Random& random,
                                          const std::vector<v1::InteractionEvent>& events) {
  std::vector<std::pair<int64_t, size_t>> arrivals;
  for (size_t i = 0; i < events.size(); ++i) {
    arrivals.emplace_back(events[i].occurred_at_ms() + Draw(random, 0, kLateness), i);
  }
  std::sort(arrivals.begin(), arrivals.end());
  std::vector<v1::InteractionEvent> shuffled;
  for (const auto& [arrival, i] : arrivals) shuffled.push_back(events[i]);
  return shuffled;
}

// Some events again, at once or a while later.
std::vector<v1::InteractionEvent> Duplicate(Random& random,
                                            std::vector<v1::InteractionEvent> events) {
  for (size_t i = 0; i < events.size(); ++i) {
    if (Draw(random, 0, 4) != 0) continue;
    const size_t place = std::min(events.size(), i + static_cast<size_t>(Draw(random, 1, 6)));
    events.insert(events.begin() + static_cast<ptrdiff_t>(place), events[i]);
  }
  return events;
}

int Cases() {
  const char* cases = std::getenv("PEAKEND_PROPERTY_CASES");
  return cases != nullptr ? std::atoi(cases) : 10'000;
}

TEST(OrderPropertyTest, ArrivalOrderDuplicatesAndBatchesChangeNoFinalRecord) {
  const publish::Policy policy = SmallWindows();
  for (int seed = 0; seed < Cases(); ++seed) {
    Random random(static_cast<uint64_t>(seed));
    const std::vector<v1::InteractionEvent> events = RandomStream(random);
    const RunResult reference = RunStream(events, policy);
    RunOptions options;
    options.batch_records = static_cast<size_t>(Draw(random, 1, 9));
    options.partitions = 1;
    const RunResult other = RunStream(Duplicate(random, Shuffle(random, events)), policy, options);
    ASSERT_EQ(reference.FinalJourneys(), other.FinalJourneys()) << "seed " << seed;
    ASSERT_EQ(reference.FinalMoments(), other.FinalMoments()) << "seed " << seed;
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

TEST(OrderPropertyTest, PartitionsChangeNoFinalRecord) {
  const publish::Policy policy = SmallWindows();
  for (int seed = 0; seed < Cases() / 10; ++seed) {
    Random random(static_cast<uint64_t>(seed) + 2'000'000);
    const std::vector<v1::InteractionEvent> events = RandomStream(random);
    RunOptions options;
    options.partitions = 3;
    ASSERT_EQ(RunStream(events, policy).FinalJourneys(),
              RunStream(events, policy, options).FinalJourneys())
        << "seed " << seed;
  }
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
      actual.insert(std::to_string(journey.started_at_ms()) + " " +
                    std::to_string(journey.ended_at_ms()) + " " +
                    std::to_string(std::lround(1e6 * journey.mean())));
    }
    ASSERT_EQ(actual, expected) << "seed " << seed;
  }
}

}  // namespace
}  // namespace peakend::runtime
