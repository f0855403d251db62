// One partition: what becomes of each record, of time and of memory.
#include "processors/runtime/partition.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "tests/durations.h"
#include "tests/runtime/engine/random_stream.h"
#include "tests/runtime/engine/stream.h"

namespace peakend::runtime {
namespace {

using publish::Topic;

struct Kept {
  Topic topic = Topic::kAlerts;
  std::string key, value;
  bool has_key = true, has_value = true;
  std::vector<publish::Header> headers;

  std::string header(const std::string& name) const {
    for (const publish::Header& header : headers) {
      if (header.name == name) return header.value;
    }
    return "(none)";
  }
};

class PartitionTest : public testing::Test {
 protected:
  Outcome Feed(const InputRecord& record) {
    const Outcome outcome = partition_.Process(record, decoder_, outputs_, stats_);
    Drain();
    return outcome;
  }
  Outcome Feed(std::string_view key, std::string_view value, int64_t broker_ms = 0) {
    return Feed(InputRecord{3, offset_++, broker_ms, key, value, true, true});
  }
  Outcome Feed(const v1::InteractionEvent& event, int64_t broker_ms = 0) {
    const std::string key = event.tenant_id() + "/" + event.customer().customer_id();
    return Feed(key, event.SerializeAsString(), broker_ms);
  }
  Outcome Tick(int64_t at_ms) {
    v1::InteractionEvent event;
    event.mutable_control()->mutable_clock_tick();
    const std::string bytes = event.SerializeAsString();
    return Feed(InputRecord{3, offset_++, kEpoch + at_ms, {}, bytes, false, true});
  }
  void Finish() {
    partition_.Finish(outputs_, stats_);
    Drain();
  }
  size_t Count(Topic topic) const {
    return static_cast<size_t>(std::count_if(written_.begin(), written_.end(),
                                             [&](const Kept& k) { return k.topic == topic; }));
  }
  int64_t Rejected() const {
    return std::accumulate(stats_.rejected.begin(), stats_.rejected.end(), int64_t{0});
  }

  publish::Policy policy_ = DefaultPolicy();
  Partition partition_{3, "events", policy_};
  EngineStats stats_;
  std::vector<Kept> written_;

 private:
  void Drain() {
    for (size_t i = 0; i < outputs_.size(); ++i) {
      const publish::Output output = outputs_[i];
      written_.push_back({output.topic, std::string(output.key), std::string(output.value),
                          output.has_key, output.has_value,
                          output.headers ? *output.headers : std::vector<publish::Header>{}});
      EXPECT_EQ(output.partition, 3);
    }
    outputs_.Clear();
  }

