// What a customer tells the homes of its identities, and whom it follows: by hand, at each rule.
#include "processors/journey/identity_links.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "processors/journey/identity_key.h"

namespace peakend::journey {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int64_t kNow = 1'000'000;

// "to: key (nodes)", with "?" when it asks; "-" is no label.
std::vector<std::string> Shown(const LabelMessages& messages) {
  std::vector<std::string> shown;
  for (const LabelMessage& message : messages) {
    const std::string key = message.label.empty() ? "-" : std::string(message.label.key);
    shown.push_back(message.to + ": " + key + " (" + std::to_string(message.label.way.size()) +
                    ")" + (message.ask ? "?" : ""));
  }
  return shown;
}

// The label of `key` as the last of `way` tells it.
LabelMessage Told(std::string_view key, const std::vector<std::string>& way) {
  LabelMessage message;
  message.label.key = key;
  message.label.way.push_back(NodeOf(key));
  for (const std::string& node : way) message.label.way.push_back(NodeOf(node));
  return message;
}

class IdentityLinksTest : public testing::Test {
 protected:
  std::vector<std::string> Say(std::string_view home, int64_t minute = kNow) {
    return Shown(links_.Say(self_, home, minute, rules_));
  }
  std::vector<std::string> Hear(std::string_view home, const LabelMessage& heard) {
    return Shown(links_.Hear(self_, home, heard, rules_));
  }

