// Runs each case of wrong_inputs/: a command line with its files and environment
// must print exactly the recorded standard error, nothing on standard output, and
// end with the recorded code. With PEAKEND_RECORD set it records instead.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "processors/cli/command_line.h"
#include "processors/cli/commands.h"

namespace peakend::cli {
namespace {

namespace fs = std::filesystem;

struct Case {
  std::string command;
  std::string environment;
  std::map<std::string, std::string> files;
  std::string recorded;  // "=== exit 78\n=== stderr\n..."
  std::string inputs;    // the text before it
};

std::string ReadAll(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void WriteAll(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

Case ParseCase(const std::string& text) {
  Case parsed;
  const size_t recorded = text.find("=== exit ");
  parsed.inputs = text.substr(0, recorded);
  if (recorded != std::string::npos) parsed.recorded = text.substr(recorded);
  std::istringstream lines(parsed.inputs);
  std::getline(lines, parsed.command);
  std::string* section = nullptr;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("=== file ", 0) == 0) {
      section = &parsed.files[line.substr(9)];
    } else if (line == "=== environment") {
      section = &parsed.environment;
    } else if (section != nullptr) {
      *section += line + "\n";
    }
  }
  return parsed;
}

// What the case prints, in the form of its record.
std::string RunCase(const Case& wrong, std::string* out_text) {
  std::istringstream words(wrong.command);
  std::vector<std::string> args;
  for (std::string word; words >> word;) args.push_back(word);
  args.erase(args.begin());
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Invocation call;
  call.in = &in;
  call.out = &out;
  call.err = &err;
  std::istringstream variables(wrong.environment);
  for (std::string line; std::getline(variables, line);) {
    const size_t equals = line.find('=');
    call.environment[line.substr(0, equals)] = line.substr(equals + 1);
  }
  const ExitCode code = RunCommandLine(Commands(), args, call);
  *out_text = out.str();
  return "=== exit " + std::to_string(static_cast<int>(code)) + "\n=== stderr\n" + err.str();
}

class WrongInput : public testing::TestWithParam<fs::path> {};

TEST_P(WrongInput, IsAnsweredAsRecorded) {
  const fs::path source = GetParam();
  const Case wrong = ParseCase(ReadAll(source));
  const fs::path home = fs::current_path();
  const fs::path folder = fs::path(testing::TempDir()) / ("wrong_input_" + source.stem().string());
  fs::create_directories(folder);
  for (const auto& [name, text] : wrong.files) WriteAll(folder / name, text);
  fs::current_path(folder);
  std::string out;
  const std::string printed = RunCase(wrong, &out);
  fs::current_path(home);
  fs::remove_all(folder);
  if (std::getenv("PEAKEND_RECORD") != nullptr) WriteAll(source, wrong.inputs + printed);
  EXPECT_EQ(printed, ParseCase(ReadAll(source)).recorded);
  EXPECT_EQ(out, "");
}

std::vector<fs::path> Cases() {
  std::vector<fs::path> cases;
  for (const auto& entry : fs::directory_iterator(PEAKEND_WRONG_INPUTS)) {
    if (entry.path().extension() == ".case") cases.push_back(entry.path());
  }
  std::sort(cases.begin(), cases.end());
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Cases, WrongInput, testing::ValuesIn(Cases()),
                         [](const auto& instance) { return instance.param.stem().string(); });

TEST(WrongInputs, AreThere) { EXPECT_GE(Cases().size(), 30u); }

}  // namespace
}  // namespace peakend::cli
