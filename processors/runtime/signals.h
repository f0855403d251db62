// SIGTERM and SIGINT: a first one asks the process to stop, a second one ends it. SIGHUP asks it
// to read its policy again.
//
// After the first signal the work is drained and committed; when that takes longer
// than `limit`, or when a second signal comes, the process says so in one line on
// standard error and ends at once with exit code 75.
//
// Make it before the first other thread: threads started later inherit that the
// signals are blocked and leave them to the one thread that waits for them.
//
// Thread-safety: requested, Request and Wait may be called from any thread. At most
// one object at a time.
#ifndef PEAKEND_PROCESSORS_RUNTIME_SIGNALS_H_
#define PEAKEND_PROCESSORS_RUNTIME_SIGNALS_H_

#include <signal.h>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace peakend::runtime {

class ShutdownSignal {
 public:
  // `limit`: time from the first signal to the forced end (ShutdownConfig.limit).
  // `on_request` is called once, on the waiting thread, with the signal's name
  // ("SIGTERM", "SIGINT"), `on_hangup` for each SIGHUP, which without it ends the process as
  // ever; they should only note the fact. Errors: Unavailable = the system gives no signal
  // descriptor.
  static absl::StatusOr<std::unique_ptr<ShutdownSignal>> Start(
      absl::Duration limit, std::function<void(const char*)> on_request = nullptr,
      std::function<void()> on_hangup = nullptr);

  // The process was drained in time: the limit no longer applies and the signals
  // have their former effect again.
  ~ShutdownSignal();
  ShutdownSignal(const ShutdownSignal&) = delete;
  ShutdownSignal& operator=(const ShutdownSignal&) = delete;

  // Whether to stop; for the worker to ask in each turn of its loop.
  bool requested() const { return requested_.load(std::memory_order_acquire); }

  // Returns as soon as it is requested.
  void Wait() const { requested_.wait(false, std::memory_order_acquire); }

 private:
  ShutdownSignal(absl::Duration limit, std::function<void(const char*)> on_request,
                 std::function<void()> on_hangup, sigset_t former_mask, int signals, int end);
  void Watch();
  void OnStop(const char* name);

  const absl::Duration limit_;
  const std::function<void(const char*)> on_request_;
  const std::function<void()> on_hangup_;
  const sigset_t former_mask_;
  const int signals_;  // descriptor that delivers signals
  const int end_;      // descriptor that tells the thread to end
  std::atomic<bool> requested_ = false;
  std::thread thread_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_SIGNALS_H_
