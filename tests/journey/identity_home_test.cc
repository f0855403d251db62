// What an identity's home tells its customers: by hand, at each rule.
#include "processors/journey/identity_home.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "processors/journey/identity_key.h"

namespace peakend::journey {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Answers(const LabelMessages& messages) {
  std::vector<std::string> shown;
  for (const LabelMessage& message : messages) {
    const std::string key = message.label.empty() ? "-" : std::string(message.label.key);
    shown.push_back(message.to + ": " + (message.shared ? "shared" : key) +
                    (message.ask ? "?" : ""));
  }
  return shown;
}

class IdentityHomeTest : public testing::Test {
 protected:
  std::vector<std::string> Hear(const std::string& from, bool ask = false) {
    return Answers(home_.Hear(self_, from, {"", Label::OwnOf(from), ask}, max_customers_));
  }
  std::vector<std::string> HearNone(const std::string& from) {
    return Answers(home_.Hear(self_, from, {}, max_customers_));
  }

  std::string self_ = "/i/1";
  size_t max_customers_ = 2;
  IdentityHome home_{std::pmr::get_default_resource()};
};

TEST_F(IdentityHomeTest, TheSmallestLabelIsToldToAll) {
  EXPECT_THAT(Hear("~b"), ElementsAre("~b: ~b"));
  EXPECT_THAT(Hear("~a"), ElementsAre("~b: ~a", "~a: ~a"));
  EXPECT_EQ(home_.customers(), 2U);
}

TEST_F(IdentityHomeTest, WhoAsksIsToldEvenIfNothingChanged) {
  Hear("~a");
  EXPECT_THAT(Hear("~b"), IsEmpty());
  EXPECT_THAT(Hear("~b", true), ElementsAre("~b: ~a"));
}

TEST_F(IdentityHomeTest, ALabelThatIsTakenBackIsReplacedByTheNext) {
  Hear("~a");
  Hear("~b");
  EXPECT_THAT(HearNone("~a"), ElementsAre("~b: ~b", "~a: ~b"));
  EXPECT_THAT(HearNone("~b"), ElementsAre("~a: -", "~b: -"));
}

TEST_F(IdentityHomeTest, OneCustomerTooManyMakesItShared) {
  Hear("~a");
  Hear("~b");
  EXPECT_FALSE(home_.shared());
  EXPECT_THAT(Hear("~c"), ElementsAre("~a: shared", "~b: shared", "~c: shared"));
  EXPECT_TRUE(home_.shared());
  EXPECT_EQ(home_.customers(), 0U);
  EXPECT_THAT(Hear("~a"), ElementsAre("~a: shared"));
}

TEST_F(IdentityHomeTest, WhoSaysItOftenCountsOnce) {
  for (int i = 0; i < 5; ++i) {
    Hear("~a", true);
    Hear("~b", true);
  }
  EXPECT_FALSE(home_.shared());
}

TEST_F(IdentityHomeTest, WhoHasNoLabelCountsAllTheSame) {
  HearNone("~a");
  HearNone("~b");
  HearNone("~c");
  EXPECT_TRUE(home_.shared());
}

TEST_F(IdentityHomeTest, WhoIsNamedIsAskedAndLeads) {
  self_ = "/c/x";
  EXPECT_THAT(Hear("~a", true), ElementsAre("x: -?", "x: ~a", "~a: ~a"));
  EXPECT_THAT(Hear("x"), ElementsAre("~a: x", "x: x"));
  EXPECT_THAT(Hear("~b", true), ElementsAre("~b: x"));
}

TEST_F(IdentityHomeTest, WhoNamesThemselvesIsNotAsked) {
  self_ = "/c/x";
  EXPECT_THAT(Hear("x"), ElementsAre("x: x"));
}

TEST_F(IdentityHomeTest, ALoginIsNeverSharedAndKeepsThoseWhoSpokeLast) {
  self_ = "/c/x";
  const auto cookie = [](size_t i) { return "~" + std::to_string(1000 + i); };
  Hear(cookie(0));
  Hear("x");
  for (size_t i = 1; i < 255; ++i) Hear(cookie(i));
  Hear(cookie(0));  // once more
  EXPECT_EQ(home_.customers(), IdentityHome::kMost);
  Hear(cookie(255));
  EXPECT_EQ(home_.customers(), IdentityHome::kMost);
  EXPECT_FALSE(home_.shared());
  const std::vector<std::string> told = HearNone("x");
  EXPECT_THAT(told, testing::Contains("~1000: ~1000"));
  EXPECT_THAT(told, testing::Not(testing::Contains("~1001: ~1000")));
  EXPECT_THAT(told, testing::Contains("~1255: ~1000"));
}

// Else all would move each time that somebody new comes.
TEST_F(IdentityHomeTest, NeitherWhoLeadsNorWhoIsNamedIsDropped) {
  self_ = "/c/x";
  Hear("~a");
  for (int i = 0; i < 300; ++i) EXPECT_THAT(Hear("~b" + std::to_string(i)), IsEmpty());
  EXPECT_THAT(HearNone("~a"), testing::Contains("x: ~b100"));  // who never answered so far
  EXPECT_THAT(Hear("x"), testing::SizeIs(IdentityHome::kMost));
}

TEST_F(IdentityHomeTest, AWayThatIsTooLongEndsHere) {
  LabelMessage far{"", Label::OwnOf("~a")};
  far.label.way.resize(Label::kMostNodes, 1);
  EXPECT_THAT(Answers(home_.Hear(self_, "~b", far, max_customers_)), IsEmpty());
  far.label.way.resize(Label::kMostNodes - 1);
  EXPECT_THAT(Answers(home_.Hear(self_, "~b", far, max_customers_)), ElementsAre("~b: ~a"));
}

TEST_F(IdentityHomeTest, WhatWasSavedGoesOnAlike) {
  Hear("~b");
  HearNone("~a");
  v1::IdentityState::Home record;
  home_.Save(&record);
  IdentityHome restored(record, std::pmr::get_default_resource());
  v1::IdentityState::Home again;
  restored.Save(&again);
  EXPECT_EQ(again.SerializeAsString(), record.SerializeAsString());
  EXPECT_THAT(Answers(restored.Hear(self_, "~b", {"", Label::OwnOf("~b")}, 2)), IsEmpty());
  EXPECT_THAT(Answers(restored.Hear(self_, "~c", {}, 2)), testing::SizeIs(3));
  again.Clear();
  restored.Save(&again);
  EXPECT_TRUE(IdentityHome(again, std::pmr::get_default_resource()).shared());
}

}  // namespace
}  // namespace peakend::journey
