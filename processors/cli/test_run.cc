#include "processors/cli/test_run.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <ostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "boost/json/array.hpp"
#include "boost/json/serialize.hpp"
#include "processors/cli/scenario_files.h"
#include "processors/cli/scenario_pipeline.h"
#include "processors/scenarios/compact_time.h"
#include "processors/scenarios/scenario_report.h"

namespace peakend::cli {
namespace {

using scenarios::Scenario;
using scenarios::Verdict;

// The same on every day: ten years after the start, so that no story reaches it.
constexpr int64_t kReadMs = scenarios::kStartMs + int64_t{3'653} * 86'400'000;
constexpr size_t kProgressFrom = 20;

// A policy and what drives the program under it.
struct Bench {
  std::shared_ptr<const RunSettings> settings;
  scenarios::Pipeline pipeline;
};
using Benches = std::map<std::string, Bench>;  // by policy file

// False after an error on `err`.
bool AddBench(const std::string& policy, Benches& benches, Invocation& call) {
  if (benches.count(policy) > 0) return true;
  std::shared_ptr<const RunSettings> settings = LoadScenarioPolicy(policy, call);
  if (settings == nullptr) return false;
  scenarios::Pipeline pipeline = MakePipeline(settings, kReadMs);
  benches.emplace(policy, Bench{std::move(settings), std::move(pipeline)});
  return true;
}

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

void PrintJson(const std::vector<Verdict>& verdicts, std::ostream& out) {
  boost::json::array results;
  int64_t failed = 0;
  for (const Verdict& verdict : verdicts) {
    failed += verdict.result.passed() ? 0 : 1;
    results.push_back(VerdictJson(verdict));
  }
  const boost::json::object document = {
      {"scenarios", verdicts.size()}, {"failed", failed}, {"results", std::move(results)}};
  out << boost::json::serialize(document) << "\n";
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

// Verdicts in the order of the scenarios; nothing when the program failed, which was said.
std::optional<std::vector<Verdict>> Judge(std::vector<Scenario> chosen,
                                          const std::vector<const Bench*>& benches,
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
    verdicts.push_back(
        {std::move(chosen[i]), *std::move(result), absl::ToDoubleSeconds(absl::Now() - begin)});
    const bool shown = !verdicts.back().result.passed() || call.verbosity > 0;
    if (options.json || !shown) continue;
    progress.Hide();
    PrintVerdict(verdicts.back(), call);
  }
  progress.Hide();
  return verdicts;
}

ExitCode Report(const std::vector<Verdict>& verdicts, const TestOptions& options,
                Invocation& call) {
  if (options.json) {
    PrintJson(verdicts, *call.out);
  } else {
    std::string text;
    AppendSummary(verdicts, &text);
    *call.out << text;
  }
  call.out->flush();
  if (!options.junit.empty() && !WriteJUnit(options.junit, verdicts, call)) {
    return ExitCode::kUsage;
  }
  const bool passed = std::all_of(verdicts.begin(), verdicts.end(),
                                  [](const Verdict& verdict) { return verdict.result.passed(); });
  return passed ? ExitCode::kOk : ExitCode::kChecksFailed;
}

}  // namespace

ExitCode RunTests(const TestOptions& options, Invocation& call) {
  ExitCode code = ExitCode::kOk;
  const std::optional<ScenarioFiles> files = FindScenarioFiles(options.paths, call, &code);
  if (!files) return code;
  std::optional<std::vector<Scenario>> all = ReadScenarios(files->files, call);
  if (!all) return ExitCode::kConfigError;
  std::vector<Scenario> chosen = Chosen(*std::move(all), options.only);
  if (chosen.empty()) {
    *call.err << "error: no scenario "
              << (options.only.empty() ? "is there" : "has `" + options.only + "` in its name")
              << "\n";
    return ExitCode::kChecksFailed;
  }
  Benches benches;
  std::vector<const Bench*> of_scenarios;
  for (const Scenario& scenario : chosen) {
    const std::string policy =
        files->policy ? *files->policy : PolicyFileOf(scenario, options.default_policy);
    if (!AddBench(policy, benches, call)) return ExitCode::kConfigError;
    of_scenarios.push_back(&benches.at(policy));
  }
  const std::optional<std::vector<Verdict>> verdicts =
      Judge(std::move(chosen), of_scenarios, options, call);
  return verdicts ? Report(*verdicts, options, call) : ExitCode::kBug;
}

}  // namespace peakend::cli
