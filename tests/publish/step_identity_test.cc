// A customer's part goes to a host and comes back: what happens to rows, alerts and late
// events at either side.
#include "tests/publish/step_identity.h"

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "peakend/v1/journey.pb.h"
#include "peakend/v1/moment.pb.h"
#include "processors/publish/step.h"
#include "tests/durations.h"
#include "tests/journey/facts.h"

namespace peakend::publish {
namespace {

TEST_F(StepIdentity, LeaverWithdrawsRows) {
  GuestSays(make_.Turn("e1", 1000, 0.5));
  WakeBoth(1001 + 3 * kDay);
  ASSERT_EQ(Standing().size(), 1U);
  const size_t moments = Moments().size();
  ASSERT_GT(moments, 0U);
  Merge(1001 + 3 * kDay);
  const std::vector<v1::Journey> rows = Journeys();
  ASSERT_EQ(rows.size(), 3U) << "one, withdrawn, and the host's";
  EXPECT_TRUE(rows[1].is_deleted());
  EXPECT_EQ(rows[1].journey_id(), rows[0].journey_id());
  EXPECT_EQ(rows[1].row_version(), 2);
  EXPECT_EQ(rows[1].merged_into(), "h");
  EXPECT_EQ(rows[1].source().partition(), kGuest);
  EXPECT_EQ(rows[2].customer_id(), "h");
  EXPECT_NE(rows[2].journey_id(), rows[0].journey_id());
  EXPECT_EQ(rows[2].source().partition(), kHost);
  EXPECT_EQ(Moments()[moments].merged_into(), "h");
  EXPECT_TRUE(Moments()[moments].is_deleted());
}

TEST_F(StepIdentity, BothAreLookedAtAsOne) {
  GuestSays(make_.Turn("e1", 1000, 0.5, "visit"));
  HostSays(make_.Turn("e2", 2000, -0.5, "call"));
  Merge();
  GuestSays(make_.Turn("e3", 3000, 0.1, "visit"));
  WakeBoth(3001 + 3 * kDay);
  ASSERT_EQ(Standing().size(), 1U);
  EXPECT_EQ(Standing()[0].contact_ids_size(), 2);
  EXPECT_EQ(Standing()[0].customer_id(), "h");
}

TEST_F(StepIdentity, SameIdGoesOnAfterReturn) {
  GuestSays(make_.Turn("e1", 1000, 0.5));
  WakeBoth(1001 + 3 * kDay);
  const std::string id = Standing()[0].journey_id();
  Merge(1001 + 3 * kDay);
  Split(1001 + 3 * kDay);
  ASSERT_EQ(Standing().size(), 1U);
  EXPECT_EQ(Standing()[0].journey_id(), id);
  EXPECT_EQ(Standing()[0].row_version(), 3);
  EXPECT_EQ(Standing()[0].customer_id(), "~o");
  EXPECT_FALSE(guest_.away());
  // And once more at the host, under the host's id.
  Merge(1001 + 3 * kDay);
  ASSERT_EQ(Standing().size(), 1U);
  EXPECT_EQ(Standing()[0].customer_id(), "h");
  EXPECT_EQ(Standing()[0].row_version(), 3);
}

// The guest's partition runs behind the host's: what the host has forgotten comes back.
TEST_F(StepIdentity, VersionsNeverBeginAnew) {
  policy_.windows.journey_max_ms = 10 * kDay;
  for (const int64_t day : {1, 3, 5, 7, 9}) {
    GuestSays(make_.Turn(absl::StrCat("e", day), day * kDay, 0.5));
  }
  Merge(13 * kDay);
  Split(13 * kDay);
  step_.Wake(host_, At(26 * kDay, kHost), outputs_, counts_);
  ASSERT_TRUE(host_.idle()) << "the rows were forgotten";
  outputs_.Clear();
  Merge(26 * kDay);
  ASSERT_FALSE(Standing().empty());
  EXPECT_EQ(Standing()[0].customer_id(), "h");
  EXPECT_EQ(Standing()[0].row_version(), 25 * kDay + 1) << "its age in milliseconds, and one";
  EXPECT_EQ(Moments().back().row_version(), 25 * kDay + 1);
}

TEST_F(StepIdentity, WhoHasLeftIsAGuestNoMore) {
  GuestSays(make_.Turn("e1", 1000, 0.5));
  Merge();
  EXPECT_FALSE(step_.HasLeft(host_, "~o", 0));
  step_.GiveBack(host_, "~o", At(0, kHost), outputs_, counts_);
  EXPECT_TRUE(step_.HasLeft(host_, "~o", 0));
  EXPECT_FALSE(host_.idle()) << "who has left is remembered";
  step_.CloseGuest(host_, "~o", At(0, kHost), outputs_, counts_);
  EXPECT_FALSE(step_.HasLeft(host_, "~o", 0));
  EXPECT_TRUE(host_.idle());
}

TEST_F(StepIdentity, AnUnknownGuestGivesBackOneEmptyPart) {
  const std::vector<v1::Part> parts = step_.GiveBack(host_, "~x", At(0, kHost), outputs_, counts_);
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_TRUE(parts[0].last());
  EXPECT_EQ(parts[0].contacts().contacts_size(), 0);
}

TEST_F(StepIdentity, AlertKeepsItsId) {
  GuestSays(make_.Turn("e1", 1000, -0.9));
  Merge();
  GuestSays(make_.Turn("e2", 2000, 0.9));
  Split();
  std::vector<std::string> reasons;
  for (const v1::Alert& alert : Alerts()) {
    EXPECT_EQ(alert.alert_id(), Alerts()[0].alert_id());
    EXPECT_EQ(alert.row_version(), static_cast<int64_t>(reasons.size()) + 1);
    reasons.push_back(alert.reason());
  }
  EXPECT_EQ(reasons, (std::vector<std::string>{"raised", "merged", "recovered"}));
  EXPECT_EQ(Alerts()[1].customer_id(), "h");
  EXPECT_EQ(Alerts()[1].source().partition(), kHost);
  EXPECT_EQ(counts_.alerts.size(), 2U) << "what is only told again is not counted";
}

TEST_F(StepIdentity, AlertsGoWithThePartThatHasSeenTheirEvent) {
  HostSays(make_.Turn("e1", 1000, -0.9, "call"));
  Merge();
  GuestSays(make_.Turn("e2", 2000 + kDay * 4, -0.9, "visit"));
  ASSERT_EQ(Alerts().size(), 2U);
  Split();
  ASSERT_EQ(Alerts().size(), 3U);
  EXPECT_EQ(Alerts()[2].reason(), "split");
  EXPECT_EQ(Alerts()[2].customer_id(), "~o");
  EXPECT_EQ(Alerts()[2].alert_id(), Alerts()[1].alert_id());
  EXPECT_EQ(host_.open()->alerts.size(), 1U);
}

TEST_F(StepIdentity, AlertThatIsOverLeavesItsPlaceToNoGuest) {
  HostSays(make_.Turn("e1", 1000, -0.9));
  HostSays(make_.Turn("e2", 2000, 0.9));
  Merge();
  GuestSays(make_.Turn("e3", kDay, -0.8));
  GuestSays(make_.Turn("e4", kDay + 1000, 0.9));
  ASSERT_EQ(Alerts().size(), 4U);
  Split();
  EXPECT_EQ(host_.open()->alerts.size(), 1U) << "else it could be raised once more";
  EXPECT_EQ(guest_.open()->alerts.size(), 1U);
}

TEST_F(StepIdentity, AlertThatIsOverLeavesItsPlaceToNoOtherJourney) {
  GuestSays(make_.Turn("e1", 1000, -0.9, "k1"));
  GuestSays(make_.Turn("e2", 2000, 0.9, "k1"));
  // Days later, but for what the host said in between.
  Merge();
  for (int64_t day = 1; day < 8; ++day) {
    HostSays(make_.Turn("h" + std::to_string(day), day * kDay, 0));
  }
  GuestSays(make_.Turn("e3", 8 * kDay, -0.8, "k2"));
  GuestSays(make_.Turn("e4", 8 * kDay + 1000, 0.9, "k2"));
  ASSERT_EQ(Alerts().size(), 4U);
  ASSERT_EQ(host_.open()->contacts().Journeys(policy_.windows).size(), 1U);
  Split();
  EXPECT_EQ(guest_.open()->alerts.size(), 2U) << "else the first could be raised once more";
}

TEST_F(StepIdentity, LateEventAmendsAtTheHost) {
  GuestSays(make_.Turn("e1", kDay, 0.5));
  Merge(kDay);
  const int64_t now_ms = 5 * kDay;
  WakeBoth(now_ms);
  const auto late = make_.Turn("e2", kDay - 1, -0.2);
  EXPECT_EQ(step_.JudgeLate(host_, make_.Turn("e1", kDay, 0.5), At(now_ms, kHost, "~o")),
            LateEvent::kDuplicate);
  ASSERT_EQ(step_.JudgeLate(host_, late, At(now_ms, kHost, "~o")), LateEvent::kAmends);
  GuestSays(late, now_ms);
  ASSERT_EQ(Standing().size(), 1U);
  EXPECT_EQ(Standing()[0].started_at_ms(), kDay - 1);
  EXPECT_EQ(step_.JudgeLate(host_, late, At(now_ms, kHost)), LateEvent::kAmends)
      << "under another key it is another event";
  EXPECT_EQ(step_.JudgeLate(host_, make_.Turn("e3", 2, 0, "old"), At(now_ms + 90 * kDay, kHost)),
            LateEvent::kSetAside);
}

// Partitions' clocks are apart: whether an event is news was said where it came first.
TEST_F(StepIdentity, AnEventIsLateWhereItCameFirst) {
  HostSays(make_.Turn("e1", 5 * kDay, 0.5));
  Merge(5 * kDay);
  StepContext context = At(5 * kDay, kHost, "~o");
  context.late = true;
  step_.Apply(host_, make_.Turn("e2", 5 * kDay + 1, -0.9), context, outputs_, counts_);
  EXPECT_TRUE(Alerts().empty());
  context.late = false;
  step_.Apply(host_, make_.Turn("e3", 5 * kDay - 10 * kMinute, -0.9), context, outputs_, counts_);
  EXPECT_EQ(Alerts().size(), 1U);
}

TEST_F(StepIdentity, MemoryIsJoinedAndTheCopyAtHomeStays) {
  guest_.memory.worst = -9000;
  guest_.memory.worst_minute = guest_.memory.last_minute = 7;
  const journey::Memory before = guest_.memory;
  Merge();
  EXPECT_EQ(host_.memory.worst, -9000);
  EXPECT_EQ(guest_.memory, before);
  Split();
  EXPECT_EQ(guest_.memory, before);
  EXPECT_EQ(host_.memory.worst, -9000);
}

TEST_F(StepIdentity, WhoIsAwayStillHostsTheirGuests) {
  step_.Welcome(guest_, "~p", v1::Part(), At(0, kGuest), outputs_, counts_);
  step_.Apply(guest_, make_.Turn("p1", 1000, -0.9, "p"), At(0, kGuest, "~p"), outputs_, counts_);
  GuestSays(make_.Turn("e1", 1000, -0.9, "own"));
  const std::vector<v1::Part> parts = step_.Leave(guest_, "h", At(0, kGuest), outputs_, counts_);
  ASSERT_EQ(parts.size(), 1U);
  ASSERT_EQ(parts[0].contacts().contacts_size(), 1);
  EXPECT_EQ(parts[0].contacts().contacts(0).contact_id(), "own");
  EXPECT_EQ(guest_.open()->contacts().contacts()[0].id(), "p");
}

TEST_F(StepIdentity, APartInManyPiecesIsWhole) {
  // Event ids of 2 KB: some hundred contacts make more than one piece.
  for (int i = 0; i < 60; ++i) {
    const std::string n = std::to_string(i);
    for (int k = 0; k < 5; ++k) {
      GuestSays(make_.Turn("e" + n + "/" + std::to_string(k) + std::string(2000, 'x'),
                           1000 + i * kMinute, k == 0 ? -0.9 : 0.1, "k" + n));
    }
  }
  guest_.Identify(std::pmr::get_default_resource());
  size_t pieces = 0;
  for (const v1::Part& part : step_.Leave(guest_, "h", At(0, kGuest), outputs_, counts_)) {
    EXPECT_LE(part.ByteSizeLong(), 260'000U);
    step_.Welcome(host_, "~o", part, At(0, kHost), outputs_, counts_);
    ++pieces;
  }
  EXPECT_GT(pieces, 1U);
  EXPECT_EQ(host_.open()->contacts().contacts().size(), 60U);
  EXPECT_EQ(
      step_.JudgeLate(host_, make_.Turn("e7/1" + std::string(2000, 'x'), 1, 0), At(0, kHost, "~o")),
      LateEvent::kDuplicate);
}

TEST_F(StepIdentity, WhoIsRecalledIsNotLookedAtInPieces) {
  GuestSays(make_.Turn("e1", 1000, 0.5));
  Merge();
  guest_.identity()->recalled = true;
  std::vector<v1::Part> parts = step_.GiveBack(host_, "~o", At(0, kHost), outputs_, counts_);
  parts[0].set_last(false);
  step_.TakeBack(guest_, parts[0], At(0, kGuest), outputs_, counts_);
  step_.Wake(guest_, At(1001 + 3 * kDay, kGuest), outputs_, counts_);
  EXPECT_TRUE(Standing().empty());
  parts[0].Clear();
  parts[0].set_last(true);
  step_.TakeBack(guest_, parts[0], At(1001 + 3 * kDay, kGuest), outputs_, counts_);
  EXPECT_EQ(Standing().size(), 1U);
}

// Contacts that were joined for want of room come apart when others go.
TEST_F(StepIdentity, JourneysThatAreOverTogetherAreForgottenAsTheyWereSeen) {
  policy_.windows.max_contacts = 3;
  policy_.windows.journey_max_ms = kDay;
  Merge();
  HostSays(make_.Turn("e1", kHour, 0.5, "a"));
  HostSays(make_.Turn("e2", 30 * kHour, 0.5, "z"));
  HostSays(make_.Turn("e3", 31 * kHour, 0.5, "b"));
  GuestSays(make_.Turn("e4", 2 * kHour, 0.5, "c"));
  ASSERT_EQ(host_.open()->contacts().Journeys(policy_.windows).size(), 2U);
  ASSERT_TRUE(host_.open()->contacts().joined_contacts());
  WakeBoth(300 * kDay);
  EXPECT_EQ(Standing().size(), 2U);
  EXPECT_TRUE(host_.idle()) << "else a part of what is over would be one more journey";
}

TEST_F(StepIdentity, RowsAreForgottenWhenNothingCanComeBack) {
  GuestSays(make_.Turn("e1", 1000, 0.5));
  WakeBoth(1001 + 3 * kDay);
  Merge(1001 + 3 * kDay);
  EXPECT_FALSE(guest_.idle()) << "their versions are kept";
  const int64_t until_ms = 1000 + 90 * kDay + 14 * kDay + 60 * kMinute;
  EXPECT_EQ(guest_.wake_ms(), until_ms);
  step_.Wake(guest_, At(until_ms, kGuest), outputs_, counts_);
  EXPECT_FALSE(guest_.idle());
  step_.Wake(guest_, At(until_ms + 1, kGuest), outputs_, counts_);
  EXPECT_TRUE(guest_.idle());
}

}  // namespace
}  // namespace peakend::publish
