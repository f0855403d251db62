// A schema of one test alone in the PostgreSQL that PEAKEND_TEST_POSTGRES names.
//
// Without it every test fails and says how to run it, because a test that silently does nothing
// proves nothing.
#ifndef PEAKEND_TESTS_WAREHOUSE_TEST_DATABASE_H_
#define PEAKEND_TESTS_WAREHOUSE_TEST_DATABASE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "processors/warehouse/postgres.h"
#include "processors/warehouse/row_sql.h"

namespace peakend::warehouse {

// The server's connection string; empty, and a failure, when there is none.
std::string TestConninfo();

class DatabaseTest : public testing::Test {
 protected:
  // Connects, and makes an empty schema's name; no table is there.
  void SetUp() override;
  void TearDown() override;

  // Brings the schema up to date.
  void Migrate();
  // So that columns can be changed.
  void DropViews();
  // Runs statements, with the schema in the search path.
  void Run(const std::string& statements);
  // The rows of a query, columns separated by "|", NULL as "-".
  std::vector<std::string> Rows(const std::string& query);
  int64_t Count(const std::string& table);
  // Ends the server's process `pid` of another connection, as a crash of it would.
  void Terminate(int pid);

  std::string schema_;
  std::unique_ptr<Postgres> postgres_;
};

}  // namespace peakend::warehouse

#endif  // PEAKEND_TESTS_WAREHOUSE_TEST_DATABASE_H_
