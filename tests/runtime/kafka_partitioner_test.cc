// Our partitions are those of other clients: librdkafka's own partitioner agrees.
#include <gtest/gtest.h>

#include <string>

#include "processors/publish/partitioner.h"
#include "processors/runtime/kafka_handle.h"

namespace peakend::runtime {
namespace {

TEST(KafkaPartitioner, AgreesWithLibrdkafka) {
  const KafkaHandle kafka(rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), nullptr, 0));
  ASSERT_NE(kafka, nullptr);
  const KafkaTopic topic(rd_kafka_topic_new(kafka.get(), "any", nullptr));
  for (int i = 0; i < 1000; ++i) {
    const std::string key = std::string(static_cast<size_t>(i % 23), '\xc3') + std::to_string(i);
    EXPECT_EQ(
        publish::PartitionFor(key, 7),
        rd_kafka_msg_partitioner_murmur2(topic.get(), key.data(), key.size(), 7, nullptr, nullptr))
        << i;
  }
}

}  // namespace
}  // namespace peakend::runtime
