// `peakend replay` on files, as a user types it. That its numbers are right is replay_test.py's
// matter.
#include "processors/cli/replay_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "processors/cli/command_line.h"

namespace peakend::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Printed {
  ExitCode code;
  std::string out;
  std::string err;
};

class ReplayCommandTest : public ::testing::Test {
 protected:
  ReplayCommandTest() {
    Write("mild.yaml", Policy("-0.8"));
    Write("strict.yaml", Policy("-0.4"));
    std::string events;
    for (int i = 0; i < 3; ++i) events += Turn(i);
    Write("events.ndjson", events);
  }

  static std::string Policy(const std::string& enter) {
    return "name: p\nrules:\n  - {name: hurt, on: impression, exit: 0.0, enter: " + enter + "}\n";
  }
  static std::string Turn(int number) {
    const std::string id = std::to_string(number);
    return R"({"event_id":"e)" + id + R"(","tenant_id":"t","occurred_at_ms":17361540)" + id +
           R"(0000,"customer":{"customer_id":"secret)" + id +
           R"("},"turn":{"role":"CUSTOMER","sentiment":{"score":-0.)" +
           std::to_string(3 + 2 * number) + "}}}\n";
  }
  static std::string Path(const std::string& name) {
    return ::testing::TempDir() + "replay_command_" + name;
  }
  static void Write(const std::string& name, const std::string& text) {
    std::ofstream(Path(name)) << text;
  }
  static Printed Replay(std::vector<std::string> arguments, const std::string& input = "") {
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    Invocation call;
    call.in = &in;
    call.out = &out;
    call.err = &err;
    arguments.insert(arguments.begin(), "replay");
    const ExitCode code = RunCommandLine({ReplayCommand()}, arguments, call);
    return {code, out.str(), err.str()};
  }
  // The strict policy against the mild one.
  static Printed Compare(std::vector<std::string> more, const std::string& input = "") {
    more.insert(more.begin(), {"--policy", Path("strict.yaml"), "--against", Path("mild.yaml")});
    return Replay(more, input);
  }
};

TEST_F(ReplayCommandTest, SaysWhatIsNew) {
  const Printed printed = Compare({"--input", Path("events.ndjson")});
  EXPECT_EQ(printed.code, ExitCode::kOk);
  EXPECT_EQ(printed.err, "");
  EXPECT_THAT(printed.out, HasSubstr("3 events, 0 duplicates, 0 late, 0 rejected"));
  EXPECT_THAT(printed.out, HasSubstr("hurt  0       2      0     0     2"));
  EXPECT_THAT(printed.out, HasSubstr("0 rated journeys are too few, 30 are needed"));
  EXPECT_THAT(printed.out, HasSubstr("2 alerts differ; the 2 biggest differences:"));
  EXPECT_THAT(printed.out, HasSubstr("secret1"));
}

TEST_F(ReplayCommandTest, ShowsAsManyDifferencesAsAskedFor) {
  const Printed none = Compare({"--input", Path("events.ndjson"), "--show", "0"});
  EXPECT_THAT(none.out, HasSubstr("2 alerts differ\n"));
  EXPECT_THAT(none.out, Not(HasSubstr("secret")));
  const Printed one = Compare({"--input", Path("events.ndjson"), "--show", "1"});
  EXPECT_THAT(one.out, HasSubstr("secret1"));
  EXPECT_THAT(one.out, Not(HasSubstr("secret2")));
}

TEST_F(ReplayCommandTest, ExpectSameFailsOnAnyDifference) {
  EXPECT_EQ(Compare({"--input", Path("events.ndjson"), "--expect-same"}).code,
            ExitCode::kChecksFailed);
  const Printed same = Replay({"--policy", Path("mild.yaml"), "--against", Path("mild.yaml"),
                               "--input", Path("events.ndjson"), "--expect-same"});
  EXPECT_EQ(same.code, ExitCode::kOk);
  EXPECT_THAT(same.out, HasSubstr("no alert differs"));
}

TEST_F(ReplayCommandTest, ComparesWithTheConfiguredPolicy) {
  const Printed printed =
      Replay({"--policy", Path("mild.yaml"), "-X", "policy.file=" + Path("mild.yaml"), "--input",
              "-", "--expect-same"},
             Turn(1) + Turn(3));
  EXPECT_EQ(printed.code, ExitCode::kOk) << printed.err;
}

TEST_F(ReplayCommandTest, BadRecordsAreNamedOnceAndTheRestIsCompared) {
  const Printed printed = Compare({"--input", "-", "--format", "json"}, Turn(1) + "{broken\n");
  EXPECT_EQ(printed.code, ExitCode::kBadData);
  EXPECT_THAT(printed.err, HasSubstr("error: -:2: "));
  EXPECT_EQ(std::count(printed.err.begin(), printed.err.end(), '\n'), 1) << printed.err;
  EXPECT_THAT(printed.out, HasSubstr(R"("rejected":1,"contacts":1,"alerts":1)"));
}

TEST_F(ReplayCommandTest, OnlyTheRangeIsCompared) {
  const Printed printed = Compare({"--input", Path("events.ndjson"), "--from",
                                   "2025-01-06T09:00:20Z", "--until", "2025-01-06T17:01+08:00"});
  EXPECT_THAT(printed.out, HasSubstr("from 2025-01-06T09:00:20.000Z; until "
                                     "2025-01-06T09:01:00.000Z"));
  EXPECT_THAT(printed.out, HasSubstr("1 alerts differ"));
}

struct WrongCall {
  std::vector<std::string> arguments;
  ExitCode code;
  const char* says;
};

TEST_F(ReplayCommandTest, WrongCallsSayWhatIsWrong) {
  const std::string events = Path("events.ndjson");
  const std::vector<WrongCall> calls = {
      {{"--input", events, "--from", "yesterday"}, ExitCode::kUsage, "`yesterday` is no time"},
      {{"--input", events, "--from", "2026-01-02", "--until", "2026-01-02"},
       ExitCode::kUsage,
       "error: --from `2026-01-02` is not before --until `2026-01-02`"},
      {{"--input", "/nowhere"}, ExitCode::kUsage, "error: cannot read `/nowhere`: "},
      {{"--input", events, "--bad-below", "2"}, ExitCode::kUsage, "--bad-below"},
      {{"--input", events, "--show", "-1"}, ExitCode::kUsage, "--show"},
      {{"--input", events, "--format", "xml"}, ExitCode::kUsage, "--format"},
      {{"--input", events, "--warm-up", "1h"}, ExitCode::kUsage, "--warm-up"},
      {{}, ExitCode::kUsage, "error: --from is needed to read from Kafka, or --input"},
  };
  for (const WrongCall& wrong : calls) {
    const Printed printed = Compare(wrong.arguments);
    EXPECT_EQ(printed.code, wrong.code) << wrong.says;
    EXPECT_THAT(printed.err, HasSubstr(wrong.says));
    EXPECT_EQ(printed.out, "");
  }
  Write("broken.yaml", "name: p\nrules:\n  - {name: hurt, on: impresion}\n");
  const Printed broken = Replay({"--policy", Path("broken.yaml"), "--input", events});
  EXPECT_EQ(broken.code, ExitCode::kConfigError);
  EXPECT_THAT(broken.err, HasSubstr("broken.yaml:3:22"));
  EXPECT_THAT(broken.err, HasSubstr("impression"));
}

}  // namespace
}  // namespace peakend::cli
