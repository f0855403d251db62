// Two members of one group on a real broker: partitions move, work is not lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "processors/runtime/kafka_source.h"
#include "tests/kafka/kafka_cluster.h"
#include "tests/runtime/kafka_partitions.h"

namespace peakend::runtime {
namespace {

using testing::SizeIs;

// Reads from what was committed and commits when it must give partitions up.
struct Member {
  void Open(const v1::Config& config) {
    auto opened = KafkaSource::Open(config, nullptr);
    ASSERT_TRUE(opened.ok()) << opened.status();
    source = *std::move(opened);
    partitions.start = [this](int32_t partition) {
      const int64_t committed = source->Committed(partition).value_or(kNothingCommitted);
      return committed == kNothingCommitted ? kBeginning : committed;
    };
    partitions.before_revoke = [this](bool lost) {
      if (!lost) {
        EXPECT_TRUE(source->CommitPositions(positions).ok());
      }
      positions.clear();
    };
    ASSERT_TRUE(source->Subscribe(&partitions).ok());
  }
  void Poll() {
    const auto records = source->Poll(absl::Milliseconds(5), 100);
    ASSERT_TRUE(records.ok()) << records.status();
    for (const InputRecord& record : *records) {
      EXPECT_TRUE(partitions.owned.contains(record.partition));
      ++reads;
      positions[record.partition] = record.offset + 1;
    }
  }

  KafkaPartitionsSeen partitions;
  Positions positions;
  size_t reads = 0;
  std::unique_ptr<KafkaSource> source;  // last, because it calls the others
};

template <typename Done>
void PollUntil(const std::vector<Member*>& members, Done done) {
  const absl::Time deadline = absl::Now() + kTestLimit;
  while (!done() && absl::Now() < deadline) {
    for (Member* member : members) member->Poll();
  }
  ASSERT_TRUE(done());
}

class KafkaRebalanceTest : public KafkaClusterTest {
 protected:
  void Send(int records) {
    auto producer = Producer(input());
    for (int i = 0; i < records; ++i) {
      ProducedRecord record;
      record.value = "event";
      record.partition = i % kPartitions;
      ASSERT_TRUE(producer->Send(record).ok());
    }
    ASSERT_TRUE(producer->Flush(kTestLimit).ok());
  }
};

TEST_F(KafkaRebalanceTest, PartitionsMoveAndNothingIsReadTwice) {
  Send(400);
  Member first;
  ASSERT_NO_FATAL_FAILURE(first.Open(config_));
  PollUntil({&first}, [&] { return first.reads == 400; });
  EXPECT_THAT(first.partitions.owned, SizeIs(kPartitions));

  Member second;
  ASSERT_NO_FATAL_FAILURE(second.Open(config_));
  PollUntil({&first, &second}, [&] {
    return first.partitions.owned.size() == 2 && second.partitions.owned.size() == 2;
  });
  Send(400);
  PollUntil({&first, &second}, [&] { return first.reads + second.reads >= 800; });
  EXPECT_EQ(first.reads + second.reads, 800u);
  EXPECT_EQ(second.reads, 200u);

  // What one gives up, the other takes over where it stopped.
  EXPECT_TRUE(second.source->Close().ok());
  PollUntil({&first}, [&] { return first.partitions.owned.size() == kPartitions; });
  Send(400);
  PollUntil({&first}, [&] { return first.reads + second.reads >= 1200; });
  EXPECT_EQ(first.reads + second.reads, 1200u);
  EXPECT_TRUE(first.source->Close().ok());
}

TEST_F(KafkaRebalanceTest, ACrashedMemberIsReplacedAndItsWorkRepeated) {
  Send(400);
  {
    Member crashed;
    ASSERT_NO_FATAL_FAILURE(crashed.Open(config_));
    PollUntil({&crashed}, [&] { return crashed.reads == 400; });
  }
  Member next;
  ASSERT_NO_FATAL_FAILURE(next.Open(config_));
  PollUntil({&next}, [&] { return next.reads == 400; });
}

TEST_F(KafkaRebalanceTest, AStaticMemberComesBackWithoutReadingTwice) {
  config_.mutable_kafka()->set_group_instance_id("worker-0");
  Send(4);
  {
    Member member;
    ASSERT_NO_FATAL_FAILURE(member.Open(config_));
    PollUntil({&member}, [&] { return member.reads == 4; });
    EXPECT_TRUE(member.source->Close().ok());
  }
  Member again;
  ASSERT_NO_FATAL_FAILURE(again.Open(config_));
  Send(4);
  PollUntil({&again}, [&] { return again.reads >= 4; });
  EXPECT_EQ(again.reads, 4u);
}

TEST_F(KafkaRebalanceTest, ASecondProcessWithTheSameInstanceIdEndsTheFirst) {
  config_.mutable_kafka()->set_group_instance_id("worker-0");
  Send(4);
  Member first;
  ASSERT_NO_FATAL_FAILURE(first.Open(config_));
  PollUntil({&first}, [&] { return first.reads == 4; });
  Member second;
  ASSERT_NO_FATAL_FAILURE(second.Open(config_));
  absl::Status ended;
  const absl::Time deadline = absl::Now() + kTestLimit;
  while (ended.ok() && absl::Now() < deadline) {
    second.Poll();
    ended = first.source->Poll(absl::Milliseconds(5), 100).status();
  }
  EXPECT_EQ(ended.code(), absl::StatusCode::kFailedPrecondition) << ended;
}

}  // namespace
}  // namespace peakend::runtime
