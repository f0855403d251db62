// Contacts and journeys: which events and contacts belong together, at the very edge.
#include "processors/journey/contact_set.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "processors/journey/partition_clock.h"
#include "tests/journey/facts.h"

namespace peakend::journey {
namespace {

Windows SmallWindows() {
  Windows windows;
  windows.contact_gap_ms = 100;
  windows.contact_gap_email_ms = 400;
  windows.journey_gap_ms = 1000;
  windows.journey_max_ms = 5000;
  windows.allowed_lateness_ms = 50;
  windows.max_out_of_orderness_ms = 5;
  windows.repeat_window_ms = 1500;
  windows.amend_window_ms = 2000;
  windows.max_contacts = 4;
  return windows;
}

class ContactSetTest : public testing::Test {
 protected:
  ApplyResult Apply(const EventFacts& facts) { return set_.Apply(facts, windows_, &changed_); }
  // An event of contact `contact` ("" = unnamed) at that time.
  void Take(int64_t at_ms, std::string_view contact = "") {
    ASSERT_EQ(Apply(make_.Turn("e" + std::to_string(++last_), at_ms, 0, contact)),
              ApplyResult::kApplied);
  }
  size_t contacts() const { return set_.contacts().size(); }
  size_t journeys() const { return set_.Journeys(windows_).size(); }

