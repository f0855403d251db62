#include "processors/runtime/config/field_rules.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/duration.pb.h"
#include "processors/runtime/config/nearest_name.h"
#include "processors/runtime/config/value_text.h"

namespace peakend::runtime {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Duration;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int64_t kNanosPerSecond = 1'000'000'000;

template <typename T>
std::optional<Problem> OutOfBounds(const FieldDescriptor& field, std::string_view text, T value,
                                   std::optional<T> (*parse)(std::string_view)) {
  const v1::FieldRule& rule = RuleOf(field);
  const std::optional<T> min = rule.min().empty() ? std::nullopt : parse(rule.min());
  const std::optional<T> max = rule.max().empty() ? std::nullopt : parse(rule.max());
  if ((!min || value >= *min) && (!max || value <= *max)) return std::nullopt;
  const std::string bounds = !max   ? absl::StrCat("at least ", rule.min())
                             : !min ? absl::StrCat("at most ", rule.max())
                                    : absl::StrCat("from ", rule.min(), " to ", rule.max());
  return Problem{"PE0014", absl::StrCat("`", field.name(), "` is out of bounds: ", Quoted(text)),
                 absl::StrCat("allowed: ", bounds)};
}

Problem WrongForm(const FieldDescriptor& field, std::string_view text) {
  return {"PE0013", absl::StrCat("`", field.name(), "` must be ", DescribeForm(KindOf(field)),
                                 ", found ", Quoted(text))};
}

std::optional<Problem> NotAllowed(const FieldDescriptor& field, std::string_view text) {
  const auto& allowed = RuleOf(field).one_of();
  if (allowed.empty() || text.empty()) return std::nullopt;
  if (std::find(allowed.begin(), allowed.end(), text) != allowed.end()) return std::nullopt;
  const std::string nearest = NearestName(text, {allowed.begin(), allowed.end()});
  const std::string list = absl::StrCat("allowed: ", absl::StrJoin(allowed, ", "));
  return Problem{"PE0015", absl::StrCat("`", field.name(), "` cannot be ", Quoted(text)),
                 nearest.empty() ? list : absl::StrCat("did you mean `", nearest, "`? ", list)};
}

std::optional<Problem> SetUint(const FieldDescriptor& field, std::string_view text,
                               Message& message) {
  const bool bytes = KindOf(field) == FieldKind::kBytes;
  const std::optional<uint64_t> value = bytes ? ParseBytes(text) : ParseUint(text);
  if (!value) return WrongForm(field, text);
  if (auto problem = OutOfBounds<uint64_t>(field, text, *value, bytes ? ParseBytes : ParseUint)) {
    return problem;
  }
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64) {
    message.GetReflection()->SetUInt64(&message, &field, *value);
    return std::nullopt;
  }
  if (*value > std::numeric_limits<uint32_t>::max()) return WrongForm(field, text);
  message.GetReflection()->SetUInt32(&message, &field, static_cast<uint32_t>(*value));
  return std::nullopt;
}

std::optional<Problem> SetDouble(const FieldDescriptor& field, std::string_view text,
                                 Message& message) {
  const std::optional<double> value = ParseDouble(text);
  if (!value) return WrongForm(field, text);
  if (auto problem = OutOfBounds<double>(field, text, *value, ParseDouble)) return problem;
  message.GetReflection()->SetDouble(&message, &field, *value);
  return std::nullopt;
}

std::optional<Problem> SetDuration(const FieldDescriptor& field, std::string_view text,
                                   Message& message) {
  const std::optional<int64_t> nanos = ParseDurationNanos(text);
  if (!nanos) return WrongForm(field, text);
  if (auto problem = OutOfBounds<int64_t>(field, text, *nanos, ParseDurationNanos)) return problem;
  auto* duration =
      static_cast<Duration*>(message.GetReflection()->MutableMessage(&message, &field));
  duration->set_seconds(*nanos / kNanosPerSecond);
  duration->set_nanos(static_cast<int32_t>(*nanos % kNanosPerSecond));
  return std::nullopt;
}

}  // namespace

std::vector<const FieldDescriptor*> WrittenFields(const Descriptor& descriptor) {
  std::vector<const FieldDescriptor*> fields;
  for (int i = 0; i < descriptor.field_count(); ++i) {
    if (!RuleOf(*descriptor.field(i)).derived()) fields.push_back(descriptor.field(i));
  }
  return fields;
}

const FieldDescriptor* FindWrittenField(const Descriptor& descriptor, const std::string& name) {
  const FieldDescriptor* field = descriptor.FindFieldByName(name);
  return field == nullptr || RuleOf(*field).derived() ? nullptr : field;
}

