// One connection to PostgreSQL.
//
// Errors say what kind of trouble it is:
//   Unavailable         the same may succeed later: no connection, a server that starts or stops,
//                       a deadlock, a full disk
//   InvalidArgument     the data is refused: out of range, too long, a constraint, a trigger
//   FailedPrecondition  a person must act: a table or column is not there
//   PermissionDenied    a person must act: this user may not
//   Internal            anything else: most likely a mistake in our SQL
// No message has a value of a row: PostgreSQL's DETAIL and CONTEXT are dropped, and so is its main
// text where the data is refused, for which table, column and constraint stand instead.
//
// Thread-safety: one thread.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_POSTGRES_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_POSTGRES_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

struct pg_conn;
struct pg_result;

namespace peakend::warehouse {

// A parameter of a statement; the view must outlive the call.
struct SqlValue {
  std::string_view bytes;
  bool is_null = false;
  bool is_binary = false;  // for bytea: as it is; else text

  static SqlValue Text(std::string_view text) { return {text}; }
  static SqlValue Bytes(std::string_view bytes, bool present) { return {bytes, !present, true}; }
};

// What a statement gave back, as text.
class SqlRows {
 public:
  explicit SqlRows(pg_result* result) : result_(result) {}

  int size() const;
  int columns() const;
  std::string Text(int row, int column) const;
  bool IsNull(int row, int column) const;
  // 0 where it is no number.
  int64_t Integer(int row, int column) const;
  // Rows that were inserted, updated or deleted.
  int64_t changed() const;

 private:
  struct Clear {
    void operator()(pg_result* result) const;
  };
  std::unique_ptr<pg_result, Clear> result_;
};

class Postgres {
 public:
  // Connects, waiting 10 s unless `conninfo` says otherwise; a server that falls silent is noticed
  // after 30 s. Errors: Unavailable; InvalidArgument = the conninfo; PermissionDenied.
  static absl::StatusOr<std::unique_ptr<Postgres>> Connect(const std::string& conninfo);
  ~Postgres();
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;

  // One or more statements without parameters.
  absl::Status Execute(const std::string& sql);
  // One statement; parameters are $1, $2, ...
  absl::StatusOr<SqlRows> Query(const std::string& sql, absl::Span<const SqlValue> values = {});
  // COPY ... FROM STDIN: sends `pieces` one after the other. Returns the number of rows.
  absl::StatusOr<int64_t> CopyIn(const std::string& sql, absl::Span<const std::string_view> pieces);

  // COPY ... TO STDOUT: gives `take` what comes, piece by piece; each is valid during the call. An
  // error of `take` ends it and is passed on, and the connection is then of no use any more.
  using TakePiece = std::function<absl::Status(std::string_view piece)>;
  absl::Status CopyOut(const std::string& sql, const TakePiece& take);

  // False once the connection is broken: only a new one helps.
  bool connected() const;
  // The server's process that serves this connection.
  int process_id() const;

 private:
  struct Finish {
    void operator()(pg_conn* connection) const;
  };
  explicit Postgres(pg_conn* connection) : connection_(connection) {}
  // Takes the answers of the latest command until there is none left; the first error counts.
  absl::StatusOr<SqlRows> Answer();
  absl::Status Lost() const;

  std::unique_ptr<pg_conn, Finish> connection_;
};

// The five letters and digits of PostgreSQL's error; empty when it was none.
std::string SqlState(const absl::Status& status);

// Why `conninfo` cannot be taken: it is malformed, or holds a password, which belongs into a file
// that `passfile` or a service names.
absl::Status CheckConninfo(const std::string& conninfo);

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_POSTGRES_H_
