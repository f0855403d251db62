#include "processors/runtime/kafka_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <string>

#include "processors/runtime/kafka_version.h"

namespace peakend::runtime {
namespace {

v1::Config Minimal() {
  v1::Config config;
  config.mutable_kafka()->set_bootstrap_servers("broker:9092");
  config.mutable_kafka()->set_group_id("peakend");
  return config;
}

std::string Get(const KafkaConf& conf, const std::string& name) {
  std::array<char, 512> value{};
  size_t size = value.size();
  EXPECT_EQ(rd_kafka_conf_get(conf.get(), name.c_str(), value.data(), &size), RD_KAFKA_CONF_OK)
      << name;
  return value.data();
}

TEST(KafkaSettings, WorkerNeverCommitsOrResetsByItself) {
  const auto conf = KafkaSettings(KafkaRole::kWorker, Minimal());
  ASSERT_TRUE(conf.ok()) << conf.status();
  EXPECT_EQ(Get(*conf, "enable.auto.commit"), "false");
  EXPECT_EQ(Get(*conf, "enable.auto.offset.store"), "false");
  EXPECT_EQ(Get(*conf, "auto.offset.reset"), "error");
  EXPECT_EQ(Get(*conf, "isolation.level"), "read_committed");
  EXPECT_EQ(Get(*conf, "partition.assignment.strategy"), "range");
}

TEST(KafkaSettings, ProducerNeverGivesUpOnABroker) {
  const auto conf = KafkaSettings(KafkaRole::kProducer, Minimal());
  ASSERT_TRUE(conf.ok()) << conf.status();
  EXPECT_EQ(Get(*conf, "enable.idempotence"), "true");
  EXPECT_EQ(Get(*conf, "message.timeout.ms"), "0");
  EXPECT_EQ(Get(*conf, "socket.nagle.disable"), "true");
}

TEST(KafkaSettings, ATransactionOutlivesItsRequestsAndRecords) {
  v1::Config config = Minimal();
  config.mutable_kafka()->mutable_transaction_timeout()->set_seconds(8);
  const auto conf = KafkaSettings(KafkaRole::kTransactionalProducer, config, "peakend-worker-0");
  ASSERT_TRUE(conf.ok()) << conf.status();
  EXPECT_EQ(Get(*conf, "transactional.id"), "peakend-worker-0");
  EXPECT_EQ(Get(*conf, "transaction.timeout.ms"), "8000");
  EXPECT_EQ(Get(*conf, "message.timeout.ms"), "8000");
  EXPECT_EQ(Get(*conf, "socket.timeout.ms"), "4000");
  EXPECT_EQ(Get(*conf, "acks"), "-1");
}

TEST(KafkaSettings, TakesTheQueueSizeThatTheLibraryNeeds) {
  v1::Config config = Minimal();
  config.mutable_kafka()->set_fetch_queue_bytes(2 << 20);
  config.mutable_kafka()->set_fetch_queue_bytes_before_2_2(8 << 20);
  const auto conf = KafkaSettings(KafkaRole::kWorker, config);
  ASSERT_TRUE(conf.ok()) << conf.status();
  EXPECT_EQ(Get(*conf, "queued.max.messages.kbytes"),
            KafkaHasFetchQueueBackoff() ? "2048" : "8192");
}

TEST(KafkaSettings, SessionTimeoutBoundsTheOthers) {
  v1::Config config = Minimal();
  config.mutable_kafka()->mutable_session_timeout()->set_seconds(1800);
  const auto long_session = KafkaSettings(KafkaRole::kWorker, config);
  ASSERT_TRUE(long_session.ok()) << long_session.status();
  EXPECT_EQ(Get(*long_session, "max.poll.interval.ms"), "1800000");
  config.mutable_kafka()->mutable_session_timeout()->set_seconds(6);
  const auto short_session = KafkaSettings(KafkaRole::kWorker, config);
  ASSERT_TRUE(short_session.ok()) << short_session.status();
  EXPECT_EQ(Get(*short_session, "heartbeat.interval.ms"), "2000");
}

TEST(KafkaSettings, PropertiesComeLastAndWin) {
  v1::Config config = Minimal();
  (*config.mutable_kafka()->mutable_properties())["fetch.wait.max.ms"] = "7";
  const auto conf = KafkaSettings(KafkaRole::kWorker, config);
  ASSERT_TRUE(conf.ok()) << conf.status();
  EXPECT_EQ(Get(*conf, "fetch.wait.max.ms"), "7");
}

TEST(KafkaSettings, NamesTheUnknownProperty) {
  v1::Config config = Minimal();
  (*config.mutable_kafka()->mutable_properties())["fetch.wiat.max.ms"] = "7";
  const auto conf = KafkaSettings(KafkaRole::kProducer, config);
  ASSERT_EQ(conf.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(conf.status().message()), testing::HasSubstr("fetch.wiat.max.ms"));
}

TEST(KafkaSettings, KeepsTheBadValueToItself) {
  v1::Config config = Minimal();
  (*config.mutable_kafka()->mutable_properties())["linger.ms"] = "hunter2";
  const auto conf = KafkaSettings(KafkaRole::kProducer, config);
  ASSERT_EQ(conf.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(conf.status().message()), testing::HasSubstr("linger.ms"));
  EXPECT_THAT(std::string(conf.status().message()), testing::Not(testing::HasSubstr("hunter2")));
}

TEST(KafkaSettings, RefusesWhatWouldBreakDelivery) {
  v1::Config config = Minimal();
  (*config.mutable_kafka()->mutable_properties())["enable.auto.commit"] = "true";
  EXPECT_EQ(KafkaSettings(KafkaRole::kWorker, config).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(KafkaSettings, ReadsThePasswordFromItsFile) {
  const std::string path = testing::TempDir() + "peakend-sasl-password";
  std::ofstream(path) << "s3cret\n";
  v1::Config config = Minimal();
  config.mutable_kafka()->set_security_protocol("sasl_plaintext");
  config.mutable_kafka()->set_sasl_mechanism("PLAIN");
  config.mutable_kafka()->set_sasl_username("user");
  config.mutable_kafka()->set_sasl_password_file(path);
  const auto conf = KafkaSettings(KafkaRole::kWorker, config);
  ASSERT_TRUE(conf.ok()) << conf.status();
  EXPECT_EQ(Get(*conf, "sasl.password"), "s3cret");

  config.mutable_kafka()->set_sasl_password_file(path + "-missing");
  EXPECT_EQ(KafkaSettings(KafkaRole::kWorker, config).status().code(), absl::StatusCode::kNotFound);
  config.mutable_kafka()->clear_sasl_mechanism();
  EXPECT_EQ(KafkaSettings(KafkaRole::kWorker, config).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace peakend::runtime
