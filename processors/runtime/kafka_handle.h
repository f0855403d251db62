// Owners of librdkafka's C objects: each is freed exactly once, by its own
// function. Nothing else here.
//
// A client is destroyed without leaving its consumer group; leaving is the work
// of KafkaSource::Close, because it can wait for a broker.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_HANDLE_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_HANDLE_H_

#include <librdkafka/rdkafka.h>

#include <memory>

namespace peakend::runtime {

inline void DestroyKafka(rd_kafka_t* kafka) {
  rd_kafka_destroy_flags(kafka, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

template <auto kFree>
struct KafkaDeleter {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
template <typename T, auto kFree>
using KafkaOwner = std::unique_ptr<T, KafkaDeleter<kFree>>;

using KafkaHandle = KafkaOwner<rd_kafka_t, DestroyKafka>;
using KafkaConf = KafkaOwner<rd_kafka_conf_t, rd_kafka_conf_destroy>;
using KafkaQueue = KafkaOwner<rd_kafka_queue_t, rd_kafka_queue_destroy>;
using KafkaTopic = KafkaOwner<rd_kafka_topic_t, rd_kafka_topic_destroy>;
using KafkaPartitions =
    KafkaOwner<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy>;
using KafkaHeaders = KafkaOwner<rd_kafka_headers_t, rd_kafka_headers_destroy>;
using KafkaEvent = KafkaOwner<rd_kafka_event_t, rd_kafka_event_destroy>;
using KafkaMetadata = KafkaOwner<const rd_kafka_metadata_t, rd_kafka_metadata_destroy>;
using KafkaGroupMetadata =
    KafkaOwner<rd_kafka_consumer_group_metadata_t, rd_kafka_consumer_group_metadata_destroy>;
using KafkaMessage = KafkaOwner<rd_kafka_message_t, rd_kafka_message_destroy>;
using KafkaError = KafkaOwner<rd_kafka_error_t, rd_kafka_error_destroy>;
using KafkaNewTopic = KafkaOwner<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy>;
using KafkaAdminOptions = KafkaOwner<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy>;
using KafkaGroupOffsetsRequest =
    KafkaOwner<rd_kafka_ListConsumerGroupOffsets_t, rd_kafka_ListConsumerGroupOffsets_destroy>;
using KafkaConfigResource = KafkaOwner<rd_kafka_ConfigResource_t, rd_kafka_ConfigResource_destroy>;

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_HANDLE_H_
