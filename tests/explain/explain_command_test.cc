// The whole command on files, as a user types it: golden texts in both languages, numbers that
// add up, and what it says when it cannot explain.
#include "processors/cli/explain_command.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "peakend/v1/explanation.pb.h"
#include "processors/cli/command_line.h"

namespace peakend::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string Story(const std::string& file) {
  return std::string(PEAKEND_EXPLAIN_STORIES) + "/" + file;
}

std::string ReadAll(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(Story(file), std::ios::binary).rdbuf();
  return text.str();
}

struct Result {
  ExitCode code;
  std::string out;
  std::string err;
};

Result Explain(std::vector<std::string> flags, const std::string& locale = "C.UTF-8") {
  std::ostringstream out;
  std::ostringstream err;
  std::istringstream in;
  Invocation call;
  call.in = &in;
  call.out = &out;
  call.err = &err;
  call.environment = {{"LANG", locale}};
  flags.insert(flags.begin(), "explain");
  const ExitCode code = RunCommandLine({ExplainCommand()}, flags, call);
  return {code, out.str(), err.str()};
}

v1::Explanation Told(const std::vector<std::string>& flags) {
  std::vector<std::string> with_format = flags;
  with_format.insert(with_format.end(), {"--format", "json"});
  v1::Explanation told;
  const auto status = google::protobuf::util::JsonStringToMessage(Explain(with_format).out, &told);
  EXPECT_TRUE(status.ok()) << status.ToString();
  return told;
}

// Ids are hashes of the customer and the first event: they stand as long as the stories do.
struct Golden {
  std::string id;
  std::string story;
  std::string text;
};
const Golden kGoldens[] = {
    {"2ac65b2a2858c61c7b2946bf715f12fd", "slides.ndjson", "slides_negative_peak"},
    {"ff8ded4cc35c1a489c4f81480a862746", "snoozed.ndjson", "snoozed_negative_peak"},
    {"acme/c9", "waits.ndjson", "waits_journey"},
    {"944b6ab259bd929db8d73636a77ee26f", "waits.ndjson", "waits_promise_broken"},
    {"a844619ac943075cf5d09eb2af0cd825", "returns.ndjson", "returns_returning"},
};

// The shipped policy grows, and says the same of these stories.
std::string WithoutDigest(std::string text) {
  const std::string stamp = "default@1+";
  if (const size_t at = text.find(stamp); at != std::string::npos) {
    text.replace(at + stamp.size(), 8, "digest");
  }
  return text;
}

class GoldenTest : public ::testing::TestWithParam<std::tuple<Golden, std::string>> {};

TEST_P(GoldenTest, TextIsAsKept) {
  const auto& [golden, language] = GetParam();
  const Result result = Explain({golden.id, "--input", Story(golden.story), "--lang", language});
  EXPECT_EQ(result.code, ExitCode::kOk) << result.err;
  EXPECT_EQ(WithoutDigest(result.out), ReadAll(golden.text + "." + language + ".txt"));
  EXPECT_THAT(result.out, Not(HasSubstr("TEXT-THAT-NOBODY-MAY-PRINT")));
}

TEST_P(GoldenTest, NumbersAddUpToThePublishedScore) {
  const auto& [golden, language] = GetParam();
  const v1::Explanation told = Told({golden.id, "--input", Story(golden.story)});
  ASSERT_TRUE(told.has_published_score());
  EXPECT_NEAR(told.score().sum(), told.published_score(), 1e-6);
  EXPECT_NEAR(told.score().tail_weighted() / told.score().tail_weights(), told.journey().tail(),
              1e-6);
  EXPECT_EQ(told.impressions_size(), told.journey().count());
}

std::string NameOf(const ::testing::TestParamInfo<std::tuple<Golden, std::string>>& tried) {
  return std::get<0>(tried.param).text + "_" + std::get<1>(tried.param);
}

INSTANTIATE_TEST_SUITE_P(Stories, GoldenTest,
                         ::testing::Combine(::testing::ValuesIn(kGoldens),
                                            ::testing::Values("en", "zh")),
                         NameOf);

