#include "processors/publish/rows/framing.h"

#include <array>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/publish/rows/connect_schema.h"

namespace peakend::publish {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Message;

constexpr std::array<std::pair<std::string_view, Framing>, 4> kFramings = {{
    {"protobuf", Framing::kProtobuf},
    {"protobuf_confluent", Framing::kProtobufConfluent},
    {"json", Framing::kJson},
    {"connect_json", Framing::kConnectJson},
}};

constexpr char kMagic = '\0';
constexpr size_t kIdEnd = 5;  // behind the magic byte and the id
constexpr char kFirstMessage = '\0';
// The same list without its short form: one index, 0 (both as zigzag varints).
constexpr std::string_view kFirstMessageAtLength("\x02\x00", 2);

std::string ConfluentPrefix(uint32_t schema_id) {
  std::string prefix(1, kMagic);
  for (int shift = 24; shift >= 0; shift -= 8) {
    prefix.push_back(static_cast<char>(schema_id >> shift & 0xFF));
  }
  prefix.push_back(kFirstMessage);
  return prefix;
}

// REQUIRES: value.size() >= kIdEnd.
uint32_t SchemaIdOf(std::string_view value) {
  uint32_t id = 0;
  for (size_t i = 1; i < kIdEnd; ++i) id = id << 8 | static_cast<uint8_t>(value[i]);
  return id;
}

absl::Status ReadMessage(std::string_view bytes, Message* row) {
  if (bytes.size() <= static_cast<size_t>(INT32_MAX) &&
      row->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("no ", row->GetDescriptor()->name(), " in protobuf"));
}

}  // namespace

std::optional<Framing> FramingNamed(std::string_view name) {
  for (const auto& [known, framing] : kFramings) {
    if (known == name) return framing;
  }
  return std::nullopt;
}

RowFraming::RowFraming(Framing framing, uint32_t schema_id, const Descriptor& row)
    : framing_(framing), schema_id_(schema_id), json_(row), json_reader_(row) {
  if (framing == Framing::kProtobufConfluent) prefix_ = ConfluentPrefix(schema_id);
  if (framing == Framing::kConnectJson) {
    prefix_ = absl::StrCat("{\"schema\":", ConnectSchema(row), ",\"payload\":");
    suffix_ = "}";
  }
}

void RowFraming::Append(const Message& row, std::string* out) const {
  out->append(prefix_);
  switch (framing_) {
    case Framing::kProtobuf:
    case Framing::kProtobufConfluent:
      row.AppendPartialToString(out);
      return;
    case Framing::kJson:
    case Framing::kConnectJson:
      json_.Append(row, out);
      out->append(suffix_);
  }
}

void RowFraming::AppendSerialised(std::string_view row, Message* scratch, std::string* out) const {
  switch (framing_) {
    case Framing::kProtobuf:
    case Framing::kProtobufConfluent:
      out->append(prefix_).append(row);
      return;
    case Framing::kJson:
    case Framing::kConnectJson:
      scratch->ParseFromArray(row.data(), static_cast<int>(row.size()));
      Append(*scratch, out);
  }
}

absl::Status RowFraming::Read(std::string_view value, Message* row) const {
  switch (framing_) {
    case Framing::kProtobuf:
      return ReadMessage(value, row);
    case Framing::kProtobufConfluent:
      return ReadConfluent(value, row);
    case Framing::kJson:
      return json_reader_.Read(value, RowJsonReader::Shape::kRow, row);
    case Framing::kConnectJson:
      return json_reader_.Read(value, RowJsonReader::Shape::kPayload, row);
  }
  return absl::InternalError("no such framing");
}

absl::Status RowFraming::ReadConfluent(std::string_view value, Message* row) const {
  row->Clear();
  if (value.size() <= kIdEnd) {
    return absl::InvalidArgumentError(absl::StrCat("only ", value.size(),
                                                   " bytes: less than magic byte, schema id and "
                                                   "message index"));
  }
  if (value[0] != kMagic) {
    return absl::InvalidArgumentError(absl::StrCat("the first byte is ",
                                                   static_cast<uint8_t>(value[0]),
                                                   " instead of 0: not under a schema id"));
  }
  const uint32_t id = SchemaIdOf(value);
  if (schema_id_ != 0 && id != schema_id_) {
    return absl::InvalidArgumentError(absl::StrCat("schema id ", id, " instead of ", schema_id_));
  }
  std::string_view rest = value.substr(kIdEnd);
  if (rest[0] == kFirstMessage) {
    return ReadMessage(rest.substr(1), row);
  }
  if (rest.substr(0, kFirstMessageAtLength.size()) == kFirstMessageAtLength) {
    return ReadMessage(rest.substr(kFirstMessageAtLength.size()), row);
  }
  return absl::InvalidArgumentError("its message is not the first of its schema");
}

}  // namespace peakend::publish
