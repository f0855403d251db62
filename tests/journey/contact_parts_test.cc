// Contacts of several origins, seen as one and taken apart again: by hand, and against one set
// that takes in all, and one set for each.
#include "processors/journey/contact_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory_resource>
#include <string>
#include <utility>
#include <vector>

#include "tests/cases.h"
#include "tests/journey/random_facts.h"

namespace peakend::journey {
namespace {

ContactSet Nothing() { return ContactSet(std::pmr::get_default_resource()); }

class ContactPartsTest : public testing::Test {
 protected:
  ApplyResult Apply(std::string_view origin, const EventFacts& facts) {
    return parts_.Apply(origin, facts, windows_, &changed_);
  }
  // A turn of contact `contact` at that time.
  void Take(std::string_view origin, int64_t at_ms, std::string_view contact = "k") {
    ASSERT_EQ(Apply(origin, make_.Turn("e" + std::to_string(++last_), at_ms, 0, contact)),
              ApplyResult::kApplied);
  }
  size_t contacts() const { return parts_.view().contacts().size(); }
  JourneySpan Journey(size_t index) const { return parts_.view().JourneyOf(index, windows_); }

  Windows windows_ = WideWindows();
  ContactParts parts_{Nothing()};
  FactMaker make_;
  size_t changed_ = 0;
  int last_ = 0;
};

TEST_F(ContactPartsTest, ContactsOfOneNameAreSeenAsOne) {
  Take("", 1000);
  Take("g", 1500);
  Take("g", 1501, "other");
  EXPECT_EQ(changed_, 1U);
  ASSERT_EQ(contacts(), 2U);
  EXPECT_EQ(parts_.view().contacts()[0].event_count(), 2);
  EXPECT_EQ(parts_.part("")->contacts().size(), 1U);
  EXPECT_EQ(parts_.part("g")->contacts().size(), 2U);
}

TEST_F(ContactPartsTest, AnEventUnderTwoKeysIsTwoEventsAndTwiceUnderOneADuplicate) {
  const EventFacts facts = make_.Turn("e", 1000, 0);
  EXPECT_EQ(Apply("", facts), ApplyResult::kApplied);
  EXPECT_EQ(Apply("g", facts), ApplyResult::kApplied);
  EXPECT_EQ(Apply("g", facts), ApplyResult::kDuplicate);
  EXPECT_EQ(parts_.view().contacts()[0].event_count(), 2);
}

TEST_F(ContactPartsTest, AnEventWithoutEffectMakesNoGuest) {
  EXPECT_EQ(Apply("g", make_.Make(FactKind::kNone, "e", 1000)), ApplyResult::kNoEffect);
  parts_.Join("g", Nothing(), windows_);
  EXPECT_EQ(parts_.StayOf("g"), ContactParts::Stay::kUnknown);
}

TEST_F(ContactPartsTest, WhoLeavesIsLeftUntilTheyHaveArrived) {
  Take("", 1000, "own");
  Take("g", 1000, "k");
  EXPECT_EQ(parts_.StayOf("g"), ContactParts::Stay::kHere);
  EXPECT_EQ(parts_.Leave("g", windows_).contacts()[0].id(), "k");
  EXPECT_EQ(parts_.StayOf("g"), ContactParts::Stay::kLeft);
  EXPECT_EQ(parts_.part("g"), nullptr);
  EXPECT_EQ(contacts(), 1U);
  parts_.Close("g");
  EXPECT_EQ(parts_.StayOf("g"), ContactParts::Stay::kUnknown);
  parts_.Close("g");
}

TEST_F(ContactPartsTest, WhoIsHereIsNotClosed) {
  Take("g", 1000);
  parts_.Close("g");
  EXPECT_EQ(parts_.StayOf("g"), ContactParts::Stay::kHere);
}

TEST_F(ContactPartsTest, WhoIsNotKnownLeavesNothing) {
  EXPECT_TRUE(parts_.Leave("g", windows_).empty());
  EXPECT_EQ(parts_.StayOf("g"), ContactParts::Stay::kLeft);
  Take("", 1000);
  EXPECT_EQ(contacts(), 1U);
}

TEST_F(ContactPartsTest, TheCustomersOwnMayLeaveAndComeBack) {
  Take("", 1000);
  Take("g", 1000, "other");
  const ContactSet own = parts_.Leave("", windows_);
  ASSERT_EQ(contacts(), 1U);
  EXPECT_EQ(parts_.view().contacts()[0].id(), "other");
  parts_.Join("", own, windows_);
  EXPECT_EQ(contacts(), 2U);
}

TEST_F(ContactPartsTest, AJourneyIsDroppedFromWhicheverPartsHoldIt) {
  Take("", 1000);
  Take("g", 1500);
  Take("h", 1600, "other");
  Take("h", 5000, "later");
  parts_.DropFirst(Journey(0).end, 5000, windows_);
  ASSERT_EQ(contacts(), 1U);
  EXPECT_EQ(parts_.view().contacts()[0].id(), "later");
  EXPECT_TRUE(parts_.part("")->empty());
  EXPECT_EQ(parts_.part("h")->contacts().size(), 1U);
  // Nothing is left to amend of that guest.
  EXPECT_EQ(parts_.StayOf("g"), ContactParts::Stay::kUnknown);
}

// The survey alone would match nothing.
TEST_F(ContactPartsTest, WhatWaitsForAnotherPartDoesNotWaitInVain) {
  Take("", 1000);
  EXPECT_EQ(Apply("g", make_.Survey("s", 1500, 0.5, "k")), ApplyResult::kApplied);
  parts_.DropUnmatched(2900, windows_);
  EXPECT_NE(parts_.view().SurveyOf(Journey(0), windows_), nullptr);
  parts_.DropFirst(Journey(0).end, 2900, windows_);
  EXPECT_TRUE(parts_.view().empty());
  EXPECT_EQ(parts_.StayOf("g"), ContactParts::Stay::kUnknown);
}

TEST_F(ContactPartsTest, WhatIsCountedAsOneIsNotCountedAgainApart) {
  Take("", 1000);
  Take("g", 1100);
  Take("g", 1200, "other");  // meanwhile
  Take("", 1500);
  parts_.MarkCounted(0);
  EXPECT_TRUE(parts_.view().contacts()[0].counted());
  EXPECT_FALSE(parts_.view().contacts()[1].counted());
  const ContactSet left = parts_.Leave("g", windows_);
  EXPECT_TRUE(left.contacts()[0].counted());
  EXPECT_FALSE(left.contacts()[1].counted());
  EXPECT_TRUE(parts_.view().contacts()[0].counted());
}

// All of them are at the same time.
TEST_F(ContactPartsTest, AContactThatFoundNoRoomIsWhereItWentTo) {
  windows_.max_contacts = 2;
  Take("", 1000, "a");
  Take("", 1900, "a");
  Take("", 1100, "b");
  Take("", 1800, "b");
  Take("g", 1500, "c");
  EXPECT_EQ(changed_, 1U);
  Take("h", 900, "d");
  ASSERT_EQ(contacts(), 2U);
  EXPECT_EQ(parts_.view().contacts()[0].id(), "b");
  Take("g", 1501, "c");
  EXPECT_EQ(changed_, 0U);
  ContactSet piece = Nothing();
  piece.Apply(make_.Turn("p", 1502, 0, "c"), windows_, nullptr);
  parts_.Join("g", piece, windows_);
  EXPECT_EQ(parts_.IndexOf(piece.contacts()[0].first()), 0U);
  parts_.MarkCounted(0);
  EXPECT_FALSE(parts_.part("")->contacts()[0].counted());
  EXPECT_TRUE(parts_.part("")->contacts()[1].counted());
  EXPECT_TRUE(parts_.part("g")->contacts()[0].counted());
  parts_.DropFirst(1, 1000, windows_);
  ASSERT_EQ(contacts(), 1U);
  EXPECT_EQ(parts_.view().contacts()[0].id(), "a");
}

TEST_F(ContactPartsTest, OfTooManyGuestsTheOneHeardOfLongestAgoIsAbsorbed) {
  for (int i = 0; i < 32; ++i) {
    Take("g" + std::to_string(i), i == 7 ? 900 : 1000 + i, "k" + std::to_string(i));
  }
  EXPECT_EQ(parts_.absorbed(), 0);
  Take("g32", 2000, "k32");
  EXPECT_EQ(parts_.absorbed(), 1);
  EXPECT_EQ(parts_.guests().size(), ContactParts::kMostGuests);
  EXPECT_EQ(parts_.StayOf("g7"), ContactParts::Stay::kUnknown);
  ASSERT_EQ(parts_.part("")->contacts().size(), 1U);
  EXPECT_EQ(parts_.part("")->contacts()[0].id(), "k7");
  EXPECT_EQ(contacts(), 33U);
  // And its events are still known.
  EXPECT_EQ(Apply("g7", make_.Turn("e8", 900, 0, "k7")), ApplyResult::kDuplicate);
}

TEST_F(ContactPartsTest, WhoHasLeftTakesNoGuestsPlace) {
  for (int i = 0; i < 40; ++i) {
    const std::string origin = "g" + std::to_string(i);
    Take(origin, 1000 + i, "k" + std::to_string(i));
    if (i < 8) parts_.Leave(origin, windows_);
  }
  EXPECT_EQ(parts_.absorbed(), 0);
}

// Whoever allocates elsewhere fails.
TEST_F(ContactPartsTest, AllLivesInOneMemory) {
  std::pmr::monotonic_buffer_resource memory(std::pmr::new_delete_resource());
  Random random(1);
  const std::vector<EventFacts> facts = SomeFacts(random, make_, 200);
  std::pmr::set_default_resource(std::pmr::null_memory_resource());
  ContactParts parts{ContactSet(&memory)};
  for (size_t i = 0; i < facts.size(); ++i) {
    parts.Apply(i % 3 == 0 ? "" : i % 3 == 1 ? "g" : "h", facts[i], windows_, &changed_);
  }
  ContactSet left = parts.Leave("g", windows_);
  parts.Join("a customer whose id is longer than fits", left, windows_);
  std::pmr::set_default_resource(nullptr);
  EXPECT_FALSE(left.empty());
}

// Which part an event goes to, or comes with.
constexpr std::array<std::string_view, 4> kOrigins = {"", "g1", "g2", "g3"};

TEST(ContactPartsProperty, SplitByOriginAndSeenAsOneIsOneSet) {
  const Windows windows = WideWindows();
  for (int seed = 0; seed < Cases(); ++seed) {
    SCOPED_TRACE(seed);
    Random random(static_cast<uint64_t>(seed));
    FactMaker make;
    std::vector<EventFacts> facts = SomeFacts(random, make, 30);
    ContactSet one = Nothing();
    ContactParts parts{Nothing()};
    for (const EventFacts& each : facts) {
      size_t in_one = 0;
      size_t in_view = 0;
      const ApplyResult result = one.Apply(each, windows, &in_one);
      ASSERT_EQ(parts.Apply(AnyOf(random, kOrigins), each, windows, &in_view), result);
      ASSERT_EQ(in_view, in_one);
    }
    ASSERT_EQ(SavedWithoutIds(parts.view()), SavedWithoutIds(one));

    std::shuffle(facts.begin(), facts.end(), random);
    ContactParts others{Nothing()};
    std::map<std::string_view, ContactSet> under_way;
    for (const EventFacts& each : facts) {
      const std::string_view origin = AnyOf(random, kOrigins);
      if (Draw(random, 0, 1) == 0) {
        others.Apply(origin, each, windows, nullptr);
      } else {
        under_way.try_emplace(origin, Nothing()).first->second.Apply(each, windows, nullptr);
      }
    }
    for (const auto& [origin, piece] : under_way) others.Join(origin, piece, windows);
    ASSERT_EQ(SavedWithoutIds(others.view()), SavedWithoutIds(one));
  }
}

TEST(ContactPartsProperty, WhatLeavesIsWhatCame) {
  const Windows windows = WideWindows();
  int left = 0;
  for (int seed = 0; seed < Cases(); ++seed) {
    SCOPED_TRACE(seed);
    Random random(static_cast<uint64_t>(seed));
    FactMaker make;
    ContactParts parts{Nothing()};
    std::map<std::string_view, ContactSet> each;
    for (const std::string_view origin : kOrigins) each.try_emplace(origin, Nothing());
    for (const EventFacts& facts : SomeFacts(random, make, 30)) {
      const std::string_view origin = AnyOf(random, kOrigins);
      ContactSet& alone = each.at(origin);
      if (Draw(random, 0, 2) == 0) {
        ContactSet piece = Nothing();
        piece.Apply(facts, windows, nullptr);
        if (piece.empty()) continue;
        parts.Join(origin, piece, windows);
        alone.Absorb(piece, windows);
      } else {
        parts.Apply(origin, facts, windows, nullptr);
        alone.Apply(facts, windows, nullptr);
      }
      if (Draw(random, 0, 5) > 0) continue;
      ASSERT_EQ(Saved(parts.Leave(origin, windows)), Saved(alone));
      parts.Close(origin);
      alone = Nothing();
      ++left;
    }
    ContactSet all = Nothing();
    for (const auto& [origin, alone] : each) all.Absorb(alone, windows);
    ASSERT_EQ(SavedWithoutIds(parts.view()), SavedWithoutIds(all));
    for (const auto& [origin, alone] : each) {
      ASSERT_EQ(Saved(parts.Leave(origin, windows)), Saved(alone));
    }
    ASSERT_TRUE(parts.view().empty());
  }
  EXPECT_GT(left, Cases());
}

}  // namespace
}  // namespace peakend::journey
