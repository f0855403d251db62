#include "tests/kafka/child_process.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

namespace peakend::runtime {
namespace {

constexpr int kNotStarted = 127;

std::string Contents(int file) {
  std::string text;
  std::array<char, 65536> buffer;
  ssize_t size = 0;
  while ((size = pread(file, buffer.data(), buffer.size(), static_cast<off_t>(text.size()))) > 0) {
    text.append(buffer.data(), static_cast<size_t>(size));
  }
  return text;
}

int FileOf(std::string_view contents) {
  const int file = memfd_create("input", MFD_CLOEXEC);
  while (!contents.empty()) {
    const ssize_t written = write(file, contents.data(), contents.size());
    if (written < 0) break;
    contents.remove_prefix(static_cast<size_t>(written));
  }
  EXPECT_TRUE(contents.empty());
  lseek(file, 0, SEEK_SET);
  return file;
}

}  // namespace

ChildProcess::ChildProcess(const std::string& program, std::vector<std::string> arguments,
                           std::string_view input)
    : out_(memfd_create("out", MFD_CLOEXEC)), err_(memfd_create("err", MFD_CLOEXEC)) {
  const int in = FileOf(input);
  arguments.insert(arguments.begin(), program);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    // Other threads may hold locks: nothing here may take one.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(in, STDIN_FILENO);
    dup2(out_, STDOUT_FILENO);
    dup2(err_, STDERR_FILENO);
    execv(argv[0], argv.data());
    _exit(kNotStarted);
  }
  close(in);
  EXPECT_GT(pid_, 0);
  // Some C libraries declare pidfd_open for C only.
  process_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  EXPECT_GE(process_, 0);
}

ChildProcess::~ChildProcess() {
  if (running()) {
    Signal(SIGKILL);
    Wait(absl::Minutes(1));
  }
  close(process_);
  close(out_);
  close(err_);
}

void ChildProcess::Signal(int signal) {
  if (result_) return;
  EXPECT_EQ(kill(pid_, signal), 0);
}

std::optional<int> ChildProcess::Wait(absl::Duration limit) {
  if (result_) return result_;
  pollfd ended = {process_, POLLIN, 0};
  if (poll(&ended, 1, static_cast<int>(absl::ToInt64Milliseconds(limit))) != 1) return std::nullopt;
  int status = 0;
  if (waitpid(pid_, &status, 0) != pid_) return std::nullopt;
  result_ = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
  return result_;
}

std::string ChildProcess::Out() const { return Contents(out_); }
std::string ChildProcess::Err() const { return Contents(err_); }

}  // namespace peakend::runtime
