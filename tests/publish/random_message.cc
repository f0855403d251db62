#include "tests/publish/random_message.h"

#include <cmath>
#include <cstdint>
#include <string>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/duration.pb.h"
#include "rapidcheck.h"

namespace peakend::publish {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// A valid UTF-8 string, now and then with characters that need care.
std::string RandomText() {
  static const std::string pieces[] = {"a", "\"", "\\", "\n", "\x01", "关", "é", "😀", "/", "\x7f"};
  std::string text;
  for (int n = *rc::gen::inRange(0, 6); n > 0; --n) text += pieces[*rc::gen::inRange(0, 10)];
  return text;
}

// A finite double: one of any magnitude or a level on the 1e-9 grid.
double RandomReal() {
  if (*rc::gen::arbitrary<bool>()) return *rc::gen::inRange(-1000000000, 1000000001) / 1e9;
  return std::ldexp(*rc::gen::inRange<int64_t>(-(int64_t{1} << 53), int64_t{1} << 53),
                    *rc::gen::inRange(-900, 900));
}

void Fill(Message* message, int depth, int deepest);

void SetOrAdd(Message* message, const FieldDescriptor* field, int depth, int deepest) {
  const Reflection* reflection = message->GetReflection();
  const bool add = field->is_repeated();
  const auto set = [&](auto adder, auto setter, auto value) {
    add ? (reflection->*adder)(message, field, value)
        : (reflection->*setter)(message, field, value);
  };
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return set(&Reflection::AddInt32, &Reflection::SetInt32, *rc::gen::arbitrary<int32_t>());
    case FieldDescriptor::CPPTYPE_INT64:
      return set(&Reflection::AddInt64, &Reflection::SetInt64, *rc::gen::arbitrary<int64_t>());
    case FieldDescriptor::CPPTYPE_UINT32:
      return set(&Reflection::AddUInt32, &Reflection::SetUInt32, *rc::gen::arbitrary<uint32_t>());
    case FieldDescriptor::CPPTYPE_UINT64:
      return set(&Reflection::AddUInt64, &Reflection::SetUInt64, *rc::gen::arbitrary<uint64_t>());
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return set(&Reflection::AddDouble, &Reflection::SetDouble, RandomReal());
    case FieldDescriptor::CPPTYPE_FLOAT:
      return set(&Reflection::AddFloat, &Reflection::SetFloat,
                 static_cast<float>(*rc::gen::inRange(-100000, 100000)) / 7);
    case FieldDescriptor::CPPTYPE_BOOL:
      return set(&Reflection::AddBool, &Reflection::SetBool, *rc::gen::arbitrary<bool>());
    case FieldDescriptor::CPPTYPE_ENUM:
      return set(&Reflection::AddEnumValue, &Reflection::SetEnumValue, *rc::gen::inRange(0, 40));
    case FieldDescriptor::CPPTYPE_STRING:
      return set(&Reflection::AddString, &Reflection::SetString,
                 field->type() == FieldDescriptor::TYPE_BYTES
                     ? *rc::gen::container<std::string>(rc::gen::arbitrary<char>())
                     : RandomText());
    case FieldDescriptor::CPPTYPE_MESSAGE:
      Fill(
          add ? reflection->AddMessage(message, field) : reflection->MutableMessage(message, field),
          depth + 1, deepest);
  }
}

// One that its JSON form can hold.
void FillDuration(google::protobuf::Duration& duration) {
  const int sign = *rc::gen::element(-1, 1);
  duration.set_seconds(sign * *rc::gen::inRange<int64_t>(0, 315'576'000'001));
  duration.set_nanos(sign * *rc::gen::inRange(0, 1'000'000'000));
}

void Fill(Message* message, int depth, int deepest) {
  const auto* descriptor = message->GetDescriptor();
  if (descriptor == google::protobuf::Duration::descriptor()) {
    return FillDuration(static_cast<google::protobuf::Duration&>(*message));
  }
  for (int i = 0; i < descriptor->field_count(); ++i) {
    if (*rc::gen::inRange(0, 3 + depth) > 1) continue;
    const FieldDescriptor* field = descriptor->field(i);
    if (depth >= deepest && field->message_type() != nullptr) continue;
    if (field->is_map()) continue;  // equal keys would need care
    const int times = field->is_repeated() ? *rc::gen::inRange(0, 4) : 1;
    for (int n = 0; n < times; ++n) SetOrAdd(message, field, depth, deepest);
  }
}

}  // namespace

void FillAtRandom(Message* message, int deepest) { Fill(message, 0, deepest); }

}  // namespace peakend::publish
