#include "processors/runtime/kafka_outage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace peakend::runtime {
namespace {

using testing::HasSubstr;

constexpr absl::Time kStart = absl::UnixEpoch();

KafkaOutage Outage(const std::string& protocol = "") {
  v1::KafkaConfig kafka;
  kafka.set_bootstrap_servers("broker:9092");
  kafka.set_security_protocol(protocol);
  return KafkaOutage(kafka);
}

TEST(KafkaOutage, OneBrokerOfManyIsNoOutage) {
  KafkaOutage outage = Outage();
  outage.Saw(RD_KAFKA_RESP_ERR__TRANSPORT, "Connection refused");
  EXPECT_FALSE(outage.ongoing());
  EXPECT_EQ(outage.Report(kStart), std::nullopt);
}

TEST(KafkaOutage, NamesBrokerProtocolAndCause) {
  KafkaOutage outage = Outage();
  outage.Saw(RD_KAFKA_RESP_ERR__TRANSPORT, "Connect to ipv4#1.2.3.4 failed: Connection refused");
  outage.Saw(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, "1/1 brokers are down");
  const auto message = outage.Report(kStart);
  ASSERT_TRUE(message.has_value());
  EXPECT_THAT(*message, HasSubstr("broker:9092"));
  EXPECT_THAT(*message, HasSubstr("plaintext"));
  EXPECT_THAT(*message, HasSubstr("connection refused"));
}

TEST(KafkaOutage, SpeaksOnceInThirtySeconds) {
  KafkaOutage outage = Outage();
  outage.Saw(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, "");
  EXPECT_TRUE(outage.Report(kStart).has_value());
  outage.Saw(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, "");
  EXPECT_FALSE(outage.Report(kStart + absl::Seconds(29)).has_value());
  EXPECT_TRUE(outage.Report(kStart + absl::Seconds(30)).has_value());
}

TEST(KafkaOutage, TheNextOutageSpeaksAtOnce) {
  KafkaOutage outage = Outage();
  outage.Saw(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, "");
  EXPECT_TRUE(outage.Report(kStart).has_value());
  outage.BrokerAnswered();
  EXPECT_FALSE(outage.ongoing());
  outage.Saw(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, "");
  EXPECT_TRUE(outage.Report(kStart + absl::Seconds(1)).has_value());
}

TEST(KafkaOutage, ABrokersAnswerDoesNotMakeTheTopic) {
  KafkaOutage outage = Outage();
  outage.Saw(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, "");
  outage.BrokerAnswered();
  EXPECT_TRUE(outage.ongoing());
  EXPECT_THAT(outage.Message(), HasSubstr("peakend topics create"));
  outage.Over();
  EXPECT_FALSE(outage.ongoing());
}

TEST(KafkaOutage, TellsAWrongProtocolFromAWrongPassword) {
  KafkaOutage plaintext = Outage();
  plaintext.Saw(RD_KAFKA_RESP_ERR__TRANSPORT, "Disconnected while requesting ApiVersion");
  plaintext.Saw(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, "");
  EXPECT_THAT(plaintext.Message(), HasSubstr("may want TLS or SASL"));
  KafkaOutage sasl = Outage("sasl_ssl");
  sasl.Saw(RD_KAFKA_RESP_ERR__AUTHENTICATION, "SASL authentication failed");
  EXPECT_THAT(sasl.Message(), HasSubstr("sasl_password_file"));
}

}  // namespace
}  // namespace peakend::runtime
