// A real Apache Kafka for tests: its address, and topics of one's own in it.
//
// The address comes from PEAKEND_TEST_KAFKA; without it every test fails and says
// how to run it, because a test that silently does nothing proves nothing.
#ifndef PEAKEND_TESTS_KAFKA_KAFKA_CLUSTER_H_
#define PEAKEND_TESTS_KAFKA_KAFKA_CLUSTER_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "peakend/v1/config.pb.h"
#include "processors/runtime/kafka_producer.h"
#include "processors/runtime/kafka_reader.h"

namespace peakend::runtime {

inline constexpr absl::Duration kTestLimit = absl::Seconds(60);

// The cluster, group and topics of `config` as `NAME=VALUE`, for a program's -X.
std::vector<std::string> ClusterSettings(const v1::Config& config);

class KafkaClusterTest : public testing::Test {
 protected:
  // Topics and group of this test alone, kPartitions each, already created.
  void SetUp() override;

  const std::string& input() const { return config_.topics().interaction_events().name(); }
  std::unique_ptr<KafkaProducer> Producer(const std::string& topic);
  // Everything that stands in `topic` now.
  std::vector<StoredRecord> Stored(const std::string& topic);
  // Until the first record of partition 0 of `topic` is there, of an open transaction too.
  void AwaitFirstRecord(const std::string& topic);

  static constexpr int kPartitions = 4;
  v1::Config config_;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_TESTS_KAFKA_KAFKA_CLUSTER_H_
