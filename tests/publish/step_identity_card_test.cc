// Opening cards where a customer's part goes to a host and comes back.
#include <gtest/gtest.h>

#include <memory_resource>

#include "peakend/v1/opening_card.pb.h"
#include "tests/durations.h"
#include "tests/publish/step_identity.h"

namespace peakend::publish {
namespace {

TEST_F(StepIdentity, CardForALiveGuest) {
  host_.memory.worst = -9000;
  host_.memory.worst_minute = host_.memory.last_minute = 1;
  GuestSays(make_.Turn("e1", 10 * kMinute, 0.5), 10 * kMinute);
  EXPECT_TRUE(Cards().empty()) << "a stranger";
  Merge(10 * kMinute);
  ASSERT_EQ(Cards().size(), 1U);
  EXPECT_EQ(Cards()[0].customer_id(), "h");
  EXPECT_EQ(Cards()[0].row_version(), 1);
  Split(10 * kMinute);
  ASSERT_EQ(Cards().size(), 2U);
  EXPECT_TRUE(Cards()[1].is_deleted());
  Merge(11 * kMinute);
  ASSERT_EQ(Cards().size(), 3U);
  EXPECT_EQ(Cards()[2].card_id(), Cards()[0].card_id());
  EXPECT_EQ(Cards()[2].row_version(), 3);
}

TEST_F(StepIdentity, CardFromBeforeTheLinkGoesOn) {
  policy_.identities.emplace();
  guest_ = CustomerState("acme", "~o");
  guest_.memory.worst = -9000;
  guest_.memory.worst_minute = guest_.memory.last_minute = 1;
  GuestSays(make_.Turn("e1", 10 * kMinute, 0.5, "chat"), 10 * kMinute);
  ASSERT_EQ(Cards().size(), 1U);
  WakeBoth(kDay);
  ASSERT_EQ(Cards().size(), 2U);
  EXPECT_TRUE(Cards()[1].is_deleted()) << "the contact is over";
  GuestSays(make_.Turn("e2", kDay, 0.5, "chat"), kDay);
  ASSERT_EQ(Cards().size(), 2U) << "it goes on, but who says hello has said it";
  guest_.Identify(std::pmr::get_default_resource());
  Merge(kDay);
  Split(kDay);
  ASSERT_EQ(Cards().back().card_id(), Cards()[0].card_id());
  EXPECT_EQ(Cards().back().row_version(), 3);
}

TEST_F(StepIdentity, NoCardForAGuestWhoIsOver) {
  host_.memory.worst = -9000;
  host_.memory.worst_minute = host_.memory.last_minute = 1;
  GuestSays(make_.Turn("e1", 10 * kMinute, 0.5), 10 * kMinute);
  Merge(kDay);
  EXPECT_TRUE(Cards().empty());
}

}  // namespace
}  // namespace peakend::publish
