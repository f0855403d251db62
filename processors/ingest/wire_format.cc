#include "processors/ingest/wire_format.h"

#include <cstdint>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"
#include "peakend/v1/interaction_event.pb.h"

namespace peakend::ingest {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;

// Deeper nesting than the event model has is not worth a closer look.
constexpr int kMaxDepth = 8;

bool FieldsAreWhole(std::string_view bytes, const Descriptor* type, int depth) {
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const uint8_t*>(bytes.data()),
                                            static_cast<int>(bytes.size()));
  while (static_cast<size_t>(in.CurrentPosition()) < bytes.size()) {
    const int tag_begin = in.CurrentPosition();
    const uint32_t tag = in.ReadTag();
    // The generated parser is stricter than the stream: no field 0, no tag above 5 bytes.
    if (WireFormatLite::GetTagFieldNumber(tag) == 0 || in.CurrentPosition() - tag_begin > 5) {
      return false;
    }
    const bool delimited =
        WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
    if (!delimited) {
      if (!WireFormatLite::SkipField(&in, tag)) return false;
      continue;
    }
    uint32_t size = 0;
    if (!in.ReadVarint32(&size)) return false;
    const auto begin = static_cast<size_t>(in.CurrentPosition());
    if (size > bytes.size() - begin || !in.Skip(static_cast<int>(size))) return false;
    const FieldDescriptor* field = type->FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
    const bool message = field != nullptr && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (message && depth < kMaxDepth &&
        !FieldsAreWhole(bytes.substr(begin, size), field->message_type(), depth + 1)) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool IsWellFormed(std::string_view bytes) {
  return FieldsAreWhole(bytes, v1::InteractionEvent::descriptor(), 0);
}

}  // namespace peakend::ingest
