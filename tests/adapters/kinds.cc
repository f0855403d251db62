#include "tests/adapters/kinds.h"

#include <string>
#include <vector>

#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/dynamic_message.h"

namespace peakend::adapters {
namespace {

using google::protobuf::DescriptorProto;
using google::protobuf::FieldDescriptorProto;
using google::protobuf::Message;
using Type = FieldDescriptorProto::Type;

struct Named {
  std::string name;
  Type type;
};

FieldDescriptorProto* Add(const Named& named, DescriptorProto* message) {
  FieldDescriptorProto* field = message->add_field();
  field->set_name(named.name);
  field->set_number(message->field_size());
  field->set_type(named.type);
  field->set_label(FieldDescriptorProto::LABEL_OPTIONAL);
  if (named.type == FieldDescriptorProto::TYPE_MESSAGE) field->set_type_name(".Kinds");
  if (named.type == FieldDescriptorProto::TYPE_ENUM) field->set_type_name(".Tone");
  return field;
}

// `entry`: the type's name, which follows from the field's.
void AddMap(const std::string& name, const std::string& entry, Type key, Type value,
            DescriptorProto* kinds) {
  DescriptorProto* type = kinds->add_nested_type();
  type->set_name(entry);
  type->mutable_options()->set_map_entry(true);
  Add({"key", key}, type);
  Add({"value", value}, type);
  FieldDescriptorProto* field = Add({name, FieldDescriptorProto::TYPE_MESSAGE}, kinds);
  field->set_type_name(".Kinds." + entry);
  field->set_label(FieldDescriptorProto::LABEL_REPEATED);
}

void AddFields(DescriptorProto* kinds) {
  using F = FieldDescriptorProto;
  const std::vector<Named> single = {
      {"int_a", F::TYPE_INT32},     {"int_b", F::TYPE_SINT32},    {"int_c", F::TYPE_SFIXED32},
      {"uint_a", F::TYPE_UINT32},   {"uint_b", F::TYPE_FIXED32},  {"long_a", F::TYPE_INT64},
      {"long_b", F::TYPE_SINT64},   {"long_c", F::TYPE_SFIXED64}, {"ulong_a", F::TYPE_UINT64},
      {"ulong_b", F::TYPE_FIXED64}, {"real", F::TYPE_FLOAT},      {"wide", F::TYPE_DOUBLE},
      {"flag", F::TYPE_BOOL},       {"text", F::TYPE_STRING},     {"raw", F::TYPE_BYTES},
      {"tone", F::TYPE_ENUM},       {"child", F::TYPE_MESSAGE}};
  for (const Named& named : single) Add(named, kinds);
  Add({"renamed", F::TYPE_INT32}, kinds)->set_json_name("@new");
  const std::vector<Named> repeated = {{"ints", F::TYPE_INT32},       {"texts", F::TYPE_STRING},
                                       {"children", F::TYPE_MESSAGE}, {"tones", F::TYPE_ENUM},
                                       {"wides", F::TYPE_DOUBLE},     {"raws", F::TYPE_BYTES}};
  for (const Named& named : repeated) Add(named, kinds)->set_label(F::LABEL_REPEATED);
  AddMap("counts", "CountsEntry", F::TYPE_STRING, F::TYPE_INT32, kinds);
  AddMap("names", "NamesEntry", F::TYPE_INT64, F::TYPE_STRING, kinds);
  AddMap("sides", "SidesEntry", F::TYPE_BOOL, F::TYPE_MESSAGE, kinds);
  AddMap("moods", "MoodsEntry", F::TYPE_UINT32, F::TYPE_ENUM, kinds);
  kinds->add_oneof_decl()->set_name("choice");
  const std::vector<Named> choice = {
      {"one", F::TYPE_INT32}, {"two", F::TYPE_MESSAGE}, {"three", F::TYPE_STRING}};
  for (const Named& named : choice) Add(named, kinds)->set_oneof_index(0);
  FieldDescriptorProto* maybe = Add({"maybe", F::TYPE_DOUBLE}, kinds);
  maybe->set_proto3_optional(true);
  maybe->set_oneof_index(1);
  kinds->add_oneof_decl()->set_name("_maybe");
}

class KindsType {
 public:
  KindsType() {
    google::protobuf::FileDescriptorProto file;
    file.set_name("kinds.proto");
    file.set_syntax("proto3");
    auto* tone = file.add_enum_type();
    tone->set_name("Tone");
    for (const auto& [name, number] :
         std::vector<std::pair<std::string, int>>{{"QUIET", 0}, {"LOUD", 5}, {"LOW", -3}}) {
      tone->add_value()->set_name(name);
      tone->mutable_value(tone->value_size() - 1)->set_number(number);
    }
    DescriptorProto* kinds = file.add_message_type();
    kinds->set_name("Kinds");
    AddFields(kinds);
    prototype_ = factory_.GetPrototype(pool_.BuildFile(file)->FindMessageTypeByName("Kinds"));
  }

  std::unique_ptr<Message> New() const { return std::unique_ptr<Message>(prototype_->New()); }

 private:
  google::protobuf::DescriptorPool pool_;
  google::protobuf::DynamicMessageFactory factory_;
  const Message* prototype_ = nullptr;
};

}  // namespace

std::unique_ptr<Message> NewKinds() {
  static const KindsType kinds;
  return kinds.New();
}

}  // namespace peakend::adapters
