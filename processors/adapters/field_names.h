// Fields of message types by the names that JSON may give them. Made once for each
// type: the library's own look-up by name takes four times as long.
//
// Thread-safety: none. The descriptors outlive the object.
#ifndef PEAKEND_PROCESSORS_ADAPTERS_FIELD_NAMES_H_
#define PEAKEND_PROCESSORS_ADAPTERS_FIELD_NAMES_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_map.h"
#include "google/protobuf/descriptor.h"

namespace peakend::adapters {

class FieldNames {
 public:
  using OfType = absl::flat_hash_map<std::string, const google::protobuf::FieldDescriptor*>;

  // Names as in the .proto and lowerCamelCase (json_name). Valid as long as this object.
  const OfType& Of(const google::protobuf::Descriptor& type) {
    OfType& names = types_[&type];
    if (names.empty()) Add(type, &names);
    return names;
  }

 private:
  static void Add(const google::protobuf::Descriptor& type, OfType* names) {
    for (int i = 0; i < type.field_count(); ++i) {
      names->emplace(type.field(i)->name(), type.field(i));
      names->emplace(type.field(i)->json_name(), type.field(i));
    }
  }

  absl::node_hash_map<const google::protobuf::Descriptor*, OfType> types_;
};

}  // namespace peakend::adapters

#endif  // PEAKEND_PROCESSORS_ADAPTERS_FIELD_NAMES_H_
