#include "processors/warehouse/sql_error.h"

#include <array>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "processors/warehouse/postgres.h"

namespace peakend::warehouse {
namespace {

constexpr absl::string_view kStatePayload = "peakend/sqlstate";

struct StateClass {
  std::string_view prefix;  // of the SQLSTATE
  absl::StatusCode code;
  std::string_view remedy;
};
// The first that fits counts.
constexpr std::array kClasses = {
    StateClass{"53100", absl::StatusCode::kUnavailable,
               "the server's disk is full: make room, peakend tries again by itself"},
    StateClass{"53200", absl::StatusCode::kUnavailable,
               "the server is out of memory or locks: raise max_locks_per_transaction, or lower "
               "--batch-rows"},
    StateClass{"53300", absl::StatusCode::kUnavailable, "raise max_connections, or end others"},
    StateClass{"08", absl::StatusCode::kUnavailable, ""},
    StateClass{"53", absl::StatusCode::kUnavailable, ""},
    StateClass{"57P", absl::StatusCode::kUnavailable, ""},
    StateClass{"57014", absl::StatusCode::kUnavailable, ""},
    StateClass{"58", absl::StatusCode::kUnavailable, "the server's system has a problem"},
    StateClass{"40", absl::StatusCode::kUnavailable, ""},
    StateClass{"55P03", absl::StatusCode::kUnavailable, ""},
    StateClass{"25006", absl::StatusCode::kUnavailable,
               "the server takes no changes: it is a standby, or is being switched over"},
    StateClass{"22", absl::StatusCode::kInvalidArgument, ""},
    StateClass{"23", absl::StatusCode::kInvalidArgument, ""},
    StateClass{"44", absl::StatusCode::kInvalidArgument, ""},
    StateClass{"54", absl::StatusCode::kInvalidArgument, ""},
    StateClass{"P0001", absl::StatusCode::kInvalidArgument, ""},
    StateClass{"3F000", absl::StatusCode::kFailedPrecondition,
               "`peakend sink postgres --init-schema` makes it"},
    StateClass{"42703", absl::StatusCode::kFailedPrecondition,
               "add the column again, as `peakend sink postgres --print-ddl` shows it"},
    StateClass{"42P01", absl::StatusCode::kFailedPrecondition,
               "make the table again, as `peakend sink postgres --print-ddl` shows it"},
    StateClass{"42804", absl::StatusCode::kFailedPrecondition,
               "a column has another type than `peakend sink postgres --print-ddl` shows"},
    StateClass{"42P10", absl::StatusCode::kFailedPrecondition,
               "a primary key is not there: make it again, as `peakend sink postgres --print-ddl` "
               "shows it"},
    StateClass{"3D000", absl::StatusCode::kFailedPrecondition, "create the database, or the user"},
    StateClass{"28", absl::StatusCode::kPermissionDenied,
               "the password belongs into a file that passfile= or a service names"},
    StateClass{"42501", absl::StatusCode::kPermissionDenied,
               "the sink must own the tables, because it makes a partition for each day"},
};

const StateClass* ClassOf(std::string_view state) {
  for (const StateClass& each : kClasses) {
    if (state.starts_with(each.prefix)) return &each;
  }
  return nullptr;
}

absl::string_view Piece(std::string_view text) { return {text.data(), text.size()}; }

void AppendName(absl::string_view what, std::string_view name, std::string* out) {
  if (!name.empty()) absl::StrAppend(out, " ", what, " ", Piece(name));
}

std::string Place(const SqlError& error) {
  std::string place;
  AppendName("table", error.table, &place);
  AppendName("column", error.column, &place);
  AppendName("constraint", error.constraint, &place);
  return place;
}

}  // namespace

absl::Status SqlErrorStatus(const SqlError& error) {
  if (error.state.empty()) {
    return absl::UnavailableError(
        absl::StrCat("PostgreSQL does not answer: ", Piece(error.message)));
  }
  const StateClass* found = ClassOf(error.state);
  const absl::StatusCode code = found != nullptr ? found->code : absl::StatusCode::kInternal;
  std::string text = absl::StrCat("PostgreSQL error ", Piece(error.state));
  if (code == absl::StatusCode::kInvalidArgument) {
    absl::StrAppend(&text, Place(error));
  } else {
    absl::StrAppend(&text, ": ", Piece(error.message));
  }
  if (found != nullptr && !found->remedy.empty()) {
    absl::StrAppend(&text, "; ", Piece(found->remedy));
  }
  absl::Status status(code, text);
  status.SetPayload(kStatePayload, absl::Cord(Piece(error.state)));
  return status;
}

std::string SqlState(const absl::Status& status) {
  const auto payload = status.GetPayload(kStatePayload);
  return payload ? std::string(*payload) : std::string();
}

}  // namespace peakend::warehouse