FieldKind KindOf(const FieldDescriptor& field) {
  if (field.is_map()) return FieldKind::kMap;
  if (field.is_repeated()) {
    const bool texts = field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
    return texts ? FieldKind::kTexts : FieldKind::kList;
  }
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return FieldKind::kBool;
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      return RuleOf(field).unit() == "bytes" ? FieldKind::kBytes : FieldKind::kUint;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return FieldKind::kDouble;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return field.message_type() == Duration::descriptor() ? FieldKind::kDuration
                                                            : FieldKind::kMessage;
    default:
      return FieldKind::kString;
  }
}

bool IsLeaf(const FieldDescriptor& field) {
  const FieldKind kind = KindOf(field);
  return kind != FieldKind::kMessage && kind != FieldKind::kList && kind != FieldKind::kTexts &&
         kind != FieldKind::kMap;
}

const v1::FieldRule& RuleOf(const FieldDescriptor& field) {
  return field.options().GetExtension(v1::rule);
}

bool HasShortForm(const FieldDescriptor& field) {
  return KindOf(field) == FieldKind::kMessage && !RuleOf(field).default_value().empty();
}

std::optional<Problem> SetLeaf(const FieldDescriptor& field, std::string_view text,
                               Message& message) {
  switch (KindOf(field)) {
    case FieldKind::kUint:
    case FieldKind::kBytes:
      return SetUint(field, text, message);
    case FieldKind::kDouble:
      return SetDouble(field, text, message);
    case FieldKind::kDuration:
      return SetDuration(field, text, message);
    case FieldKind::kBool: {
      const std::optional<bool> value = ParseBool(text);
      if (!value) return WrongForm(field, text);
      message.GetReflection()->SetBool(&message, &field, *value);
      return std::nullopt;
    }
    default:
      if (auto problem = NotAllowed(field, text)) return problem;
      message.GetReflection()->SetString(&message, &field, std::string(text));
      return std::nullopt;
  }
}

std::string LeafText(const FieldDescriptor& field, const Message& message) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  switch (KindOf(field)) {
    case FieldKind::kBool:
      return reflection.GetBool(message, &field) ? "true" : "false";
    case FieldKind::kUint:
    case FieldKind::kBytes: {
      const uint64_t value = field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64
                                 ? reflection.GetUInt64(message, &field)
                                 : reflection.GetUInt32(message, &field);
      return KindOf(field) == FieldKind::kBytes ? FormatBytes(value) : absl::StrCat(value);
    }
    case FieldKind::kDouble:
      return FormatDouble(reflection.GetDouble(message, &field));
    case FieldKind::kDuration: {
      const auto& duration = static_cast<const Duration&>(reflection.GetMessage(message, &field));
      return FormatDurationNanos(duration.seconds() * kNanosPerSecond + duration.nanos());
    }
    default:
      return reflection.GetString(message, &field);
  }
}

void SetMapEntry(const FieldDescriptor& field, const std::string& key, const std::string& value,
                 Message& message) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  const FieldDescriptor* key_field = field.message_type()->map_key();
  const FieldDescriptor* value_field = field.message_type()->map_value();
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    Message& entry = *reflection.MutableRepeatedMessage(&message, &field, i);
    if (entry.GetReflection()->GetString(entry, key_field) != key) continue;
    entry.GetReflection()->SetString(&entry, value_field, value);
    return;
  }
  Message& entry = *reflection.AddMessage(&message, &field);
  entry.GetReflection()->SetString(&entry, key_field, key);
  entry.GetReflection()->SetString(&entry, value_field, value);
}

std::map<std::string, std::string> MapEntries(const FieldDescriptor& field,
                                              const Message& message) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  std::map<std::string, std::string> entries;
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    const Message& entry = reflection.GetRepeatedMessage(message, &field, i);
    entries[entry.GetReflection()->GetString(entry, field.message_type()->map_key())] =
        entry.GetReflection()->GetString(entry, field.message_type()->map_value());
  }
  return entries;
}

std::string DescribeForm(FieldKind kind) {
  switch (kind) {
    case FieldKind::kString:
      return "text";
    case FieldKind::kBool:
      return "`true` or `false`";
    case FieldKind::kUint:
      return "a whole number, 0 or more";
    case FieldKind::kBytes:
      return "a size such as `65536`, `64KiB` or `1MiB`";
    case FieldKind::kDouble:
      return "a number";
    case FieldKind::kDuration:
      return "a duration such as `250ms`, `30s`, `5m` or `3d`";
    case FieldKind::kMessage:
    case FieldKind::kMap:
      return "a map";
    case FieldKind::kList:
      return "a list";
    case FieldKind::kTexts:
      return "a list of texts";
  }
  return "";
}

std::vector<std::string> FieldNames(const Descriptor& descriptor) {
  std::vector<std::string> names;
  for (const FieldDescriptor* field : WrittenFields(descriptor)) names.push_back(field->name());
  return names;
}

std::string JoinPath(std::string_view prefix, std::string_view name) {
  std::string path(prefix);
  if (!path.empty()) path += '.';
  path += name;
  return path;
}

}  // namespace peakend::runtime
