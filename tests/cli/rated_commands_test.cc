// calibrate and discover, as a user calls them: what they read, refuse and print.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "processors/adapters/json_document.h"
#include "processors/cli/calibrate_command.h"
#include "processors/cli/command_line.h"
#include "processors/cli/discover_command.h"
#include "tests/calibration/generated_journeys.h"

namespace peakend::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Printed {
  ExitCode code;
  std::string out;
  std::string err;

  boost::json::object Json() const {
    const auto parsed = adapters::ParseJson(out);
    EXPECT_TRUE(parsed.ok()) << out;
    return parsed.ok() ? parsed->as_object() : boost::json::object();
  }
};

Printed Call(std::vector<std::string> arguments, const std::string& input) {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  Invocation call;
  call.in = &in;
  call.out = &out;
  call.err = &err;
  const ExitCode code = RunCommandLine({CalibrateCommand(), DiscoverCommand()}, arguments, call);
  return {code, out.str(), err.str()};
}

std::string Written(const std::string& name, const std::string& text) {
  const std::string path = absl::StrCat(testing::TempDir(), "/", name);
  std::ofstream(path) << text;
  return path;
}

// Rows as `run` prints them; causes as evidence of one moment of the journey.
std::string Rows(const calibration::RatedJourneys& journeys, bool with_surveys) {
  std::string text;
  for (size_t i = 0; i < journeys.size(); ++i) {
    const calibration::RatedJourney& journey = journeys[i];
    const std::string survey =
        with_surveys ? absl::StrFormat(R"(,"survey_score":%.6f)", *journey.outcome) : "";
    absl::StrAppendFormat(
        &text,
        R"({"topic":"journeys","key":"j%d","value":{"journey_id":"j%d","row_version":1,)"
        R"("customer_id":"c%d","contact_ids":["k%d"],"end_grade":"JOURNEY_END_FINAL",)"
        R"("score":%.6f,"worst":%.6f,"tail":%.6f%s}})"
        "\n",
        i, i, i, i, *journey.score, journey.worst.value_or(0), journey.tail.value_or(0), survey);
    std::string evidence;
    for (const calibration::Experience& experience : journey.experiences) {
      absl::StrAppendFormat(&evidence, R"(%s{"cause":"%s","valence":%.1f})",
                            evidence.empty() ? "" : ",", experience.factor.substr(6),
                            experience.valence);
    }
    absl::StrAppendFormat(
        &text,
        R"({"topic":"moments","key":"m%d","value":{"moment_id":"m%d","row_version":1,)"
        R"("journey_id":"j%d","evidence":[%s]}})"
        "\n",
        i, i, i, evidence);
  }
  return text + R"({"topic":"moment-alerts","key":"a","value":{"alert_id":"a"}})" + "\n";
}

TEST(Calibrate, SaysWhetherOtherWeightsPay) {
  const std::string rows = Rows(calibration::JourneyMaker(1).WithParts(0.7, 0.3, 1200), true);
  const Printed text = Call({"calibrate", "-"}, rows);
  EXPECT_EQ(text.code, ExitCode::kOk) << text.err;
  EXPECT_THAT(text.out, HasSubstr("1200 journeys, 0 without a score; 1200 rated"));
  EXPECT_THAT(text.out, HasSubstr("other weights pay"));
  EXPECT_THAT(text.out, HasSubstr("score:\n  formula: experience\n  worst_weight: 0."));
  const boost::json::object json = Call({"calibrate", "-", "--format", "json"}, rows).Json();
  EXPECT_TRUE(json.at("other_weights_pay").as_bool());
  EXPECT_EQ(json.at("held_out").to_number<int>(), 1200);
}

TEST(Calibrate, TakesRatingsFromATable) {
  const calibration::RatedJourneys journeys = calibration::JourneyMaker(2).WithParts(0.1, 0.9, 400);
  std::string table = "id,rating,min,max\r\n";
  for (size_t i = 0; i < journeys.size(); ++i) {
    absl::StrAppendFormat(&table, "k%d,%.6f,1,5\r\n", i, 1 + 4 * *journeys[i].outcome);
  }
  const Printed printed =
      Call({"calibrate", "-", "--ratings", Written("ratings.csv", table)}, Rows(journeys, false));
  EXPECT_EQ(printed.code, ExitCode::kOk) << printed.err;
  EXPECT_THAT(printed.out, HasSubstr("keep the weights"));
}

