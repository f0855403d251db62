// Learns a new baseline from time to time while this process has the first partition, so
// that of all workers of a job one does it.
//
// A thread of its own: what it reads never keeps the worker waiting. What goes wrong is
// logged and tried again at the next time.
//
// Thread-safety: SetActive from any thread; the rest by its owner.
#ifndef PEAKEND_PROCESSORS_CLI_BASELINE_KEEPER_H_
#define PEAKEND_PROCESSORS_CLI_BASELINE_KEEPER_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "peakend/v1/config.pb.h"
#include "processors/runtime/log.h"

namespace peakend::runtime {
class KafkaBaseline;
}

namespace peakend::cli {

class BaselineKeeper {
 public:
  // `config` and `log` must outlive this.
  BaselineKeeper(const v1::Config& config, runtime::Logger& log);
  // Waits for what is under way.
  ~BaselineKeeper();
  BaselineKeeper(const BaselineKeeper&) = delete;
  BaselineKeeper& operator=(const BaselineKeeper&) = delete;

  // Whether this process has the first partition.
  void SetActive(bool active);

 private:
  void Run();
  // False once it is to end.
  bool WaitUntilDue();
  bool stopping();
  absl::Status LearnAndWrite();

  const v1::Config& config_;
  runtime::Logger& log_;
  const absl::Duration interval_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool active_ = false;
  bool stopping_ = false;
  // Of the thread alone.
  std::unique_ptr<runtime::KafkaBaseline> learner_;
  std::string written_;  // the version that was written last
  std::thread thread_;
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_BASELINE_KEEPER_H_