TEST(ExplainCommandTest, LanguageFollowsTheEnvironment) {
  const std::vector<std::string> flags = {"acme/p1", "--input", Story("slides.ndjson")};
  EXPECT_THAT(Explain(flags, "zh_CN.UTF-8").out, HasSubstr("服务旅程"));
  EXPECT_THAT(Explain(flags, "de_DE.UTF-8").out, HasSubstr("Journey"));
}

TEST(ExplainCommandTest, ATerminalWithoutUtf8GetsAnAsciiCurve) {
  const Result result = Explain({"acme/p1", "--input", Story("slides.ndjson")}, "C");
  EXPECT_THAT(result.out, HasSubstr("   0.00 +---o"));
  for (const char c : result.out) ASSERT_LT(static_cast<unsigned char>(c), 0x80);
}

TEST(ExplainCommandTest, AWithdrawnJourneyIsExplainedByTheOneThatHoldsItsContacts) {
  const v1::Explanation told =
      Told({"57a325581f55f5691ff2d8df1a166aaf", "--input", Story("superseded.ndjson")});
  EXPECT_EQ(told.asked_journey_id(), "57a325581f55f5691ff2d8df1a166aaf");
  EXPECT_NE(told.journey().journey_id(), told.asked_journey_id());
  EXPECT_EQ(told.impressions_size(), 2);
}

// The beginning of the wait came to a visitor, before anybody had heard of the customer.
TEST(ExplainCommandTest, AnAlertOfLinkedCustomersCountsFromBeforeTheyWere) {
  const Result told = Explain({"ed3711af6b68e4fd4533f5816c0cb329", "--input",
                               Story("linked.ndjson"), "--policy", Story("linked.yaml")});
  EXPECT_EQ(told.code, ExitCode::kOk) << told.err;
  EXPECT_THAT(told.out, HasSubstr("from 2025-01-06 11:00:00 for 2 min"));
}

TEST(ExplainCommandTest, AnotherPolicyMayHaveNoSuchAlert) {
  const Result result = Explain(
      {kGoldens[0].id, "--input", Story("slides.ndjson"), "--policy", Story("no_rules.yaml")});
  EXPECT_EQ(result.code, ExitCode::kChecksFailed);
  EXPECT_THAT(result.err, HasSubstr("no journey or alert `" + kGoldens[0].id + "` among"));
}

TEST(ExplainCommandTest, AnUnknownIdSaysWhatWasSearchedAndWhatIsNear) {
  std::string id = kGoldens[0].id;
  id.back() = id.back() == '0' ? '1' : '0';
  const Result result = Explain({id, "--input", Story("slides.ndjson")});
  EXPECT_EQ(result.code, ExitCode::kChecksFailed);
  EXPECT_THAT(result.err, HasSubstr("help: did you mean `" + kGoldens[0].id + "`?"));
  EXPECT_THAT(result.out, IsEmpty());
}

TEST(ExplainCommandTest, AnInputThatCannotBeReadIsNamed) {
  const Result result = Explain({"acme/p1", "--input", Story("nowhere.ndjson")});
  EXPECT_EQ(result.code, ExitCode::kUsage);
  EXPECT_THAT(result.err, HasSubstr("nowhere.ndjson"));
}

TEST(ExplainCommandTest, StandardInputIsRefused) {
  EXPECT_EQ(Explain({"acme/p1", "--input", "-"}).code, ExitCode::kUsage);
}

TEST(ExplainCommandTest, LinesThatAreNoEventsAreToldOnce) {
  const Result result = Explain({"acme/p1", "--input", Story("no_rules.yaml")});
  EXPECT_EQ(result.code, ExitCode::kChecksFailed);
  EXPECT_THAT(result.err, HasSubstr("no_rules.yaml:1: "));
  EXPECT_EQ(result.err.find("no_rules.yaml:1: "), result.err.rfind("no_rules.yaml:1: "));
}

}  // namespace
}  // namespace peakend::cli
