// The worker writes rows on its hot path: a row takes no memory besides that of its value.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "benchmarks/allocation_count.h"
#include "processors/publish/rows/framing.h"
#include "processors/publish/rows/row_kind.h"

namespace peakend::publish {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::unique_ptr<Message> FullRow(const Message& empty) {
  std::unique_ptr<Message> row(empty.New());
  const auto& reflection = *row->GetReflection();
  for (int i = 0; i < row->GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* const field = row->GetDescriptor()->field(i);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      reflection.SetString(row.get(), field, std::string(40, 'x'));
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE) {
      reflection.SetDouble(row.get(), field, -1.0 / 3);
    }
  }
  return row;
}

TEST(RowAllocation, ThereIsNone) {
  for (const RowKind kind : kRowKinds) {
    const std::unique_ptr<Message> row = FullRow(RowPrototype(kind));
    for (const Framing framing :
         {Framing::kProtobuf, Framing::kProtobufConfluent, Framing::kJson, Framing::kConnectJson}) {
      const RowFraming framed(framing, 1, *row->GetDescriptor());
      std::string out;
      framed.Append(*row, &out);
      out.clear();
      const int64_t before = benchmarks::AllocationCount();
      framed.Append(*row, &out);
      EXPECT_EQ(benchmarks::AllocationCount() - before, 0) << RowKindName(kind);
    }
  }
}

}  // namespace
}  // namespace peakend::publish
