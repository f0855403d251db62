// Signals end processes, so each of these runs in a child of its own.
#include "processors/runtime/signals.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <iostream>

namespace peakend::runtime {
namespace {

using ::testing::ExitedWithCode;
using ::testing::KilledBySignal;

std::unique_ptr<ShutdownSignal> MustStart(absl::Duration limit,
                                          std::function<void(const char*)> on_request = nullptr,
                                          std::function<void()> on_hangup = nullptr) {
  auto started = ShutdownSignal::Start(limit, std::move(on_request), std::move(on_hangup));
  if (!started.ok()) _exit(99);
  return *std::move(started);
}

// What the process does that never gets its work done.
[[noreturn]] void Hang() {
  for (;;) pause();
}

void DrainAfter(int signal) {
  {
    const auto shutdown =
        MustStart(absl::Hours(1), [](const char* name) { std::cerr << name << " came\n"; });
    if (shutdown->requested()) _exit(98);
    kill(getpid(), signal);
    shutdown->Wait();
    if (!shutdown->requested()) _exit(97);
  }
  _exit(0);
}

TEST(SignalsDeathTest, FirstSignalAsksAndTheProcessEndsInItsOwnTime) {
  EXPECT_EXIT(DrainAfter(SIGTERM), ExitedWithCode(0), "SIGTERM came");
  EXPECT_EXIT(DrainAfter(SIGINT), ExitedWithCode(0), "SIGINT came");
}

void GetTwo(int second) {
  const auto shutdown = MustStart(absl::Hours(1));
  kill(getpid(), SIGTERM);
  shutdown->Wait();
  kill(getpid(), second);
  Hang();
}

TEST(SignalsDeathTest, SecondSignalEndsAtOnceWith75) {
  EXPECT_EXIT(GetTwo(SIGTERM), ExitedWithCode(75),
              "second signal \\(SIGTERM\\): ending now, exit 75");
  EXPECT_EXIT(GetTwo(SIGINT), ExitedWithCode(75),
              "second signal \\(SIGINT\\): ending now, exit 75");
}

void HangUpTwice() {
  std::atomic<int> hangups = 0;
  const auto shutdown = MustStart(absl::Hours(1), nullptr, [&hangups] {
    ++hangups;
    hangups.notify_all();
  });
  for (int before = 0; before < 2; ++before) {
    kill(getpid(), SIGHUP);
    hangups.wait(before);
  }
  if (shutdown->requested()) _exit(98);
  kill(getpid(), SIGTERM);
  shutdown->Wait();
  _exit(0);
}

TEST(SignalsDeathTest, AHangupIsNoEnd) { EXPECT_EXIT(HangUpTwice(), ExitedWithCode(0), ""); }

void HangUpUnasked() {
  const auto shutdown = MustStart(absl::Hours(1));
  kill(getpid(), SIGHUP);
  Hang();
}

TEST(SignalsDeathTest, WhereNobodyWantsToKnowAHangupEndsTheProcess) {
  EXPECT_EXIT(HangUpUnasked(), KilledBySignal(SIGHUP), "");
}

void HangAfterOne() {
  const auto shutdown = MustStart(absl::Milliseconds(20));
  kill(getpid(), SIGTERM);
  Hang();
}

TEST(SignalsDeathTest, HangingDrainIsEndedWith75) {
  EXPECT_EXIT(HangAfterOne(), ExitedWithCode(75),
              "not drained within shutdown.limit = 20ms: ending now, exit 75");
}

void FillStandardErrorAndHang() {
  int ends[2];
  if (pipe(ends) != 0) _exit(99);
  dup2(ends[1], STDERR_FILENO);
  const std::string page(4096, 'x');
  for (int i = 0; i < 16; ++i) {
    if (write(STDERR_FILENO, page.data(), page.size()) < 0) _exit(98);
  }
  HangAfterOne();
}

TEST(SignalsDeathTest, NobodyReadingStandardErrorDoesNotHoldItUp) {
  EXPECT_EXIT(FillStandardErrorAndHang(), ExitedWithCode(75), "");
}

void EndAfterTheObject() {
  MustStart(absl::Hours(1)).reset();
  kill(getpid(), SIGTERM);
  Hang();
}

TEST(SignalsDeathTest, WithoutTheObjectSignalsHaveTheirFormerEffect) {
  EXPECT_EXIT(EndAfterTheObject(), KilledBySignal(SIGTERM), "");
}

TEST(Signals, EndsQuietlyWhenNothingCame) {
  const auto shutdown = MustStart(absl::Seconds(1));
  EXPECT_FALSE(shutdown->requested());
}

}  // namespace
}  // namespace peakend::runtime
