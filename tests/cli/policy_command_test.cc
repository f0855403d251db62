// `peakend policy diff` and `peakend check --policy` on files: what they print where, and how
// they end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "processors/cli/command_line.h"
#include "processors/cli/commands.h"

namespace peakend::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Ended {
  ExitCode code = ExitCode::kOk;
  std::string out;
  std::string err;
};

Ended Called(const std::vector<std::string>& args) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Invocation call;
  call.in = &in;
  call.out = &out;
  call.err = &err;
  const ExitCode code = RunCommandLine(Commands(), args, call);
  return {code, out.str(), err.str()};
}

class PolicyFiles : public testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& yaml) {
    const std::filesystem::path path =
        std::filesystem::path(testing::TempDir()) / ("policy_command_" + name);
    std::ofstream(path, std::ios::binary) << yaml;
    return path.string();
  }

  const std::string old_ = Write("old.yaml", "name: shop\nrules: [{name: a, on: score}]\n");
  const std::string new_ = Write("new.yaml",
                                 "name: shop\nversion: 2\n"
                                 "rules: [{name: a, on: score, enter: -0.3}]\n");
};

TEST_F(PolicyFiles, AnAppliedPolicyCountsForTheEventsBehindIt) {
  const Ended applied = Called({"policy", "apply", new_, "--print"});
  ASSERT_EQ(applied.code, ExitCode::kOk) << applied.err;
  const auto turn = [](const std::string& id) {
    return R"({"event_id":")" + id + R"(","tenant_id":"t","customer":{"customer_id":")" + id +
           R"("},"occurred_at_ms":1767225600000,)"
           R"("turn":{"role":"CUSTOMER","sentiment":{"score":-0.35}}})"
           "\n";
  };
  const std::string events = Write("events.ndjson", turn("e1") + applied.out + turn("e2"));
  const Ended run = Called({"run", "--input", events, "--policy", old_, "--output", "-"});
  ASSERT_EQ(run.code, ExitCode::kOk) << run.err;
  EXPECT_THAT(run.out, Not(HasSubstr(R"("dedupe_key":"t/e1/)"))) << "above -0.4";
  EXPECT_THAT(run.out, HasSubstr(R"("dedupe_key":"t/e2/)")) << "below -0.3";
  const Ended replay = Called(
      {"replay", "--input", events, "--policy", new_, "--against", old_, "--partitions", "1"});
  EXPECT_THAT(replay.out, HasSubstr("2 alerts differ")) << "each engine goes by its own policy";
}

TEST_F(PolicyFiles, OneThatCannotFollowTheConfiguredPolicyIsWarnedOf) {
  const std::string patient = Write("patient.yaml", "name: p\nwindows: {allowed_lateness: 2h}\n");
  const Ended ended = Called({"policy", "apply", patient, "--print"});
  EXPECT_EQ(ended.code, ExitCode::kOk);
  EXPECT_THAT(ended.err, HasSubstr("will reject this policy: windows.max_out_of_orderness or "
                                   "allowed_lateness is larger"));
}

TEST_F(PolicyFiles, OneWithErrorsIsNotApplied) {
  const std::string bad =
      Write("bad.yaml", "name: shop\nrules: [{name: a, on: score, enter: 9}]\n");
  const Ended ended = Called({"policy", "apply", bad, "--print"});
  EXPECT_EQ(ended.code, ExitCode::kConfigError);
  EXPECT_THAT(ended.out, IsEmpty());
  EXPECT_THAT(ended.err, HasSubstr("bad.yaml:2:"));
}

TEST_F(PolicyFiles, DiffSaysWhatChanges) {
  const Ended ended = Called({"policy", "diff", old_, new_});
  EXPECT_EQ(ended.code, ExitCode::kOk);
  EXPECT_THAT(ended.out, HasSubstr("a: enter -0.4 -> -0.3 (raises sooner)\n"));
  EXPECT_THAT(ended.err, IsEmpty());
}

TEST_F(PolicyFiles, DiffSpeaksChinese) {
  EXPECT_THAT(Called({"policy", "diff", "--lang", "zh", old_, new_}).out,
              HasSubstr("a：触发阈值（enter） -0.4 -> -0.3（更早预警）\n"));
}

TEST_F(PolicyFiles, DiffEndsWithOneOnRequest) {
  EXPECT_EQ(Called({"policy", "diff", "--exit-code", old_, new_}).code, ExitCode::kChecksFailed);
  EXPECT_EQ(Called({"policy", "diff", "--exit-code", old_, old_}).code, ExitCode::kOk);
}

TEST_F(PolicyFiles, DiffWarnsOfOneVersionForTwoContents) {
  const std::string same = Write("same.yaml", "name: shop\nrules: [{name: b, on: waiting}]\n");
  EXPECT_THAT(Called({"policy", "diff", old_, same}).err, HasSubstr("both are version 1"));
  EXPECT_THAT(Called({"policy", "diff", "--quiet", old_, same}).err, IsEmpty());
}

TEST_F(PolicyFiles, DiffOfABadPolicyNamesItsPlace) {
  const std::string bad = Write("bad.yaml", "name: shop\nrules: [{name: a, on: scroe}]\n");
  const Ended ended = Called({"policy", "diff", old_, bad});
  EXPECT_EQ(ended.code, ExitCode::kConfigError);
  EXPECT_THAT(ended.out, IsEmpty());
  EXPECT_THAT(ended.err, HasSubstr("bad.yaml:2:23"));
}

TEST_F(PolicyFiles, WarningsFailOnlyWhenStrict) {
  const std::string odd =
      Write("odd.yaml", "name: shop\nrules: [{name: a, on: score, after: 1m}]\n");
  const Ended ended = Called({"check", "--policy", odd});
  EXPECT_EQ(ended.code, ExitCode::kOk);
  EXPECT_THAT(ended.err, HasSubstr("warning[PE0056]"));
  EXPECT_EQ(Called({"check", "--strict", "--policy", odd}).code, ExitCode::kChecksFailed);
  EXPECT_EQ(Called({"check", "--strict", "--policy", old_}).code, ExitCode::kOk);
}

TEST(SchemaHelp, ExplainsTheLineForEditors) {
  EXPECT_THAT(Called({"config", "schema", "--help"}).out,
              HasSubstr("# yaml-language-server: $schema=policy.schema.json"));
}

}  // namespace
}  // namespace peakend::cli
