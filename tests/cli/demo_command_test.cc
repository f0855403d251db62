// The whole demo on its embedded broker, as a user types it, and what its screen
// makes of rows.
#include "processors/cli/demo_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "processors/cli/command_line.h"
#include "processors/cli/demo_screen.h"

namespace peakend::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

struct Result {
  ExitCode code;
  std::string out;
  std::string err;
};

Result Demo(std::vector<std::string> flags) {
  std::ostringstream out;
  std::ostringstream err;
  Invocation call;
  call.out = &out;
  call.err = &err;
  // Not the demo's business.
  call.environment = {{"PEAKEND_KAFKA_BOOTSTRAP_SERVERS", "nowhere:1"}};
  flags.insert(flags.begin(), "demo");
  const ExitCode code = RunCommandLine({DemoCommand()}, flags, call);
  return {code, out.str(), err.str()};
}

TEST(DemoCommandTest, ShowsAlertsAsTheyComeAndEveryJourney) {
  const Result demo = Demo({"--language", "zh"});
  EXPECT_EQ(demo.code, ExitCode::kOk) << demo.err;
  EXPECT_EQ(demo.err, "");
  EXPECT_THAT(demo.out,
              HasSubstr("librdkafka's mock cluster, 4 partitions, delivery at least once"));
  EXPECT_THAT(demo.out, HasSubstr("客户在队列 water-faults 中放弃等待，联络 water-105\n"));
  EXPECT_THAT(demo.out, HasSubstr("48 raised (abandoned 2, delight 3, follow_up_overdue 8, "
                                  "negative_peak 8, negative_turns 11, score_low 11, waiting 5), "
                                  "17 recovered, 22 to follow up"));
  EXPECT_THAT(demo.out, HasSubstr("1 duplicate, 1 late, 1 rejected"));
  EXPECT_THAT(demo.out, HasSubstr("journeys  24\n"));
  EXPECT_THAT(demo.out, Not(HasSubstr("\033")));

  const std::string alerts = demo.out.substr(0, demo.out.find("the day is over"));
  const std::string table = demo.out.substr(demo.out.find("customer     contacts"));
  std::istringstream lines(alerts);
  int raised = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.find(" raised ") == 8) ++raised;
  }
  EXPECT_EQ(raised, 40) << "the follow-ups are overdue the day after";
  EXPECT_THAT(table, HasSubstr("resident-07         2  chat, voice "));
  const std::set<std::string> customers = [&table] {
    std::set<std::string> names;
    std::istringstream rows(table);
    for (std::string row; std::getline(rows, row) && !row.empty();) {
      names.insert(row.substr(0, row.find(' ')));
    }
    names.erase("customer");
    return names;
  }();
  EXPECT_EQ(customers.size(), 24);
}

TEST(DemoCommandTest, AnUnknownLanguageIsAWrongCall) {
  const Result demo = Demo({"--language", "fr"});
  EXPECT_EQ(demo.code, ExitCode::kUsage);
  EXPECT_THAT(demo.err, HasSubstr("--language"));
}

v1::Journey Row(const std::string& id, int64_t version, double score) {
  v1::Journey row;
  row.set_journey_id(id);
  row.set_customer_id(id);
  row.set_row_version(version);
  row.set_score(score);
  return row;
}

TEST(DemoScreenTest, TheNewestRevisionCountsWorstFirst) {
  v1::Journey none = Row("none", 1, 0);
  none.clear_score();
  v1::Journey withdrawn = Row("withdrawn", 2, 0);
  withdrawn.set_is_deleted(true);
  std::vector<std::string> shown;
  for (const v1::Journey& journey :
       FinalJourneys({none, Row("a", 2, 0.5), Row("a", 1, -0.9), Row("b", 1, 0.1),
                      Row("withdrawn", 1, 0), withdrawn})) {
    shown.push_back(journey.customer_id());
  }
  EXPECT_THAT(shown, ElementsAre("b", "a", "none"));
}

TEST(DemoScreenTest, SeverityIsAColourOnATerminalOnly) {
  v1::Policy policy;
  v1::RulePolicy& rule = *policy.add_rules();
  rule.set_name("r");
  rule.set_message_en("score {score} in {queue}");
  v1::Alert alert;
  alert.set_rule("r");
  alert.set_state(v1::Alert::OPEN);
  alert.set_severity(v1::Alert::CRITICAL);
  (*alert.mutable_message_params())["score"] = "-0.50";
  (*alert.mutable_message_params())["queue"] = "q";
  std::ostringstream colored;
  DemoScreen(colored, {true, DemoScreen::Language::kEnglish}, policy).ShowAlert(alert);
  EXPECT_THAT(colored.str(), HasSubstr("\033[31m"));
  EXPECT_THAT(colored.str(), HasSubstr("score -0.50 in q\n"));
  std::ostringstream plain;
  DemoScreen(plain, {false, DemoScreen::Language::kEnglish}, policy).ShowAlert(alert);
  EXPECT_THAT(plain.str(), Not(HasSubstr("\033")));
}

}  // namespace
}  // namespace peakend::cli