  Windows windows_ = SmallWindows();
  ContactSet set_{std::pmr::get_default_resource()};
  FactMaker make_;
  size_t changed_ = 0;
  int last_ = 0;
};

TEST_F(ContactSetTest, AnEventTakenTwiceIsADuplicate) {
  const EventFacts facts = make_.Turn("a", 1000, 0.5);
  EXPECT_EQ(Apply(facts), ApplyResult::kApplied);
  EXPECT_EQ(Apply(facts), ApplyResult::kDuplicate);
  EXPECT_TRUE(set_.Seen(facts.hash));
  EXPECT_EQ(set_.contacts()[0].event_count(), 1);
}

TEST_F(ContactSetTest, NothingHasNoEffectAndIsNotRemembered) {
  const EventFacts facts = make_.Make(FactKind::kNone, "a", 1000);
  EXPECT_EQ(Apply(facts), ApplyResult::kNoEffect);
  EXPECT_FALSE(set_.Seen(facts.hash));
  EXPECT_TRUE(set_.empty());
}

TEST_F(ContactSetTest, UnnamedContactsPartAfterContactGap) {
  for (const int64_t gap : {99, 100, 101}) {
    ContactSet set(std::pmr::get_default_resource());
    set.Apply(make_.Turn("a", 1000, 0, ""), windows_, nullptr);
    set.Apply(make_.Turn("b", 1000 + gap, 0, ""), windows_, nullptr);
    EXPECT_EQ(set.contacts().size(), gap <= 100 ? 1U : 2U) << gap;
  }
}

TEST_F(ContactSetTest, MailHasAGapOfItsOwn) {
  for (const int64_t gap : {400, 401}) {
    ContactSet set(std::pmr::get_default_resource());
    for (const int64_t at_ms : {int64_t{1000}, 1000 + gap}) {
      EventFacts facts = make_.Turn(std::to_string(at_ms), at_ms, 0, "");
      facts.channel = v1::CHANNEL_EMAIL;
      set.Apply(facts, windows_, nullptr);
    }
    EXPECT_EQ(set.contacts().size(), gap == 400 ? 1U : 2U) << gap;
  }
}

TEST_F(ContactSetTest, UnnamedContactsAreToldApartByChannel) {
  EventFacts call = make_.Turn("call", 1000, 0, "");
  call.channel = v1::CHANNEL_VOICE;
  Apply(call);
  Take(1001);
  EXPECT_EQ(contacts(), 2U);
  EXPECT_EQ(journeys(), 1U);
}

TEST_F(ContactSetTest, ANamedContactOutlivesAPauseUpToJourneyGap) {
  for (const int64_t gap : {999, 1000, 1001}) {
    ContactSet set(std::pmr::get_default_resource());
    set.Apply(make_.Turn("a", 1000, 0), windows_, nullptr);
    set.Apply(make_.Turn("b", 1000 + gap, 0), windows_, nullptr);
    EXPECT_EQ(set.contacts().size(), gap <= 1000 ? 1U : 2U) << gap;
  }
}

TEST_F(ContactSetTest, JourneysPartAfterJourneyGap) {
  for (const int64_t gap : {999, 1000, 1001}) {
    ContactSet set(std::pmr::get_default_resource());
    set.Apply(make_.Turn("a", 1000, 0, "k1"), windows_, nullptr);
    set.Apply(make_.Turn("b", 1000 + gap, 0, "k2"), windows_, nullptr);
    EXPECT_EQ(set.Journeys(windows_).size(), gap <= 1000 ? 1U : 2U) << gap;
  }
}

TEST_F(ContactSetTest, AContactThatStartsAtJourneyMaxBeginsANewJourney) {
  windows_.max_contacts = 64;
  for (const int64_t last : {4999, 5000, 5001}) {
    ContactSet set(std::pmr::get_default_resource());
    for (int64_t at_ms = 0; at_ms < 5000; at_ms += 900) {
      set.Apply(make_.Turn(std::to_string(at_ms), at_ms, 0, std::to_string(at_ms)), windows_,
                nullptr);
    }
    set.Apply(make_.Turn("last", last, 0, "last"), windows_, nullptr);
    EXPECT_EQ(set.Journeys(windows_).size(), last < 5000 ? 1U : 2U) << last;
  }
}

TEST_F(ContactSetTest, AContactSpansLessThanJourneyMax) {
  for (int64_t at_ms = 0; at_ms < 5000; at_ms += 1000) Take(at_ms, "k");
  Take(4999, "k");
  EXPECT_EQ(contacts(), 1U);
  Take(5000, "k");
  EXPECT_EQ(contacts(), 2U);
}

TEST_F(ContactSetTest, ALateEventBridgesTwoContacts) {
  Take(1000);
  Take(1180);
  ASSERT_EQ(contacts(), 2U);
  Take(1090);
  ASSERT_EQ(contacts(), 1U);
  EXPECT_EQ(changed_, 0U);
  EXPECT_EQ(set_.contacts()[0].event_count(), 3);
  EXPECT_EQ(set_.contacts()[0].impressions().count(), 3);
}

TEST_F(ContactSetTest, ALateEventBridgesTwoJourneys) {
  Take(1000, "k1");
  Take(2900, "k2");
  ASSERT_EQ(journeys(), 2U);
  Take(1950, "k3");
  EXPECT_EQ(contacts(), 3U);
  const JourneySpans spans = set_.Journeys(windows_);
  ASSERT_EQ(spans.size(), 1U);
  EXPECT_EQ(spans[0].first.at_ms, 1000);
  EXPECT_EQ(spans[0].last.at_ms, 2900);
}

TEST_F(ContactSetTest, ContactsStaySortedWhenAnEarlierEventArrives) {
  Take(1000, "k1");
  Take(1100, "k2");
  Take(900, "k2");
  EXPECT_EQ(changed_, 0U);
  EXPECT_EQ(set_.contacts()[0].id(), "k2");
  EXPECT_EQ(set_.contacts()[1].id(), "k1");
}

TEST_F(ContactSetTest, TheContactChangedIsNamed) {
  Take(1000, "k1");
  Take(5000, "k2");
  Take(1001, "k1");
  EXPECT_EQ(changed_, 0U);
  Take(5001, "k2");
  EXPECT_EQ(changed_, 1U);
  EXPECT_EQ(set_.JourneyOf(0, windows_).end, 1U);
  EXPECT_EQ(set_.JourneyOf(1, windows_).begin, 1U);
}

TEST_F(ContactSetTest, TooManyContactsJoinTheNewestAndSaySo) {
  for (int i = 0; i < 4; ++i) Take(1000 + i, "k" + std::to_string(i));
  EXPECT_FALSE(set_.joined_contacts());
  Take(1010, "k5");
  EXPECT_EQ(contacts(), 4U);
  EXPECT_TRUE(set_.joined_contacts());
  EXPECT_EQ(set_.contacts().back().id(), "k3");
  EXPECT_EQ(set_.contacts().back().event_count(), 2);
}

TEST_F(ContactSetTest, ASurveyFindsItsJourneyByTime) {
  Take(1000, "k");
  EXPECT_EQ(Apply(make_.Survey("before", 999, 0.1)), ApplyResult::kNoContact);
  EXPECT_EQ(Apply(make_.Survey("first", 1000, 0.2)), ApplyResult::kApplied);
  EXPECT_EQ(Apply(make_.Survey("edge", 3000, 0.3)), ApplyResult::kApplied);
  EXPECT_EQ(Apply(make_.Survey("after", 3001, 0.4)), ApplyResult::kNoContact);
  const SurveyAnswer* survey = set_.SurveyOf(set_.JourneyOf(0, windows_), windows_);
  ASSERT_NE(survey, nullptr);
  EXPECT_DOUBLE_EQ(survey->score, 0.3);
}

TEST_F(ContactSetTest, ASurveyThatNamesAContactIsAboutThatOne) {
  Take(1000, "k");
  EXPECT_EQ(Apply(make_.Survey("other", 1500, 0.1, "other")), ApplyResult::kNoContact);
  EXPECT_EQ(set_.SurveyOf(set_.JourneyOf(0, windows_), windows_), nullptr);
  EXPECT_EQ(Apply(make_.Survey("mine", 1400, 0.9, "k")), ApplyResult::kApplied);
  EXPECT_DOUBLE_EQ(set_.SurveyOf(set_.JourneyOf(0, windows_), windows_)->score, 0.9);
}

TEST_F(ContactSetTest, ASurveyIsAboutTheNewestJourneyThatFits) {
  Take(1000, "k1");
  Take(2500, "k2");
  Apply(make_.Survey("unnamed", 2600, 0.1));
  Apply(make_.Survey("named", 2700, 0.2, "k1"));
  EXPECT_EQ(Apply(make_.Survey("named, too late", 3001, 0.3, "k1")), ApplyResult::kNoContact);
  Apply(make_.Survey("before the second", 2499, 0.4));
  EXPECT_EQ(Apply(make_.Survey("before its contact", 2499, 0.5, "k2")), ApplyResult::kNoContact);
  EXPECT_DOUBLE_EQ(set_.SurveyOf(set_.JourneyOf(0, windows_), windows_)->score, 0.2);
  EXPECT_DOUBLE_EQ(set_.SurveyOf(set_.JourneyOf(1, windows_), windows_)->score, 0.1);
}

TEST_F(ContactSetTest, ALateEventAmendsItsContactOrTheJourneyOfItsTime) {
  Take(1000, "k1");
  Take(1900, "k2");
  const auto amends = [&](int64_t at_ms, std::string_view contact, int64_t watermark_ms) {
    return set_.Amends(make_.Turn("late", at_ms, 0, contact), watermark_ms, windows_);
  };
  EXPECT_TRUE(amends(500, "k1", 3950));   // k1 is in reach
  EXPECT_FALSE(amends(500, "k1", 3951));  // 1900 + 2000 + 50: not any more
  EXPECT_FALSE(amends(500, "k3", 3000));  // another contact, before the journey
  EXPECT_TRUE(amends(1000, "k3", 3000));  // and within it
  EXPECT_TRUE(amends(1900, "", 3000));
  EXPECT_FALSE(amends(1901, "", 3000));
  EXPECT_FALSE(amends(2901, "k2", 3900));  // past the gap: a contact of its own
}

TEST_F(ContactSetTest, ALateAnswerAmendsTheJourneyThatItIsAbout) {
  Take(1000, "k1");
  EXPECT_TRUE(set_.Amends(make_.Survey("s", 2000, 0.5), 3050, windows_));
  EXPECT_FALSE(set_.Amends(make_.Survey("s", 2000, 0.5), 3051, windows_));
  EXPECT_FALSE(set_.Amends(make_.Survey("s", 2000, 0.5, "k2"), 2500, windows_));
}

TEST_F(ContactSetTest, ASurveyMayComeBeforeItsContact) {
  EXPECT_EQ(Apply(make_.Survey("early", 1500, 0.7, "k")), ApplyResult::kNoContact);
  Take(1000, "k");
  ASSERT_NE(set_.SurveyOf(set_.JourneyOf(0, windows_), windows_), nullptr);
}

TEST_F(ContactSetTest, TheOldestSurveyIsForgottenAtTheBound) {
  Take(1000, "k");
  for (int i = 0; i < 100; ++i) {
    Apply(make_.Survey("s" + std::to_string(i), 2000 - i, i / 100.0));
  }
  EXPECT_DOUBLE_EQ(set_.SurveyOf(set_.JourneyOf(0, windows_), windows_)->score, 0.0);
}

TEST_F(ContactSetTest, DeadlinesComeOneAfterTheOther) {
  Take(1000);
  EXPECT_EQ(set_.NextDeadlineMs(1000, windows_), 1100);  // the contact
  EXPECT_EQ(set_.NextDeadlineMs(1101, windows_), 2000);  // the journey
  EXPECT_EQ(set_.NextDeadlineMs(2001, windows_), 2500);  // the end is final
  EXPECT_EQ(set_.NextDeadlineMs(2501, windows_), PartitionClock::kEndOfTime);
  const JourneySpan span = set_.JourneyOf(0, windows_);
  EXPECT_FALSE(span.Ended(2000, windows_));
  EXPECT_TRUE(span.Ended(2001, windows_));
  EXPECT_FALSE(span.Final(2500, windows_));
  EXPECT_TRUE(span.Final(2501, windows_));
  EXPECT_EQ(span.KeptUntilMs(windows_), 3050);
}

TEST_F(ContactSetTest, AnUnmatchedSurveyWaitsForTheAllowedLateness) {
  Apply(make_.Survey("s", 1000, 0.5));
  EXPECT_EQ(set_.NextDeadlineMs(1000, windows_), 1050);
  set_.DropUnmatched(1050, windows_);
  EXPECT_FALSE(set_.empty());
  set_.DropUnmatched(1051, windows_);
  EXPECT_TRUE(set_.empty());
}

TEST_F(ContactSetTest, DroppingAJourneyKeepsTheOther) {
  Take(1000, "k1");
  Take(5000, "k2");
  set_.DropFirst(set_.JourneyOf(0, windows_).end, 3000, windows_);
  ASSERT_EQ(contacts(), 1U);
  EXPECT_EQ(set_.contacts()[0].id(), "k2");
}

class AbsorbTest : public ContactSetTest {
 protected:
  void TakeOther(int64_t at_ms, std::string_view contact = "") {
    other_.Apply(make_.Turn("other" + std::to_string(++last_), at_ms, 0, contact), windows_,
                 nullptr);
  }
  void Absorb() { set_.Absorb(other_, windows_); }