  ingest::Decoder decoder_{ingest::Limits{}};
  publish::OutputBatch outputs_;
  int64_t offset_ = 0;
};

struct BadInput {
  v1::RejectReason reason;
  std::string header, key, value;
};

std::vector<BadInput> BadInputs() {
  const auto turn = [] { return CustomerTurn("e", "c", "k", 0, 0.5); };
  const auto changed = [&](auto change) {
    v1::InteractionEvent event = turn();
    change(event);
    return event.SerializeAsString();
  };
  const std::string good = turn().SerializeAsString();
  std::string torn_text = good;
  torn_text[torn_text.find("test")] = '\xff';
  return {
      {v1::EMPTY_VALUE, "empty_value", "acme/c", ""},
      {v1::TOO_LARGE, "too_large", "acme/c", std::string((1 << 20) + 1, 'x')},
      {v1::TRUNCATED, "truncated", "acme/c", good.substr(0, good.size() - 1)},
      {v1::INVALID_UTF8, "invalid_utf8", "acme/c", torn_text},
      {v1::UNKNOWN_SCHEMA, "unknown_schema", "acme/c", std::string("\xc0\x3e\x01", 3)},
      {v1::NO_EVENT_ID, "no_event_id", "acme/c", changed([](auto& e) { e.clear_event_id(); })},
      {v1::NO_KEY, "no_key", "", good},
      {v1::KEY_MISMATCH, "key_mismatch", "acme/other", good},
      {v1::KEY_MISMATCH, "key_mismatch", "acme//c",
       CustomerTurn("e", "/c", "k", 0, 0.5).SerializeAsString()},
      {v1::NO_TIME, "no_time", "acme/c", changed([](auto& e) { e.clear_occurred_at_ms(); })},
      {v1::TIME_TOO_FAR_AHEAD, "time_too_far_ahead", "acme/c",
       changed([](auto& e) { e.set_occurred_at_ms(kEpoch + int64_t{3650} * kDay); })},
      {v1::NOT_A_NUMBER, "not_a_number", "acme/c",
       changed([](auto& e) { e.mutable_turn()->mutable_sentiment()->set_score(std::nan("")); })},
      {v1::OUT_OF_RANGE, "out_of_range", "acme/c",
       changed([](auto& e) { e.mutable_turn()->mutable_sentiment()->set_score(1.01); })},
      {v1::FIELD_TOO_LONG, "field_too_long", "acme/c",
       changed([](auto& e) { e.set_event_id(std::string(257, 'e')); })},
  };
}

TEST_F(PartitionTest, BadInputIsSetAsideByteForByteWithItsReason) {
  for (const BadInput& bad : BadInputs()) {
    written_.clear();
    ASSERT_EQ(Feed(bad.key, bad.value, kEpoch), Outcome::kRejected) << bad.header;
    ASSERT_EQ(written_.size(), 1U) << bad.header;
    const Kept& kept = written_[0];
    EXPECT_EQ(kept.topic, Topic::kRejected);
    EXPECT_EQ(kept.key, bad.key);
    EXPECT_EQ(kept.value, bad.value);
    EXPECT_EQ(kept.header("peakend.error.reason"), bad.header);
    EXPECT_EQ(kept.header("peakend.error.stage"), "ingest");
    EXPECT_EQ(kept.header("peakend.source.topic"), "events");
    EXPECT_EQ(kept.header("peakend.source.partition"), "3");
    EXPECT_EQ(kept.header("peakend.source.timestamp"), std::to_string(kEpoch));
    EXPECT_GT(stats_.rejected[bad.reason], 0) << bad.header;
  }
  EXPECT_EQ(Rejected(), static_cast<int64_t>(BadInputs().size()));
  EXPECT_EQ(stats_.events_ok + stats_.events_late + stats_.events_duplicate, 0);
  EXPECT_EQ(partition_.customers(), 0U);
}

TEST_F(PartitionTest, NullIsNotEmptyOnTheRejectedTopic) {
  Feed(InputRecord{3, 9, 0, {}, {}, false, false});
  ASSERT_EQ(written_.size(), 1U);
  EXPECT_FALSE(written_[0].has_key);
  EXPECT_FALSE(written_[0].has_value);
  EXPECT_EQ(written_[0].header("peakend.source.offset"), "9");
}

TEST_F(PartitionTest, AnEventPastTheAllowedLatenessIsSetAside) {
  const int64_t behind = policy_.windows.max_out_of_orderness_ms + kHour;
  Feed(CustomerTurn("now", "other", "k", kDay, 0));
  EXPECT_EQ(Feed(CustomerTurn("edge", "c", "k", kDay - behind, 0)), Outcome::kOk);
  const v1::InteractionEvent late = CustomerTurn("late", "d", "k", kDay - behind - 1, 0);
  EXPECT_EQ(Feed(late), Outcome::kLate);
  ASSERT_EQ(Count(Topic::kLate), 1U);
  EXPECT_EQ(written_.back().value, late.SerializeAsString());
  EXPECT_EQ(written_.back().key, "acme/d");
  EXPECT_EQ(written_.back().header("peakend.error.reason"), "late");
  EXPECT_EQ(stats_.events_late, 1);
  EXPECT_EQ(stats_.events_ok, 2);
}

TEST_F(PartitionTest, ALateEventOfAKnownContactAmendsForTheAmendWindow) {
  const auto feed_at = [&](const std::string& id, int64_t watermark_ms) {
    const int64_t now_ms = watermark_ms + policy_.windows.max_out_of_orderness_ms;
    Feed(CustomerTurn("now-" + id, "other", "", now_ms, 0));
    return Feed(CustomerTurn(id, "c", "k", -kHour, -0.9));
  };
  Feed(CustomerTurn("e", "c", "k", 0, 0));
  const int64_t until_ms = policy_.windows.amend_window_ms + policy_.windows.allowed_lateness_ms;
  EXPECT_EQ(feed_at("late", kDay), Outcome::kOk);
  EXPECT_EQ(feed_at("at the edge", until_ms), Outcome::kOk);
  EXPECT_EQ(feed_at("too late", until_ms + 1), Outcome::kLate);
  EXPECT_EQ(Count(Topic::kAlerts), 0U);
  EXPECT_EQ(Count(Topic::kLate), 1U);
}

TEST_F(PartitionTest, ALateDuplicateIsADuplicate) {
  const v1::InteractionEvent event = CustomerTurn("e", "c", "k", 0, 0);
  Feed(event);
  Feed(CustomerTurn("now", "other", "k", kDay, 0));
  EXPECT_EQ(Feed(event), Outcome::kDuplicate);
  EXPECT_EQ(Count(Topic::kLate), 0U);
  EXPECT_EQ(stats_.events_duplicate, 1);
}

TEST_F(PartitionTest, OneEventFromTheFutureClosesNobodysJourney) {
  Feed(CustomerTurn("e1", "c", "k", 0, 0), kEpoch);
  EXPECT_EQ(Feed(CustomerTurn("e2", "d", "k", int64_t{3650} * kDay, 0), kEpoch + 10),
            Outcome::kRejected);
  EXPECT_EQ(Feed(CustomerTurn("e3", "d", "k", 10 * kMinute, 0), kEpoch + 20), Outcome::kOk);
  EXPECT_EQ(partition_.now_ms(), kEpoch + 20);
  EXPECT_EQ(stats_.journeys_closed, 0);
  EXPECT_EQ(Feed(CustomerTurn("e4", "c", "k", 30, 0), kEpoch + 30), Outcome::kOk);
}

TEST_F(PartitionTest, ATickClosesAJourneyOnAQuietPartition) {
  Feed(CustomerTurn("e", "c", "k", 0, -0.9));
  const int64_t ends = policy_.windows.journey_gap_ms + policy_.windows.max_out_of_orderness_ms;
  EXPECT_EQ(Tick(ends), Outcome::kOk);
  EXPECT_EQ(Count(Topic::kJourneys), 0U);
  Tick(ends + 1);
  ASSERT_EQ(Count(Topic::kJourneys), 1U);
  EXPECT_EQ(partition_.open_journeys(), 0);
  Tick(ends + 1);
  Tick(ends - kDay);
  EXPECT_EQ(Count(Topic::kJourneys), 1U) << "a repeated tick does no harm";
  EXPECT_EQ(stats_.events_ok, 5);
}

// The policy links nobody.
TEST_F(PartitionTest, AnIdentityRecordIsIgnoredLikeAnyUnknownControl) {
  Feed(CustomerTurn("e", "c", "k", 0, -0.9), kEpoch);
  const size_t written = written_.size();
  v1::InteractionEvent record;
  record.set_tenant_id("acme");
  record.set_occurred_at_ms(kEpoch + 100 * kDay);
  record.mutable_customer()->set_customer_id("c");
  record.mutable_control()->mutable_identity()->set_from("/i/0123");
  record.mutable_control()->mutable_identity()->mutable_label()->set_customer_id("b");
  EXPECT_EQ(Feed(record, kEpoch + 100 * kDay), Outcome::kIdentity);
  record.mutable_customer()->set_customer_id("/c/d");
  EXPECT_EQ(Feed(record, kEpoch + 100 * kDay), Outcome::kIdentity);
  EXPECT_EQ(stats_.events_ok, 1);
  EXPECT_EQ(stats_.identity_records, 2);
  EXPECT_EQ(partition_.customers(), 1U);
  EXPECT_EQ(partition_.now_ms(), kEpoch);
  EXPECT_EQ(written_.size(), written);
}

TEST_F(PartitionTest, AnAlertGoesToFollowUpWithoutAnotherEvent) {
  Feed(CustomerTurn("e", "c", "k", 0, -0.9));
  const size_t raised = Count(Topic::kAlerts);
  ASSERT_GT(raised, 0U);
  Tick(policy_.windows.contact_gap_ms + policy_.windows.max_out_of_orderness_ms + 1);
  ASSERT_EQ(Count(Topic::kAlerts), 2 * raised);
  v1::Alert alert;
  for (const Kept& kept : written_) {
    if (kept.topic == Topic::kAlerts) alert.ParseFromString(kept.value);
  }
  EXPECT_EQ(alert.state(), v1::Alert::FOLLOW_UP);
  EXPECT_EQ(alert.follow_up_due_at_ms(),
            kEpoch + policy_.windows.contact_gap_ms + policy_.rules[0].follow_up_within_ms);
}

// Somebody's next event may still come in time until the allowed lateness has passed, too.
TEST_F(PartitionTest, AnIdleCustomerIsForgottenSoonAfterMemory) {
  Feed(CustomerTurn("e", "c", "k", 0, 0));
  const journey::Windows& windows = policy_.windows;
  const int64_t until_ms =
      windows.memory_ms + windows.allowed_lateness_ms + windows.max_out_of_orderness_ms;
  Tick(until_ms);
  EXPECT_EQ(partition_.customers(), 1U);
  Tick(until_ms + windows.memory_ms / 16);
  EXPECT_EQ(partition_.customers(), 0U);
}

// By the customer's own events: how far others have moved the clock makes no difference.
TEST_F(PartitionTest, WhoComesBackAfterMemoryIsAStranger) {
  const int64_t edge = policy_.windows.memory_ms;
  Feed(CustomerTurn("e1", "known", "k", 0, 0));
  Feed(CustomerTurn("e2", "stranger", "k", 0, 0));
  Feed(CustomerTurn("e3", "known-late", "k", 0, 0));
  Tick(edge);
  Feed(CustomerTurn("e4", "known", "k", edge, 0));
  Feed(CustomerTurn("e5", "stranger", "k", edge + kMinute, 0));
  Tick(edge + policy_.windows.allowed_lateness_ms + policy_.windows.max_out_of_orderness_ms);
  Feed(CustomerTurn("e6", "known-late", "k", edge, 0));
  Finish();
  int again = 0;
  for (const Kept& kept : written_) {
    v1::Journey journey;
    if (kept.topic != Topic::kJourneys || !journey.ParseFromString(kept.value)) continue;
    if (journey.started_at_ms() == kEpoch || journey.row_version() > 1) continue;
    ++again;
    EXPECT_EQ(journey.previous_journey_id().empty(), journey.customer_id() == "stranger");
  }
  EXPECT_EQ(again, 3);
}

TEST_F(PartitionTest, TheJourneyBeforeIsNamedWhileItIsRemembered) {
  Feed(CustomerTurn("e1", "c", "k", 0, 0));
  Feed(CustomerTurn("e2", "c", "k", 10 * kDay, 0));
  Finish();
  std::vector<v1::Journey> journeys;
  for (const Kept& kept : written_) {
    if (kept.topic == Topic::kJourneys) journeys.emplace_back().ParseFromString(kept.value);
  }
  ASSERT_EQ(journeys.size(), 4U) << "each is provisional, then final";
  EXPECT_EQ(journeys[0].previous_journey_id(), "");
  EXPECT_EQ(journeys[2].previous_journey_id(), journeys[0].journey_id());
}

TEST_F(PartitionTest, AnEventWithoutEffectLeavesNobodyBehind) {
  EXPECT_EQ(Feed(Lifecycle("e", "c", "k", 0, v1::Lifecycle::WRAP_END)), Outcome::kOk);
  EXPECT_EQ(partition_.open_journeys(), 0);
  Tick(policy_.windows.memory_ms / 16);
  EXPECT_EQ(partition_.customers(), 0U);
}

TEST_F(PartitionTest, ASurveyAboutNothingKnownIsSetAside) {
  v1::InteractionEvent event = Event("s", "c", "k", 0);
  event.mutable_survey()->set_status(v1::Survey::ANSWERED);
  event.mutable_survey()->set_raw(1);
  event.mutable_survey()->set_raw_min(1);
  event.mutable_survey()->set_raw_max(5);
  EXPECT_EQ(Feed(event), Outcome::kUnmatched);
  ASSERT_EQ(Count(Topic::kLate), 1U);
  EXPECT_EQ(written_[0].header("peakend.error.reason"), "survey_without_contact");
  Finish();
  EXPECT_EQ(Count(Topic::kJourneys), 0U);
}

TEST_F(PartitionTest, FinishClosesEverything) {
  for (int i = 0; i < 10; ++i) {
    Feed(CustomerTurn("e" + std::to_string(i), "c" + std::to_string(i), "k", i, 0.5));
  }
  EXPECT_EQ(partition_.open_journeys(), 10);
  Finish();
  EXPECT_EQ(partition_.open_journeys(), 0);
  EXPECT_EQ(partition_.customers(), 0U);
  EXPECT_EQ(stats_.journeys_closed, 10);
}

TEST_F(PartitionTest, TheSameInputGivesTheSameBytes) {
  const auto run = [&] {
    std::vector<v1::InteractionEvent> events;
    for (int i = 0; i < 500; ++i) {
      events.push_back(CustomerTurn("e" + std::to_string(i), "c" + std::to_string(i % 7),
                                    "k" + std::to_string(i % 3), i * 3 * kHour,
                                    (i * 37 % 21 - 10) / 10.0));
    }
    std::string bytes;
    for (const MemoryLog::Written& written : RunStream(events, policy_).outputs) {
      bytes += written.key + written.value;
    }
    return bytes;
  };
  EXPECT_EQ(run(), run());
}

// One customer, one journey, 100,000 events within two days, mood always swinging.
TEST_F(PartitionTest, OneCustomerCannotExhaustTheWorker) {
  alerts::Rule restless = policy_.rules[0];
  restless.cooldown_ms = 0;
  policy_.rules = {restless, policy_.rules[1], policy_.rules[2]};
  // A tenth under the sanitizers, where all bounds are reached as well.
  const int events = std::clamp(20 * Cases(), 10'000, 100'000);
  Feed(CustomerTurn("n1", "neighbour", "k", 0, -0.5));
  size_t half_way = 0;
  for (int i = 0; i < events; ++i) {
    Feed(CustomerTurn("e" + std::to_string(i), "loud", "k" + std::to_string(i % 100), i * 2000,
                      i % 2 == 0 ? -0.9 : 0.9));
    written_.clear();
    if (i == events / 2) half_way = partition_.state_bytes();
  }
  EXPECT_LE(partition_.state_bytes(), half_way * 5 / 4);
  EXPECT_LT(partition_.state_bytes(), size_t{4} << 20);
  Feed(CustomerTurn("n2", "neighbour", "k", events * 2000, 0.5));
  Finish();
  int loud = 0;
  int neighbours = 0;
  for (const Kept& kept : written_) {
    v1::Journey journey;
    if (kept.topic != Topic::kJourneys) continue;
    ASSERT_TRUE(journey.ParseFromString(kept.value));
    if (journey.end_grade() != v1::JOURNEY_END_FINAL) continue;
    if (journey.customer_id() == "loud") {
      ++loud;
      EXPECT_EQ(journey.event_count(), events);
      EXPECT_EQ(journey.contact_ids_size(), 64);
      ASSERT_EQ(journey.truncated_size(), 2);
      EXPECT_EQ(journey.truncated(0), "max_contacts");
      EXPECT_EQ(journey.truncated(1), "max_event_ids");
    } else {
      ++neighbours;
      EXPECT_EQ(journey.count(), 2);
      EXPECT_EQ(journey.truncated_size(), 0);
    }
  }
  EXPECT_EQ(loud, 1);
  EXPECT_EQ(neighbours, 1);
}

}  // namespace
}  // namespace peakend::runtime
