// A program that is run and measured as a whole.
#ifndef PEAKEND_BENCHMARKS_CHILD_PROCESS_H_
#define PEAKEND_BENCHMARKS_CHILD_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <vector>

namespace peakend::benchmarks {

struct ProcessCost {
  int exit_code = -1;      // -1 = ended by a signal
  double cpu_seconds = 0;  // user and system, all threads
  double wall_seconds = 0;
  int64_t max_rss_kib = 0;
};

class ChildProcess {
 public:
  // Starts `arguments[0]`; its standard error goes to the file `log`, its standard
  // output to nowhere. Ends this program when it cannot fork.
  ChildProcess(const std::vector<std::string>& arguments, const std::string& log);
  // Kills it if it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  void Terminate();
  // Waits until it has ended.
  ProcessCost Wait();

 private:
  pid_t pid_ = -1;
  double started_ = 0;
};

}  // namespace peakend::benchmarks

#endif  // PEAKEND_BENCHMARKS_CHILD_PROCESS_H_
