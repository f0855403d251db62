#include "processors/cli/bench_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <ostream>
#include <system_error>
#include <vector>

namespace peakend::cli {
namespace {

namespace fs = std::filesystem;

constexpr char kPython[] = "/usr/bin/python3";  // whose Kafka client the distribution has
constexpr char kRunner[] = "runner/bench.py";

// Does not return where it succeeds: the suite takes this process over, so that signals and exit
// codes are its own.
ExitCode RunSuite(const std::vector<std::string>& arguments, Invocation& call) {
  std::error_code failed;
  const std::string program = fs::read_symlink("/proc/self/exe", failed);
  const std::string runner = FindBenchRunner(program, call);
  if (runner.empty()) {
    *call.err << "error: there are no benchmarks beside this program; they come with the sources: "
                 "build there, or let PEAKEND_BENCHMARKS name their folder `benchmarks`\n";
    return ExitCode::kConfigError;
  }
  setenv("PEAKEND_BENCH_BUILD", fs::path(program).parent_path().c_str(), 1);
  std::vector<std::string> words = {kPython, "-B", runner};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> command;
  for (std::string& word : words) command.push_back(word.data());
  command.push_back(nullptr);
  call.out->flush();
  call.err->flush();
  execv(kPython, command.data());
  *call.err << "error: cannot start " << kPython << ": " << std::strerror(errno)
            << "; the benchmarks need python3, python3-confluent-kafka and python3-yaml\n";
  return ExitCode::kConfigError;
}

}  // namespace

std::string FindBenchRunner(const std::string& program, const Invocation& call) {
  const auto told = call.environment.find("PEAKEND_BENCHMARKS");
  // build/PRESET/peakend
  const fs::path folder = told != call.environment.end()
                              ? fs::path(told->second)
                              : fs::path(program).parent_path() / ".." / ".." / "benchmarks";
  const fs::path runner = folder / kRunner;
  std::error_code failed;
  return fs::is_regular_file(runner, failed) ? runner.lexically_normal().string() : "";
}

Command BenchCommand() {
  return {.name = "bench",
          .summary = "Measure this machine, or a cluster of yours",
          .examples =
              "peakend bench --list\n"
              "peakend bench --smoke\n"
              "peakend bench disorder dups --rounds 5\n"
              "peakend bench lat-load --against kafka:9092\n"
              "peakend bench vs --peers consume,naive,peakend,kafka-streams --rounds 5\n"
              "peakend bench report build/bench --output report.html\n"
              "peakend bench compare before/ after/\n"
              "peakend bench sustain lat-load calibration\n"
              "peakend bench plan --rate 20000 --contacts 50000 --slo 250ms\n",
          .notes =
              "`peakend bench disorder --help` lists the flags; report, compare, plan and vs have\n"
              "some of their own. No figure is told of a run whose outputs were wrong, or whose\n"
              "load was late.\n",
          .setup = [](CLI::App& app) -> Action {
            app.prefix_command();
            return [&app](Invocation& call) { return RunSuite(app.remaining(), call); };
          }};
}

}  // namespace peakend::cli
