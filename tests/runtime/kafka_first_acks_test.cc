// When a partition may take more than its first record.
#include "processors/runtime/kafka_first_acks.h"

#include <gtest/gtest.h>

namespace peakend::runtime {
namespace {

TEST(KafkaFirstAcks, NothingFollowsTheFirstBeforeItIsAcknowledged) {
  KafkaFirstAcks acks;
  EXPECT_FALSE(acks.Awaits(3));
  acks.Sent(3);
  EXPECT_TRUE(acks.Awaits(3));
  EXPECT_FALSE(acks.Awaits(2)) << "each partition for itself";
  acks.Answered(3, true);
  acks.Sent(3);
  EXPECT_FALSE(acks.Awaits(3));
}

TEST(KafkaFirstAcks, AfterARefusalTheNextIsTheFirst) {
  KafkaFirstAcks acks;
  acks.Sent(0);
  acks.Answered(0, false);
  EXPECT_FALSE(acks.Awaits(0));
  acks.Sent(0);
  EXPECT_TRUE(acks.Awaits(0));
}

TEST(KafkaFirstAcks, AnswersOfUnknownPartitionsMeanNothing) {
  KafkaFirstAcks acks;
  acks.Answered(7, true);
  acks.Answered(-1, true);
  EXPECT_FALSE(acks.Awaits(-1));
  acks.Sent(7);
  EXPECT_TRUE(acks.Awaits(7));
}

}  // namespace
}  // namespace peakend::runtime
