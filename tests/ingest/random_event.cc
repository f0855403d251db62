#include "tests/ingest/random_event.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace peakend::ingest {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

size_t Below(Random& random, size_t end) { return static_cast<size_t>(random() % end); }
bool OneIn(Random& random, size_t n) { return Below(random, n) == 0; }

template <typename T, size_t kSize>
T Pick(Random& random, const T (&values)[kSize]) {
  return values[Below(random, kSize)];
}

std::string Text(Random& random) {
  static constexpr std::string_view kTexts[] = {"", "c1", "等了三天还没有人回复",
                                                "\xc3\xa9t\xc3\xa9"};
  static constexpr std::string_view kWrong[] = {"\xff", "abcdefgh\x80", "\xed\xa0\x80", "\xc0\xaf"};
  if (OneIn(random, 60)) return std::string(Pick(random, kWrong));
  if (OneIn(random, 100)) return std::string(250 + Below(random, 10), 'x');
  if (OneIn(random, 3)) return std::string(Pick(random, kTexts));
  return std::string(Below(random, 40), 'a');
}

double Number(Random& random) {
  static constexpr double kNumbers[] = {0, 0.5, -0.25, 1, -1, 5, 0.9};
  static constexpr double kWrong[] = {1.5, -1e301, std::numeric_limits<double>::infinity(),
                                      std::numeric_limits<double>::quiet_NaN()};
  return OneIn(random, 30) ? Pick(random, kWrong) : Pick(random, kNumbers);
}

int64_t Integer(Random& random) {
  static constexpr int64_t kIntegers[] = {0, 1, 2, 3, 127, 128, 16384, 1'767'225'600'000};
  static constexpr int64_t kRare[] = {-1, INT64_MIN, INT64_MAX, int64_t{1} << 32};
  return OneIn(random, 20) ? Pick(random, kRare) : Pick(random, kIntegers);
}

void SetAtRandom(Random& random, Message& message);

void Fill(Random& random, Message& message, const FieldDescriptor* field) {
  const auto* reflection = message.GetReflection();
  const bool repeated = field->is_repeated();
  const auto put = [&](auto add, auto set, auto value) {
    (reflection->*(repeated ? add : set))(&message, field, value);
  };
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return put(&Reflection::AddString, &Reflection::SetString, Text(random));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      SetAtRandom(random, repeated ? *reflection->AddMessage(&message, field)
                                   : *reflection->MutableMessage(&message, field));
      return;
    case FieldDescriptor::CPPTYPE_INT64:
      return put(&Reflection::AddInt64, &Reflection::SetInt64, Integer(random));
    case FieldDescriptor::CPPTYPE_UINT64:
      return put(&Reflection::AddUInt64, &Reflection::SetUInt64,
                 static_cast<uint64_t>(Integer(random)));
    case FieldDescriptor::CPPTYPE_INT32:
      return put(&Reflection::AddInt32, &Reflection::SetInt32,
                 static_cast<int32_t>(Integer(random)));
    case FieldDescriptor::CPPTYPE_UINT32:
      return put(&Reflection::AddUInt32, &Reflection::SetUInt32,
                 static_cast<uint32_t>(Integer(random)));
    case FieldDescriptor::CPPTYPE_ENUM:
      return put(&Reflection::AddEnumValue, &Reflection::SetEnumValue,
                 static_cast<int>(Integer(random)));
    case FieldDescriptor::CPPTYPE_BOOL:
      return put(&Reflection::AddBool, &Reflection::SetBool, OneIn(random, 2));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return put(&Reflection::AddDouble, &Reflection::SetDouble, Number(random));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return put(&Reflection::AddFloat, &Reflection::SetFloat, static_cast<float>(Number(random)));
    default:
      return;
  }
}

void SetAtRandom(Random& random, Message& message) {
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    if (OneIn(random, 3)) Fill(random, message, message.GetDescriptor()->field(i));
  }
}

std::string Varint(uint64_t number) {
  std::string bytes;
  for (; number >= 0x80; number >>= 7) bytes += static_cast<char>(number | 0x80);
  return bytes + static_cast<char>(number);
}

// Of any number and wire type, with a value that fits it.
std::string AnyField(Random& random) {
  static constexpr uint64_t kFields[] = {0, 1, 2, 5, 8, 10, 12, 21, 30, 31, 40, 90, 2047, 5000};
  const uint64_t type = Below(random, 6);
  std::string field = Varint(Pick(random, kFields) << 3 | type);
  const std::string text = Text(random);
  if (type == 0) return field + Varint(OneIn(random, 4) ? random() : Below(random, 300));
  if (type == 1) return field + std::string(8, 'f');
  if (type == 2) return field + Varint(text.size()) + text;
  if (type == 5) return field + std::string(4, 'f');
  return field;
}

}  // namespace

v1::InteractionEvent RandomEvent(Random& random) {
  v1::InteractionEvent event;
  for (int i = 0; i < event.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = event.GetDescriptor()->field(i);
    if (field->real_containing_oneof() == nullptr && OneIn(random, 4)) Fill(random, event, field);
  }
  if (OneIn(random, 50)) return event;
  event.set_event_id("e" + std::to_string(Below(random, 100)));
  event.set_tenant_id("acme");
  event.set_occurred_at_ms(1'767'225'600'000);
  event.mutable_customer()->set_customer_id("c1");
  if (OneIn(random, 3)) SetAtRandom(random, *event.mutable_lifecycle());
  if (OneIn(random, 2)) SetAtRandom(random, *event.mutable_turn());
  const auto* payload = event.GetDescriptor()->FindOneofByName("payload");
  if (OneIn(random, 8)) {
    Fill(random, event, payload->field(static_cast<int>(Below(random, 11))));
  }
  return event;
}

void Mutate(Random& random, std::string* bytes) {
  if (bytes->empty()) return;
  const size_t at = Below(random, bytes->size());
  switch (Below(random, 7)) {
    case 0:
      (*bytes)[at] = static_cast<char>(random());
      return;
    case 1:
      (*bytes)[at] = static_cast<char>((*bytes)[at] ^ (1 << Below(random, 8)));
      return;
    case 2:
      bytes->resize(at);
      return;
    case 3:
      bytes->insert(at, 1, static_cast<char>(random()));
      return;
    case 4:
      bytes->append(RandomEvent(random).SerializeAsString());
      return;
    case 5:
      bytes->append(AnyField(random));
      return;
    default:
      bytes->insert(0, AnyField(random));
  }
}

}  // namespace peakend::ingest
