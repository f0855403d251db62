// One member of the group with a transactional producer, as a worker has them.
#ifndef PEAKEND_TESTS_KAFKA_KAFKA_MEMBER_H_
#define PEAKEND_TESTS_KAFKA_KAFKA_MEMBER_H_

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "processors/publish/output.h"
#include "processors/runtime/kafka_source.h"
#include "processors/runtime/kafka_transaction_client.h"
#include "tests/kafka/kafka_cluster.h"
#include "tests/runtime/kafka_partitions.h"

namespace peakend::runtime {

// Repeats `call` while it says kRetry.
inline TransactionAnswer Insist(const std::function<TransactionAnswer()>& call) {
  const absl::Time deadline = absl::Now() + kTestLimit;
  TransactionAnswer answer = call();
  while (answer.kind == TransactionAnswer::Kind::kRetry && absl::Now() < deadline) answer = call();
  return answer;
}

struct KafkaMember {
  explicit KafkaMember(const v1::Config& config) {
    auto opened = KafkaSource::Open(config, nullptr);
    EXPECT_TRUE(opened.ok()) << opened.status();
    source = *std::move(opened);
    auto made =
        KafkaTransactionClient::Open(config, source.get(), [this](int, std::string_view line) {
          if (line.find("undeliverable") != std::string_view::npos) lines.emplace_back(line);
        });
    EXPECT_TRUE(made.ok()) << made.status();
    client = *std::move(made);
  }

  void Join(size_t count) {
    EXPECT_TRUE(source->Subscribe(&partitions).ok());
    PollUntil([&] { return partitions.owned.size() == count; });
  }
  void PollUntil(const std::function<bool()>& done) {
    const absl::Time deadline = absl::Now() + kTestLimit;
    while (!done() && absl::Now() < deadline) {
      const auto records = source->Poll(absl::Milliseconds(5), 100);
      ASSERT_TRUE(records.ok()) << records.status();
    }
    ASSERT_TRUE(done());
  }
  void Start() {
    const TransactionAnswer answer = Insist([&] { return client->Start(); });
    ASSERT_TRUE(answer.ok()) << answer.message;
  }
  void Produce(publish::Topic topic, int32_t partition, const std::string& value) {
    publish::Output output;
    output.topic = topic;
    output.partition = partition;
    output.key = "key";
    output.value = value;
    const TransactionAnswer answer = client->Produce(output);
    ASSERT_TRUE(answer.ok()) << answer.message;
  }

  KafkaPartitionsSeen partitions;
  std::vector<std::string> lines;  // about undeliverable outputs
  std::unique_ptr<KafkaSource> source;
  std::unique_ptr<KafkaTransactionClient> client;
};

}  // namespace peakend::runtime

#endif  // PEAKEND_TESTS_KAFKA_KAFKA_MEMBER_H_
