// The loop of poll, process, append and commit: what is repeated after a failure
// and what can never go missing.
#include "processors/runtime/worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/durations.h"
#include "tests/runtime/engine/stay.h"
#include "tests/runtime/engine/stream.h"

namespace peakend::runtime {
namespace {

using Rows = std::multiset<std::tuple<publish::Topic, std::string, std::string>>;

Rows RowsOf(const std::vector<MemoryLog::Written>& outputs) {
  Rows rows;
  for (const MemoryLog::Written& written : outputs) {
    rows.insert({written.topic, written.key, written.value});
  }
  return rows;
}

std::set<Rows::value_type> Distinct(const Rows& rows) { return {rows.begin(), rows.end()}; }

// Twelve customers over ten days, each with a bad contact every other day.
void FillLog(MemoryLog& log) {
  int n = 0;
  for (int day = 0; day < 10; day += 2) {
    for (int customer = 0; customer < 12; ++customer) {
      for (int turn = 0; turn < 3; ++turn) {
        const std::string who = "c" + std::to_string(customer);
        const std::string id = "e" + std::to_string(++n);
        const v1::InteractionEvent event =
            CustomerTurn(id, who, "k" + std::to_string(day), day * kDay + n, turn - 1);
        MemoryLog::Record record;
        record.offset = -1;
        record.key = "acme/" + who;
        record.value = event.SerializeAsString();
        log.Append(customer % log.partitions(), std::move(record));
      }
    }
  }
}

// Answers from the log, except while it is told not to.
class FlakyProgress : public Progress {
 public:
  explicit FlakyProgress(MemoryLog& log) : log_(log) {}
  absl::StatusOr<int64_t> Committed(int32_t partition) override {
    if (down) return absl::UnavailableError("no answer");
    return log_.Committed(partition);
  }
  bool down = false;

 private:
  MemoryLog& log_;
};

// Counts what the worker says of itself.
struct CountedStay : Stay {
  CountedStay(MemoryLog& log, const publish::Policy& policy, size_t batch_records = 7)
      : CountedStay(log, policy, log, batch_records) {}
  CountedStay(MemoryLog& log, const publish::Policy& policy, Progress& progress,
              size_t batch_records = 7)
      : Stay(log, progress, policy, Options(batch_records), Hooks()) {}
  static WorkerOptions Options(size_t batch_records) {
    return Stay::Options(batch_records, absl::Milliseconds(20));
  }
  WorkerHooks Hooks() {
    WorkerHooks hooks;
    hooks.on_batch = [this](const BatchReport& report) {
      replay_left = report.replay_left;
      unwritten = report.stats.customers_unwritten;
    };
    hooks.on_retry = [this](const absl::Status&) { ++retries; };
    hooks.on_pause = [this] {
      if (pause) pause();
    };
    hooks.on_digest_difference = [](int32_t partition) { ADD_FAILURE() << partition; };
    return hooks;
  }

  int retries = 0;
  int64_t replay_left = 0;
  int64_t unwritten = 0;
  std::function<void()> pause;
};

class WorkerTest : public testing::Test {
 protected:
  WorkerTest() { FillLog(log_); }
  int64_t Committed(int32_t partition) { return std::max<int64_t>(0, *log_.Committed(partition)); }
  int64_t End(int32_t partition) { return log_.input(partition).back().offset + 1; }
  // What one undisturbed worker writes.
  Rows Undisturbed() {
    MemoryLog log(log_.partitions());
    FillLog(log);
    CountedStay stay(log, policy_);
    stay.RunToTheEnd();
    return RowsOf(log.outputs());
  }

