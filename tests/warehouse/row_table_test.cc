#include "processors/warehouse/row_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "processors/warehouse/known_keys.h"

namespace peakend::warehouse {
namespace {

const Column& ColumnNamed(const RowTable& table, std::string_view name) {
  for (const Column& column : table.columns) {
    if (column.name == name) return column;
  }
  ADD_FAILURE() << table.name << " has no " << name;
  return table.columns.front();
}

TEST(RowTableTest, ThereIsOneForEachRowMessage) {
  const std::vector<RowTable> tables = RowTables();
  ASSERT_EQ(tables.size(), publish::kRowKinds.size());
  for (size_t i = 0; i < publish::kRowKinds.size(); ++i) {
    EXPECT_EQ(static_cast<size_t>(tables[i].kind), i);
    EXPECT_EQ(tables[i].name, kRowTables[i]);
  }
}

// What the sink, the schema and their readers rely on in every table.
TEST(RowTableTest, TheFirstTwelveColumnsAreTheSameInAll) {
  const std::vector<RowTable> tables = RowTables();
  for (const RowTable& table : tables) {
    SCOPED_TRACE(table.name);
    for (size_t i = 1; i < 12; ++i) {
      EXPECT_EQ(table.columns[i].name, tables[0].columns[i].name);
      EXPECT_EQ(table.columns[i].type, tables[0].columns[i].type);
    }
    EXPECT_EQ(table.columns[0].field->number(), 1);
    EXPECT_EQ(table.columns[table.columns.size() - 3].name, "published_at_ms");
    EXPECT_EQ(table.columns[table.columns.size() - 2].name, "row_partition");
    EXPECT_EQ(table.columns[table.columns.size() - 1].name, "row_offset");
  }
}

TEST(RowTableTest, TypesFollowTheMessage) {
  const std::vector<RowTable> tables = RowTables();
  const RowTable& journeys = tables[static_cast<size_t>(RowKind::kJourney)];
  const struct {
    std::string_view column;
    ColumnType type;
    bool nullable;
  } cases[] = {
      {"journey_id", ColumnType::kText, false},     {"row_version", ColumnType::kBigint, false},
      {"is_deleted", ColumnType::kBoolean, false},  {"business_date", ColumnType::kDate, false},
      {"tenant_id", ColumnType::kText, false},      {"policy_version", ColumnType::kText, true},
      {"started_at_ms", ColumnType::kBigint, true}, {"contact_count", ColumnType::kInteger, false},
      {"score", ColumnType::kDouble, true},         {"end", ColumnType::kDouble, true},
  };
  for (const auto& each : cases) {
    SCOPED_TRACE(each.column);
    EXPECT_EQ(ColumnNamed(journeys, each.column).type, each.type);
    EXPECT_EQ(ColumnNamed(journeys, each.column).nullable, each.nullable);
  }
}

TEST(RowTableTest, EveryDimensionIsAColumnOfSomeTable) {
  for (const Dimension& dimension : kDimensions) {
    size_t tables_with_it = 0;
    for (const RowTable& table : RowTables()) {
      for (const Column& column : table.columns) tables_with_it += column.name == dimension.column;
    }
    EXPECT_GT(tables_with_it, 0U) << dimension.column;
  }
}

TEST(RowTableTest, OnlyWhatIsTurnedOnIsRead) {
  v1::BiConfig bi;
  EXPECT_TRUE(EnabledRowTables(bi).empty());
  bi.mutable_survey()->set_enabled(true);
  bi.mutable_survey()->set_format("json");
  bi.mutable_contact()->set_enabled(true);
  bi.mutable_contact()->set_format("protobuf");
  const std::vector<RowTable> tables = EnabledRowTables(bi);
  ASSERT_EQ(tables.size(), 2U);
  EXPECT_EQ(tables[0].name, "contacts");
  EXPECT_EQ(tables[1].name, "surveys");
  EXPECT_EQ(tables[1].framing.framing(), publish::Framing::kJson);
}

TEST(QuotedTest, NoNameEndsItsQuotes) {
  EXPECT_EQ(Quoted("end"), "\"end\"");
  EXPECT_EQ(Quoted("a\"; DROP"), "\"a\"\"; DROP\"");
}

}  // namespace
}  // namespace peakend::warehouse
