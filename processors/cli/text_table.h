// Words for people: aligned columns, and times and names that a terminal can show.
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_PROCESSORS_CLI_TEXT_TABLE_H_
#define PEAKEND_PROCESSORS_CLI_TEXT_TABLE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace peakend::cli {

// RFC 3339 in UTC, with milliseconds.
std::string TimeText(int64_t ms);

// `name` as it is; in quotes and escaped where it holds control characters, which
// would reach the terminal; "-" when empty.
std::string NameText(std::string_view name);

class TextTable {
 public:
  void Add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  // Appends the rows, with two spaces between columns.
  void Append(std::string* out) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_TEXT_TABLE_H_
