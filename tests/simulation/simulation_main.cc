// Runs seeds of the simulation until one fails or all are done.
#include <ctime>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "CLI/CLI.hpp"
#include "processors/runtime/mutation.h"
#include "tests/simulation/campaign.h"

namespace peakend::simulation {
namespace {

struct Flags {
  int64_t seeds = 300;
  uint64_t from = 0;
  int workers = 0;
  std::string mutant = "none";
  std::string pipeline = "engine";
  std::string linking;  // "" = drawn from the seed
  std::string resume;   // result file to add to
  std::string plan;
  bool keep_going = false;
  bool trace = false;
};

// Processor time, which the neighbours of a shared machine do not change.
double CpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

bool Choose(const std::string& mutant) {
  for (size_t i = 0; i < runtime::kMutationNames.size(); ++i) {
    if (runtime::kMutationNames[i] != mutant) continue;
    runtime::ChosenMutation() = static_cast<runtime::Mutation>(i);
    return true;
  }
  return false;
}

int RunPlan(const std::string& path, bool trace) {
  const absl::StatusOr<Plan> plan = PlanFromText(ReadFile(path));
  if (!plan.ok()) {
    std::cerr << plan.status().message() << "\n";
    return 64;
  }
  Simulation simulation(*plan);
  if (trace) simulation.Trace([](const std::string& line) { std::cout << line << "\n"; });
  const Verdict verdict = simulation.Run();
  for (const std::string& violation : verdict.violations) std::cout << "- " << violation << "\n";
  std::cout << verdict.violations.size() << " violations, digest " << verdict.digest << "\n";
  return verdict.violations.empty() ? 0 : 1;
}

void ShowProgress(const CampaignResult& result, int64_t done, double seconds) {
  std::cerr << result.seeds << " seeds, "
            << static_cast<int64_t>(static_cast<double>(done) / seconds) << " per CPU second, "
            << result.failed_seeds.size() << " violations\n";
}

int RunSeeds(const Flags& flags) {
  const PlanLimits limits{flags.pipeline == "copy" ? Pipeline::kCopy : Pipeline::kEngine,
                          flags.workers, LinkingFromText(flags.linking)};
  CampaignResult result;
  result.next_seed = flags.from;
  if (!flags.resume.empty()) {
    if (const std::string before = ReadFile(flags.resume); !before.empty()) {
      const absl::StatusOr<CampaignResult> read = CampaignResult::FromJson(before);
      if (!read.ok()) {
        std::cerr << flags.resume << ": " << read.status().message() << "\n";
        return 64;
      }
      result = *read;
    }
  }
  const double before = result.cpu_seconds;
  const double begin = CpuSeconds();
  double shown = 0;
  bool failed = false;
  int64_t done = 0;
  for (; done < flags.seeds && (flags.keep_going || !failed); ++done) {
    const uint64_t seed = result.next_seed;
    if (!RunSeed(seed, limits, &result).violations.empty()) {
      if (!failed) std::cout << Explain(seed, limits) << std::flush;
      failed = true;
    }
    result.cpu_seconds = before + CpuSeconds() - begin;
    if (result.cpu_seconds - before - shown >= 5) {
      shown = result.cpu_seconds - before;
      ShowProgress(result, done + 1, shown);
      if (!flags.resume.empty()) std::ofstream(flags.resume) << result.ToJson();
    }
  }
  ShowProgress(result, done, CpuSeconds() - begin);
  std::cout << result.ToJson() << "\n";
  if (!flags.resume.empty()) std::ofstream(flags.resume) << result.ToJson();
  return failed ? 1 : 0;
}

int Main(int argc, char** argv) {
  Flags flags;
  CLI::App app("Deterministic simulation of peakend on a model of Kafka.");
  app.add_option("--seeds", flags.seeds, "How many seeds");
  app.add_option("--from", flags.from, "The first one");
  app.add_option("--workers", flags.workers, "1 to 4; 0 draws it from the seed");
  app.add_option("--mutant", flags.mutant, "A deliberate mistake, see mutation.h");
  app.add_option("--pipeline", flags.pipeline, "engine, or copy: the transactional sink alone")
      ->check(CLI::IsMember({"engine", "copy"}));
  app.add_option("--linking", flags.linking, "Whether customers are linked, and for how long")
      ->check(CLI::IsMember({"none", "short", "long", "crowd"}));
  app.add_option("--resume", flags.resume, "Goes on where this result file ends, and adds to it");
  app.add_option("--plan", flags.plan, "Runs this plan instead");
  app.add_flag("--keep-going", flags.keep_going,
               "Counts failures instead of stopping at the first");
  app.add_flag("--trace", flags.trace, "With --plan: tells what happens");
  CLI11_PARSE(app, argc, argv);
  if (!Choose(flags.mutant)) {
    std::cerr << "no such mutant: " << flags.mutant << "\n";
    return 64;
  }
  return flags.plan.empty() ? RunSeeds(flags) : RunPlan(flags.plan, flags.trace);
}

}  // namespace
}  // namespace peakend::simulation

int main(int argc, char** argv) {
  try {
    return peakend::simulation::Main(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 70;
  }
}
