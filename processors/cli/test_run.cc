#include "processors/cli/test_run.h"

#include <algorithm>
#include <fstream>
#include <ostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "boost/json/array.hpp"
#include "boost/json/serialize.hpp"
#include "processors/cli/coverage_text.h"
#include "processors/cli/scenario_files.h"
#include "processors/cli/test_bench.h"
#include "processors/scenarios/scenario_report.h"

namespace peakend::cli {
namespace {

using scenarios::Scenario;
using scenarios::Verdict;

constexpr size_t kProgressFrom = 20;

class Progress {
 public:
  Progress(size_t count, Invocation& call)
      : count_(count), err_(*call.err), on_(call.color_err && count >= kProgressFrom) {}

  void Show(size_t done) {
    if (on_) err_ << "\r" << done << "/" << count_ << std::flush;
  }
  // So that what comes next begins on an empty line.
  void Hide() {
    if (on_) err_ << "\r\x1b[K" << std::flush;
  }

 private:
  const size_t count_;
  std::ostream& err_;
  const bool on_;
};

void PrintVerdict(const Verdict& verdict, Invocation& call) {
  std::string text;
  if (!verdict.result.passed()) {
    AppendFailure(verdict, &text);
  } else if (call.verbosity > 0) {
    text = absl::StrCat("ok     ", verdict.scenario.name, "\n");
  }
  *call.out << text;
}

void PrintJson(const std::vector<Verdict>& verdicts,
               const std::vector<scenarios::PolicyCoverage>& coverages, std::ostream& out) {
  boost::json::array results;
  int64_t failed = 0;
  for (const Verdict& verdict : verdicts) {
    failed += verdict.result.passed() ? 0 : 1;
    results.push_back(VerdictJson(verdict));
  }
  boost::json::array covered;
  for (const scenarios::PolicyCoverage& coverage : coverages) {
    covered.push_back(CoverageJson(coverage));
  }
  boost::json::object document = {
      {"scenarios", verdicts.size()}, {"failed", failed}, {"results", std::move(results)}};
  if (!covered.empty()) document["coverage"] = std::move(covered);
  out << boost::json::serialize(document) << "\n";
}

void PrintText(const std::vector<Verdict>& verdicts,
               const std::vector<scenarios::PolicyCoverage>& coverages, std::ostream& out) {
  std::string text;
  for (const scenarios::PolicyCoverage& coverage : coverages) text += CoverageText(coverage);
  AppendSummary(verdicts, &text);
  out << text;
}

bool WriteJUnit(const std::string& file, const std::vector<Verdict>& verdicts, Invocation& call) {
  std::string text;
  AppendJUnit(verdicts, &text);
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (out) return true;
  *call.err << "error: cannot write `" << file << "`\n";
  return false;
}

std::vector<Scenario> Chosen(std::vector<Scenario> all, const std::string& only) {
  const auto other = [&](const Scenario& scenario) {
    return scenario.name.find(only) == std::string::npos;
  };
  all.erase(std::remove_if(all.begin(), all.end(), other), all.end());
  return all;
}

// Passed scenarios need their records no more.
void Forget(scenarios::ScenarioResult& result) {
  result.lines.clear();
  if (result.passed()) result.outcome.records.clear();
}

// Verdicts in the order of the scenarios; nothing when the program failed, which was said.
std::optional<std::vector<Verdict>> Judge(std::vector<Scenario> chosen,
                                          const std::vector<TestBench*>& benches,
                                          const TestOptions& options, Invocation& call) {
  std::vector<Verdict> verdicts;
  Progress progress(chosen.size(), call);
  for (size_t i = 0; i < chosen.size(); ++i) {
    progress.Show(i);
    const absl::Time begin = absl::Now();
    absl::StatusOr<scenarios::ScenarioResult> result = RunScenario(chosen[i], benches[i]->pipeline);
    if (!result.ok()) {
      progress.Hide();
      *call.err << "error: scenario " << chosen[i].name << ": " << result.status().message()
                << "\n";
      return std::nullopt;
    }
    const double seconds = absl::ToDoubleSeconds(absl::Now() - begin);
    benches[i]->coverage.Add(*result);
    Forget(*result);
    verdicts.push_back({std::move(chosen[i]), *std::move(result), seconds});
    if (options.json || (verdicts.back().result.passed() && call.verbosity == 0)) continue;
    progress.Hide();
    PrintVerdict(verdicts.back(), call);
  }
  progress.Hide();
  return verdicts;
}

bool IsCovered(const std::vector<scenarios::PolicyCoverage>& coverages, const TestOptions& options,
               Invocation& call) {
  bool covered = true;
  for (const scenarios::PolicyCoverage& coverage : coverages) {
    if (coverage.percent() >= options.coverage_min) continue;
    covered = false;
    *call.err << "error: policy " << coverage.policy << " is covered to " << coverage.percent()
              << " %, wanted are " << options.coverage_min << " %\n";
  }
  return covered;
}

ExitCode Report(const std::vector<Verdict>& verdicts, const TestBenches& benches,
                const TestOptions& options, Invocation& call) {
  const std::vector<scenarios::PolicyCoverage> coverages = benches.Coverages();
  const std::vector<scenarios::PolicyCoverage> shown =
      options.coverage ? coverages : std::vector<scenarios::PolicyCoverage>();
  if (options.json) {
    PrintJson(verdicts, shown, *call.out);
  } else {
    PrintText(verdicts, shown, *call.out);
  }
  call.out->flush();
  if (!options.junit.empty() && !WriteJUnit(options.junit, verdicts, call)) {
    return ExitCode::kUsage;
  }
  const bool passed = std::all_of(verdicts.begin(), verdicts.end(),
                                  [](const Verdict& verdict) { return verdict.result.passed(); });
  return IsCovered(coverages, options, call) && passed ? ExitCode::kOk : ExitCode::kChecksFailed;
}

}  // namespace

TestsDone RunTests(const TestOptions& options, Invocation& call) {
  TestsDone done;
  const std::optional<ScenarioFiles> files = FindScenarioFiles(options.paths, call, &done.code);
  if (!files) return done;
  done.files = files->files;
  done.code = ExitCode::kConfigError;
  std::optional<std::vector<Scenario>> all = ReadScenarios(files->files, call);
  if (!all) return done;
  std::vector<Scenario> chosen = Chosen(*std::move(all), options.only);
  TestBenches benches;
  std::vector<TestBench*> of_scenarios;
  for (const Scenario& scenario : chosen) {
    const std::string policy =
        files->policy ? *files->policy : PolicyFileOf(scenario, options.default_policy);
    if (!policy.empty()) done.files.push_back(policy);
    TestBench* bench = benches.Get(policy, call);
    if (bench == nullptr) return done;
    of_scenarios.push_back(bench);
  }
  done.code = ExitCode::kChecksFailed;
  if (chosen.empty()) {
    *call.err << "error: no scenario "
              << (options.only.empty() ? "is there" : "has `" + options.only + "` in its name")
              << "\n";
    return done;
  }
  const std::optional<std::vector<Verdict>> verdicts =
      Judge(std::move(chosen), of_scenarios, options, call);
  done.code = verdicts ? Report(*verdicts, benches, options, call) : ExitCode::kBug;
  return done;
}

}  // namespace peakend::cli
