// The topics, group and settings of one job of a benchmark, for this program and for
// its children.
//
// Thread-safety: none; each call makes its own connections.
#ifndef PEAKEND_BENCHMARKS_KAFKA_JOB_H_
#define PEAKEND_BENCHMARKS_KAFKA_JOB_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "peakend/v1/config.pb.h"

namespace peakend::benchmarks {

struct KafkaJob {
  std::string broker;
  std::string input_topic;
  std::string name;  // the group's, and the beginning of its output topics' names
  int partitions = 4;
  std::vector<std::string> further = {};  // `NAME=VALUE`
};

// As NAME=VALUE. Clock ticks are off: the benchmarks' events are older than the wall.
std::vector<std::string> JobSettings(const KafkaJob& job);
// `program` with `arguments` and the settings as -X flags.
std::vector<std::string> JobCommand(const std::string& program,
                                    const std::vector<std::string>& arguments, const KafkaJob& job);
// Ends the program when its own settings do not load.
v1::Config JobConfig(const KafkaJob& job);
// Input and output topics, those that exist left as they are.
absl::Status CreateTopics(const KafkaJob& job);

// Says the problem on standard error and ends the program.
[[noreturn]] void Fail(const std::string& problem);
void CheckOk(const absl::Status& status);

}  // namespace peakend::benchmarks

#endif  // PEAKEND_BENCHMARKS_KAFKA_JOB_H_
