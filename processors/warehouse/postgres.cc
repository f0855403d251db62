#include "processors/warehouse/postgres.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "processors/warehouse/sql_error.h"

namespace peakend::warehouse {
namespace {

constexpr size_t kCopyPiece = size_t{1} << 20;

std::string_view Field(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

absl::Status StatusOf(const PGresult* result) {
  return SqlErrorStatus({.state = Field(result, PG_DIAG_SQLSTATE),
                         .message = Field(result, PG_DIAG_MESSAGE_PRIMARY),
                         .table = Field(result, PG_DIAG_TABLE_NAME),
                         .column = Field(result, PG_DIAG_COLUMN_NAME),
                         .constraint = Field(result, PG_DIAG_CONSTRAINT_NAME)});
}

bool IsGood(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN ||
         status == PGRES_COPY_OUT;
}

// libpq's text of a connection that failed, on one line.
std::string ConnectionText(const PGconn* connection) {
  std::string text(absl::StripAsciiWhitespace(PQerrorMessage(connection)));
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text.empty() ? "the connection broke" : text;
}

// Of a connection that was refused there is only the text.
absl::Status ConnectStatus(const PGconn* connection) {
  const std::string text = ConnectionText(connection);
  const auto says = [&](const char* words) { return text.find(words) != std::string::npos; };
  std::string_view state;
  if (says("authentication failed") || says("no password supplied") || says("no pg_hba.conf")) {
    state = "28000";
  } else if (says("does not exist")) {
    state = "3D000";
  }
  return SqlErrorStatus({.state = state, .message = text});
}

struct Options {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

}  // namespace

int SqlRows::size() const { return PQntuples(result_.get()); }

int SqlRows::columns() const { return PQnfields(result_.get()); }

std::string SqlRows::Text(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column),
          static_cast<size_t>(PQgetlength(result_.get(), row, column))};
}

bool SqlRows::IsNull(int row, int column) const {
  return PQgetisnull(result_.get(), row, column) != 0;
}

int64_t SqlRows::Integer(int row, int column) const {
  int64_t number = 0;
  return absl::SimpleAtoi(PQgetvalue(result_.get(), row, column), &number) ? number : 0;
}

int64_t SqlRows::changed() const {
  int64_t number = 0;
  return absl::SimpleAtoi(PQcmdTuples(result_.get()), &number) ? number : 0;
}

void SqlRows::Clear::operator()(pg_result* result) const { PQclear(result); }

void Postgres::Finish::operator()(pg_conn* connection) const { PQfinish(connection); }

absl::StatusOr<std::unique_ptr<Postgres>> Postgres::Connect(const std::string& conninfo) {
  // Later ones win: what stands before `dbname` is a default.
  constexpr std::array kNames = {"connect_timeout", "tcp_user_timeout", "fallback_application_name",
                                 "dbname", "client_encoding"};
  const std::array<const char*, 5> values = {"10", "30000", "peakend sink", conninfo.c_str(),
                                             "UTF8"};
  std::array<const char*, 6> names{};
  std::array<const char*, 6> settings{};
  std::copy(kNames.begin(), kNames.end(), names.begin());
  std::copy(values.begin(), values.end(), settings.begin());
  std::unique_ptr<Postgres> postgres(
      new Postgres(PQconnectdbParams(names.data(), settings.data(), /*expand_dbname=*/1)));
  if (!postgres->connected()) return ConnectStatus(postgres->connection_.get());
  // Notices say what we know already, on standard error.
  PQsetNoticeProcessor(
      postgres->connection_.get(), [](void* /*nothing*/, const char* /*text*/) {}, nullptr);
  return postgres;
}

Postgres::~Postgres() = default;

bool Postgres::connected() const { return PQstatus(connection_.get()) == CONNECTION_OK; }

int Postgres::process_id() const { return PQbackendPID(connection_.get()); }

absl::Status Postgres::Lost() const {
  return SqlErrorStatus({.message = ConnectionText(connection_.get())});
}

absl::StatusOr<SqlRows> Postgres::Answer() {
  std::optional<SqlRows> last;
  absl::Status failed;
  while (PGresult* result = PQgetResult(connection_.get())) {
    SqlRows rows(result);
    if (!IsGood(result)) {
      failed.Update(StatusOf(result));
    } else {
      last = std::move(rows);
      // Not an end: the server waits for data, or has some.
      const ExecStatusType status = PQresultStatus(result);
      if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT) break;
    }
  }
  // Whatever ended the session, a new one may do.
  if (!connected()) {
    return failed.ok() ? Lost() : absl::UnavailableError(failed.message());
  }
  if (!failed.ok()) return failed;
  if (!last) return Lost();
  return *std::move(last);
}

