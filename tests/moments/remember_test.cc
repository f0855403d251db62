// What of a journey is remembered, and what makes good what was bad.
#include "processors/moments/remember.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <memory_resource>
#include <string>
#include <vector>

#include "peakend/v1/interaction_event.pb.h"
#include "tests/durations.h"
#include "tests/journey/facts.h"

namespace peakend::moments {
namespace {

using journey::Contact;
using journey::EventFacts;
using journey::FactKind;
using journey::Memory;

constexpr int64_t kStart = 20'000 * kDay;

class RememberTest : public ::testing::Test {
 protected:
  EventFacts Turn(int64_t at_ms, double valence, const std::string& contact = "k") {
    return maker_.Turn("e" + std::to_string(at_ms), at_ms, valence, contact);
  }
  EventFacts Event(FactKind kind, int64_t at_ms, const std::string& contact = "k") {
    return maker_.Make(kind, "e" + std::to_string(at_ms), at_ms, contact);
  }
  // Contacts of one journey, in order.
  Memory After(const std::vector<std::vector<EventFacts>>& contacts, const Memory& before = {}) {
    std::vector<Contact> story_contacts;
    for (const std::vector<EventFacts>& events : contacts) {
      Contact& contact =
          story_contacts.emplace_back(events.front(), std::pmr::get_default_resource());
      for (size_t i = 1; i < events.size(); ++i) contact.Apply(events[i]);
    }
    journey::Story story = journey::Story::Of(story_contacts, kStart + 1000 * kDay);
    story.before = before;
    return Remember(story, windows_, model_);
  }

