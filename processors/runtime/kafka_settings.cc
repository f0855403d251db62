#include "processors/runtime/kafka_settings.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"
#include "processors/runtime/kafka_version.h"

namespace peakend::runtime {
namespace {

using google::protobuf::util::TimeUtil;

// Collects settings; the first error stays.
class Settings {
 public:
  Settings() : conf_(rd_kafka_conf_new()) {}

  void Set(const std::string& name, const std::string& value) {
    const rd_kafka_conf_res_t result = Try(name, value);
    if (result == RD_KAFKA_CONF_UNKNOWN) Fail(absl::StrCat("unknown Kafka property `", name, "`"));
  }
  void Set(const std::string& name, int64_t value) { Set(name, absl::StrCat(value)); }
  // Skipped when this librdkafka does not know it.
  void SetIfKnown(const std::string& name, const std::string& value) { Try(name, value); }
  void SetIfGiven(const std::string& name, const std::string& value) {
    if (!value.empty()) Set(name, value);
  }
  void Fail(const std::string& message) {
    if (status_.ok()) status_ = absl::InvalidArgumentError(message);
  }
  void Fail(absl::Status status) { status_.Update(std::move(status)); }

  absl::StatusOr<KafkaConf> Finish() && {
    if (!status_.ok()) return status_;
    return std::move(conf_);
  }

 private:
  rd_kafka_conf_res_t Try(const std::string& name, const std::string& value) {
    std::array<char, 512> error{};
    const rd_kafka_conf_res_t result =
        rd_kafka_conf_set(conf_.get(), name.c_str(), value.c_str(), error.data(), error.size());
    // The value stays out of the message: it can be a secret.
    if (result == RD_KAFKA_CONF_INVALID)
      Fail(absl::StrCat("bad value for Kafka property `", name, "`"));
    return result;
  }

