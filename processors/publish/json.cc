#include "processors/publish/json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/escaping.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/duration.pb.h"

namespace peakend::publish {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Beyond this, digits of a whole number would pretend a precision it has not.
constexpr double kLargestPlain = 1e21;

template <typename Integer>
void AppendInteger(Integer value, std::string* out) {
  char buffer[24];
  const auto result = std::to_chars(buffer, buffer + sizeof(buffer), value);
  out->append(buffer, result.ptr);
}

template <typename Real>
void AppendReal(Real value, std::string* out) {
  if (!std::isfinite(value)) {
    out->append("null");
    return;
  }
  char buffer[64];
  const bool whole =
      std::trunc(value) == value && std::abs(value) < static_cast<Real>(kLargestPlain);
  const auto result =
      whole ? std::to_chars(buffer, buffer + sizeof(buffer), value, std::chars_format::fixed)
            : std::to_chars(buffer, buffer + sizeof(buffer), value);
  out->append(buffer, result.ptr);
}

void AppendBytes(const std::string& bytes, std::string* out) {
  out->push_back('"');
  out->append(absl::Base64Escape(bytes));
  out->push_back('"');
}

void AppendText(const FieldDescriptor& field, const std::string& text, std::string* out) {
  if (field.type() == FieldDescriptor::TYPE_BYTES) {
    AppendBytes(text, out);
  } else {
    AppendJsonString(text, out);
  }
}

void AppendEnum(const FieldDescriptor& field, int number, std::string* out) {
  const EnumValueDescriptor* value = field.enum_type()->FindValueByNumber(number);
  if (value == nullptr) {
    AppendInteger(number, out);
  } else {
    AppendJsonString(value->name(), out);
  }
}

// By the JSON mapping of protobuf: 1.5s, with as many decimals as it takes.
void AppendDuration(const google::protobuf::Duration& duration, std::string* out) {
  constexpr size_t kDecimals = 9;
  out->push_back('"');
  if (duration.seconds() < 0 || duration.nanos() < 0) out->push_back('-');
  const auto magnitude = [](int64_t value) {
    return value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  };
  AppendInteger(magnitude(duration.seconds()), out);
  if (duration.nanos() != 0) {
    std::string decimals = std::to_string(magnitude(duration.nanos()));
    decimals.insert(0, kDecimals - std::min(kDecimals, decimals.size()), '0');
    decimals.erase(decimals.find_last_not_of('0') + 1);
    out->append(".").append(decimals);
  }
  out->append("s\"");
}

// Writes messages of one call; holds only what does not change on the way down.
class Writer {
 public:
  Writer(JsonDefaults defaults, std::string* out) : defaults_(defaults), out_(out) {}

  void Write(const Message& message) {
    const Descriptor& descriptor = *message.GetDescriptor();
    if (&descriptor == google::protobuf::Duration::descriptor()) {
      return AppendDuration(static_cast<const google::protobuf::Duration&>(message), out_);
    }
    out_->push_back('{');
    bool first = true;
    for (int i = 0; i < descriptor.field_count(); ++i) {
      const FieldDescriptor& field = *descriptor.field(i);
      if (!Printed(message, field)) continue;
      Separate(&first);
      AppendJsonString(field.name(), out_);
      out_->push_back(':');
      if (field.is_map()) {
        WriteMap(message, field);
      } else if (field.is_repeated()) {
        WriteArray(message, field);
      } else {
        WriteSingle(message, field);
      }
    }
    out_->push_back('}');
  }

 private:
  void Separate(bool* first) {
    if (!*first) out_->push_back(',');
    *first = false;
  }

  bool Printed(const Message& message, const FieldDescriptor& field) const {
    const Reflection& reflection = *message.GetReflection();
    if (field.is_repeated()) {
      return defaults_ == JsonDefaults::kPrint || reflection.FieldSize(message, &field) > 0;
    }
    if (defaults_ == JsonDefaults::kPrint && !field.has_presence()) return true;
    return reflection.HasField(message, &field);
  }

  void WriteArray(const Message& message, const FieldDescriptor& field) {
    out_->push_back('[');
    bool first = true;
    const int size = message.GetReflection()->FieldSize(message, &field);
    for (int i = 0; i < size; ++i) {
      Separate(&first);
      WriteElement(message, field, i);
    }
    out_->push_back(']');
  }

