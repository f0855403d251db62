// One run: workers, broker, customers and faults, step by step on one thread, and at the
// end the question whether the outputs are those of an undisturbed run.
//
// Everything follows from the plan. What a step does is drawn from the seed; what goes
// wrong, and when, stands in the plan's faults.
//
// Thread-safety: none; runs share nothing except the chosen mutation.
#ifndef PEAKEND_TESTS_SIMULATION_SIMULATION_H_
#define PEAKEND_TESTS_SIMULATION_SIMULATION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "processors/publish/policy.h"
#include "tests/simulation/exchange_oracle.h"
#include "tests/simulation/network.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/process.h"
#include "tests/simulation/random.h"
#include "tests/simulation/sim_broker.h"
#include "tests/simulation/workload.h"

namespace peakend::simulation {

// What a run consisted of, so that nobody takes an idle simulation for a proof.
struct Coverage {
  int64_t records = 0;  // of the input, ticks included
  int64_t ticks = 0;
  int64_t outputs = 0;  // committed
  ExchangeCounts exchanged;
  int64_t commits = 0;
  int64_t aborts = 0;
  int64_t unknown_outcomes = 0;
  int64_t producers = 0;
  int64_t lives = 0;   // processes started
  int64_t fenced = 0;  // processes that gave up because another one took over
  int64_t crashes = 0;
  int64_t steps = 0;

  void Add(const Coverage& other);
};

struct Verdict {
  std::vector<std::string> violations;  // empty = exactly once
  Coverage coverage;
  uint64_t digest = 0;  // of all logs: equal for equal plans
};

class Simulation : public World {
 public:
  explicit Simulation(const Plan& plan);
  // Tells what happens, a line each; for people who look for the cause.
  void Trace(std::function<void(const std::string&)> line) { trace_ = std::move(line); }
  // The undisturbed run makes the chosen mistake as well, as if everybody had meant it: only
  // what must hold of any engine can show it.
  void LetJudgeErr() { judge_errs_ = true; }
  // Once.
  Verdict Run();

  void HoldUp(int worker, int64_t steps) override;
  void Pass(int64_t ms) override;

 private:
  struct Slot {
    std::unique_ptr<Process> process;
    Process::Identity identity;
    SimDisk disk;
    int64_t restart_step = 0;
    int64_t paused_until = 0;
    bool held_up = false;
    bool doomed = false;  // dies as soon as it is no longer held up
    bool twin = false;    // never restarts
  };

  void Tell(int slot, const std::string& what) const;
  bool Runs(const Slot& slot) const;
  void StartDue();
  void Start(Slot& slot);
  void Step();
  void Turn(size_t number);
  void Stop(Slot& slot);
  void Kill(Slot& slot, int64_t restart_after);
  void Judge(Slot& slot, const absl::Status& status);
  void Strike(const Fault& fault);
  void StartTwin(const Slot& slot);
  void Produce(const SharedPayload& payload);
  void Idle();
  void Rest();
  void StopAll();
  void NoteStats(const Process& process);
  uint64_t Digest() const;

  const Plan& plan_;
  std::function<void(const std::string&)> trace_;
  Random random_;
  const publish::Policy policy_;
  SimBroker broker_;
  Network network_;
  Workload workload_;
  runtime::WorkerOptions worker_options_;
  std::vector<std::unique_ptr<Slot>> slots_;
  size_t next_fault_ = 0;
  int64_t step_ = 0;
  int64_t lives_ = 0;
  int64_t taken_ = 0;  // records, all workers together
  bool judge_errs_ = false;
  Verdict verdict_;
};

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_SIMULATION_H_
