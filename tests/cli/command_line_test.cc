#include "processors/cli/command_line.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "processors/cli/commands.h"

namespace peakend::cli {
namespace {

struct Answer {
  ExitCode code;
  std::string out;
  std::string err;
};

Answer Ask(const std::vector<Command>& commands, const std::vector<std::string>& args) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Invocation call;
  call.in = &in;
  call.out = &out;
  call.err = &err;
  const ExitCode code = RunCommandLine(commands, args, call);
  return {code, out.str(), err.str()};
}

Command Echo() {
  return {.name = "echo",
          .summary = "Print what was given",
          .examples = "peakend echo -X a=b\n",
          .takes_config = true,
          .setup = [](CLI::App& app) -> Action {
            auto word = std::make_shared<std::string>();
            app.add_option("WORD", *word, "A word");
            return [word](Invocation& call) {
              *call.out << *word << "|" << call.config_file << "|" << call.quiet << "|"
                        << call.verbosity;
              for (const std::string& item : call.overrides) *call.out << "|" << item;
              return ExitCode::kOk;
            };
          }};
}

TEST(CommandLine, GivesTheCommandItsFlags) {
  const Answer answer = Ask({Echo()}, {"echo", "hello", "--config", "f.yaml", "-X", "a=b", "-vv",
                                       "-X", "c=d=e", "--quiet"});
  EXPECT_EQ(answer.code, ExitCode::kOk) << answer.err;
  EXPECT_EQ(answer.out, "hello|f.yaml|1|2|a=b|c=d=e");
}

TEST(CommandLine, CommonFlagsMayStandBeforeTheCommand) {
  EXPECT_EQ(Ask({Echo()}, {"-q", "echo"}).out, "||1|0");
}

TEST(CommandLine, HelpStartsWithExamplesAndEndsWithZero) {
  for (const Command& command : Commands()) {
    const Answer answer = Ask(Commands(), {command.name, "--help"});
    EXPECT_EQ(answer.code, ExitCode::kOk) << command.name;
    EXPECT_EQ(answer.out.find("examples:\n  peakend " + command.name), answer.out.find('\n') + 2)
        << answer.out;
    EXPECT_EQ(answer.err, "");
  }
}

TEST(CommandLine, NothingAskedIsAUsageError) {
  const Answer answer = Ask({Echo()}, {});
  EXPECT_EQ(answer.code, ExitCode::kUsage);
  EXPECT_EQ(answer.out, "");
  EXPECT_NE(answer.err.find("echo"), std::string::npos);
}

TEST(CommandLine, AnExceptionIsABugAndStaysInside) {
  const Command broken = {.name = "broken", .summary = "Throw", .setup = [](CLI::App&) -> Action {
                            return [](Invocation&) -> ExitCode {
                              throw std::runtime_error("out of luck");
                            };
                          }};
  const Answer answer = Ask({broken}, {"broken"});
  EXPECT_EQ(answer.code, ExitCode::kBug);
  EXPECT_NE(answer.err.find("out of luck"), std::string::npos);
}

TEST(CheckCommand, AcceptsTheShippedFiles) {
  const Answer config = Ask(
      Commands(), {"check", "--offline", "--strict", "--config", "deploy/peakend.example.yaml"});
  EXPECT_EQ(config.code, ExitCode::kOk) << config.err;
  EXPECT_EQ(config.out.rfind("configuration ok: policy default@1+", 0), 0u);
  EXPECT_NE(config.err.find("note: librdkafka "), std::string::npos);
  const Answer policy = Ask(Commands(), {"check", "--policy", "deploy/policies/default.yaml"});
  EXPECT_EQ(policy.code, ExitCode::kOk) << policy.err;
  EXPECT_EQ(policy.err, "");
}

}  // namespace
}  // namespace peakend::cli
