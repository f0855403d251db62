#include "processors/runtime/kafka_control.h"

#include <string>

#include "processors/publish/topic_names.h"
#include "processors/runtime/kafka_producer.h"

namespace peakend::runtime {

absl::StatusOr<int32_t> WriteToAllPartitions(const v1::Config& config, std::string_view value,
                                             const KafkaLog& log, absl::Duration limit) {
  auto producer = KafkaProducer::Open(config, publish::InputTopicName(config.topics()), log, limit);
  if (!producer.ok()) return producer.status();
  ProducedRecord record;
  record.value = value;
  absl::Status status = (*producer)->SendToAll(record);
  if (status.ok()) status = (*producer)->Flush(limit);
  if (!status.ok()) return status;
  return (*producer)->partitions();
}

}  // namespace peakend::runtime
