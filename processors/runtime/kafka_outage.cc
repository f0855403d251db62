#include "processors/runtime/kafka_outage.h"

#include "absl/strings/str_cat.h"

namespace peakend::runtime {
namespace {

constexpr absl::Duration kSayAgainAfter = absl::Seconds(30);

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// `cause` decides; librdkafka's own words help where it has one code for many.
std::string LikelyCause(rd_kafka_resp_err_t cause, const std::string& reason,
                        const std::string& protocol, const std::string& mechanism) {
  const bool tls = protocol == "ssl" || protocol == "sasl_ssl";
  switch (cause) {
    case RD_KAFKA_RESP_ERR__RESOLVE:
      return "the host name does not resolve: check kafka.bootstrap_servers";
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
      return absl::StrCat("the broker refused the credentials (mechanism ", mechanism,
                          "): check kafka.sasl_username and kafka.sasl_password_file");
    case RD_KAFKA_RESP_ERR__SSL:
      return "the TLS handshake failed: check kafka.ssl_ca_file, and that the listener speaks TLS";
    default:
      break;
  }
  if (Has(reason, "Connection refused")) {
    return "connection refused: is a broker running there, and is the port right?";
  }
  if (Has(reason, "timed out")) {
    return "no answer: check the address and firewalls between";
  }
  if (Has(reason, "isconnected") || Has(reason, "closed by peer")) {
    return tls ? "the broker closed the connection: the listener may not speak TLS"
               : "the broker closed the connection: the listener may want TLS or SASL, check "
                 "kafka.security_protocol";
  }
  return "no broker answers";
}

}  // namespace

KafkaOutage::KafkaOutage(const v1::KafkaConfig& kafka)
    : servers_(kafka.bootstrap_servers()),
      protocol_(kafka.security_protocol().empty() ? "plaintext" : kafka.security_protocol()),
      mechanism_(kafka.sasl_mechanism()) {}

void KafkaOutage::Saw(rd_kafka_resp_err_t error, std::string_view reason) {
  switch (error) {
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
      unreachable_ = true;
      break;
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR__SSL:
      unreachable_ = true;
      cause_ = error;
      reason_ = std::string(reason);
      break;
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__RESOLVE:
      // One broker of many: remembered, because it explains the outage if all go.
      cause_ = error;
      reason_ = std::string(reason);
      break;
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
      refusal_ = "the input topic does not exist: create it with `peakend topics create`";
      break;
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      refusal_ = "the broker's ACLs do not allow us the topic";
      break;
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
      refusal_ = "the broker's ACLs do not allow us the consumer group";
      break;
    default:
      break;
  }
}

void KafkaOutage::BrokerAnswered() {
  unreachable_ = false;
  cause_ = RD_KAFKA_RESP_ERR_NO_ERROR;
  reason_.clear();
  if (refusal_.empty()) said_at_ = absl::InfinitePast();
}

void KafkaOutage::Over() {
  refusal_.clear();
  BrokerAnswered();
}

std::optional<std::string> KafkaOutage::Report(absl::Time now) {
  if (!ongoing() || now < said_at_ + kSayAgainAfter) return std::nullopt;
  said_at_ = now;
  return absl::StrCat(Message(), "; trying again");
}

std::string KafkaOutage::Message() const {
  const std::string where =
      absl::StrCat("Kafka at ", servers_, " (security_protocol ", protocol_, ")");
  if (unreachable_) {
    return absl::StrCat("cannot reach ", where, ": ",
                        LikelyCause(cause_, reason_, protocol_, mechanism_));
  }
  return absl::StrCat(where, ": ", refusal_);
}

}  // namespace peakend::runtime
