#include "tests/simulation/simulation.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/publish/partitioner.h"
#include "processors/runtime/mutation.h"
#include "tests/simulation/oracle.h"
#include "tests/simulation/random_policy.h"

namespace peakend::simulation {
namespace {

// A run that takes longer than this does not come to rest any more.
constexpr int64_t kLongestMs = 3'600'000;
struct NeverAtRest {};

SimBroker::Options BrokerOptions(const Plan& plan) {
  SimBroker::Options options;
  options.partitions = plan.partitions;
  options.start_ms = kEpochMs;
  // Half of the runs long enough for snapshots to be used, half so short that old ones
  // would bring back the dead.
  options.tombstones_ms = plan.seed % 2 == 0 ? 20'000 : 1'000;
  return options;
}

runtime::WorkerOptions DrawWorkerOptions(Random random, int32_t partitions) {
  runtime::WorkerOptions options;
  options.input_topic = "input";
  options.input_partitions = partitions;
  options.batch_records = static_cast<size_t>(random.Draw(1, 12));
  options.commit_records = static_cast<size_t>(random.Draw(1, 24));
  options.commit_interval = absl::Milliseconds(random.Draw(1, 200));
  options.tick_interval = absl::Milliseconds(random.Draw(1, 200));
  const bool every_commit = random.Percent(20);
  options.checkpoint.interval = absl::Milliseconds(every_commit ? 0 : random.Draw(1, 4000));
  options.checkpoint.max_replay_records = random.Percent(50) ? random.Draw(1, 40) : 100'000;
  options.snapshots.interval = absl::Milliseconds(random.Draw(100, 4000));
  options.snapshots.piece_bytes = static_cast<size_t>(random.Draw(1, 400));
  options.revoke_budget = absl::Seconds(random.Percent(50) ? 0 : 5);
  return options;
}

// Of what concerns links between customers, so that all else is as it would be without.
Random LinkedRandom(const Plan& plan) { return Random(plan.seed ^ 0x6C6F6F74U); }

publish::Policy PolicyOf(const Plan& plan) {
  publish::Policy policy = SmallPolicy();
  if (plan.own_policy) policy = Varied(std::move(policy), Random(plan.seed ^ 0x72756C65U));
  LinkCustomers(plan.linking, LinkedRandom(plan), policy);
  return policy;
}

std::optional<LinkedCustomers> CustomersOf(const Plan& plan) {
  if (plan.linking == Linking::kNone) return std::nullopt;
  return LinkedCustomers(plan.linking, LinkedRandom(plan).Fork());
}

}  // namespace

void Coverage::Add(const Coverage& other) {
  records += other.records;
  ticks += other.ticks;
  outputs += other.outputs;
  exchanged.Add(other.exchanged);
  commits += other.commits;
  aborts += other.aborts;
  unknown_outcomes += other.unknown_outcomes;
  producers += other.producers;
  lives += other.lives;
  fenced += other.fenced;
  crashes += other.crashes;
  steps += other.steps;
}

Simulation::Simulation(const Plan& plan)
    : plan_(plan),
      random_(plan.seed),
      policy_(PolicyOf(plan)),
      broker_(BrokerOptions(plan), random_.Fork()),
      network_(broker_, *this),
      workload_(random_.Fork(), plan.records, CustomersOf(plan), plan.policies),
      worker_options_(DrawWorkerOptions(random_.Fork(), plan.partitions)) {
  worker_options_.compile_policy = [this](const v1::PolicyRecord& record) {
    return CompileVaried(policy_, record);
  };
  for (int i = 0; i < plan.workers; ++i) {
    Slot& slot = *slots_.emplace_back(std::make_unique<Slot>());
    slot.identity.slot = i;
    if (plan.static_members) slot.identity.instance = absl::StrCat("instance-", i);
  }
}

void Simulation::Tell(int slot, const std::string& what) const {
  if (!trace_) return;
  trace_(absl::StrCat("step ", step_, ", ", broker_.now_ms() - kEpochMs, " ms, worker ", slot, ": ",
                      what));
}

bool Simulation::Runs(const Slot& slot) const {
  return slot.process != nullptr && !slot.held_up && slot.paused_until <= step_;
}

void Simulation::Pass(int64_t ms) {
  if (broker_.now_ms() - kEpochMs > kLongestMs) throw NeverAtRest();
  for (const std::unique_ptr<Slot>& slot : slots_) {
    if (Runs(*slot)) slot->process->Heartbeat();
  }
  broker_.Advance(ms);
  runtime::ForbiddenClockMs() = broker_.now_ms();
  network_.Advance();
}

void Simulation::StartDue() {
  for (const std::unique_ptr<Slot>& slot : slots_) {
    if (slot->process != nullptr || slot->held_up || slot->twin) continue;
    if (slot->restart_step <= step_) Start(*slot);
  }
}

void Simulation::Start(Slot& slot) {
  if (!slot.twin) {
    slot.identity.transactional_id = absl::StrCat("worker-", slot.identity.slot);
    if (plan_.fresh_ids) absl::StrAppend(&slot.identity.transactional_id, "-", lives_);
  }
  ++lives_;
  slot.paused_until = 0;
  slot.doomed = false;
  Process::Voices voices;
  voices.defect = [this](const std::string& defect) { verdict_.violations.push_back(defect); };
  voices.news = [this, number = slot.identity.slot](const std::string& news) {
    Tell(number, news);
  };
  slot.process = std::make_unique<Process>(network_, slot.disk, plan_.pipeline, worker_options_,
                                           policy_, slot.identity, std::move(voices));
  Tell(slot.identity.slot, "starts");
}

void Simulation::Step() {
  ++step_;
  while (next_fault_ < plan_.faults.size() && plan_.faults[next_fault_].step <= step_) {
    Strike(plan_.faults[next_fault_++]);
  }
  StartDue();
  const int64_t what = random_.Draw(0, 99);
  if (what < 55) {
    Turn(static_cast<size_t>(random_.Draw(0, static_cast<int64_t>(slots_.size()) - 1)));
  } else if (what < 97) {
    for (int64_t i = random_.Draw(1, 2); i > 0 && !workload_.done(); --i) {
      Produce(workload_.Next(broker_.now_ms()));
    }
  } else {
    Idle();
  }
  Pass(random_.Draw(0, 20));
}

void Simulation::Produce(const SharedPayload& payload) {
  const auto append = [&](int32_t partition) {
    broker_.log(publish::Topic::kInput, partition).Append(payload, broker_.now_ms());
  };
  if (payload->has_key) return append(publish::PartitionFor(payload->key, plan_.partitions));
  for (int32_t partition = 0; partition < plan_.partitions; ++partition) append(partition);
}

// Nobody calls for a while, and the workers go on turning.
void Simulation::Idle() {
  for (int64_t i = random_.Draw(1, 8); i > 0; --i) {
    Pass(random_.Draw(50, 300));
    for (size_t number = 0; number < slots_.size(); ++number) Turn(number);
  }
}

void Simulation::Turn(size_t number) {
  Slot& slot = *slots_[number];
  if (!Runs(slot)) return;
  try {
    const absl::StatusOr<size_t> records = slot.process->Turn();
    taken_ += static_cast<int64_t>(records.value_or(0));
    Judge(slot, records.status());
  } catch (const WorkerDied&) {
    Kill(slot, random_.Draw(1, 60));
  }
}

void Simulation::Stop(Slot& slot) {
  try {
    const absl::Status status = slot.process->Stop();
    Judge(slot, status);
    if (!status.ok()) return;
    NoteStats(*slot.process);
    slot.process.reset();
  } catch (const WorkerDied&) {
    Kill(slot, 1);
  }
}

// A process whose worker ends with an error exits and is started again.
void Simulation::Judge(Slot& slot, const absl::Status& status) {
  if (status.ok()) return;
  Tell(slot.identity.slot, "ends with " + status.ToString());
  const bool expected = absl::IsFailedPrecondition(status) || absl::IsAborted(status);
  if (!expected) verdict_.violations.push_back(absl::StrCat("a worker ended: ", status.ToString()));
  if (absl::IsFailedPrecondition(status)) ++verdict_.coverage.fenced;
  NoteStats(*slot.process);
  slot.process.reset();
  slot.restart_step = step_ + 5;
}

// No more faults: everything that is due gets done, and then nothing happens any more.
void Simulation::Rest() {
  next_fault_ = plan_.faults.size();
  network_.Calm();
  Tell(-1, "no more faults");
  for (const std::unique_ptr<Slot>& slot : slots_) {
    slot->paused_until = 0;
    slot->disk.MakeRoom();
    if (slot->twin) Kill(*slot, 0);
  }
  constexpr int64_t kRoundMs = 300;
  // Longer than any window or transaction, and than it takes until all members but the
  // last are thrown out for their silence, one after the other.
  const int64_t quiet_rounds = 15 + static_cast<int64_t>(slots_.size() + 1) *
                                        broker_.options().session_timeout_ms / kRoundMs;
  int64_t done = -1;
  for (int64_t quiet = 0; quiet < quiet_rounds; ++quiet) {
    step_ += 5;
    StartDue();
    for (size_t number = 0; number < slots_.size(); ++number) Turn(number);
    Pass(kRoundMs);
    const int64_t so_far = broker_.Written() + taken_ + lives_;
    if (std::exchange(done, so_far) != so_far) quiet = 0;
  }
}

void Simulation::StopAll() {
  for (const std::unique_ptr<Slot>& slot : slots_) {
    if (slot->process != nullptr) Stop(*slot);
  }
  // The last markers.
  Pass(broker_.options().transactions.max_marker_delay_ms);
}

void Simulation::NoteStats(const Process& process) {
  const runtime::TransactionalSink::Stats& stats = process.sink_stats();
  Coverage& coverage = verdict_.coverage;
  coverage.commits += stats.commits;
  coverage.aborts += stats.aborts;
  coverage.unknown_outcomes += stats.unknown_outcomes;
  coverage.producers += stats.producers;
}

Verdict Simulation::Run() {
  try {
    while (step_ < plan_.steps) Step();
    Rest();
    StopAll();
  } catch (const NeverAtRest&) {
    verdict_.violations.emplace_back("the workers never come to rest");
  }
  const runtime::Mutation chosen = runtime::ChosenMutation();
  if (!judge_errs_) runtime::ChosenMutation() = runtime::Mutation::kNone;
  OracleCounts counts;
  for (std::string& violation :
       simulation::Judge(broker_, plan_.pipeline, policy_, worker_options_.limits, &counts)) {
    verdict_.violations.push_back(std::move(violation));
  }
  runtime::ChosenMutation() = chosen;
  verdict_.coverage.records = counts.records;
  verdict_.coverage.ticks = counts.ticks;
  verdict_.coverage.outputs = counts.outputs;
  verdict_.coverage.exchanged = counts.exchanged;
  verdict_.coverage.lives = lives_;
  verdict_.coverage.steps = step_;
  verdict_.digest = Digest();
  return std::move(verdict_);
}

uint64_t Simulation::Digest() const {
  uint64_t digest = 0;
  const auto mix = [&digest](uint64_t value) { digest = Random(digest ^ value).Next(); };
  for (size_t topic = 0; topic < publish::kTopicCount; ++topic) {
    for (int32_t partition = 0; partition < plan_.partitions; ++partition) {
      const TopicLog& log = broker_.log(static_cast<publish::Topic>(topic), partition);
      int64_t position = 0;
      while (const TopicLog::Record* record = log.NextCommitted(&position)) {
        mix(static_cast<uint64_t>(record->offset));
        mix(static_cast<uint64_t>(record->timestamp_ms));
        mix(record->payload->value.size());
      }
      mix(static_cast<uint64_t>(log.end()));
    }
  }
  return digest;
}

}  // namespace peakend::simulation
