// PostgreSQL's errors in our words, without values of rows.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_SQL_ERROR_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_SQL_ERROR_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace peakend::warehouse {

// What PostgreSQL tells of an error.
struct SqlError {
  std::string_view state = {};    // SQLSTATE; empty = the connection broke
  std::string_view message = {};  // its main text, which can hold values
  std::string_view table = {};
  std::string_view column = {};
  std::string_view constraint = {};
};

// By the classes of postgres.h; the state goes with it (SqlState). Known remedies are named.
absl::Status SqlErrorStatus(const SqlError& error);

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_SQL_ERROR_H_