  journey::FactMaker maker_;
  journey::Windows windows_;
  MomentModel model_;
};

TEST_F(RememberTest, HowLongEachContactWaitedUntilSomebodyAnswered) {
  const auto answered = [&](int64_t queued_ms, int64_t wait_ms, const std::string& contact) {
    EventFacts answer = Event(FactKind::kAnswer, queued_ms + wait_ms, contact);
    answer.tally = journey::TallyKind::kAnswered;
    return std::vector<EventFacts>{Event(FactKind::kQueued, queued_ms, contact), answer};
  };
  const Memory memory = After({answered(kStart, 30'000, "k"),
                               {Event(FactKind::kQueued, kStart + kMinute, "gave-up"),
                                Event(FactKind::kAbandoned, kStart + 2 * kMinute, "gave-up")},
                               answered(kStart + 3 * kMinute, 50'000, "l")});
  EXPECT_EQ(memory.usual_waits.Of(v1::CHANNEL_CHAT, 2), 40'000);
  EXPECT_EQ(memory.usual_waits.Of(v1::CHANNEL_CHAT, 3), std::nullopt);
}

TEST_F(RememberTest, PeaksEndAndTheLastContact) {
  const Memory memory = After({{Turn(kStart, -0.8), Turn(kStart + kMinute, 0.6)}});
  EXPECT_EQ(memory.worst, -8000);
  EXPECT_EQ(memory.worst_minute, kStart / kMinute);
  EXPECT_TRUE(memory.unrecovered);
  EXPECT_EQ(memory.best, 6000);
  EXPECT_EQ(memory.best_minute, kStart / kMinute + 1);
  EXPECT_TRUE(memory.has_end);
  EXPECT_EQ(memory.end, 0);  // (0.6 + 0.75 * -0.8) / 1.75
  EXPECT_EQ(memory.last_minute, kStart / kMinute + 1);
  EXPECT_EQ(memory.channel, v1::CHANNEL_CHAT);
  EXPECT_FALSE(memory.resolved);
}

TEST_F(RememberTest, WithoutFeelingsOnlyTheContactIsKnown) {
  const Memory memory = After({{Event(FactKind::kAnswer, kStart)}});
  EXPECT_FALSE(memory.empty());
  EXPECT_EQ(memory.worst, 0);
  EXPECT_FALSE(memory.has_end);
  EXPECT_FALSE(memory.unrecovered);
}

TEST_F(RememberTest, APeakBelowTheFloorIsNone) {
  const Memory memory = After({{Turn(kStart, -0.2)}});
  EXPECT_EQ(memory.worst, 0);
  EXPECT_EQ(memory.end, -2000);
}

TEST_F(RememberTest, TheStrongerOfTwoFadedPeaksStays) {
  const Memory old = After({{Turn(kStart, -0.9)}});
  // 30 days, the half-life, later 0.45 of it is left.
  const int64_t later = kStart + 30 * kDay;
  EXPECT_EQ(After({{Turn(later, -0.44)}}, old).worst_minute, kStart / kMinute);
  EXPECT_EQ(After({{Turn(later, -0.45)}}, old).worst_minute, later / kMinute);
  EXPECT_EQ(After({{Turn(later, -0.46)}}, old).worst, -4600);
}

TEST_F(RememberTest, AResolutionAfterThePeakMakesItGood) {
  EXPECT_FALSE(
      After({{Turn(kStart, -0.8), Event(FactKind::kResolved, kStart + kMinute)}}).unrecovered);
  EXPECT_TRUE(
      After({{Event(FactKind::kResolved, kStart), Turn(kStart + kMinute, -0.8)}}).unrecovered);
  // In a later journey, too.
  const Memory old = After({{Turn(kStart, -0.9)}});
  const int64_t later = kStart + 10 * kDay;
  EXPECT_FALSE(After({{Event(FactKind::kResolved, later)}}, old).unrecovered);
  EXPECT_TRUE(After({{Turn(later, 0.9)}}, old).unrecovered);
}

TEST_F(RememberTest, ACallOfOursMakesItGoodOnceAHumanSpeaks) {
  const Memory old = After({{Turn(kStart, -0.9)}});
  const int64_t later = kStart + 10 * kDay;
  EventFacts call = Event(FactKind::kAnswer, later);
  call.direction = v1::DIRECTION_OUTBOUND;
  EXPECT_TRUE(After({{call}}, old).unrecovered);
  call.by_human = true;
  EXPECT_FALSE(After({{call}}, old).unrecovered);
}

TEST_F(RememberTest, TheNeedOfTheLastWhoSoughtHelpStays) {
  EventFacts asks = Turn(kStart, 0);
  asks.direction = v1::DIRECTION_INBOUND;
  asks.case_hash = 7;
  const Memory old = After({{asks}});
  EXPECT_EQ(old.need.case_id, 7U);
  EXPECT_EQ(old.need_minute, kStart / kMinute);
  // A call of ours asks for nothing.
  EventFacts call = Event(FactKind::kAnswer, kStart + 5 * kDay);
  call.direction = v1::DIRECTION_OUTBOUND;
  call.case_hash = 9;
  const Memory memory = After({{call}}, old);
  EXPECT_EQ(memory.need.case_id, 7U);
  EXPECT_EQ(memory.need_minute, kStart / kMinute);
  EXPECT_EQ(memory.last_minute, kStart / kMinute + 5 * 1440);
}

TEST_F(RememberTest, WhatIsBroughtIntoAContactHasFaded) {
  std::vector<Contact> contacts;
  contacts.emplace_back(Turn(kStart, -0.8, "a"), std::pmr::get_default_resource());
  contacts.emplace_back(Turn(kStart + 2 * kDay, 0.5, "b"), std::pmr::get_default_resource());
  journey::Story story = journey::Story::Of(contacts, kStart + 9 * kDay);
  story.before.best = 10000;
  story.before.best_minute = static_cast<uint32_t>((kStart - 12 * kDay) / kMinute);
  const Memory first = MemoryAt(story, 0, windows_, model_);
  EXPECT_EQ(first.worst, 0);
  EXPECT_EQ(first.best, std::lround(10000 * std::exp2(-12.0 / 14)));
  const Memory second = MemoryAt(story, 1, windows_, model_);
  EXPECT_EQ(second.best, 5000);
  EXPECT_EQ(second.worst, std::lround(-8000 * std::exp2(-2.0 / 30)));
  EXPECT_EQ(second.end, std::lround(-8000 * std::exp2(-2.0 / 14)));
}

// Somebody who takes to the phone because the chat goes badly.
TEST_F(RememberTest, AContactThatGoesOnIsRememberedAsItStands) {
  std::vector<Contact> contacts;
  contacts.emplace_back(Turn(kStart, -0.8, "a"), std::pmr::get_default_resource());
  contacts.back().Apply(Turn(kStart + 10 * kMinute, -0.9, "a"));
  contacts.emplace_back(Turn(kStart + 5 * kMinute, 0.5, "b"), std::pmr::get_default_resource());
  const Memory memory = MemoryAt(journey::Story::Of(contacts, kStart + kDay), 1, windows_, model_);
  EXPECT_EQ(memory.worst, -9000);
  EXPECT_EQ(memory.worst_minute, kStart / kMinute + 10);
}

}  // namespace
}  // namespace peakend::moments
