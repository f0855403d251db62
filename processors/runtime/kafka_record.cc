#include "processors/runtime/kafka_record.h"

#include <string>
#include <utility>

namespace peakend::runtime {

InputRecord ViewOf(const rd_kafka_message_t& message) {
  InputRecord record;
  record.partition = message.partition;
  record.offset = message.offset;
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const int64_t timestamp = rd_kafka_message_timestamp(&message, &type);
  if (type != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE && timestamp > 0) record.timestamp_ms = timestamp;
  record.has_key = message.key != nullptr;
  record.has_value = message.payload != nullptr;
  if (record.has_key) record.key = {static_cast<const char*>(message.key), message.key_len};
  if (record.has_value) record.value = {static_cast<const char*>(message.payload), message.len};
  return record;
}

std::vector<publish::Header> HeadersOf(const rd_kafka_message_t& message) {
  std::vector<publish::Header> result;
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return result;
  const char* name = nullptr;
  const void* value = nullptr;
  size_t size = 0;
  for (size_t i = 0;
       rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    publish::Header header;
    header.name = name;
    header.has_value = value != nullptr;
    if (header.has_value) header.value.assign(static_cast<const char*>(value), size);
    result.push_back(std::move(header));
  }
  return result;
}

KafkaHeaders MakeHeaders(const std::vector<publish::Header>* headers) {
  if (headers == nullptr || headers->empty()) return nullptr;
  KafkaHeaders result(rd_kafka_headers_new(headers->size()));
  for (const publish::Header& header : *headers) {
    rd_kafka_header_add(result.get(), header.name.data(), static_cast<ssize_t>(header.name.size()),
                        header.has_value ? header.value.data() : nullptr,
                        static_cast<ssize_t>(header.value.size()));
  }
  return result;
}

}  // namespace peakend::runtime
