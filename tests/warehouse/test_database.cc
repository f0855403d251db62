#include "tests/warehouse/test_database.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "processors/warehouse/migrations.h"

namespace peakend::warehouse {

std::string TestConninfo() {
  const char* conninfo = std::getenv("PEAKEND_TEST_POSTGRES");
  if (conninfo != nullptr) return conninfo;
  ADD_FAILURE() << "run it as `tests/warehouse/with_postgres.py PROGRAM`, or by ctest";
  return "";
}

void DatabaseTest::SetUp() {
  const testing::TestInfo* test = testing::UnitTest::GetInstance()->current_test_info();
  schema_ = absl::StrCat(test->test_suite_name(), ".", test->name()).substr(0, 60);
  auto postgres = Postgres::Connect(TestConninfo());
  ASSERT_TRUE(postgres.ok()) << postgres.status();
  postgres_ = *std::move(postgres);
  Run(absl::StrCat("SET search_path TO ", Quoted(schema_)));
}

void DatabaseTest::TearDown() {
  if (postgres_ != nullptr) {
    Run(absl::StrCat("DROP SCHEMA IF EXISTS ", Quoted(schema_), " CASCADE"));
  }
}

void DatabaseTest::Migrate() {
  const auto applied = warehouse::Migrate(*postgres_, RowSql(schema_), Migrations());
  ASSERT_TRUE(applied.ok()) << applied.status();
}

void DatabaseTest::DropViews() {
  for (const std::string& view :
       Rows(absl::StrCat("SELECT table_name FROM information_schema.views WHERE table_schema = '",
                         schema_, "'"))) {
    Run(absl::StrCat("DROP VIEW IF EXISTS ", Quoted(view), " CASCADE"));
  }
}

void DatabaseTest::Run(const std::string& statements) {
  const absl::Status status = postgres_->Execute(statements);
  ASSERT_TRUE(status.ok()) << statements << ": " << status;
}

std::vector<std::string> DatabaseTest::Rows(const std::string& query) {
  const absl::StatusOr<SqlRows> rows = postgres_->Query(query);
  if (!rows.ok()) {
    ADD_FAILURE() << query << ": " << rows.status();
    return {};
  }
  std::vector<std::string> lines;
  for (int row = 0; row < rows->size(); ++row) {
    std::string line;
    for (int column = 0; column < rows->columns(); ++column) {
      if (column > 0) line += "|";
      line += rows->IsNull(row, column) ? "-" : rows->Text(row, column);
    }
    lines.push_back(line);
  }
  return lines;
}

int64_t DatabaseTest::Count(const std::string& table) {
  const std::vector<std::string> rows = Rows(absl::StrCat("SELECT count(*) FROM ", table));
  return rows.empty() ? -1 : std::stoll(rows[0]);
}

void DatabaseTest::Terminate(int pid) {
  ASSERT_EQ(Rows(absl::StrCat("SELECT pg_terminate_backend(", pid, ", 10000)")),
            std::vector<std::string>{"t"});
}

}  // namespace peakend::warehouse