  const publish::Policy policy_ = DefaultPolicy();
  MemoryLog log_{2};
};

TEST_F(WorkerTest, CommitsWhatItProcessed) {
  CountedStay stay(log_, policy_);
  stay.RunToTheEnd();
  EXPECT_EQ(Committed(0), End(0));
  EXPECT_EQ(Committed(1), End(1));
  EXPECT_FALSE(log_.outputs().empty());
  EXPECT_EQ(stay.worker.stats().events_ok, 180);
}

// A sink that notes the order of calls.
class OrderedSink : public Sink {
 public:
  absl::Status Append(const publish::OutputBatch& outputs) override {
    appended += outputs.size();
    return absl::OkStatus();
  }
  absl::Status Commit(const Positions& positions) override {
    // The first one only starts the sink.
    if (!positions.empty()) commits.push_back({appended, positions});
    return absl::OkStatus();
  }
  void Forget(absl::Span<const int32_t> /*partitions*/) override {}
  size_t appended = 0;
  std::vector<std::pair<size_t, Positions>> commits;
};

TEST_F(WorkerTest, OutputsComeBeforeTheirPositions) {
  MemoryReader reader(log_, {0});
  OrderedSink sink;
  Worker worker(CountedStay::Options(1), policy_, {reader, sink, log_},
                [] { return absl::UnixEpoch(); }, {});
  reader.Listen(worker);
  for (size_t i = 0; i < log_.input(0).size(); ++i) {
    ASSERT_TRUE(worker.RunOnce().ok());
    ASSERT_EQ(sink.commits.size(), i + 1);
    EXPECT_EQ(sink.commits.back().first, sink.appended);
    EXPECT_EQ(sink.commits.back().second.at(0), static_cast<int64_t>(i) + 1);
  }
  EXPECT_GT(sink.appended, 0U);
}

TEST_F(WorkerTest, ACommitThatIsUnavailableIsTriedAfterTheNextPoll) {
  CountedStay stay(log_, policy_);
  log_.FailCommits(2);
  stay.Turn();
  stay.Turn();
  EXPECT_EQ(Committed(0) + Committed(1), 0);
  EXPECT_EQ(stay.retries, 2);
  stay.Turn();
  EXPECT_EQ(Committed(0) + Committed(1), 15) << "what is taken in meanwhile is bounded";
  stay.RunToTheEnd();
  EXPECT_EQ(RowsOf(log_.outputs()), Undisturbed()) << "nothing is written twice";
}

TEST_F(WorkerTest, ACrashAnywhereLosesNothingAndRepeatsTheSameBytes) {
  const Rows expected = Undisturbed();
  for (int turns = 0; turns < 27; ++turns) {
    MemoryLog log(2);
    FillLog(log);
    log.FailCommits(turns % 3);
    {
      CountedStay crashed(log, policy_);
      for (int i = 0; i < turns; ++i) crashed.Turn();
    }
    CountedStay next(log, policy_, 5);
    next.RunToTheEnd();
    const Rows rows = RowsOf(log.outputs());
    ASSERT_EQ(Distinct(rows), Distinct(expected)) << turns;
    ASSERT_GE(rows.size(), expected.size()) << turns;
  }
}

TEST_F(WorkerTest, TheCommittedPositionNeverGoesBack) {
  {
    CountedStay first(log_, policy_);
    for (int i = 0; i < 20; ++i) first.Turn();
  }
  int64_t before = Committed(0);
  ASSERT_GT(before, 50);
  CountedStay next(log_, policy_, 3);
  int64_t left = 1'000'000;
  while (next.Turn() > 0) {
    EXPECT_GE(Committed(0), before);
    before = Committed(0);
    EXPECT_LE(next.replay_left, left);
    left = next.replay_left;
  }
  EXPECT_EQ(left, 0);
  EXPECT_EQ(Committed(0), End(0));
}

TEST_F(WorkerTest, APartitionWaitsUntilItsCommittedPositionIsKnown) {
  {
    CountedStay first(log_, policy_);
    for (int i = 0; i < 20; ++i) first.Turn();
  }
  FlakyProgress progress(log_);
  progress.down = true;
  CountedStay next(log_, policy_, progress);
  next.pause = [&] { progress.down = next.retries < 3; };
  next.RunToTheEnd();
  EXPECT_EQ(next.retries, 3);
  EXPECT_EQ(Committed(0), End(0));
  EXPECT_EQ(RowsOf(log_.outputs()), Undisturbed());
}

TEST_F(WorkerTest, APositionThatStaysUnknownIsAnErrorNotZero) {
  FlakyProgress progress(log_);
  progress.down = true;
  CountedStay next(log_, policy_, progress);
  EXPECT_TRUE(absl::IsUnavailable(next.worker.RunOnce().status()));
}

TEST_F(WorkerTest, APartitionGivenUpIsCommittedAndForgotten) {
  CountedStay stay(log_, policy_);
  for (int i = 0; i < 6; ++i) stay.Turn();
  const int64_t customers = stay.worker.stats().customers;
  ASSERT_EQ(customers, 12);
  const int32_t gone[] = {1};
  stay.worker.OnRevoked(gone, false);
  const int64_t committed = Committed(1);
  EXPECT_GT(committed, 0);
  stay.RunToTheEnd();
  EXPECT_EQ(Committed(1), committed) << "somebody else's now";
  EXPECT_EQ(Committed(0), End(0));
  EXPECT_EQ(stay.worker.stats().customers, 6);
}

TEST_F(WorkerTest, ALostPartitionIsNotCommitted) {
  CountedStay stay(log_, policy_, 1000);
  stay.Turn();
  const int32_t gone[] = {1};
  stay.worker.OnRevoked(gone, true);
  ASSERT_TRUE(stay.worker.Commit().ok());
  EXPECT_EQ(Committed(1), 0);
  EXPECT_EQ(Committed(0), End(0));
}

TEST_F(WorkerTest, ARevokedPartitionComesBackAsItWas) {
  CountedStay stay(log_, policy_);
  for (int i = 0; i < 9; ++i) stay.Turn();
  ASSERT_TRUE(stay.reader.Close().ok());
  stay.RunToTheEnd();
  EXPECT_EQ(stay.replay_left, 0);
  EXPECT_EQ(RowsOf(log_.outputs()), Undisturbed());
}

TEST_F(WorkerTest, APartitionThatSomebodyElseMovedOnIsRestored) {
  CountedStay stay(log_, policy_);
  for (int i = 0; i < 9; ++i) stay.Turn();
  ASSERT_TRUE(stay.reader.Close().ok());
  {
    CountedStay other(log_, policy_);
    for (int i = 0; i < 3; ++i) other.Turn();
    ASSERT_TRUE(other.reader.Close().ok());
  }
  stay.RunToTheEnd();
  EXPECT_EQ(RowsOf(log_.outputs()), Undisturbed());
}

TEST_F(WorkerTest, StateIsWrittenWhereNothingComesAnyMore) {
  CountedStay stay(log_, policy_);
  stay.RunToTheEnd();
  ASSERT_TRUE(stay.worker.RunOnce().ok());
  // A turn is 5 ms, and nothing is committed more often than each 100 ms.
  for (int i = 0; i < 60; ++i) stay.Turn();
  EXPECT_EQ(stay.unwritten, 0);
}

TEST_F(WorkerTest, ATickMakesTimePassWhereNothingComes) {
  CountedStay stay(log_, policy_);
  stay.RunToTheEnd();
  const int64_t closed = stay.worker.stats().journeys_closed;
  MemoryReader reader(log_);
  WorkerOptions options = CountedStay::Options(7);
  options.tick_interval = absl::Seconds(1);
  absl::Time now = absl::FromUnixMillis(kEpoch + 100 * kDay);
  Worker worker(options, policy_, {reader, log_, log_, &log_}, [&] { return now; }, {});
  reader.Listen(worker);
  log_.SetAppendTime(absl::ToUnixMillis(now));
  for (int i = 0; i < 10; ++i) {
    now += absl::Seconds(2);
    ASSERT_TRUE(worker.RunOnce().ok());
  }
  EXPECT_EQ(worker.stats().clock_ticks, 2) << "one for each partition: all is closed then";
  EXPECT_EQ(closed + worker.stats().journeys_closed, 12);
}

// Hands out each record twice, as a client at its worst might.
class StutteringSource : public Source {
 public:
  explicit StutteringSource(MemoryReader& reader) : reader_(reader) {}
  absl::StatusOr<absl::Span<const InputRecord>> Poll(absl::Duration wait, size_t max) override {
    const auto polled = reader_.Poll(wait, max);
    records_.clear();
    for (int round = 0; round < 2; ++round) {
      records_.insert(records_.end(), polled->begin(), polled->end());
    }
    return records_;
  }
  std::vector<publish::Header> Headers(const InputRecord& record) override {
    return reader_.Headers(record);
  }
  bool AtEnd(int32_t partition) override { return reader_.AtEnd(partition); }
  absl::StatusOr<int64_t> LogStart(int32_t partition) override {
    return reader_.LogStart(partition);
  }
  absl::Status Close() override { return reader_.Close(); }

 private:
  MemoryReader& reader_;
  std::vector<InputRecord> records_;
};

TEST_F(WorkerTest, AnOffsetSeenBeforeIsIgnored) {
  MemoryReader reader(log_);
  StutteringSource source(reader);
  Worker worker(CountedStay::Options(7), policy_, {source, log_, log_},
                [] { return absl::UnixEpoch(); }, {});
  reader.Listen(worker);
  while (*worker.RunOnce() > 0) {
  }
  EXPECT_EQ(RowsOf(log_.outputs()), Undisturbed());
  EXPECT_EQ(worker.stats().events_duplicate, 0);
}

TEST_F(WorkerTest, TheEndOfTheInputClosesEverything) {
  CountedStay stay(log_, policy_);
  stay.RunToTheEnd();
  ASSERT_TRUE(stay.worker.Finish().ok());
  EXPECT_EQ(stay.worker.stats().journeys_closed, 12);
}

}  // namespace
}  // namespace peakend::runtime