  KafkaConf conf_;
  absl::Status status_;
};

// Properties that users may not pass through, and what to do instead.
struct Reserved {
  const char* name;
  const char* advice;
};
constexpr std::array kReserved = {
    Reserved{"bootstrap.servers", "set kafka.bootstrap_servers"},
    Reserved{"metadata.broker.list", "set kafka.bootstrap_servers"},
    Reserved{"group.id", "set kafka.group_id"},
    Reserved{"group.instance.id", "set kafka.group_instance_id"},
    Reserved{"enable.auto.commit", "offsets are committed after the outputs"},
    Reserved{"auto.commit.enable", "offsets are committed after the outputs"},
    Reserved{"enable.auto.offset.store", "offsets are committed after the outputs"},
    Reserved{"isolation.level", "only committed records are read"},
    Reserved{"transactional.id", "it is made of kafka.group_id and kafka.group_instance_id"},
    Reserved{"transaction.timeout.ms", "set kafka.transaction_timeout"},
    Reserved{"partition.assignment.strategy", "partitions are assigned by range"},
    Reserved{"group.protocol", "partitions are assigned by range"},
};

absl::StatusOr<std::string> ReadSecret(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  if (!file || !(content << file.rdbuf())) {
    return absl::NotFoundError(absl::StrCat("cannot read kafka.sasl_password_file ", path));
  }
  std::string secret = content.str();
  while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r')) secret.pop_back();
  return secret;
}

void SetSecurity(const v1::KafkaConfig& kafka, Settings& settings) {
  const std::string& protocol = kafka.security_protocol();
  settings.SetIfGiven("security.protocol", protocol);
  settings.SetIfGiven("ssl.ca.location", kafka.ssl_ca_file());
  settings.SetIfGiven("ssl.certificate.location", kafka.ssl_certificate_file());
  settings.SetIfGiven("ssl.key.location", kafka.ssl_key_file());
  if (protocol != "sasl_plaintext" && protocol != "sasl_ssl") return;
  if (kafka.sasl_mechanism().empty()) {
    settings.Fail(
        absl::StrCat("kafka.sasl_mechanism must be set with security_protocol ", protocol));
    return;
  }
  settings.Set("sasl.mechanisms", kafka.sasl_mechanism());
  settings.SetIfGiven("sasl.username", kafka.sasl_username());
  if (kafka.sasl_password_file().empty()) return;
  absl::StatusOr<std::string> secret = ReadSecret(kafka.sasl_password_file());
  if (!secret.ok()) return settings.Fail(secret.status());
  settings.Set("sasl.password", *secret);
}

void SetConnection(const v1::KafkaConfig& kafka, Settings& settings) {
  settings.SetIfGiven("bootstrap.servers", kafka.bootstrap_servers());
  settings.SetIfGiven("client.id", kafka.client_id());
  // Nagle's algorithm against delayed acknowledgements costs 40 ms per round trip.
  settings.Set("socket.nagle.disable", "true");
  settings.Set("reconnect.backoff.max.ms", 2000);
  // A topic that is created later, or gets partitions, is seen this fast.
  settings.Set("topic.metadata.refresh.interval.ms", 10'000);
  SetSecurity(kafka, settings);
}

void SetFetching(const v1::KafkaConfig& kafka, Settings& settings) {
  // The memory bound does the limiting, not the count.
  settings.Set("queued.min.messages", 1'000'000);
  const uint64_t bytes = KafkaHasFetchQueueBackoff() ? kafka.fetch_queue_bytes()
                                                     : kafka.fetch_queue_bytes_before_2_2();
  if (bytes > 0) {
    const uint64_t kilobytes = std::clamp<uint64_t>(bytes / 1024, 1, 2'097'151);
    settings.Set("queued.max.messages.kbytes", static_cast<int64_t>(kilobytes));
  }
  settings.SetIfKnown("fetch.queue.backoff.ms", "5");
  settings.Set("fetch.wait.max.ms", 100);
  settings.Set("fetch.error.backoff.ms", 50);
  // A small set in flight stays in the processor's caches.
  settings.Set("fetch.max.bytes", 4 << 20);
  settings.Set("isolation.level", "read_committed");
  settings.Set("enable.auto.commit", "false");
  settings.Set("enable.auto.offset.store", "false");
}

// Of every consumer, also of those in no group: librdkafka compares the properties
// that users pass with these.
void SetSession(const v1::KafkaConfig& kafka, Settings& settings) {
  const int64_t session_ms = TimeUtil::DurationToMilliseconds(kafka.session_timeout());
  if (session_ms <= 0) return;
  settings.Set("session.timeout.ms", session_ms);
  settings.Set("heartbeat.interval.ms", std::min<int64_t>(3000, session_ms / 3));
  settings.Set("max.poll.interval.ms", std::max<int64_t>(300'000, session_ms));
}

void SetGroup(const v1::KafkaConfig& kafka, Settings& settings) {
  if (kafka.group_id().empty()) return settings.Fail("kafka.group_id is empty");
  settings.Set("group.id", kafka.group_id());
  settings.SetIfGiven("group.instance.id", kafka.group_instance_id());
  // Eager: the cooperative protocol of older librdkafka repeats and loses records.
  settings.Set("partition.assignment.strategy", "range");
  // One event when the end is reached: cheaper than asking where the end is.
  settings.Set("enable.partition.eof", "true");
  // Offsets are always assigned explicitly; a lost one must be seen, not skipped.
  settings.Set("auto.offset.reset", "error");
}

void SetProducing(const v1::KafkaConfig& kafka, Settings& settings) {
  settings.Set("enable.idempotence", "true");
  settings.Set("acks", "all");
  settings.Set("compression.codec", "lz4");
  settings.Set("linger.ms", TimeUtil::DurationToMilliseconds(kafka.linger()));
  settings.Set("message.max.bytes", kMaxProducedBytes);
  settings.Set("queue.buffering.max.kbytes", 64 << 10);
  // An output waits for its broker as long as it takes; giving up would lose it.
  settings.Set("message.timeout.ms", 0);
}

void SetTransactions(const v1::KafkaConfig& kafka, const std::string& transactional_id,
                     Settings& settings) {
  const int64_t timeout_ms = absl::ToInt64Milliseconds(KafkaTransactionTimeout(kafka));
  settings.Set("transactional.id", transactional_id);
  settings.Set("transaction.timeout.ms", timeout_ms);
  // An output that its broker does not take ends the transaction, not the output:
  // the next one carries it again.
  settings.Set("message.timeout.ms", timeout_ms);
  // A transaction that follows at once is refused while the broker still writes the
  // end of the last one, for a few milliseconds.
  settings.Set("retry.backoff.ms", 5);
  // Half, so that a request which is lost can be repeated within the transaction.
  settings.Set("socket.timeout.ms", std::max<int64_t>(timeout_ms / 2, 500));
  // A topic that is gone must be told from one that is not known yet before the
  // transaction ends, else it would be tried for ever.
  settings.Set("topic.metadata.propagation.max.ms", std::min<int64_t>(timeout_ms / 2, 30'000));
}

void SetProperties(const v1::KafkaConfig& kafka, Settings& settings) {
  for (const auto& [name, value] : kafka.properties()) {
    const auto* reserved =
        std::find_if(kReserved.begin(), kReserved.end(),
                     [&property = name](const Reserved& entry) { return entry.name == property; });
    if (reserved != kReserved.end()) {
      settings.Fail(
          absl::StrCat("Kafka property `", name, "` cannot be passed through: ", reserved->advice));
      continue;
    }
    settings.Set(name, value);
  }
}

}  // namespace

absl::Duration KafkaTransactionTimeout(const v1::KafkaConfig& kafka) {
  const int64_t ms = TimeUtil::DurationToMilliseconds(kafka.transaction_timeout());
  return ms > 0 ? absl::Milliseconds(ms) : absl::Seconds(10);
}

absl::StatusOr<KafkaConf> KafkaSettings(KafkaRole role, const v1::Config& config,
                                        const std::string& transactional_id) {
  const v1::KafkaConfig& kafka = config.kafka();
  Settings settings;
  SetConnection(kafka, settings);
  switch (role) {
    case KafkaRole::kWorker:
      SetFetching(kafka, settings);
      SetGroup(kafka, settings);
      SetSession(kafka, settings);
      break;
    case KafkaRole::kReader:
      SetFetching(kafka, settings);
      // A restore reads one partition after the other to its end, behind which nothing
      // comes: so long each of them would wait there.
      settings.Set("fetch.wait.max.ms", 10);
      // A consumer needs a name even when it joins no group.
      settings.Set("group.id", "peakend-reader");
      SetSession(kafka, settings);
      settings.Set("auto.offset.reset", "earliest");
      settings.Set("enable.partition.eof", "true");
      break;
    case KafkaRole::kSampler:
      SetFetching(kafka, settings);
      settings.Set("group.id", "peakend-reader");
      SetSession(kafka, settings);
      settings.Set("auto.offset.reset", "earliest");
      settings.Set("enable.partition.eof", "true");
      settings.Set("isolation.level", "read_uncommitted");
      // A few records are wanted, and what is fetched ahead is thrown away.
      settings.Set("queued.min.messages", 1);
      break;
    case KafkaRole::kOffsets:
      settings.Set("isolation.level", "read_uncommitted");
      SetSession(kafka, settings);
      break;
    case KafkaRole::kProducer:
      SetProducing(kafka, settings);
      break;
    case KafkaRole::kTransactionalProducer:
      SetProducing(kafka, settings);
      SetTransactions(kafka, transactional_id, settings);
      break;
    case KafkaRole::kGroup:
      settings.Set("group.id", kafka.group_id());
      SetSession(kafka, settings);
      break;
    case KafkaRole::kAdmin:
      break;
  }
  SetProperties(kafka, settings);
  return std::move(settings).Finish();
}

}  // namespace peakend::runtime
