#include "processors/adapters/json_field.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/duration.pb.h"

namespace peakend::adapters {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Kind = JsonScalar::Kind;

constexpr std::string_view kFits;
constexpr std::string_view kOutOfRange = "out of range";

template <typename Value>
using Setter = void (Reflection::*)(Message*, const FieldDescriptor*, Value) const;

// One field of one message, and the value for it.
struct Slot {
  const JsonScalar& value;
  const FieldDescriptor& field;
  const Reflection& reflection;
  Message* message;

  template <typename Value>
  std::string_view Put(Value put, Setter<Value> set, Setter<Value> add) const {
    (reflection.*(field.is_repeated() ? add : set))(message, &field, std::move(put));
    return kFits;
  }
};

bool BeginsWithDigit(std::string_view text) {
  if (!text.empty() && text[0] == '-') text.remove_prefix(1);
  return !text.empty() && text[0] >= '0' && text[0] <= '9';
}

std::string_view ReadReal(const Slot& slot, double* real) {
  const std::string_view text = slot.value.text;
  const bool quoted = slot.value.kind == Kind::kString;
  if (quoted && text == "NaN") *real = std::numeric_limits<double>::quiet_NaN();
  if (quoted && text == "Infinity") *real = std::numeric_limits<double>::infinity();
  if (quoted && text == "-Infinity") *real = -std::numeric_limits<double>::infinity();
  if (quoted && (text == "NaN" || text == "Infinity" || text == "-Infinity")) return kFits;
  // from_chars knows names like `inf` and a number like `.5`, JSON does not.
  if (!BeginsWithDigit(text)) return WrongKind(slot.field);
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, *real);
  if (stop != end) return WrongKind(slot.field);
  return error == std::errc() ? kFits : kOutOfRange;
}

// A number like 1.0 or 1e3.
template <typename Integer>
std::string_view ReadWholeReal(const Slot& slot, Integer* whole) {
  using Limits = std::numeric_limits<Integer>;
  double real = 0;
  if (const std::string_view wrong = ReadReal(slot, &real); !wrong.empty()) return wrong;
  if (std::trunc(real) != real) return WrongKind(slot.field);
  // The largest 64-bit integers are no doubles; one more than them is.
  constexpr double kEnd = 2.0 * static_cast<double>(Limits::max() / 2 + 1);
  if (real < static_cast<double>(Limits::min()) || real >= kEnd) return kOutOfRange;
  *whole = static_cast<Integer>(real);
  return kFits;
}

template <typename Integer>
std::string_view ReadInteger(const Slot& slot, Integer* whole) {
  if (slot.value.kind > Kind::kString) return WrongKind(slot.field);
  const std::string_view text = slot.value.text;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, *whole);
  if (stop == end && error == std::errc()) return kFits;
  if (stop == end && error == std::errc::result_out_of_range) return kOutOfRange;
  if (slot.value.kind == Kind::kString) return WrongKind(slot.field);
  return ReadWholeReal(slot, whole);
}

template <typename Integer>
std::string_view PutInteger(const Slot& slot, Setter<Integer> set, Setter<Integer> add) {
  Integer whole = 0;
  if (const std::string_view wrong = ReadInteger(slot, &whole); !wrong.empty()) return wrong;
  return slot.Put(whole, set, add);
}

std::string_view PutDouble(const Slot& slot) {
  double real = 0;
  if (slot.value.kind > Kind::kString) return WrongKind(slot.field);
  if (const std::string_view wrong = ReadReal(slot, &real); !wrong.empty()) return wrong;
  return slot.Put(real, &Reflection::SetDouble, &Reflection::AddDouble);
}

// By way of a double, as protobuf does: what lies between two floats is rounded alike.
std::string_view PutFloat(const Slot& slot) {
  double real = 0;
  if (slot.value.kind > Kind::kString) return WrongKind(slot.field);
  if (const std::string_view wrong = ReadReal(slot, &real); !wrong.empty()) return wrong;
  const double largest = std::numeric_limits<float>::max();
  if (std::isfinite(real) && std::abs(real) > largest) return kOutOfRange;
  return slot.Put(static_cast<float>(real), &Reflection::SetFloat, &Reflection::AddFloat);
}

std::string_view PutBool(const Slot& slot) {
  if (slot.value.kind < Kind::kFalse) return WrongKind(slot.field);
  return slot.Put(slot.value.kind == Kind::kTrue, &Reflection::SetBool, &Reflection::AddBool);
}

