#include "processors/warehouse/postgres.h"

#include <gmock/gmock.h>

#include <limits>
#include <thread>

#include "absl/strings/str_cat.h"
#include "processors/warehouse/sql_error.h"
#include "tests/warehouse/test_database.h"

namespace peakend::warehouse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using PostgresTest = DatabaseTest;

TEST_F(PostgresTest, ValuesComeThroughAsTheyAre) {
  const std::string text = "a'b\"c\\d\n\xe4\xbd\xa0";
  const std::string bytes("\0\xff\x01", 3);
  const auto rows =
      postgres_->Query("SELECT $1::text, encode($2::bytea, 'hex'), $3::text, $4::bigint",
                       {SqlValue::Text(text), SqlValue::Bytes(bytes, true),
                        SqlValue::Bytes("", false), SqlValue::Text("-9223372036854775808")});
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_EQ(rows->Text(0, 0), text);
  EXPECT_EQ(rows->Text(0, 1), "00ff01");
  EXPECT_TRUE(rows->IsNull(0, 2));
  EXPECT_EQ(rows->Integer(0, 3), std::numeric_limits<int64_t>::min());
}

TEST_F(PostgresTest, AnErrorSaysItsKindAndNoValues) {
  Run("CREATE TEMP TABLE t (id int PRIMARY KEY, small smallint CONSTRAINT below CHECK (small < 9), "
      "word varchar(3))");
  Run("INSERT INTO t VALUES (4711, 1, 'abc')");
  const struct {
    std::string sql;
    absl::StatusCode code;
    std::string state;
    std::string says;
  } cases[] = {
      {"INSERT INTO t VALUES (4711, 1, 'x')", absl::StatusCode::kInvalidArgument, "23505",
       "t_pkey"},
      {"INSERT INTO t VALUES (1, 4711, 'x')", absl::StatusCode::kInvalidArgument, "23514", "below"},
      {"INSERT INTO t VALUES (1, 4711471, 'x')", absl::StatusCode::kInvalidArgument, "22003", ""},
      {"INSERT INTO t VALUES (1, 1, 'x4711')", absl::StatusCode::kInvalidArgument, "22001", ""},
      {"SELECT '4711x'::int", absl::StatusCode::kInvalidArgument, "22P02", ""},
      {"DO $$ BEGIN RAISE 'customer 4711'; END $$", absl::StatusCode::kInvalidArgument, "P0001",
       ""},
      {"SELECT gone FROM t", absl::StatusCode::kFailedPrecondition, "42703", "gone"},
      {"SELECT 1 FROM gone", absl::StatusCode::kFailedPrecondition, "42P01", "--print-ddl"},
      {"SELEC", absl::StatusCode::kInternal, "42601", ""},
  };
  for (const auto& each : cases) {
    const absl::Status status = postgres_->Query(each.sql).status();
    EXPECT_EQ(status.code(), each.code) << status;
    EXPECT_EQ(SqlState(status), each.state) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(each.says));
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("4711")));
  }
  EXPECT_TRUE(postgres_->connected());
}

TEST_F(PostgresTest, ACopyThatIsRefusedLeavesTheConnectionUsable) {
  Run("CREATE TEMP TABLE t (id int)");
  const absl::StatusOr<int64_t> bad = postgres_->CopyIn("COPY t FROM STDIN", {"1\n", "x\n"});
  EXPECT_EQ(bad.status().code(), absl::StatusCode::kInvalidArgument) << bad.status();
  const absl::StatusOr<int64_t> good = postgres_->CopyIn("COPY t FROM STDIN", {"1\n2", "\n3\n"});
  ASSERT_TRUE(good.ok()) << good.status();
  EXPECT_EQ(*good, 3);
  EXPECT_THAT(Rows("SELECT id FROM t ORDER BY 1"), ElementsAre("1", "2", "3"));
}

TEST_F(PostgresTest, ALostConnectionIsUnavailable) {
  auto other = Postgres::Connect(TestConninfo());
  ASSERT_TRUE(other.ok()) << other.status();
  Terminate((*other)->process_id());
  const absl::Status status = (*other)->Execute("SELECT 1");
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_FALSE((*other)->connected());
  EXPECT_TRUE(absl::IsUnavailable((*other)->Execute("SELECT 1")));
}

TEST_F(PostgresTest, ASessionThatTheServerEndedIsUnavailableWhateverTheReason) {
  auto still = Postgres::Connect(TestConninfo());
  ASSERT_TRUE(still.ok()) << still.status();
  const std::string alive =
      absl::StrCat("SELECT 1 FROM pg_stat_activity WHERE pid = ", (*still)->process_id());
  ASSERT_TRUE((*still)->Execute("SET idle_in_transaction_session_timeout = '1ms'").ok());
  ASSERT_TRUE((*still)->Execute("BEGIN").ok());
  while (!Rows(alive).empty()) std::this_thread::yield();
  const absl::Status status = (*still)->Execute("COMMIT");
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_FALSE((*still)->connected());
}

TEST_F(PostgresTest, ConnectingToWhatIsNotThereSaysWhatIsMissing) {
  const absl::Status nobody = Postgres::Connect("host=/tmp/no-such-folder dbname=x").status();
  EXPECT_TRUE(absl::IsUnavailable(nobody)) << nobody;
  const absl::Status nothing =
      Postgres::Connect(absl::StrCat(TestConninfo(), " dbname=nothing_here")).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(nothing)) << nothing;
}

TEST(ConninfoTest, SecretsBelongIntoFiles) {
  EXPECT_TRUE(CheckConninfo("host=/tmp dbname=x passfile=/etc/pass").ok());
  EXPECT_TRUE(CheckConninfo("service=bi").ok());
  for (const char* bad :
       {"host=a password=hush", "postgresql://me:hush@host/db", "hush", "host=a password='hush"}) {
    const absl::Status status = CheckConninfo(bad);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << bad;
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("hush")));
  }
}

TEST(SqlErrorTest, WhatPassesByItselfIsTriedAgain) {
  for (const char* state : {"40001", "40P01", "08006", "57P01", "57P03", "53100", "53200", "53300",
                            "55P03", "25006", "58030", ""}) {
    EXPECT_TRUE(absl::IsUnavailable(SqlErrorStatus({.state = state}))) << state;
  }
  EXPECT_THAT(std::string(SqlErrorStatus({.state = "53100"}).message()), HasSubstr("make room"));
}

}  // namespace
}  // namespace peakend::warehouse
