#include "processors/cli/client_notes.h"

#include <gtest/gtest.h>

namespace peakend::cli {
namespace {

const ClientLibrary kOld = {"2.0.2", "gzip,snappy,ssl,sasl,sasl_plain,sasl_scram,sasl_oauthbearer",
                            false};
const ClientLibrary kNew = {"2.14.2", "gzip,ssl,sasl,sasl_scram,oidc", true};

v1::KafkaConfig Kafka() {
  v1::KafkaConfig kafka;
  kafka.set_fetch_queue_bytes(64 << 20);
  kafka.set_fetch_queue_bytes_before_2_2(400 << 20);
  kafka.set_security_protocol("sasl_ssl");
  return kafka;
}

TEST(FetchQueueNote, NamesTheSettingThatCounts) {
  const std::string old_note = FetchQueueNote(Kafka(), kOld);
  EXPECT_NE(old_note.find("kafka.fetch_queue_bytes_before_2_2 (400MiB) counts"), std::string::npos);
  EXPECT_NE(old_note.find("librdkafka 2.0.2"), std::string::npos);
  EXPECT_NE(FetchQueueNote(Kafka(), kNew).find("kafka.fetch_queue_bytes (64MiB) counts"),
            std::string::npos);
}

TEST(MissingFeatures, RefusesOidcWhereTheLibraryLacksIt) {
  v1::KafkaConfig kafka = Kafka();
  (*kafka.mutable_properties())["sasl.oauthbearer.method"] = "oidc";
  const auto missing = MissingFeatures(kafka, kOld);
  ASSERT_EQ(missing.size(), 1u);
  EXPECT_EQ(missing[0].code, "PE0035");
  EXPECT_TRUE(MissingFeatures(kafka, kNew).empty());
}

TEST(MissingFeatures, RefusesMechanismsThatWereNotBuiltIn) {
  v1::KafkaConfig kafka = Kafka();
  kafka.set_sasl_mechanism("GSSAPI");
  EXPECT_EQ(MissingFeatures(kafka, kNew).size(), 1u);
  kafka.set_sasl_mechanism("SCRAM-SHA-512");
  EXPECT_TRUE(MissingFeatures(kafka, kNew).empty());
  EXPECT_EQ(MissingFeatures(kafka, {"2.0.2", "gzip", false}).size(), 2u);
}

}  // namespace
}  // namespace peakend::cli