std::string_view PutEnum(const Slot& slot) {
  if (slot.value.kind != Kind::kString) {
    return PutInteger<int>(slot, &Reflection::SetEnumValue, &Reflection::AddEnumValue);
  }
  const EnumValueDescriptor* const named =
      slot.field.enum_type()->FindValueByName(std::string(slot.value.text));
  if (named == nullptr) return "no such name";
  return slot.Put(named->number(), &Reflection::SetEnumValue, &Reflection::AddEnumValue);
}

// Abseil passes over spaces, takes dots for padding and drops bits that are too many;
// none of that comes out again when the bytes are encoded.
bool DecodeBase64(absl::string_view text, std::string* bytes) {
  const absl::string_view digits = text.substr(0, text.find_last_not_of('=') + 1);
  if (absl::WebSafeBase64Unescape(text, bytes) && absl::WebSafeBase64Escape(*bytes) == digits) {
    return true;
  }
  if (!absl::Base64Unescape(text, bytes)) return false;
  const std::string again = absl::Base64Escape(*bytes);
  return absl::string_view(again).substr(0, again.find_last_not_of('=') + 1) == digits;
}

std::string_view PutText(const Slot& slot) {
  if (slot.value.kind != Kind::kString) return WrongKind(slot.field);
  const std::string_view text = slot.value.text;
  std::string put;
  if (slot.field.type() != FieldDescriptor::TYPE_BYTES) {
    put = text;
  } else if (!DecodeBase64({text.data(), text.size()}, &put)) {
    return "not base64";
  }
  return slot.Put<std::string>(std::move(put), &Reflection::SetString, &Reflection::AddString);
}

}  // namespace

std::string_view SetField(const JsonScalar& value, const FieldDescriptor& field,
                          const Reflection& reflection, Message* message) {
  const Slot slot{value, field, reflection, message};
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return PutInteger<int32_t>(slot, &Reflection::SetInt32, &Reflection::AddInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      return PutInteger<int64_t>(slot, &Reflection::SetInt64, &Reflection::AddInt64);
    case FieldDescriptor::CPPTYPE_UINT32:
      return PutInteger<uint32_t>(slot, &Reflection::SetUInt32, &Reflection::AddUInt32);
    case FieldDescriptor::CPPTYPE_UINT64:
      return PutInteger<uint64_t>(slot, &Reflection::SetUInt64, &Reflection::AddUInt64);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return PutDouble(slot);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return PutFloat(slot);
    case FieldDescriptor::CPPTYPE_BOOL:
      return PutBool(slot);
    case FieldDescriptor::CPPTYPE_ENUM:
      return PutEnum(slot);
    case FieldDescriptor::CPPTYPE_STRING:
      return PutText(slot);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
  }
  return WrongKind(field);
}

bool IsDuration(const FieldDescriptor& field) {
  return field.message_type() == google::protobuf::Duration::descriptor();
}

std::string_view SetDuration(std::string_view text, Message* message) {
  constexpr std::string_view kWrong = "not a duration such as 1.5s";
  constexpr size_t kDecimals = 9;
  // As the mapping of protobuf bounds it.
  constexpr int64_t kMostSeconds = 315'576'000'000;
  if (!text.ends_with('s')) return kWrong;
  text.remove_suffix(1);
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  std::string decimals(point == std::string_view::npos ? "0" : text.substr(point + 1));
  if (decimals.size() > kDecimals) return kWrong;
  decimals.resize(kDecimals, '0');
  const auto is_digit = [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); };
  int64_t seconds = 0;
  int32_t nanos = 0;
  if (whole.empty() || !std::all_of(whole.begin(), whole.end(), is_digit) ||
      !std::all_of(decimals.begin(), decimals.end(), is_digit) ||
      !absl::SimpleAtoi(absl::string_view(whole.data(), whole.size()), &seconds) ||
      !absl::SimpleAtoi(decimals, &nanos) || seconds > kMostSeconds) {
    return kWrong;
  }
  auto& duration = static_cast<google::protobuf::Duration&>(*message);
  duration.set_seconds(negative ? -seconds : seconds);
  duration.set_nanos(negative ? -nanos : nanos);
  return {};
}

std::string_view WrongKind(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      return "not a whole number";
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return "not a number";
    case FieldDescriptor::CPPTYPE_BOOL:
      return "neither true nor false";
    case FieldDescriptor::CPPTYPE_ENUM:
      return "neither a name nor a whole number";
    case FieldDescriptor::CPPTYPE_STRING:
      return "not a string";
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
  }
  return "not an object";
}

}  // namespace peakend::adapters
