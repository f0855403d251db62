#include "processors/warehouse/kept_rows.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "processors/warehouse/row_tuple.h"

namespace peakend::warehouse {

KeptRows::KeptRows(const RowTable& table, const KeptRowsOptions& options)
    : table_(&table), options_(options), batch_(table, no_keys_) {}

absl::Status KeptRows::Full() const {
  return absl::ResourceExhaustedError(
      absl::StrCat(table_->name, ": more than ", options_.most_rows,
                   " rows; take fewer days with --since and --until, or give --most-rows a higher "
                   "number (a row takes up to 70 bytes of memory)"));
}

// What tells versions of a row apart, where they are.
uint64_t KeptRows::HashOfVersion(int64_t row_version) const {
  return options_.all_versions ? VersionHash(row_version) : 0;
}

absl::Status KeptRows::Add(const runtime::InputRecord& record) {
  batch_.Clear();
  batch_.Add(record);
  if (batch_.row_count() == 0) {
    if (batch_.segments().front().erased.empty()) {
      ++faulty_;
      return absl::OkStatus();
    }
    tombstones_[KeyHash(record.key)] = {record.partition, record.offset};
    return tombstones_.size() > options_.most_rows ? Full() : absl::OkStatus();
  }
  const std::optional<RowTuple> row = ReadTuple(*table_, batch_.CopyRows(0, 1));
  if (!row) return absl::InternalError("a row does not read as it was written");
  if (options_.since && row->day < *options_.since) return absl::OkStatus();
  if (options_.until && row->day >= *options_.until) return absl::OkStatus();
  const auto [found, is_new] =
      rows_.try_emplace(RowHash(row->key, row->day) ^ HashOfVersion(row->row_version));
  Entry& entry = found->second;
  if (!is_new && row->row_version <= entry.row_version) return absl::OkStatus();
  entry.row_version = row->row_version;
  entry.offset = record.offset;
  entry.day = row->day;
  entry.partition = static_cast<uint32_t>(record.partition) & 0x7FFF'FFFF;
  entry.is_deleted = row->is_deleted ? 1 : 0;
  return rows_.size() > options_.most_rows ? Full() : absl::OkStatus();
}

bool KeptRows::IsErased(uint64_t hash, const Entry& entry) const {
  if (tombstones_.empty()) return false;
  const auto found =
      tombstones_.find(KeyHashIn(hash ^ HashOfVersion(entry.row_version), entry.day));
  return found != tombstones_.end() &&
         found->second.first == static_cast<int32_t>(entry.partition) &&
         found->second.second > entry.offset;
}

KeptRows::Offsets KeptRows::Take() {
  Offsets offsets;
  for (const auto& [hash, entry] : rows_) {
    if (IsErased(hash, entry) || (entry.is_deleted != 0 && !options_.all_versions)) {
      ++left_out_;
      continue;
    }
    offsets[static_cast<int32_t>(entry.partition)].push_back(entry.offset);
  }
  rows_ = {};
  for (auto& [partition, of_it] : offsets) std::sort(of_it.begin(), of_it.end());
  return offsets;
}

}  // namespace peakend::warehouse
