// The record that takes a customer apart, as a user types it; that it reaches Kafka is
// kafka_commands_test's matter.
#include "processors/cli/unmerge_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

Printed Unmerge(std::vector<std::string> arguments) {
  std::ostringstream out;
  std::ostringstream err;
  Invocation call;
  call.out = &out;
  call.err = &err;
  arguments.insert(arguments.begin(), "unmerge");
  const ExitCode code = RunCommandLine({UnmergeCommand()}, arguments, call);
  return {code, out.str(), err.str()};
}

TEST(UnmergeCommandTest, PrintsTheRecordUnderTheCustomersKey) {
  const Printed printed = Unmerge({"~cookie:5f", "--tenant", "acme", "--print"});
  EXPECT_EQ(printed.code, ExitCode::kOk) << printed.err;
  EXPECT_EQ(printed.out,
            R"({"source":"peakend","tenant_id":"acme","customer":{"customer_id":"~cookie:5f"},)"
            R"("control":{"identity":{"unmerge":{}}}})"
            "\n");
  EXPECT_EQ(printed.err, "");
}

TEST(UnmergeCommandTest, RefusesTheHomesOfIdentities) {
  const Printed printed = Unmerge({"/c/bob", "--print"});
  EXPECT_EQ(printed.code, ExitCode::kUsage);
  EXPECT_EQ(printed.out, "");
  EXPECT_THAT(printed.err, HasSubstr("an id that begins with `/`"));
}

TEST(UnmergeCommandTest, RefusesWhatTheEngineWouldReject) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {std::string(257, 'x'), "--print"}, {"bob", "--tenant", "a/b", "--print"}}) {
    const Printed printed = Unmerge(arguments);
    EXPECT_EQ(printed.code, ExitCode::kUsage) << arguments[0];
    EXPECT_EQ(printed.out, "");
    EXPECT_THAT(printed.err, HasSubstr("error: nobody can be called so: "));
    EXPECT_THAT(printed.err, Not(HasSubstr(arguments[0]))) << "no customer is named";
  }
}

TEST(UnmergeCommandTest, HelpHasExamples) {
  const Printed help = Unmerge({"--help"});
  EXPECT_EQ(help.code, ExitCode::kOk);
  EXPECT_THAT(help.out, HasSubstr("peakend unmerge c178 --tenant acme --print >> events.ndjson"));
  EXPECT_THAT(help.out, HasSubstr("no undo"));
}

}  // namespace
}  // namespace peakend::cli
