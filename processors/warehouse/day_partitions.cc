#include "processors/warehouse/day_partitions.h"

#include <array>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"

namespace peakend::warehouse {
namespace {

// That the partition can't be made, or is there, and rows find their place all the same: another
// process made it (42P07, 23505), a partition of another size has the day (42P17), the default
// partition has rows of it (23514).
constexpr std::array<std::string_view, 4> kSettled = {"42P07", "23505", "42P17", "23514"};

}  // namespace

absl::Status DayPartitions::Load() {
  partitioned_.clear();
  settled_.clear();
  const SqlValue schema = SqlValue::Text(sql_.schema());
  const absl::StatusOr<SqlRows> tables = postgres_.Query(
      "SELECT c.relname, c.relkind = 'p' FROM pg_class c JOIN pg_namespace n ON n.oid = "
      "c.relnamespace WHERE n.nspname = $1 AND c.relkind IN ('p', 'r')",
      {schema});
  if (!tables.ok()) return tables.status();
  for (int i = 0; i < tables->size(); ++i) {
    const bool is_partitioned = tables->Text(i, 1) == "t";
    (is_partitioned ? partitioned_ : settled_).insert(tables->Text(i, 0));
  }
  return absl::OkStatus();
}

absl::Status DayPartitions::Ensure(std::string_view table, const std::vector<DayNumber>& days) {
  if (!partitioned_.contains(absl::string_view(table.data(), table.size()))) {
    return absl::OkStatus();
  }
  size_t made = 0;
  for (auto day = days.rbegin(); day != days.rend() && made < most_new_; ++day) {
    const auto year = CivilDayOf(*day).year();
    if (year < kFirstYear || year > kLastYear) continue;
    const std::string name = DayTable(table, *day);
    if (settled_.contains(name)) continue;
    if (absl::Status status = Make(table, *day); !status.ok()) return status;
    settled_.insert(name);
    ++made;
  }
  return absl::OkStatus();
}

absl::Status DayPartitions::Make(std::string_view table, DayNumber day) {
  // Whether it survives a crash is decided by the commit of its first rows.
  const absl::Status status = postgres_.Execute(absl::StrCat(
      "BEGIN; SET LOCAL synchronous_commit = off; ", sql_.CreateDay(table, day), "; COMMIT"));
  if (status.ok()) return status;
  if (absl::Status undone = postgres_.Execute("ROLLBACK"); !undone.ok()) return undone;
  return absl::c_linear_search(kSettled, SqlState(status)) ? absl::OkStatus() : status;
}

}  // namespace peakend::warehouse
