// A librdkafka message in the terms of the waist.
#ifndef PEAKEND_PROCESSORS_RUNTIME_KAFKA_RECORD_H_
#define PEAKEND_PROCESSORS_RUNTIME_KAFKA_RECORD_H_

#include <vector>

#include "processors/publish/output.h"
#include "processors/runtime/kafka_handle.h"
#include "processors/runtime/source.h"

namespace peakend::runtime {

// Views into `message`, valid as long as it lives.
InputRecord ViewOf(const rd_kafka_message_t& message);

// All headers in their order, byte for byte; a null value becomes an empty one.
std::vector<publish::Header> HeadersOf(const rd_kafka_message_t& message);

// Null when `headers` is null or empty.
KafkaHeaders MakeHeaders(const std::vector<publish::Header>* headers);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_KAFKA_RECORD_H_
