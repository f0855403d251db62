// Reads the policy file again when it is asked to, and states a good policy in the input, from
// where it counts in every partition. A bad one changes nothing.
//
// A thread of its own: what it waits for never keeps the worker waiting. Bounded: at most
// kMostWaiting requests wait.
//
// Thread-safety: Ask and Follow may be called from any thread; the rest by its owner.
#ifndef PEAKEND_PROCESSORS_CLI_POLICY_RELOADER_H_
#define PEAKEND_PROCESSORS_CLI_POLICY_RELOADER_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "processors/cli/run_settings.h"
#include "processors/runtime/admin_answer.h"
#include "processors/runtime/log.h"

namespace peakend::cli {

class PolicyReloader {
 public:
  static constexpr size_t kMostWaiting = 16;

  struct Request {
    // Warnings are errors.
    bool strict = false;
    // Called once, on the reloader's thread: 200 with {"policy","partitions"}; 422 with what is
    // wrong, as `peakend check` says it; 409 where it cannot follow the policy that counts; 503
    // where not every partition has it: once more does no harm. May be empty.
    std::function<void(runtime::AdminAnswer)> on_done;
  };

  using Policy = std::shared_ptr<const publish::Policy>;

  // `settings` and `log` must outlive this. `on_outcome` gets whether each reload succeeded.
  PolicyReloader(const RunSettings& settings, runtime::Logger& log,
                 std::function<void(bool)> on_outcome);
  // Waits for what is under way; what still waits is not done.
  ~PolicyReloader();
  PolicyReloader(const PolicyReloader&) = delete;
  PolicyReloader& operator=(const PolicyReloader&) = delete;

  // False = too many are waiting, and nothing is kept.
  bool Ask(Request request);

  // From now on `policy` counts; before, that of `settings` does.
  void Follow(Policy policy);

 private:
  void Run();
  Policy counts();
  runtime::AdminAnswer Reload(bool strict);
  runtime::AdminAnswer State(const v1::Policy& policy, const std::string& warnings);

  const RunSettings& settings_;
  runtime::Logger& log_;
  const std::function<void(bool)> on_outcome_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Request> waiting_;  // guarded by mutex_
  bool stopping_ = false;        // guarded by mutex_
  Policy counts_;                // guarded by mutex_
  std::thread thread_;
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_POLICY_RELOADER_H_
