#include "processors/runtime/kafka_waist.h"

#include <utility>

namespace peakend::runtime {

absl::StatusOr<std::unique_ptr<KafkaWaist>> KafkaWaist::Open(
    const v1::Config& config, const std::function<KafkaLog(std::string_view)>& log_for) {
  std::unique_ptr<KafkaWaist> waist(new KafkaWaist());
  auto source = KafkaSource::Open(config, log_for("consumer"));
  if (!source.ok()) return source.status();
  waist->source_ = *std::move(source);
  auto changelog = KafkaChangelog::Open(config, log_for("changelog"));
  if (!changelog.ok()) return changelog.status();
  waist->changelog_ = *std::move(changelog);
  if (config.delivery() == "at_least_once") {
    auto sink = KafkaSink::Open(config, waist->source_.get(), log_for("producer"));
    if (!sink.ok()) return sink.status();
    waist->plain_sink_ = *std::move(sink);
    return waist;
  }
  auto client = KafkaTransactionClient::Open(config, waist->source_.get(), log_for("producer"));
  if (!client.ok()) return client.status();
  waist->client_ = *std::move(client);
  waist->transactional_sink_ = std::make_unique<TransactionalSink>(
      *waist->client_, *waist->source_,
      [raw = waist->client_.get()](const publish::Output& output) { raw->LeaveBehind(output); });
  return waist;
}

Sink& KafkaWaist::sink() {
  if (transactional_sink_ != nullptr) return *transactional_sink_;
  return *plain_sink_;
}

KafkaUndeliverable::Counts KafkaWaist::undeliverable() const {
  return client_ != nullptr ? client_->undeliverable() : plain_sink_->stats().undeliverable;
}

}  // namespace peakend::runtime
