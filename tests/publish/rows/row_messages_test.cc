// What every framing relies on in the messages of proto/peakend/bi/v1.
#include <gtest/gtest.h>

#include <string>

#include "processors/publish/rows/row_kind.h"

namespace peakend::publish {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

TEST(RowMessages, AreThoseOfTheConfiguration) {
  size_t settings = 0;
  for (int i = 0; i < v1::BiConfig::descriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *v1::BiConfig::descriptor()->field(i);
    if (field.message_type() != v1::RowsConfig::descriptor() || field.is_repeated()) continue;
    ASSERT_LT(settings, kRowKinds.size());
    EXPECT_EQ(field.name(), RowKindName(kRowKinds[settings++]));
  }
  EXPECT_EQ(settings, kRowKinds.size());
  for (const RowKind kind : kRowKinds) {
    std::string type = std::string(RowKindName(kind)) + "Row";
    type[0] = static_cast<char>(type[0] - 'a' + 'A');
    EXPECT_EQ(RowPrototype(kind).GetDescriptor()->full_name(), "peakend.bi.v1." + type);
  }
}

TEST(RowMessages, AreFlatAndTheFirstOfTheirFile) {
  for (const RowKind kind : kRowKinds) {
    const Descriptor& row = *RowPrototype(kind).GetDescriptor();
    EXPECT_EQ(row.file()->message_type(0), &row);
    EXPECT_EQ(row.file()->dependency_count(), 0) << row.name();
    for (int i = 0; i < row.field_count(); ++i) {
      const FieldDescriptor& field = *row.field(i);
      EXPECT_FALSE(field.is_repeated()) << field.full_name();
      EXPECT_NE(field.type(), FieldDescriptor::TYPE_BYTES) << field.full_name();
      switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_INT32:
        case FieldDescriptor::CPPTYPE_INT64:
        case FieldDescriptor::CPPTYPE_BOOL:
        case FieldDescriptor::CPPTYPE_STRING:
          break;
        case FieldDescriptor::CPPTYPE_DOUBLE:
          // One that is no number is written as null, which a column must allow.
          EXPECT_TRUE(field.has_presence()) << field.full_name();
          break;
        default:
          ADD_FAILURE() << field.full_name() << " is a " << field.cpp_type_name();
      }
    }
  }
}

}  // namespace
}  // namespace peakend::publish