  // Entries in the order of their keys as text, so that equal maps give equal bytes.
  void WriteMap(const Message& message, const FieldDescriptor& field) {
    struct Entry {
      std::string key;
      const Message* entry;
    };
    const FieldDescriptor& key_field = *field.message_type()->map_key();
    const FieldDescriptor& value_field = *field.message_type()->map_value();
    std::vector<Entry> entries;
    const int size = message.GetReflection()->FieldSize(message, &field);
    entries.reserve(static_cast<size_t>(size));
    for (int i = 0; i < size; ++i) {
      const Message& entry = message.GetReflection()->GetRepeatedMessage(message, &field, i);
      entries.push_back({KeyText(entry, key_field), &entry});
    }
    std::sort(entries.begin(), entries.end(),
              [](const Entry& a, const Entry& b) { return a.key < b.key; });
    out_->push_back('{');
    bool first = true;
    for (const Entry& entry : entries) {
      Separate(&first);
      AppendJsonString(entry.key, out_);
      out_->push_back(':');
      WriteSingle(*entry.entry, value_field);
    }
    out_->push_back('}');
  }

  static std::string KeyText(const Message& entry, const FieldDescriptor& field) {
    std::string scratch;
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      return entry.GetReflection()->GetStringReference(entry, &field, &scratch);
    }
    Writer(JsonDefaults::kPrint, &scratch).WriteSingle(entry, field);
    return scratch;
  }

  void WriteSingle(const Message& message, const FieldDescriptor& field) {
    const Reflection& reflection = *message.GetReflection();
    std::string scratch;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return AppendInteger(reflection.GetInt32(message, &field), out_);
      case FieldDescriptor::CPPTYPE_INT64:
        return AppendInteger(reflection.GetInt64(message, &field), out_);
      case FieldDescriptor::CPPTYPE_UINT32:
        return AppendInteger(reflection.GetUInt32(message, &field), out_);
      case FieldDescriptor::CPPTYPE_UINT64:
        return AppendInteger(reflection.GetUInt64(message, &field), out_);
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return AppendReal(reflection.GetDouble(message, &field), out_);
      case FieldDescriptor::CPPTYPE_FLOAT:
        return AppendReal(reflection.GetFloat(message, &field), out_);
      case FieldDescriptor::CPPTYPE_BOOL:
        out_->append(reflection.GetBool(message, &field) ? "true" : "false");
        return;
      case FieldDescriptor::CPPTYPE_ENUM:
        return AppendEnum(field, reflection.GetEnumValue(message, &field), out_);
      case FieldDescriptor::CPPTYPE_STRING:
        return AppendText(field, reflection.GetStringReference(message, &field, &scratch), out_);
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Write(reflection.GetMessage(message, &field));
    }
  }

  void WriteElement(const Message& message, const FieldDescriptor& field, int i) {
    const Reflection& reflection = *message.GetReflection();
    std::string scratch;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return AppendInteger(reflection.GetRepeatedInt32(message, &field, i), out_);
      case FieldDescriptor::CPPTYPE_INT64:
        return AppendInteger(reflection.GetRepeatedInt64(message, &field, i), out_);
      case FieldDescriptor::CPPTYPE_UINT32:
        return AppendInteger(reflection.GetRepeatedUInt32(message, &field, i), out_);
      case FieldDescriptor::CPPTYPE_UINT64:
        return AppendInteger(reflection.GetRepeatedUInt64(message, &field, i), out_);
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return AppendReal(reflection.GetRepeatedDouble(message, &field, i), out_);
      case FieldDescriptor::CPPTYPE_FLOAT:
        return AppendReal(reflection.GetRepeatedFloat(message, &field, i), out_);
      case FieldDescriptor::CPPTYPE_BOOL:
        out_->append(reflection.GetRepeatedBool(message, &field, i) ? "true" : "false");
        return;
      case FieldDescriptor::CPPTYPE_ENUM:
        return AppendEnum(field, reflection.GetRepeatedEnumValue(message, &field, i), out_);
      case FieldDescriptor::CPPTYPE_STRING:
        return AppendText(
            field, reflection.GetRepeatedStringReference(message, &field, i, &scratch), out_);
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Write(reflection.GetRepeatedMessage(message, &field, i));
    }
  }

  const JsonDefaults defaults_;
  std::string* const out_;
};

}  // namespace

void AppendJson(const Message& message, std::string* out) {
  AppendJson(message, JsonDefaults::kPrint, out);
}

void AppendJson(const Message& message, JsonDefaults defaults, std::string* out) {
  Writer(defaults, out).Write(message);
}

void AppendJsonNumber(double value, std::string* out) { AppendReal(value, out); }

void AppendJsonLine(std::string_view topic, std::string_view key, const Message& message,
                    std::string* out) {
  out->append("{\"topic\":");
  AppendJsonString(topic, out);
  out->append(",\"key\":");
  AppendJsonString(key, out);
  out->append(",\"value\":");
  AppendJson(message, out);
  out->append("}\n");
}

}  // namespace peakend::publish