  std::string self_ = "~b";
  IdentityRules rules_;
  IdentityLinks links_{std::pmr::get_default_resource()};
};

TEST_F(IdentityLinksTest, WhoIsNamedFirstIsToldTheOwnKeyAndAsked) {
  EXPECT_THAT(Say("/i/1"), ElementsAre("/i/1: ~b (1)?"));
  EXPECT_TRUE(links_.label().empty());
}

TEST_F(IdentityLinksTest, WhoIsNamedAgainIsToldWhenARepeatIsDue) {
  rules_.repeat_after_minutes = 10;
  Say("/i/1");
  EXPECT_THAT(Say("/i/1", kNow + 9), IsEmpty());
  EXPECT_THAT(Say("/i/1", kNow + 10), ElementsAre("/i/1: ~b (1)?"));
  EXPECT_THAT(Say("/i/1", kNow + 19), IsEmpty());
}

TEST_F(IdentityLinksTest, TheSmallestKeyIsFollowedAndToldToAll) {
  Say("/i/1");
  Say("/i/2");
  EXPECT_THAT(Hear("/i/1", Told("~a2", {"/i/1"})), ElementsAre("/i/1: ~a2 (3)", "/i/2: ~a2 (3)"));
  EXPECT_THAT(Hear("/i/2", Told("~a3", {"/i/2"})), IsEmpty());
  EXPECT_EQ(links_.label().key, "~a2");
  EXPECT_THAT(Hear("/i/2", Told("~a1", {"/i/2"})), ElementsAre("/i/1: ~a1 (3)", "/i/2: ~a1 (3)"));
}

TEST_F(IdentityLinksTest, KnownComesBeforeAnonymous) {
  Say("/i/1");
  Say("/i/2");
  Hear("/i/1", Told("~a", {"/i/1"}));
  Hear("/i/2", Told("z", {"/i/2"}));
  EXPECT_EQ(links_.label().key, "z");
}

TEST_F(IdentityLinksTest, ALaterKeyIsNotFollowed) {
  Say("/i/1");
  EXPECT_THAT(Hear("/i/1", Told("~c", {"/i/1"})), IsEmpty());
  EXPECT_TRUE(links_.label().empty());
}

TEST_F(IdentityLinksTest, OfOneKeyTheShorterWayIsTold) {
  Say("/i/1");
  Say("/i/2");
  Hear("/i/1", Told("~a", {"/i/3", "~c", "/i/1"}));
  EXPECT_THAT(Hear("/i/2", Told("~a", {"/i/2"})), ElementsAre("/i/1: ~a (3)", "/i/2: ~a (3)"));
}

TEST_F(IdentityLinksTest, WhatCameThroughTheCustomerDoesNotCount) {
  Say("/i/1");
  EXPECT_THAT(Hear("/i/1", Told("~a", {"/i/2", "~b", "/i/1"})), IsEmpty());
  EXPECT_TRUE(links_.label().empty());
}

TEST_F(IdentityLinksTest, AWayHasAtMostNineNodes) {
  Say("/i/1");
  Hear("/i/1", Told("~a", {"1", "2", "3", "4", "5", "6", "7", "/i/1"}));  // 9
  EXPECT_TRUE(links_.label().empty());
  Hear("/i/1", Told("~a", {"1", "2", "3", "4", "5", "6", "/i/1"}));  // 8
  EXPECT_EQ(links_.label().way.size(), 9U);
}

TEST_F(IdentityLinksTest, AHomeThatHasNoLabelAnyMoreIsNotFollowed) {
  Say("/i/1");
  Hear("/i/1", Told("~a", {"/i/1"}));
  EXPECT_THAT(Hear("/i/1", {}), ElementsAre("/i/1: ~b (1)"));
  EXPECT_TRUE(links_.label().empty());
}

TEST_F(IdentityLinksTest, KnownCustomersStayUnlessThePolicyMovesThem) {
  self_ = "b";
  Say("/i/1");
  EXPECT_THAT(Hear("/i/1", Told("a", {"/i/1"})), IsEmpty());
  EXPECT_TRUE(links_.label().empty());
  rules_.known_customers_move = true;
  EXPECT_THAT(Hear("/i/1", Told("a", {"/i/1"})), ElementsAre("/i/1: a (3)"));
  EXPECT_EQ(links_.label().key, "a");
}

TEST_F(IdentityLinksTest, ASharedIdentityIsNeitherFollowedNorTold) {
  Say("/i/1");
  Say("/i/2");
  Hear("/i/1", Told("~a", {"/i/1"}));
  LabelMessage shared;
  shared.shared = true;
  EXPECT_THAT(Hear("/i/1", shared), ElementsAre("/i/2: ~b (1)"));
  EXPECT_TRUE(links_.label().empty());
}

// It was forgotten in between, by everybody.
TEST_F(IdentityLinksTest, ASharedIdentityMayBeginAnew) {
  Say("/i/1");
  LabelMessage shared;
  shared.shared = true;
  Hear("/i/1", shared);
  Hear("/i/1", Told("~a", {"/i/1"}));
  EXPECT_EQ(links_.label().key, "~a");
}

TEST_F(IdentityLinksTest, WhoNamesTwoOthersIsApartForGood) {
  Say("/i/1");
  Hear("/i/1", Told("~a", {"/i/1"}));
  EXPECT_THAT(Say("/c/x"), ElementsAre("/c/x: ~a (3)?"));
  EXPECT_FALSE(links_.apart());
  EXPECT_THAT(Say("/c/y"),
              ElementsAre("/i/1: - (0)", "/c/x: - (0)", "/c/y: - (0)", "/c/y: - (0)?"));
  EXPECT_TRUE(links_.apart());
  EXPECT_TRUE(links_.label().empty());
  EXPECT_THAT(Hear("/c/x", Told("x", {"/c/x"})), IsEmpty());
  EXPECT_TRUE(links_.label().empty());
}

TEST_F(IdentityLinksTest, TheCustomersOwnNameIsNoOther) {
  self_ = "b";
  Say("/c/b");
  Say("/c/x");
  EXPECT_FALSE(links_.apart());
}

TEST_F(IdentityLinksTest, WhoIsSetApartTellsNothingMoreAndFollowsNobody) {
  Say("/i/1");
  Hear("/i/1", Told("~a", {"/i/1"}));
  EXPECT_THAT(Shown(links_.StandApart(self_)), ElementsAre("/i/1: - (0)"));
  EXPECT_THAT(Shown(links_.StandApart(self_)), IsEmpty());
  EXPECT_TRUE(links_.label().empty());
  EXPECT_THAT(Hear("/i/1", Told("~a", {"/i/1"})), IsEmpty());
  EXPECT_THAT(Say("/i/2"), ElementsAre("/i/2: - (0)?"));
}

TEST_F(IdentityLinksTest, WhoAsksIsAnsweredOnce) {
  LabelMessage ask;
  ask.ask = true;
  EXPECT_THAT(Hear("/c/~b", ask), ElementsAre("/c/~b: ~b (1)"));
  EXPECT_THAT(Hear("/c/~b", ask), ElementsAre("/c/~b: ~b (1)"));
  EXPECT_THAT(Hear("/c/~b", {}), IsEmpty());
}

// A home that the customer has forgotten tells on, and must not keep an old label.
TEST_F(IdentityLinksTest, AStrangerIsAnswered) {
  EXPECT_THAT(Hear("/i/1", {}), ElementsAre("/i/1: ~b (1)"));
  EXPECT_THAT(Hear("/i/2", Told("~a", {"/i/2"})), ElementsAre("/i/1: ~a (3)", "/i/2: ~a (3)"));
}

TEST_F(IdentityLinksTest, TheSeventeenthIdentityIsIgnored) {
  for (int i = 0; i < 16; ++i) Say("/i/" + std::to_string(i));
  EXPECT_FALSE(links_.forgot());
  EXPECT_THAT(Say("/i/16"), IsEmpty());
  EXPECT_THAT(Hear("/i/16", Told("~a", {"/i/16"})), IsEmpty());
  EXPECT_TRUE(links_.forgot());
  EXPECT_TRUE(links_.label().empty());
  EXPECT_THAT(Hear("/i/15", Told("~a", {"/i/15"})), testing::SizeIs(16));
}

TEST_F(IdentityLinksTest, WhatWasSavedGoesOnAlike) {
  Say("/i/1");
  Say("/i/2", kNow + 1);
  Hear("/i/1", Told("~a", {"/i/1"}));
  LabelMessage shared;
  shared.shared = true;
  Hear("/i/2", shared);
  v1::IdentityState::Links record;
  links_.Save(&record);
  IdentityLinks restored(record, std::pmr::get_default_resource());
  v1::IdentityState::Links again;
  restored.Save(&again);
  EXPECT_EQ(again.SerializeAsString(), record.SerializeAsString());
  EXPECT_EQ(restored.label(), links_.label());
  EXPECT_THAT(Shown(restored.Say(self_, "/i/2", kNow + 2, rules_)), IsEmpty());
  EXPECT_THAT(Shown(restored.Say(self_, "/i/3", kNow, rules_)), ElementsAre("/i/3: ~a (3)?"));
  EXPECT_THAT(Shown(restored.StandApart(self_)), ElementsAre("/i/1: - (0)", "/i/3: - (0)"));
}

TEST(IdentityKey, AHomeIsNoCustomerAndMayNameOne) {
  EXPECT_EQ(HomeOfCustomer("x/y"), "/c/x/y");
  EXPECT_EQ(NamedCustomer("/c/x/y"), "x/y");
  EXPECT_EQ(NamedCustomer(HomeOfIdentity("phone", "1")), "");
  EXPECT_EQ(HomeOfIdentity("phone", "1").size(), 44U);
  EXPECT_TRUE(IsHomeOfType(HomeOfIdentity("phone", "1"), "phone"));
  EXPECT_FALSE(IsHomeOfType(HomeOfIdentity("phone", "1"), "device"));
  EXPECT_TRUE(SameHomes("phone", "phone"));
  EXPECT_FALSE(SameHomes("phone", "device"));
  EXPECT_NE(HomeOfIdentity("phone", "1"), HomeOfIdentity("phon", "e1"));
  EXPECT_TRUE(IsHome("/c/x"));
  EXPECT_FALSE(IsHome("~c/x"));
}

TEST(IdentityKey, KnownBeforeAnonymousThenByBytes) {
  EXPECT_TRUE(KeyBefore("z", "~a"));
  EXPECT_FALSE(KeyBefore("~a", "z"));
  EXPECT_TRUE(KeyBefore("\xc3\xa4", "~a"));
  EXPECT_TRUE(KeyBefore("a", "b"));
  EXPECT_TRUE(KeyBefore("~a", "~b"));
  EXPECT_TRUE(KeyBefore("a", "\xc3\xa4"));
  EXPECT_FALSE(KeyBefore("a", "a"));
}

}  // namespace
}  // namespace peakend::journey