TEST(Calibrate, RefusesWithTheFigures) {
  const Printed few =
      Call({"calibrate", "-"}, Rows(calibration::JourneyMaker(1).WithParts(1, 0, 20), true));
  EXPECT_EQ(few.code, ExitCode::kChecksFailed);
  EXPECT_THAT(few.out, HasSubstr("refused: 20 rated journeys with a score are too few"));
  EXPECT_THAT(few.out, Not(HasSubstr("Spearman")));
  EXPECT_TRUE(
      Call({"calibrate", "-", "--format", "json"}, "").Json().at("sample").at("refused").as_bool());
}

TEST(Calibrate, BadTablesAreNamedByLine) {
  const std::string rows = Rows(calibration::JourneyMaker(1).WithParts(1, 0, 20), true);
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"contact,rating\n", "bad.csv:1: the first line must be id,rating,min,max"},
      {"id,rating,min,max\nk1,6,1,5\n", "bad.csv:2: the rating does not lie between min and max"},
      {"id,rating,min,max\nk1,nan,1,5\n", "bad.csv:2: the rating does not lie"},
      {"id,rating,min,max\nk1,4,1,5\nk2,much,1,5\n", "bad.csv:3: not a contact or journey id"},
  };
  for (const auto& [table, problem] : cases) {
    const Printed printed = Call({"calibrate", "-", "--ratings", Written("bad.csv", table)}, rows);
    EXPECT_EQ(printed.code, ExitCode::kUsage);
    EXPECT_THAT(printed.err, HasSubstr(problem));
  }
}

TEST(Calibrate, BadRowsAreNamedByLine) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"\nnot json\n", "-:2: "},
      {"[]\n", "-:1: no record with a topic and a value"},
      {R"({"topic":"journeys","value":{"journey_id":"j","end_grade":"SOON"}})", "-:1: end_grade"},
  };
  for (const auto& [rows, problem] : cases) {
    const Printed printed = Call({"calibrate", "-"}, rows);
    EXPECT_EQ(printed.code, ExitCode::kUsage);
    EXPECT_THAT(printed.err, HasSubstr(problem));
  }
  EXPECT_THAT(Call({"calibrate", "no-such.ndjson"}, "").err,
              HasSubstr("no-such.ndjson: No such file"));
}

TEST(Calibrate, ChurnNeedsEvents) {
  const Printed printed = Call({"calibrate", "-", "--outcome", "churn"}, "");
  EXPECT_EQ(printed.code, ExitCode::kUsage);
  EXPECT_THAT(printed.err, HasSubstr("--outcome churn needs --events"));
}

TEST(Discover, ProposesAClassThatThePolicyDoesNotHave) {
  const std::string rows =
      Rows(calibration::JourneyMaker(1).WithFactors(
               {{"cause:hold", 0, 0.2}, {"cause:silence", -0.2, 0.2}, {"cause:transferred", 0, 0}},
               1500),
           true);
  const Printed text = Call({"discover", "-"}, rows);
  EXPECT_EQ(text.code, ExitCode::kOk) << text.err;
  EXPECT_THAT(text.out, HasSubstr("impressions:\n  - {cause: hold, kano: excitement}  # now "));
  EXPECT_THAT(text.out, Not(HasSubstr("cause: transferred, kano")));
  const boost::json::object json = Call({"discover", "-", "--format", "json"}, rows).Json();
  const boost::json::object& first = json.at("factors").as_array()[0].as_object();
  EXPECT_TRUE(first.at("reward").at("found").as_bool());
}

TEST(Discover, SaysWhenThereIsNothingToLookAt) {
  const Printed printed =
      Call({"discover", "-"}, Rows(calibration::JourneyMaker(1).WithParts(0.5, 0.5, 400), true));
  EXPECT_EQ(printed.code, ExitCode::kOk);
  EXPECT_THAT(printed.out, HasSubstr("no row names a cause or a touchpoint"));
}

}  // namespace
}  // namespace peakend::cli
