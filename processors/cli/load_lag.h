// How far the workers are behind a load: the end of the topic less what their group has committed,
// asked once a second on a thread of its own.
//
// Thread-safety: Newest from any thread; construction and destruction by one.
#ifndef PEAKEND_PROCESSORS_CLI_LOAD_LAG_H_
#define PEAKEND_PROCESSORS_CLI_LOAD_LAG_H_

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>

#include "absl/synchronization/notification.h"
#include "peakend/v1/config.pb.h"

namespace peakend::cli {

class LoadLag {
 public:
  // Of the group of `config`, which outlives it.
  LoadLag(const v1::Config& config, std::string topic, int32_t partitions);
  ~LoadLag();
  LoadLag(const LoadLag&) = delete;
  LoadLag& operator=(const LoadLag&) = delete;

  // Records; nothing while the group has not committed anything, or nobody could be asked.
  std::optional<int64_t> Newest() const;

 private:
  void Follow();

  const v1::Config& config_;
  const std::string topic_;
  const int32_t partitions_;
  std::atomic<int64_t> newest_{-1};
  absl::Notification stopped_;
  std::thread thread_;
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_LOAD_LAG_H_
