#include "processors/warehouse/row_lines.h"

#include <gtest/gtest.h>

#include <limits>

#include "peakend/bi/v1/promise_row.pb.h"
#include "processors/publish/rows/framing.h"

namespace peakend::warehouse {
namespace {

constexpr RowPlace kPlace = {7, 1, 9};

RowTable Table(RowKind kind) { return RowTables()[static_cast<size_t>(kind)]; }

bi::v1::PromiseRow PromiseLine() {
  bi::v1::PromiseRow row;
  row.set_promise_key("p");
  row.set_row_version(258);
  row.set_business_date("2000-01-02");
  row.set_due_at_ms(0);
  return row;
}

std::string Line(const RowTable& table, RowLineFormat format,
                 const google::protobuf::Message& row) {
  std::string out;
  RowLines(table, format).Append(row, kPlace, &out);
  return out;
}

TEST(RowLinesTest, AnObjectIsThatOfTheFramingWithItsPlace) {
  const RowTable table = Table(RowKind::kPromise);
  std::string expected;
  publish::RowFraming(publish::Framing::kJson, 0, *table.prototype->GetDescriptor())
      .Append(PromiseLine(), &expected);
  expected.back() = ',';
  expected += "\"published_at_ms\":7,\"row_partition\":1,\"row_offset\":9}\n";
  EXPECT_EQ(Line(table, RowLineFormat::kNdjson, PromiseLine()), expected);
  std::string header;
  RowLines(table, RowLineFormat::kNdjson).AppendHeader(&header);
  EXPECT_EQ(header, "");
}

TEST(RowLinesTest, ALineOfCsvHasNothingWhereTheTableHasNull) {
  const RowTable table = Table(RowKind::kPromise);
  std::string header;
  RowLines(table, RowLineFormat::kCsv).AppendHeader(&header);
  EXPECT_EQ(header,
            "promise_key,row_version,is_deleted,amend_reason,tenant_id,customer_key,business_date,"
            "detected_at_ms,policy_version,source_topic,source_partition,source_offset,journey_id,"
            "contact_id,promise_id,kind,promised_at_ms,due_at_ms,fulfilled_at_ms,status,queue_id,"
            "agent_id,channel,published_at_ms,row_partition,row_offset\r\n");
  EXPECT_EQ(Line(table, RowLineFormat::kCsv, PromiseLine()),
            "p,258,false,\"\",\"\",\"\",2000-01-02,0,,\"\",0,0,,,,,,0,,,,,,7,1,9\r\n");
}

struct TextCase {
  std::string text;
  std::string cell;
};

TEST(RowLinesTest, QuotesStandWhereTheyMust) {
  for (const TextCase& each : std::vector<TextCase>{{"a b", "a b"},
                                                    {"a,b", "\"a,b\""},
                                                    {"\"", "\"\"\"\""},
                                                    {"a\nb", "\"a\nb\""},
                                                    {"a\rb", "\"a\rb\""},
                                                    {"你好", "你好"},
                                                    {" ", " "}}) {
    bi::v1::PromiseRow row = PromiseLine();
    row.set_kind(each.text);
    EXPECT_EQ(
        Line(Table(RowKind::kPromise), RowLineFormat::kCsv, row),
        "p,258,false,\"\",\"\",\"\",2000-01-02,0,,\"\",0,0,,,," + each.cell + ",,0,,,,,,7,1,9\r\n");
  }
}

}  // namespace
}  // namespace peakend::warehouse