  ContactSet other_{std::pmr::get_default_resource()};
};

TEST_F(AbsorbTest, ContactsThatReachEachOtherBecomeOne) {
  Take(1000);
  Take(1180);
  TakeOther(1090);
  TakeOther(1281);
  Absorb();
  ASSERT_EQ(contacts(), 2U);
  EXPECT_EQ(set_.contacts()[0].event_count(), 3);
  EXPECT_EQ(set_.contacts()[1].first().at_ms, 1281);
}

TEST_F(AbsorbTest, ContactsOfOtherNamesStay) {
  Take(1000, "k1");
  TakeOther(1000, "k2");
  TakeOther(900, "k3");
  Absorb();
  ASSERT_EQ(contacts(), 3U);
  EXPECT_EQ(set_.contacts()[0].id(), "k3");
}

TEST_F(AbsorbTest, TheIdsOfTheOtherAreKnown) {
  const EventFacts facts = make_.Turn("e", 1000, 0);
  other_.Apply(facts, windows_, nullptr);
  Absorb();
  EXPECT_EQ(Apply(facts), ApplyResult::kDuplicate);
}

TEST_F(AbsorbTest, TooManyContactsJoinTheNewestAndSaySo) {
  for (int i = 0; i < 4; ++i) Take(1000 + i, "k" + std::to_string(i));
  TakeOther(900, "k0");
  Absorb();
  EXPECT_FALSE(set_.joined_contacts());
  other_ = ContactSet(std::pmr::get_default_resource());
  TakeOther(1010, "k5");
  Absorb();
  EXPECT_EQ(contacts(), 4U);
  EXPECT_TRUE(set_.joined_contacts());
  EXPECT_EQ(set_.contacts().back().id(), "k3");
  EXPECT_EQ(set_.contacts().back().event_count(), 2);
  // Who absorbs these knows of it.
  ContactSet all(std::pmr::get_default_resource());
  all.Absorb(set_, windows_);
  EXPECT_TRUE(all.joined_contacts());
}

TEST_F(AbsorbTest, OfTheSurveysTheNewestAreKept) {
  Take(1000, "k");
  for (int i = 0; i < 20; ++i) {
    (i % 2 == 0 ? set_ : other_)
        .Apply(make_.Survey("s" + std::to_string(i), 1500 - i, 0.5), windows_, nullptr);
  }
  Absorb();
  RecordBytes bytes;
  set_.Save(bytes);
  v1::CustomerState::Contacts record;
  ASSERT_TRUE(bytes.ReadInto(&record));
  ASSERT_EQ(record.surveys_size(), 16);
  EXPECT_EQ(record.surveys(0).at().at_ms(), 1485);
  EXPECT_EQ(record.surveys(15).at().at_ms(), 1500);
}

TEST_F(AbsorbTest, AContactIsFoundByTheEventItBeginsWith) {
  Take(1000, "k1");
  Take(1005, "k2");
  Take(1010, "k2");
  EXPECT_EQ(set_.Find(set_.contacts()[1].first()), 1U);
  EXPECT_EQ(set_.Find(set_.contacts()[1].last()), 2U);
  EXPECT_EQ(set_.Find({2000, 1}), 2U);
}

}  // namespace
}  // namespace peakend::journey
