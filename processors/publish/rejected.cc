#include "processors/publish/rejected.h"

#include <cstdint>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"

namespace peakend::publish {
namespace {

int64_t Number(const std::string& text) {
  int64_t number = 0;
  return absl::SimpleAtoi(text, &number) ? number : 0;
}

void ReadHeader(const Header& header, v1::RejectedRecord& record) {
  if (header.name == "peakend.error.reason") {
    v1::RejectReason reason;
    if (v1::RejectReason_Parse(absl::AsciiStrToUpper(header.value), &reason)) {
      record.set_reason(reason);
    }
  } else if (header.name == "peakend.error.stage") {
    record.set_stage(header.value);
  } else if (header.name == "peakend.error.field") {
    record.set_field(header.value);
  } else if (header.name == "peakend.source.topic") {
    record.mutable_source()->set_topic(header.value);
  } else if (header.name == "peakend.source.partition") {
    record.mutable_source()->set_partition(static_cast<int32_t>(Number(header.value)));
  } else if (header.name == "peakend.source.offset") {
    record.mutable_source()->set_offset(Number(header.value));
  } else if (header.name == "peakend.source.timestamp") {
    record.set_timestamp_ms(Number(header.value));
  }
}

}  // namespace

v1::RejectedRecord ReadRejected(std::string_view key, std::string_view value,
                                const std::vector<Header>& headers) {
  v1::RejectedRecord record;
  record.set_key(std::string(key));
  record.set_value(std::string(value));
  for (const Header& header : headers) ReadHeader(header, record);
  return record;
}

}  // namespace peakend::publish
