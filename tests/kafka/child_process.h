// A program started by a test: its input, its output, its end.
//
// Output is kept in memory files, so that a program never waits for its reader.
// The child dies with the test, however that ends.
//
// Thread-safety: one thread.
#ifndef PEAKEND_TESTS_KAFKA_CHILD_PROCESS_H_
#define PEAKEND_TESTS_KAFKA_CHILD_PROCESS_H_

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace peakend::runtime {

class ChildProcess {
 public:
  // Starts `program` with these arguments and `input` on standard input. A program
  // that cannot be started ends with 127.
  ChildProcess(const std::string& program, std::vector<std::string> arguments,
               std::string_view input = "");
  // Kills what still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  void Signal(int signal);
  // Waits for the end: the exit code, or minus the signal that killed it; nothing
  // when it still runs after `limit`.
  std::optional<int> Wait(absl::Duration limit);
  bool running() { return !Wait(absl::ZeroDuration()).has_value(); }

  // Everything written so far.
  std::string Out() const;
  std::string Err() const;

 private:
  pid_t pid_ = -1;
  int process_ = -1;  // becomes readable when the child ends
  int out_ = -1;
  int err_ = -1;
  std::optional<int> result_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_TESTS_KAFKA_CHILD_PROCESS_H_
