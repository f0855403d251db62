// A command of peakend against a real broker, as a user types it, on topics and in a
// group of the test's own.
#ifndef PEAKEND_TESTS_KAFKA_KAFKA_COMMAND_CALL_H_
#define PEAKEND_TESTS_KAFKA_KAFKA_COMMAND_CALL_H_

#include <sstream>
#include <string>
#include <vector>

#include "processors/cli/command_line.h"
#include "processors/cli/commands.h"
#include "tests/kafka/kafka_cluster.h"

namespace peakend::runtime {

struct CommandResult {
  cli::ExitCode code;
  std::string out;
  std::string err;
};

class KafkaCommandCall : public KafkaClusterTest {
 protected:
  CommandResult Call(std::vector<std::string> args, const std::string& input = "") {
    for (const std::string& setting : ClusterSettings(config_)) {
      args.insert(args.end(), {"-X", setting});
    }
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    cli::Invocation call;
    call.in = &in;
    call.out = &out;
    call.err = &err;
    const cli::ExitCode code = cli::RunCommandLine(cli::Commands(), args, call);
    return {code, out.str(), err.str()};
  }

  // Puts a record into the changelog.
  void PutState(int32_t partition, const std::string& key, const std::string& value) {
    auto producer = Producer(config_.topics().customer_state().name());
    ASSERT_TRUE(producer->Send({.key = key, .value = value, .partition = partition}).ok());
    ASSERT_TRUE(producer->Flush(kTestLimit).ok());
  }
};

}  // namespace peakend::runtime

#endif  // PEAKEND_TESTS_KAFKA_KAFKA_COMMAND_CALL_H_
