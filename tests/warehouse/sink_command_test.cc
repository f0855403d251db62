#include "processors/cli/sink_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "processors/cli/command_line.h"
#include "processors/cli/commands.h"

namespace peakend::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct Result {
  ExitCode code;
  std::string out;
  std::string err;
};

Result Call(std::vector<std::string> args) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Invocation call;
  call.in = &in;
  call.out = &out;
  call.err = &err;
  args.insert(args.begin(), {"sink", "postgres"});
  const ExitCode code = RunCommandLine(Commands(), args, call);
  return {code, out.str(), err.str()};
}

TEST(SinkCommandTest, WhatCannotBeRunIsRefusedWithTheRemedy) {
  const struct {
    std::vector<std::string> args;
    ExitCode code;
    std::string says;
  } cases[] = {
      {{}, ExitCode::kUsage, "--postgres is missing"},
      {{"--postgres", "host=a password=hush"}, ExitCode::kUsage, "passfile"},
      {{"--postgres", "postgresql://me:hush@host/db"}, ExitCode::kUsage, "passfile"},
      {{"--postgres", "host"}, ExitCode::kUsage, "--postgres is no connection string"},
      {{"--postgres", "dbname=x", "--batch-wait", "soon"}, ExitCode::kUsage, "500ms"},
      {{"--postgres", "dbname=x", "--batch-wait", "2m"}, ExitCode::kUsage, "to 1m"},
      {{"--postgres", "dbname=x", "--batch-rows", "0"}, ExitCode::kUsage, "--batch-rows"},
      {{"--postgres", "dbname=x"}, ExitCode::kConfigError, "bi.journey.enabled"},
  };
  for (const auto& each : cases) {
    const Result result = Call(each.args);
    EXPECT_EQ(result.code, each.code) << each.says;
    EXPECT_THAT(result.err, AllOf(HasSubstr(each.says), Not(HasSubstr("hush"))));
    EXPECT_EQ(result.out, "");
  }
}

TEST(SinkCommandTest, ADatabaseThatIsAwayIsSaidAtOnceOnADryRun) {
  const Result result = Call({"--postgres", "host=/tmp/no-such-folder dbname=x", "--dry-run", "-X",
                              "bi.journey.enabled=true"});
  EXPECT_EQ(result.code, ExitCode::kUnavailable);
  EXPECT_THAT(result.err, HasSubstr("PostgreSQL does not answer"));
}

TEST(SinkCommandTest, TheTablesArePrintedWithoutConfigurationOrDatabase) {
  const Result result = Call({"--print-ddl", "--schema", "my\"bi"});
  EXPECT_EQ(result.code, ExitCode::kOk);
  EXPECT_THAT(result.out, AllOf(HasSubstr("SET search_path TO \"my\"\"bi\";"),
                                HasSubstr("CREATE TABLE journeys")));
}

}  // namespace
}  // namespace peakend::cli
