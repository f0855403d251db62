// `peakend test` as it is called: which policy counts, exit codes, forms, and --watch.
#include "processors/cli/test_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "processors/cli/command_line.h"
#include "processors/cli/test_watch.h"

namespace peakend::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// Two rules whose alerts tell the policies apart.
constexpr char kStrict[] = "name: strict\nrules: [{name: bad, on: impression, enter: -0.2}]\n";
constexpr char kMild[] = "name: mild\nrules: [{name: bad, on: impression, enter: -0.9}]\n";
constexpr char kStory[] =
    "- name: grumble\n"
    "  why: A sigh is worth an alert.\n"
    "  policy: mild.yaml\n"
    "  events: [{turn: customer, valence: -0.4}]\n"
    "  expect:\n"
    "    alerts: [{rule: bad, state: OPEN}, {state: FOLLOW_UP}, {state: EXPIRED}]\n";

class TestCommandTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) /
              ::testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "stories");
    Write("strict.yaml", kStrict);
    Write("stories/mild.yaml.txt", kMild);
    Write("stories/a.yaml", kStory);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  ExitCode Run(std::vector<std::string> arguments) {
    out_.str("");
    err_.str("");
    Invocation call;
    call.out = &out_;
    call.err = &err_;
    call.environment = {{"PEAKEND_POLICY_FILE", "nowhere.yaml"}};
    arguments.insert(arguments.begin(), "test");
    return RunCommandLine({TestCommand()}, arguments, call);
  }

  fs::path folder_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(TestCommandTest, AsExpected) {
  EXPECT_EQ(Run({Path("strict.yaml"), Path("stories/a.yaml"), "-v"}), ExitCode::kOk) << err_.str();
  EXPECT_EQ(out_.str(), "ok     grumble\n1 scenario, 0 failed\n");
  EXPECT_EQ(err_.str(), "");
}

TEST_F(TestCommandTest, NotAsExpected) {
  Write("mild.yaml", kMild);
  EXPECT_EQ(Run({Path("mild.yaml"), Path("stories")}), ExitCode::kChecksFailed);
  EXPECT_THAT(
      out_.str(),
      AllOf(StartsWith("FAILED grumble: A sigh is worth an alert.\n  " + Path("stories/a.yaml") +
                       ":6: alerts\n      expected 3 elements\n      got      0 elements\n"),
            HasSubstr("  none of these came out\n"), EndsWith("1 scenario, 1 failed\n")));
}

TEST_F(TestCommandTest, WithoutAPolicyAScenarioHasItsOwn) {
  EXPECT_EQ(Run({Path("stories")}), ExitCode::kConfigError);
  EXPECT_THAT(err_.str(), HasSubstr(Path("stories/mild.yaml")));
  Write("stories/b.json", R"([{"name": "b", "why": "w", "policy": "../strict.yaml",
      "events": [{"turn": "customer", "valence": -0.4}],
      "expect": {"alerts": [{"rule": "bad"}, {}, {}]}}])");
  EXPECT_EQ(Run({Path("stories"), "--only", "b"}), ExitCode::kConfigError);  // grumble has one
  EXPECT_EQ(Run({Path("stories/b.json")}), ExitCode::kOk) << out_.str();
}

TEST_F(TestCommandTest, WhoNamesNoneHasTheDefault) {
  Write("c.yaml",
        "- {name: c, why: w, events: [{turn: customer, valence: -0.4}], "
        "expect: {alerts: [{rule: bad}, {}, {}]}}\n");
  EXPECT_EQ(Run({Path("c.yaml"), "--default-policy", Path("strict.yaml")}), ExitCode::kOk)
      << out_.str() << err_.str();
  EXPECT_EQ(Run({Path("c.yaml")}), ExitCode::kChecksFailed);  // the built-in has no such rule
}

TEST_F(TestCommandTest, ChoosesByName) {
  EXPECT_EQ(Run({Path("strict.yaml"), Path("stories"), "--only", "rumb"}), ExitCode::kOk);
  EXPECT_EQ(Run({Path("strict.yaml"), Path("stories"), "--only", "smile"}),
            ExitCode::kChecksFailed);
  EXPECT_EQ(err_.str(), "error: no scenario has `smile` in its name\n");
}

