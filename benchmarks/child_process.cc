#include "benchmarks/child_process.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace peakend::benchmarks {
namespace {

double Now() { return absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()); }

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& arguments, const std::string& log)
    : started_(Now()) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ < 0) {
    std::perror("fork");
    std::exit(EXIT_FAILURE);
  }
  if (pid_ > 0) return;
  const int err = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  const int out = open("/dev/null", O_WRONLY);
  if (err >= 0) dup2(err, STDERR_FILENO);
  if (out >= 0) dup2(out, STDOUT_FILENO);
  execvp(argv[0], argv.data());
  _exit(127);
}

ChildProcess::~ChildProcess() {
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void ChildProcess::Terminate() { kill(pid_, SIGTERM); }

ProcessCost ChildProcess::Wait() {
  int status = 0;
  rusage usage = {};
  wait4(pid_, &status, 0, &usage);
  pid_ = -1;
  ProcessCost cost;
  if (WIFEXITED(status)) cost.exit_code = WEXITSTATUS(status);
  cost.cpu_seconds = Seconds(usage.ru_utime) + Seconds(usage.ru_stime);
  cost.wall_seconds = Now() - started_;
  cost.max_rss_kib = usage.ru_maxrss;
  return cost;
}

}  // namespace peakend::benchmarks
