#include "processors/cli/coverage_text.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "boost/json/array.hpp"
#include "processors/cli/text_table.h"

namespace peakend::cli {
namespace {

using scenarios::PolicyCoverage;

std::string Word(std::optional<bool> covered) {
  if (!covered) return "-";
  return *covered ? "yes" : "no";
}

void AppendTable(std::vector<std::vector<std::string>> rows, std::string* out) {
  if (rows.size() < 2) return;  // nothing but its head
  TextTable table;
  for (std::vector<std::string>& row : rows) table.Add(std::move(row));
  table.Append(out);
}

}  // namespace

std::string CoverageText(const PolicyCoverage& coverage) {
  std::string out = absl::StrCat("coverage of policy ", coverage.policy, ": ", coverage.covered(),
                                 " of ", coverage.total(), " (", coverage.percent(), " %)\n");
  std::vector<std::vector<std::string>> rules = {
      {"rule", "raised", "recovered", "kept quiet", "message en", "message zh"}};
  for (const scenarios::RuleCoverage& rule : coverage.rules) {
    rules.push_back({NameText(rule.name), Word(rule.raised), Word(rule.recovered),
                     Word(rule.kept_quiet), Word(rule.told_english), Word(rule.told_chinese)});
  }
  std::vector<std::vector<std::string>> recipients = {{"recipient", "passed on"}};
  for (const scenarios::RecipientCoverage& recipient : coverage.recipients) {
    recipients.push_back({NameText(recipient.name), Word(recipient.escalated)});
  }
  std::vector<std::vector<std::string>> phrases = {{"phrases", "en", "zh"}};
  for (const scenarios::PhraseClassCoverage& phrase : coverage.phrases) {
    phrases.push_back({phrase.of, Word(phrase.english), Word(phrase.chinese)});
  }
  std::vector<std::vector<std::string>> openings = {{"opening", "suggested"}};
  for (const scenarios::OpeningCoverage& opening : coverage.openings) {
    openings.push_back({opening.when, Word(opening.said)});
  }
  AppendTable(std::move(rules), &out);
  AppendTable(std::move(recipients), &out);
  AppendTable(std::move(phrases), &out);
  AppendTable(std::move(openings), &out);
  for (const std::string& missing : coverage.Missing()) {
    absl::StrAppend(&out, "missing: ", missing, "\n");
  }
  return out;
}

boost::json::object CoverageJson(const PolicyCoverage& coverage) {
  boost::json::array missing;
  for (const std::string& each : coverage.Missing()) {
    missing.emplace_back(boost::json::string(each));
  }
  return {{"policy", coverage.policy},
          {"covered", coverage.covered()},
          {"total", coverage.total()},
          {"percent", coverage.percent()},
          {"missing", std::move(missing)}};
}

}  // namespace peakend::cli
