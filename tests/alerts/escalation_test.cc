// Whom alerts go to when nobody takes them: by themselves, each once, and there is an end of it.
#include "processors/alerts/escalation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace peakend::alerts {
namespace {

using testing::SizeIs;

struct Case {
  std::string what;
  std::vector<std::string> first;
  std::vector<Recipient> all;
  std::vector<Escalation> course;
};

const std::vector<Case>& Cases() {
  static const auto* const kCases = new std::vector<Case>{
      {"nobody passes it on", {"a", "b"}, {{"a", "", 0}}, {}},
      {"nobody hears of it", {}, {{"a", "b", 10}}, {}},
      {"one after the other",
       {"a"},
       {{"a", "b", 10}, {"b", "c", 20}, {"c", "", 0}},
       {{10, {"b"}}, {30, {"c"}}}},
      {"each by themselves, at their place",
       {"a", "x", "b"},
       {{"a", "c", 30}, {"b", "d", 10}},
       {{10, {"a", "x", "d"}}, {30, {"c", "x", "d"}}}},
      {"both at once", {"a", "b"}, {{"a", "c", 10}, {"b", "d", 10}}, {{10, {"c", "d"}}}},
      {"two to one, of whom the first hands over",
       {"a", "x", "b"},
       {{"a", "c", 10}, {"b", "c", 10}},
       {{10, {"c", "x"}}}},
      {"who has it already is nobody new",
       {"a", "b"},
       {{"a", "b", 10}, {"b", "c", 20}},
       {{20, {"c"}}}},
      {"who had it does not get it again",
       {"a", "b"},
       {{"a", "c", 10}, {"c", "d", 10}, {"b", "c", 100}},
       {{10, {"c", "b"}}, {20, {"d", "b"}}}},
      {"the time runs from when it came to them, not again",
       {"a", "b"},
       {{"a", "c", 5}, {"b", "c", 10}, {"c", "d", 20}},
       {{5, {"c", "b"}}, {25, {"d"}}}},
      {"a name twice is one", {"a", "a"}, {{"a", "b", 10}}, {{10, {"b"}}}},
      {"a circle ends", {"a"}, {{"a", "b", 10}, {"b", "a", 10}}, {{10, {"b"}}}},
      {"to whom nobody knows", {"a"}, {{"a", "z", 10}}, {{10, {"z"}}}},
  };
  return *kCases;
}

TEST(EscalationTest, GoesFromOneToTheNext) {
  for (const Case& each : Cases()) {
    EXPECT_EQ(EscalationsOf(each.first, each.all), each.course) << each.what;
  }
}

TEST(EscalationTest, ALongChainBringsItToEverybodyOnce) {
  std::vector<Recipient> all;
  for (size_t i = 0; i < kMaxRecipients; ++i) {
    all.push_back({absl::StrCat("r", i), absl::StrCat("r", i + 1), 1});
  }
  const std::vector<Escalation> course = EscalationsOf(std::vector<std::string>{"r0"}, all);
  EXPECT_THAT(course, SizeIs(kMaxRecipients));
  EXPECT_EQ(course.back(), (Escalation{int64_t{kMaxRecipients}, {"r100"}}));
}

}  // namespace
}  // namespace peakend::alerts
