// How a flat row becomes the value of a record, and the way back.
//
//   protobuf            the message, bare
//   protobuf_confluent  0x00, schema id in 4 bytes (big-endian), 0x00 = the first message of the
//                       schema's file, the message: what clients of a schema registry read
//   json                one object: every field by its name in the .proto, absent optional ones as
//                       null, 64-bit integers as numbers, a double as the shortest text that reads
//                       back as the same number; no spaces, no line feed
//   connect_json        {"schema":...,"payload":...} with that object as payload, as Kafka
//                       Connect's JsonConverter reads it (schemas.enable=true)
//
// The same row always gives the same bytes: its fields are single scalars, without maps. NaN and
// infinities, which no row should hold, become null in JSON; bytes of a string that are not UTF-8
// become U+FFFD there.
//
// Thread-safety: immutable once made; any thread may call. The descriptor outlives the object.
#ifndef PEAKEND_PROCESSORS_PUBLISH_ROWS_FRAMING_H_
#define PEAKEND_PROCESSORS_PUBLISH_ROWS_FRAMING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "processors/publish/rows/row_json.h"
#include "processors/publish/rows/row_json_reader.h"

namespace peakend::publish {

enum class Framing : uint8_t { kProtobuf, kProtobufConfluent, kJson, kConnectJson };

// By the name that RowsConfig.format has for it; none for any other text.
std::optional<Framing> FramingNamed(std::string_view name);

class RowFraming {
 public:
  // For rows of type `row`. `schema_id` counts for protobuf_confluent only: it is written, and
  // demanded of what is read; 0 = any is read.
  // REQUIRES: `row` is the first message of its file, and its fields are single scalars.
  RowFraming(Framing framing, uint32_t schema_id, const google::protobuf::Descriptor& row);

  // Appends the value for `row` and takes no memory besides that of `out`. REQUIRES: `row` is of
  // the type of the constructor.
  void Append(const google::protobuf::Message& row, std::string* out) const;
  // The same for a row that is serialised already. `scratch` is changed. REQUIRES: as for Append,
  // of both.
  void AppendSerialised(std::string_view row, google::protobuf::Message* scratch,
                        std::string* out) const;

  // Clears `row` and fills it from `value`. Fields that this build does not know are passed over,
  // missing ones have their defaults: rows of an older or newer version are read. Errors:
  // InvalidArgument says what is wrong, and nothing of the row; `row` is then half filled.
  // REQUIRES: as for Append.
  absl::Status Read(std::string_view value, google::protobuf::Message* row) const;

  Framing framing() const { return framing_; }

 private:
  absl::Status ReadConfluent(std::string_view value, google::protobuf::Message* row) const;

  Framing framing_;
  uint32_t schema_id_;
  // What stands before and behind each row.
  std::string prefix_;
  std::string_view suffix_;
  RowJson json_;
  RowJsonReader json_reader_;
};

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_ROWS_FRAMING_H_