TEST_F(TestCommandTest, RefusesWhatCannotBeRead) {
  EXPECT_EQ(Run({}), ExitCode::kUsage);
  EXPECT_EQ(Run({Path("strict.yaml")}), ExitCode::kUsage);
  EXPECT_THAT(err_.str(), HasSubstr("error: no scenarios are named\n"));
  EXPECT_EQ(Run({Path("strict.yaml"), Path("none.yaml")}), ExitCode::kConfigError);
  EXPECT_THAT(err_.str(), HasSubstr("cannot read the file"));
  fs::create_directories(folder_ / "empty");
  EXPECT_EQ(Run({Path("strict.yaml"), Path("empty")}), ExitCode::kConfigError);
  Write("bad.yaml", "rules: []\n");  // a policy without a name
  EXPECT_EQ(Run({Path("bad.yaml"), Path("stories")}), ExitCode::kConfigError);
  Write("bad.yaml", "- {nam: x}\n");
  EXPECT_EQ(Run({Path("strict.yaml"), Path("bad.yaml")}), ExitCode::kConfigError);
  EXPECT_THAT(err_.str(),
              AllOf(HasSubstr(Path("bad.yaml") + ":1:4"), HasSubstr("help: did you mean `name`?")));
}

TEST_F(TestCommandTest, PrintsJson) {
  EXPECT_EQ(Run({Path("strict.yaml"), Path("stories"), "--format", "json"}), ExitCode::kOk);
  EXPECT_EQ(out_.str(), R"({"scenarios":1,"failed":0,"results":[{"name":"grumble","file":")" +
                            Path("stories/a.yaml") +
                            R"(","line":1,"passed":true,"differences":[]}]})"
                            "\n");
}

TEST_F(TestCommandTest, WritesJUnit) {
  EXPECT_EQ(Run({Path("strict.yaml"), Path("stories"), "--junit", Path("r.xml")}), ExitCode::kOk);
  std::ifstream file(folder_ / "r.xml");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_THAT(text.str(), HasSubstr("<testsuites tests=\"1\" failures=\"0\">"));
  EXPECT_EQ(Run({Path("strict.yaml"), Path("stories"), "--junit", Path("no/r.xml")}),
            ExitCode::kUsage);
}

TEST_F(TestCommandTest, AsksForCoverage) {
  EXPECT_EQ(Run({Path("strict.yaml"), Path("stories"), "--coverage"}), ExitCode::kOk);
  EXPECT_EQ(out_.str(),
            "coverage of policy strict: 1 of 3 (33 %)\n"
            "rule  raised  recovered  kept quiet  message en  message zh\n"
            "bad   yes     no         no          -           -\n"
            "missing: rule `bad` never recovers\n"
            "missing: rule `bad` never has something to watch and keeps quiet\n"
            "1 scenario, 0 failed\n");
  EXPECT_EQ(Run({Path("strict.yaml"), Path("stories"), "--coverage-min", "33"}), ExitCode::kOk);
  EXPECT_EQ(Run({Path("strict.yaml"), Path("stories"), "--coverage-min", "34"}),
            ExitCode::kChecksFailed);
  EXPECT_EQ(err_.str(), "error: policy strict is covered to 33 %, wanted are 34 %\n");
  EXPECT_EQ(Run({Path("strict.yaml"), Path("stories"), "--coverage-min", "101"}), ExitCode::kUsage);
}

TEST_F(TestCommandTest, WatchesWhatItRead) {
  TestOptions options;
  options.paths = {Path("strict.yaml"), Path("stories")};
  Invocation call;
  call.out = &out_;
  call.err = &err_;
  call.quiet = true;
  int looks = 0;
  // Each step changes a size, since two times may be alike.
  const auto step = [&] {
    switch (++looks) {
      case 1:  // nothing changes
        break;
      case 2:
        Write("strict.yaml", std::string(kMild) + "\n");
        break;
      case 3:  // in the middle of an edit
        Write("stories/a.yaml", "- name: [\n");
        break;
      case 4:
        Write("stories/a.yaml", kStory);
        Write("strict.yaml", kStrict);
        break;
      case 5:
        Write("stories/b.yaml", "[]");
        fs::remove(folder_ / "stories/a.yaml");
        break;
      default:
        return false;
    }
    return true;
  };
  EXPECT_EQ(WatchTests(options, step, call), ExitCode::kChecksFailed);
  EXPECT_EQ(looks, 6);
  const std::string out = out_.str();
  EXPECT_THAT(out, StartsWith("1 scenario, 0 failed\nFAILED grumble: "));
  EXPECT_THAT(out, EndsWith("1 scenario, 1 failed\n1 scenario, 0 failed\n"));
  EXPECT_THAT(err_.str(), AllOf(HasSubstr("not valid YAML"), HasSubstr("no scenario is there")));
}

}  // namespace
}  // namespace peakend::cli
