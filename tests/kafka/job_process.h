// The program as its users run it: `peakend run`, on a cluster or on a file.
//
// Thread-safety: one thread.
#ifndef PEAKEND_TESTS_KAFKA_JOB_PROCESS_H_
#define PEAKEND_TESTS_KAFKA_JOB_PROCESS_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "peakend/v1/config.pb.h"
#include "peakend/v1/interaction_event.pb.h"
#include "tests/kafka/child_process.h"

namespace peakend::runtime {

// Asks again and again until `fact` holds; false = not within `limit`.
bool Eventually(const std::function<bool()>& fact, absl::Duration limit = absl::Seconds(60));

struct HttpAnswer {
  int status = 0;  // 0 = no answer
  std::string body;
};

class JobProcess {
 public:
  // A worker on the cluster and topics of `config`, with further -X settings.
  explicit JobProcess(const v1::Config& config, const std::vector<std::string>& settings = {});

  ChildProcess& process() { return process_; }
  std::string log() const { return process_.Err(); }
  // The lines of the log that contain `part`.
  std::vector<std::string> LogLines(std::string_view part) const;

  // From the admin port, which the log names.
  HttpAnswer Get(const std::string& path) const;
  HttpAnswer Post(const std::string& path) const;
  // The sum of a metric's samples whose labels contain `label`; 0 = none.
  int64_t Metric(const std::string& name, const std::string& label = "") const;
  // Records processed since the start, whatever became of them.
  int64_t Processed() const;

  // SIGTERM, and the exit code; nothing = still there after a minute.
  std::optional<int> Stop();

 private:
  HttpAnswer Request(const std::string& line) const;

  ChildProcess process_;
};

// `peakend produce`: the events in the input topic of `config`, all written.
void Produce(const v1::Config& config, const std::vector<v1::InteractionEvent>& events);

// What the program makes of the same events in a file, as JSON lines. `policy`: a file;
// empty = the default policy.
std::string FileMode(const std::vector<v1::InteractionEvent>& events, int partitions,
                     const std::string& policy = "");

}  // namespace peakend::runtime

#endif  // PEAKEND_TESTS_KAFKA_JOB_PROCESS_H_
