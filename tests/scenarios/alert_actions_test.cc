// Which alert an action is about: the newest of its rule and customer at its time.
#include "processors/scenarios/alert_actions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace peakend::scenarios {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

OutputRecord Raised(const std::string& id, const std::string& rule, const std::string& customer,
                    int64_t at_ms, const std::string& reason = "raised") {
  return {publish::Topic::kAlerts, id,
          absl::StrCat(R"({"alert_id":")", id, R"(","reason":")", reason, R"(","rule":")", rule,
                       R"(","customer_id":")", customer, R"(","updated_at_ms":)", at_ms, "}")};
}

InputLine Action(int64_t at_ms, const std::string& rule, const std::string& customer) {
  return {at_ms, R"({"alert_action":{"alert_id":"{alert}"}})", rule, customer};
}

// What every run gives; how many lines each was of.
class AlertActionsTest : public testing::Test {
 protected:
  Pipeline pipeline_ = [this](const std::vector<InputLine>& lines, int32_t) {
    runs_.push_back(lines.size());
    Outcome outcome;
    outcome.records = records_;
    return outcome;
  };
  std::vector<OutputRecord> records_;
  std::vector<size_t> runs_;
};

TEST_F(AlertActionsTest, TheNewestAlertByThenIsMeant) {
  records_ = {Raised("old", "a", "p1", 10),   Raised("new", "a", "p1", 20),
              Raised("later", "a", "p1", 31), Raised("other", "b", "p1", 25),
              Raised("hers", "a", "p2", 25),  Raised("gone", "a", "p1", 26, "escalated")};
  std::vector<InputLine> lines = {{0, "x"}, Action(30, "a", "p1"), {40, "{alert}"}};
  const auto unnamed = NameAlerts(pipeline_, lines);
  ASSERT_TRUE(unnamed.ok());
  EXPECT_THAT(*unnamed, IsEmpty());
  EXPECT_EQ(lines[1].text, R"({"alert_action":{"alert_id":"new"}})");
  EXPECT_EQ(lines[2].text, "{alert}");
  EXPECT_THAT(runs_, ElementsAre(1U));
}

TEST_F(AlertActionsTest, AnAlertThatThereIsNotIsSaid) {
  records_ = {Raised("later", "a", "p1", 31)};
  std::vector<InputLine> lines = {Action(30, "a", "p1")};
  const auto unnamed = NameAlerts(pipeline_, lines);
  ASSERT_TRUE(unnamed.ok());
  ASSERT_THAT(*unnamed, SizeIs(1));
  EXPECT_EQ((*unnamed)[0].where, "events[0].rule");
  EXPECT_EQ((*unnamed)[0].expected, "an alert of `a` by then");
}

TEST_F(AlertActionsTest, WithoutActionsNothingIsRun) {
  std::vector<InputLine> lines = {{0, "x"}, {1, "y"}};
  EXPECT_TRUE(NameAlerts(pipeline_, lines).ok());
  EXPECT_THAT(runs_, IsEmpty());
}

}  // namespace
}  // namespace peakend::scenarios
