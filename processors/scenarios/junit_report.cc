// JUnit XML has no standard; what is here is what Jenkins, GitLab and GitHub's reporters read.
#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/runtime/config/source_text.h"
#include "processors/scenarios/scenario_report.h"

namespace peakend::scenarios {
namespace {

// For text and attributes alike. What XML cannot say at all becomes a question mark.
std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : runtime::Printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// As Escaped, with the lines kept.
std::string EscapedLines(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    absl::StrAppend(&out, Escaped(text.substr(0, end)), "\n");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string Seconds(double seconds) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.3f", seconds);
  return text.data();
}

void AppendCase(const Verdict& verdict, std::string* out) {
  const Scenario& scenario = verdict.scenario;
  absl::StrAppend(out, "    <testcase classname=\"", Escaped(scenario.file), "\" name=\"",
                  Escaped(scenario.name), "\" file=\"", Escaped(scenario.file), "\" line=\"",
                  scenario.line, "\" time=\"", Seconds(verdict.seconds), "\"");
  if (verdict.result.passed()) {
    *out += "/>\n";
    return;
  }
  std::string text;
  AppendFailure(verdict, &text);
  absl::StrAppend(out, ">\n      <failure message=\"", Escaped(scenario.why), "\">",
                  EscapedLines(text), "</failure>\n    </testcase>\n");
}

struct Suite {
  std::string file;
  std::string cases;
  size_t tests = 0;
  size_t failures = 0;
  double seconds = 0;
};

// In the order of the files, which stand together.
std::vector<Suite> Suites(const std::vector<Verdict>& verdicts) {
  std::vector<Suite> suites;
  for (const Verdict& verdict : verdicts) {
    if (suites.empty() || suites.back().file != verdict.scenario.file) {
      suites.push_back({.file = verdict.scenario.file, .cases = {}});
    }
    Suite& suite = suites.back();
    ++suite.tests;
    suite.failures += verdict.result.passed() ? 0 : 1;
    suite.seconds += verdict.seconds;
    AppendCase(verdict, &suite.cases);
  }
  return suites;
}

}  // namespace

void AppendJUnit(const std::vector<Verdict>& verdicts, std::string* out) {
  const std::vector<Suite> suites = Suites(verdicts);
  size_t failures = 0;
  for (const Suite& suite : suites) failures += suite.failures;
  absl::StrAppend(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"",
                  verdicts.size(), "\" failures=\"", failures, "\">\n");
  for (const Suite& suite : suites) {
    absl::StrAppend(out, "  <testsuite name=\"", Escaped(suite.file), "\" tests=\"", suite.tests,
                    "\" failures=\"", suite.failures, "\" time=\"", Seconds(suite.seconds), "\">\n",
                    suite.cases, "  </testsuite>\n");
  }
  *out += "</testsuites>\n";
}

}  // namespace peakend::scenarios