absl::Status Postgres::Execute(const std::string& sql) {
  if (PQsendQuery(connection_.get(), sql.c_str()) == 0) return Lost();
  return Answer().status();
}

absl::StatusOr<SqlRows> Postgres::Query(const std::string& sql, absl::Span<const SqlValue> values) {
  std::vector<std::string> texts;  // libpq wants a 0 behind text
  std::vector<const char*> pointers;
  std::vector<int> lengths;
  std::vector<int> formats;
  texts.reserve(values.size());
  for (const SqlValue& value : values) {
    texts.emplace_back(value.bytes);
    pointers.push_back(value.is_null ? nullptr : texts.back().c_str());
    lengths.push_back(static_cast<int>(value.bytes.size()));
    formats.push_back(value.is_binary ? 1 : 0);
  }
  const int sent =
      PQsendQueryParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                        pointers.data(), lengths.data(), formats.data(), /*resultFormat=*/0);
  if (sent == 0) return Lost();
  return Answer();
}

absl::StatusOr<int64_t> Postgres::CopyIn(const std::string& sql,
                                         absl::Span<const std::string_view> pieces) {
  if (absl::Status status = Execute(sql); !status.ok()) return status;
  for (std::string_view piece : pieces) {
    while (!piece.empty()) {
      const std::string_view part = piece.substr(0, kCopyPiece);
      if (PQputCopyData(connection_.get(), part.data(), static_cast<int>(part.size())) != 1) {
        return Lost();
      }
      piece.remove_prefix(part.size());
    }
  }
  if (PQputCopyEnd(connection_.get(), nullptr) != 1) return Lost();
  const absl::StatusOr<SqlRows> done = Answer();
  if (!done.ok()) return done.status();
  return done->changed();
}

absl::Status Postgres::CopyOut(const std::string& sql, const TakePiece& take) {
  if (absl::Status status = Execute(sql); !status.ok()) return status;
  while (true) {
    char* bytes = nullptr;
    const int size = PQgetCopyData(connection_.get(), &bytes, /*async=*/0);
    if (size == -2) return Lost();
    if (size < 0) return Answer().status();
    const std::unique_ptr<char, void (*)(void*)> owned(bytes, PQfreemem);
    absl::Status status = take({bytes, static_cast<size_t>(size)});
    if (!status.ok()) return status;
  }
}

absl::Status CheckConninfo(const std::string& conninfo) {
  char* error = nullptr;
  const std::unique_ptr<PQconninfoOption, Options> options(
      PQconninfoParse(conninfo.c_str(), &error));
  if (error != nullptr) PQfreemem(error);
  // The text of the error repeats what was written, which may be a secret.
  if (options == nullptr) {
    return absl::InvalidArgumentError(
        "--postgres is no connection string; write it as \"host=/var/run/postgresql dbname=bi "
        "user=peakend\"");
  }
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    const std::string_view name = option->keyword;
    if ((name == "password" || name == "sslpassword") && option->val != nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("--postgres holds ", option->keyword,
                       "=, which every user of this machine can read; write passfile=FILE, or "
                       "service=NAME, and put it there"));
    }
  }
  return absl::OkStatus();
}

}  // namespace peakend::warehouse
