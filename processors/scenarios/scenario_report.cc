#include "processors/scenarios/scenario_report.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "boost/json/array.hpp"
#include "processors/publish/output.h"
#include "processors/scenarios/shown_records.h"

namespace peakend::scenarios {
namespace {

constexpr std::string_view kIndent = "    ";

std::string Counted(size_t count, const std::string& one) {
  return absl::StrCat(count, " ", one, count == 1 ? "" : "s");
}

std::string PlaceOf(const Scenario& scenario, const Difference& difference) {
  return absl::StrCat(scenario.file, ":", difference.line > 0 ? difference.line : scenario.line);
}

void AppendDifference(const Scenario& scenario, const Difference& difference, std::string* out) {
  absl::StrAppend(out, "  ", PlaceOf(scenario, difference), ": ", difference.where);
  if (!difference.variant.empty()) absl::StrAppend(out, ", ", difference.variant);
  absl::StrAppend(out, "\n      expected ", difference.expected, "\n      got      ",
                  difference.got, "\n");
}

void AppendRecords(const ScenarioResult& result, std::string* out) {
  const std::vector<const OutputRecord*> records = ShownRecords(result.outcome, result.differences);
  const size_t count = records.size();
  const size_t shown = std::min(count, kRecordsShown);
  if (count == 0) {
    *out += result.outcome.records.empty() ? "  nothing came out\n" : "  none of these came out\n";
  } else if (shown < count) {
    absl::StrAppend(out, "  the last ", shown, " of ", count, " such records, shortened:\n");
  } else {
    absl::StrAppend(out, "  ", Counted(count, "such record"), " came out, shortened:\n");
  }
  for (size_t i = count - shown; i < count; ++i) {
    const OutputRecord& record = *records[i];
    out->append(kIndent).append(publish::kDefaultTopicNames[static_cast<size_t>(record.topic)]);
    absl::StrAppend(out, ": ", InShort(record.value), "\n");
  }
}

void AppendTalk(const Outcome& outcome, std::string* out) {
  if (outcome.talk.empty()) return;
  absl::StrAppend(out, "  the program said (exit ", outcome.exit_code, "):\n");
  for (const absl::string_view line : absl::StrSplit(outcome.talk, '\n', absl::SkipEmpty())) {
    out->append(kIndent).append(line.data(), line.size()).append("\n");
  }
}

}  // namespace

void AppendFailure(const Verdict& verdict, std::string* out) {
  const Scenario& scenario = verdict.scenario;
  const std::vector<Difference>& differences = verdict.result.differences;
  absl::StrAppend(out, "FAILED ", scenario.name, ": ", scenario.why, "\n");
  const size_t shown = std::min(differences.size(), kDifferencesShown);
  for (size_t i = 0; i < shown; ++i) AppendDifference(scenario, differences[i], out);
  if (shown < differences.size()) {
    absl::StrAppend(out, "  and ", differences.size() - shown, " more differences\n");
  }
  AppendRecords(verdict.result, out);
  AppendTalk(verdict.result.outcome, out);
}

void AppendSummary(const std::vector<Verdict>& verdicts, std::string* out) {
  const auto failed = std::count_if(verdicts.begin(), verdicts.end(), [](const Verdict& verdict) {
    return !verdict.result.passed();
  });
  absl::StrAppend(out, Counted(verdicts.size(), "scenario"), ", ", failed, " failed\n");
}

boost::json::object VerdictJson(const Verdict& verdict) {
  boost::json::array differences;
  for (const Difference& difference : verdict.result.differences) {
    differences.push_back({{"where", difference.where},
                           {"line", difference.line > 0 ? difference.line : verdict.scenario.line},
                           {"variant", difference.variant},
                           {"expected", difference.expected},
                           {"got", difference.got}});
  }
  return {{"name", verdict.scenario.name},
          {"file", verdict.scenario.file},
          {"line", verdict.scenario.line},
          {"passed", verdict.result.passed()},
          {"differences", std::move(differences)}};
}

}  // namespace peakend::scenarios
