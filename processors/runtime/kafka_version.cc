#include "processors/runtime/kafka_version.h"

#include <librdkafka/rdkafka.h>

#include <memory>

namespace peakend::runtime {

std::string KafkaLibraryVersion() { return rd_kafka_version_str(); }

int KafkaLibraryVersionNumber() { return rd_kafka_version(); }

std::string KafkaBuiltinFeatures() {
  const std::unique_ptr<rd_kafka_conf_t, decltype(&rd_kafka_conf_destroy)> conf(
      rd_kafka_conf_new(), rd_kafka_conf_destroy);
  size_t size = 0;
  if (rd_kafka_conf_get(conf.get(), "builtin.features", nullptr, &size) != RD_KAFKA_CONF_OK) {
    return "";
  }
  std::string features(size, '\0');
  rd_kafka_conf_get(conf.get(), "builtin.features", features.data(), &size);
  while (!features.empty() && features.back() == '\0') features.pop_back();
  return features;
}

bool KafkaHasFetchQueueBackoff() { return rd_kafka_version() >= 0x02020000; }

}  // namespace peakend::runtime
