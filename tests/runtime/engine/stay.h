// One stay of a worker in the group, over a log in memory.
//
// Thread-safety: none. The clock goes on by 5 ms a turn.
#ifndef PEAKEND_TESTS_RUNTIME_ENGINE_STAY_H_
#define PEAKEND_TESTS_RUNTIME_ENGINE_STAY_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "processors/runtime/memory_log.h"
#include "processors/runtime/worker.h"

namespace peakend::runtime {

struct Stay {
  Stay(MemoryLog& log, Progress& progress, const publish::Policy& policy, WorkerOptions options,
       WorkerHooks hooks, std::vector<int32_t> partitions = {0, 1})
      : reader(log, std::move(partitions)),
        worker(
            In(log, std::move(options)), policy, {reader, log, progress, &log},
            [this] { return absl::UnixEpoch() + absl::Milliseconds(5) * turns; },
            std::move(hooks)) {
    reader.Listen(worker);
  }
  Stay(const Stay&) = delete;

  static WorkerOptions Options(size_t batch_records, absl::Duration checkpoint_interval) {
    WorkerOptions options;
    options.batch_records = batch_records;
    options.commit_records = batch_records;
    options.input_topic = "events";
    // The memory log has no transactions.
    options.exactly_once = false;
    options.checkpoint.interval = checkpoint_interval;
    options.tick_interval = absl::InfiniteDuration();
    options.restore_tries = 5;
    return options;
  }

  static WorkerOptions In(const MemoryLog& log, WorkerOptions options) {
    options.input_partitions = log.partitions();
    return options;
  }

  // Returns how many records were read.
  size_t Turn() {
    ++turns;
    const absl::StatusOr<size_t> records = worker.RunOnce();
    EXPECT_TRUE(records.ok()) << records.status();
    return records.value_or(0);
  }

  // Till all is read and committed.
  void RunToTheEnd() {
    while (Turn() > 0) {
    }
    EXPECT_TRUE(worker.Commit().ok());
  }

  MemoryReader reader;
  int turns = 0;
  Worker worker;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_TESTS_RUNTIME_ENGINE_STAY_H_
