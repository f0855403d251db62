#include "processors/runtime/signals.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace peakend::runtime {
namespace {

constexpr int kForced = 75;  // EX_TEMPFAIL: start again

const char* NameOf(int signal) { return signal == SIGINT ? "SIGINT" : "SIGTERM"; }

// Without destructors and buffers, and without waiting for a reader of standard
// error: whatever hangs must not be waited for.
[[noreturn]] void EndNow(std::string_view line) {
  pollfd descriptor = {STDERR_FILENO, POLLOUT, 0};
  if (poll(&descriptor, 1, 0) == 1) {
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
  }
  _exit(kForced);
}

// Not the wall clock: setting it must not end the process.
using Clock = std::chrono::steady_clock;
using Deadline = std::optional<Clock::time_point>;

// For poll; -1 = without end.
int MillisecondsUntil(const Deadline& deadline) {
  if (!deadline) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now());
  return static_cast<int>(std::clamp<int64_t>(left.count(), 0, 1'000'000));
}

}  // namespace

absl::StatusOr<std::unique_ptr<ShutdownSignal>> ShutdownSignal::Start(
    absl::Duration limit, std::function<void(const char*)> on_request,
    std::function<void()> on_hangup) {
  sigset_t awaited;
  sigemptyset(&awaited);
  sigaddset(&awaited, SIGTERM);
  sigaddset(&awaited, SIGINT);
  if (on_hangup) sigaddset(&awaited, SIGHUP);
  sigset_t former;
  if (const int error = pthread_sigmask(SIG_BLOCK, &awaited, &former); error != 0) {
    return absl::ErrnoToStatus(error, "cannot block signals");
  }
  const int signals = signalfd(-1, &awaited, SFD_CLOEXEC | SFD_NONBLOCK);
  const int end = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (signals < 0 || end < 0) {
    const absl::Status status =
        absl::UnavailableError(absl::StrCat("no descriptor for signals: errno ", errno));
    if (signals >= 0) close(signals);
    if (end >= 0) close(end);
    pthread_sigmask(SIG_SETMASK, &former, nullptr);
    return status;
  }
  return std::unique_ptr<ShutdownSignal>(
      new ShutdownSignal(limit, std::move(on_request), std::move(on_hangup), former, signals, end));
}

ShutdownSignal::ShutdownSignal(absl::Duration limit, std::function<void(const char*)> on_request,
                               std::function<void()> on_hangup, sigset_t former_mask, int signals,
                               int end)
    : limit_(limit),
      on_request_(std::move(on_request)),
      on_hangup_(std::move(on_hangup)),
      former_mask_(former_mask),
      signals_(signals),
      end_(end),
      thread_([this] { Watch(); }) {}

ShutdownSignal::~ShutdownSignal() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(end_, &one, sizeof(one));
  thread_.join();
  close(signals_);
  close(end_);
  pthread_sigmask(SIG_SETMASK, &former_mask_, nullptr);
}

void ShutdownSignal::OnStop(const char* name) {
  if (requested()) {
    EndNow(absl::StrCat("peakend: second signal (", name, "): ending now, exit 75\n"));
  }
  requested_.store(true, std::memory_order_release);
  requested_.notify_all();
  if (on_request_) on_request_(name);
}

void ShutdownSignal::Watch() {
  Deadline deadline;
  for (;;) {
    pollfd descriptors[] = {{signals_, POLLIN, 0}, {end_, POLLIN, 0}};
    poll(descriptors, 2, MillisecondsUntil(deadline));
    if (descriptors[1].revents != 0) return;
    signalfd_siginfo info;
    if (read(signals_, &info, sizeof(info)) == sizeof(info)) {
      const int signal = static_cast<int>(info.ssi_signo);
      if (signal == SIGHUP) {
        on_hangup_();
      } else {
        if (!deadline) deadline = Clock::now() + absl::ToChronoNanoseconds(limit_);
        OnStop(NameOf(signal));
      }
    }
    if (deadline && Clock::now() >= *deadline) {
      EndNow(absl::StrCat("peakend: not drained within shutdown.limit = ",
                          absl::FormatDuration(limit_), ": ending now, exit 75\n"));
    }
  }
}

}  // namespace peakend::runtime
