#include "processors/warehouse/copy_format.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "peakend/bi/v1/promise_row.pb.h"
#include "processors/warehouse/business_day.h"

namespace peakend::warehouse {
namespace {

RowTable PromiseTable() { return RowTables()[static_cast<size_t>(RowKind::kPromise)]; }

bi::v1::PromiseRow OnePromise() {
  bi::v1::PromiseRow row;
  row.set_promise_key("p");
  row.set_row_version(258);
  row.set_business_date("2000-01-02");
  row.set_source_partition(3);
  row.set_due_at_ms(0);
  return row;
}

std::string Hex(const std::string& bytes) { return std::string(absl::BytesToHexString(bytes)); }

TEST(CopyFormatTest, ARowIsWrittenColumnByColumn) {
  std::string out;
  ASSERT_EQ(AppendCopyRow(PromiseTable(), OnePromise(), {7, 1, 9}, &out), RowFault::kNone);
  EXPECT_EQ(Hex(out),
            "001a"                      // 26 columns
            "0000000170"                // promise_key
            "000000080000000000000102"  // row_version
            "0000000100"                // is_deleted
            "00000000"                  // amend_reason: empty, not NULL
            "00000000"                  // tenant_id
            "00000000"                  // customer_key
            "0000000400000001"          // business_date
            "000000080000000000000000"  // detected_at_ms
            "ffffffff"                  // policy_version: NULL
            "00000000"                  // source_topic
            "0000000400000003"          // source_partition
            "000000080000000000000000"  // source_offset
            "ffffffff"                  // journey_id
            "ffffffff"                  // contact_id
            "ffffffff"                  // promise_id
            "ffffffff"                  // kind
            "ffffffff"                  // promised_at_ms: not set
            "000000080000000000000000"  // due_at_ms: set to 0
            "ffffffff"                  // fulfilled_at_ms
            "ffffffff"                  // status
            "ffffffff"                  // queue_id
            "ffffffff"                  // agent_id
            "ffffffff"                  // channel
            "000000080000000000000007"  // published_at_ms
            "0000000400000001"          // row_partition
            "000000080000000000000009"  // row_offset
  );
}

TEST(CopyFormatTest, WhatFitsNoColumnLeavesNothingBehind) {
  std::string out = "before";
  bi::v1::PromiseRow row = OnePromise();
  row.set_business_date("2000-02-30");
  EXPECT_EQ(AppendCopyRow(PromiseTable(), row, {}, &out), RowFault::kBadDate);
  row = OnePromise();
  row.set_status(std::string("a\0b", 3));
  EXPECT_EQ(AppendCopyRow(PromiseTable(), row, {}, &out), RowFault::kNulByte);
  EXPECT_EQ(out, "before");
}

TEST(CopyFormatTest, HeaderAndTrailerAreThoseOfPostgres) {
  EXPECT_EQ(Hex(std::string(CopyHeader())), "5047434f50590aff0d0a000000000000000000");
  EXPECT_EQ(Hex(std::string(CopyTrailer())), "ffff");
}

TEST(BusinessDayTest, DaysAreCountedFromTheYear2000) {
  const struct {
    std::string_view text;
    std::optional<DayNumber> day;
  } cases[] = {
      {"2000-01-01", 0},
      {"1999-12-31", -1},
      {"2024-02-29", 8825},
      {"0001-01-01", -730119},
      {"9999-12-31", 2921939},
      {"2023-02-29", std::nullopt},
      {"", std::nullopt},
      {"2026-1-31", std::nullopt},
      {"2026-13-01", std::nullopt},
      {"0000-01-01", std::nullopt},
      {"2026-01-00", std::nullopt},
      {"2026/01/01", std::nullopt},
      {"2026-01-01 ", std::nullopt},
      {"+026-01-01", std::nullopt},
  };
  for (const auto& each : cases) EXPECT_EQ(ParseDay(each.text), each.day) << each.text;
}

}  // namespace
}  // namespace peakend::warehouse
