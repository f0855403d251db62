#include "processors/warehouse/migrations.h"

#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "processors/warehouse/row_table.h"
#include "processors/warehouse/schema_check.h"
#include "tests/warehouse/test_database.h"

namespace peakend::warehouse {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class MigrationsTest : public DatabaseTest {
 protected:
  std::vector<std::string> ColumnsOf(std::string_view table) {
    return Rows(absl::StrCat(
        "SELECT column_name || ' ' || data_type || CASE is_nullable WHEN 'NO' THEN ' not null' "
        "ELSE '' END FROM information_schema.columns WHERE table_schema = '",
        schema_, "' AND table_name = '", std::string(table), "' ORDER BY ordinal_position"));
  }
  absl::Status CheckJourneys() {
    return CheckTable(*postgres_, RowSql(schema_),
                      RowTables()[static_cast<size_t>(RowKind::kJourney)]);
  }
};

// The drift between messages and SQL: whoever adds a field must add a migration.
TEST_F(MigrationsTest, TablesHaveTheColumnsOfTheirMessages) {
  Migrate();
  for (const RowTable& table : RowTables()) {
    std::vector<std::string> expected;
    for (const Column& column : table.columns) {
      expected.push_back(absl::StrCat(column.name, " ", std::string(SqlType(column.type)),
                                      column.nullable ? "" : " not null"));
    }
    EXPECT_EQ(ColumnsOf(table.name), expected) << table.name;
    if (!table.keeps_revisions()) continue;
    EXPECT_EQ(ColumnsOf(kRevisionTable), expected);
  }
}

TEST_F(MigrationsTest, EachIsAppliedOnce) {
  const RowSql sql(schema_);
  const auto missing = MissingMigrations(*postgres_, sql);
  ASSERT_TRUE(missing.ok()) << missing.status();
  EXPECT_THAT(*missing, SizeIs(Migrations().size()));
  const auto first = warehouse::Migrate(*postgres_, sql, Migrations());
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_THAT(*first, SizeIs(Migrations().size()));
  const auto second = warehouse::Migrate(*postgres_, sql, Migrations());
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_THAT(*second, IsEmpty());
  EXPECT_THAT(*MissingMigrations(*postgres_, sql), IsEmpty());
  EXPECT_EQ(Count("schema_migration"), static_cast<int64_t>(Migrations().size()));
}

TEST_F(MigrationsTest, OneThatFailsLeavesNothingOfIt) {
  const std::vector<Migration> migrations = {
      {1, "001_good", "CREATE TABLE good (id int)"},
      {2, "002_bad", "CREATE TABLE half (id int); CREATE TABLE half (id int)"}};
  const auto applied = warehouse::Migrate(*postgres_, RowSql(schema_), migrations);
  EXPECT_THAT(std::string(applied.status().message()), HasSubstr("002_bad"));
  EXPECT_EQ(Count("good"), 0);
  EXPECT_EQ(Count("schema_migration"), 1);
  EXPECT_EQ(Rows("SELECT to_regclass('half')")[0], "-");
}

TEST_F(MigrationsTest, APersonCanApplyThePrintedOnes) {
  Run(Ddl(schema_));
  EXPECT_THAT(*MissingMigrations(*postgres_, RowSql(schema_)), IsEmpty());
}

TEST_F(MigrationsTest, ADatabaseOfANewerVersionIsFine) {
  Migrate();
  Run("INSERT INTO schema_migration (version, name) VALUES (999, '999_later');"
      "ALTER TABLE journeys ADD later text, ADD counted int NOT NULL DEFAULT 0");
  EXPECT_THAT(*MissingMigrations(*postgres_, RowSql(schema_)), IsEmpty());
  EXPECT_TRUE(CheckJourneys().ok()) << CheckJourneys();
}

TEST_F(MigrationsTest, ATableThatNoRowFitsIsNamed) {
  EXPECT_THAT(std::string(CheckJourneys().message()), HasSubstr("--init-schema"));
  Migrate();
  Run("ALTER TABLE journeys ADD cost int NOT NULL");
  EXPECT_TRUE(absl::IsFailedPrecondition(CheckJourneys()));
  EXPECT_THAT(std::string(CheckJourneys().message()), HasSubstr("cost"));
  Run("ALTER TABLE journeys DROP cost, DROP score CASCADE");
  EXPECT_TRUE(absl::IsFailedPrecondition(CheckJourneys()));
  EXPECT_THAT(std::string(CheckJourneys().message()), HasSubstr("lacks score"));
}

}  // namespace
}  // namespace peakend::warehouse
