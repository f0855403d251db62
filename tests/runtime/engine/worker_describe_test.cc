// What a worker says about a customer is what any other worker restores at that offset,
// and it says nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "processors/publish/customer_inspection.h"
#include "processors/runtime/worker.h"
#include "tests/durations.h"
#include "tests/runtime/engine/stay.h"
#include "tests/runtime/engine/stream.h"

namespace peakend::runtime {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kCustomers = 6;

std::string Key(int customer) { return "acme/c" + std::to_string(customer); }

// The first `count` turns of a long story: bad contacts of some customers, day after day.
// Customer n is in partition n % 2.
void FillLog(MemoryLog& log, int count) {
  for (int n = 0; n < count; ++n) {
    const int customer = (n * 5 + n / 7) % kCustomers;
    const int64_t day = n / 9;
    const v1::InteractionEvent event =
        CustomerTurn("e" + std::to_string(n), "c" + std::to_string(customer),
                     "k" + std::to_string(day), day * kDay + n, n % 3 - 1);
    MemoryLog::Record record;
    record.offset = -1;
    record.key = Key(customer);
    record.value = event.SerializeAsString();
    log.Append(customer % log.partitions(), std::move(record));
  }
}

// Asks about everybody whenever it can be asked.
struct AskedStay : Stay {
  AskedStay(MemoryLog& log, const publish::Policy& policy, size_t batch_records,
            std::vector<int32_t> partitions = {0, 1})
      : Stay(log, log, policy, Options(batch_records, absl::Milliseconds(40)), Hooks(),
             std::move(partitions)) {}
  WorkerHooks Hooks() {
    WorkerHooks hooks;
    hooks.on_batch = [this](const BatchReport& report) {
      replayed = replayed || report.replay_left > 0;
      if (report.records > 0) in_batch.Update(worker.Describe(Key(0)).status());
    };
    hooks.on_settled = [this](Worker& settled) {
      ++settles;
      for (int i = 0; i < kCustomers; ++i) {
        said.insert_or_assign(Key(i), settled.Describe(Key(i)));
      }
    };
    hooks.on_digest_difference = [](int32_t partition) { ADD_FAILURE() << partition; };
    return hooks;
  }
  // And not so long that all state is written.
  void RunAndAsk() {
    RunToTheEnd();
    Turn();
  }

  int settles = 0;
  bool replayed = false;
  absl::Status in_batch;
  std::map<std::string, absl::StatusOr<CommittedRecord>> said;
};

class WorkerDescribeTest : public testing::Test {
 protected:
  const publish::Policy policy_ = DefaultPolicy();
};

TEST_F(WorkerDescribeTest, SaysWhatAnotherWorkerRestoresAtThatOffset) {
  int replays = 0;
  for (int count = 0; count <= 120; count += 3) {
    MemoryLog log(2);
    FillLog(log, count);
    std::map<std::string, absl::StatusOr<CommittedRecord>> expected;
    {
      AskedStay crashed(log, policy_, 4);
      crashed.RunAndAsk();
      expected = crashed.said;
    }
    AskedStay next(log, policy_, 1);
    next.RunAndAsk();
    replays += next.replayed ? 1 : 0;
    for (const auto& [key, before] : expected) {
      const absl::StatusOr<CommittedRecord>& after = next.said.at(key);
      ASSERT_EQ(after.status().code(), before.status().code()) << key << " " << count;
      if (!before.ok()) continue;
      EXPECT_EQ(before->partition, (key.back() - '0') % 2);
      EXPECT_EQ(before->committed_offset, *log.Committed(before->partition));
      EXPECT_EQ(after->committed_offset, before->committed_offset);
      EXPECT_EQ(after->value, before->value) << key << " " << count;
      const auto shown = publish::InspectCustomer(key, before->value);
      ASSERT_TRUE(shown.ok()) << shown.status();
      EXPECT_EQ(shown->applied_offset(), before->committed_offset - 1);
    }
  }
  EXPECT_GT(replays, 10) << "else nothing was restored by replaying";
}

TEST_F(WorkerDescribeTest, IsAskedOnlyWhenAllIsCommitted) {
  MemoryLog log(2);
  FillLog(log, 20);
  log.FailCommits(2);
  AskedStay stay(log, policy_, 4);
  stay.Turn();
  stay.Turn();
  EXPECT_EQ(stay.settles, 0);
  EXPECT_EQ(stay.in_batch.code(), absl::StatusCode::kUnavailable);
  stay.Turn();
  EXPECT_EQ(stay.settles, 1);
  EXPECT_TRUE(stay.said.at(Key(0)).ok()) << stay.said.at(Key(0)).status();
  stay.RunAndAsk();
  const int settles = stay.settles;
  stay.Turn();
  EXPECT_EQ(stay.settles, settles + 1) << "an idle worker answers, too";
}

TEST_F(WorkerDescribeTest, IsNotReadyWhileReplaying) {
  MemoryLog log(2);
  FillLog(log, 40);
  {
    AskedStay crashed(log, policy_, 40);
    crashed.Turn();
  }
  ASSERT_GT(*log.Committed(0), 2);
  AskedStay next(log, policy_, 1);
  next.Turn();
  ASSERT_TRUE(next.replayed);
  ASSERT_EQ(next.settles, 1);
  for (const auto& [key, found] : next.said) {
    EXPECT_EQ(found.status().code(), absl::StatusCode::kUnavailable);
    EXPECT_THAT(std::string(found.status().message()),
                AllOf(HasSubstr("replaying, in partitions 0, 1"), Not(HasSubstr("acme"))));
  }
  next.RunAndAsk();
  for (const auto& [key, found] : next.said) EXPECT_TRUE(found.ok()) << key << found.status();
}

TEST_F(WorkerDescribeTest, NamesItsPartitionsWhenItDoesNotKnowThem) {
  MemoryLog log(2);
  FillLog(log, 40);
  AskedStay stay(log, policy_, 4, {1});
  stay.RunAndAsk();
  EXPECT_TRUE(stay.said.at(Key(1)).ok());
  const absl::Status status = stay.said.at(Key(0)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("partitions of this worker, 1;"), HasSubstr("another worker may"),
                    Not(HasSubstr("acme"))));
  AskedStay none(log, policy_, 4, {});
  none.Turn();
  EXPECT_THAT(std::string(none.said.at(Key(0)).status().message()),
              HasSubstr("owns no partitions"));
}

}  // namespace
}  // namespace peakend::runtime
