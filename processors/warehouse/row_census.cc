#include "processors/warehouse/row_census.h"

#include <xxhash.h>

#include <array>

#include "absl/strings/str_cat.h"

namespace peakend::warehouse {
namespace {

// Of an erased row only what is left counts.
constexpr uint64_t kErasedSeed = 1;

uint64_t Checksum(uint64_t hash, int64_t row_version, uint64_t content) {
  const std::array<uint64_t, 3> parts = {hash, static_cast<uint64_t>(row_version), content};
  return XXH3_64bits(parts.data(), sizeof(parts));
}

uint64_t ErasedContent(uint64_t kept) {
  return XXH3_64bits_withSeed(&kept, sizeof(kept), kErasedSeed);
}

}  // namespace

std::string_view DifferenceName(RowDifference difference) {
  constexpr std::array<std::string_view, 4> kNames = {"missing", "stale", "different", "extra"};
  return kNames[static_cast<size_t>(difference)];
}

RowCensus::RowCensus(const RowTable& table, const CensusOptions& options)
    : table_(&table), options_(options), batch_(table, no_keys_) {}

absl::Status RowCensus::Full() const {
  return absl::ResourceExhaustedError(
      absl::StrCat(table_->name, ": more than ", options_.most_rows,
                   " rows to compare; look at fewer days with --since and --until, or give "
                   "--most-rows a higher number (a row takes up to 100 bytes of memory)"));
}

absl::Status RowCensus::AddDeadLetter(int32_t partition, int64_t offset) {
  if (dead_letters_.size() >= options_.most_rows) return Full();
  dead_letters_.emplace(partition, offset);
  return absl::OkStatus();
}

// What tells versions of a row apart, where they are.
uint64_t RowCensus::HashOfVersion(int64_t row_version) const {
  return options_.every_version ? VersionHash(row_version) : 0;
}

uint64_t RowCensus::HashOf(const RowTuple& row) const {
  return RowHash(row.key, row.day) ^ HashOfVersion(row.row_version);
}

bool RowCensus::InWindow(DayNumber day) const {
  return (!options_.since || day >= *options_.since) && (!options_.until || day < *options_.until);
}

absl::Status RowCensus::AddRecord(const runtime::InputRecord& record) {
  ++report_.records;
  batch_.Clear();
  batch_.Add(record);
  if (batch_.row_count() > 0) {
    const std::optional<RowTuple> row = ReadTuple(*table_, batch_.CopyRows(0, 1));
    if (!row) return absl::InternalError("a row does not read as it was written");
    return AddRow(*row);
  }
  if (!batch_.segments().front().erased.empty()) {
    tombstones_[KeyHash(record.key)] = {record.partition, record.offset};
    return tombstones_.size() > options_.most_rows ? Full() : absl::OkStatus();
  }
  const bool is_known = dead_letters_.contains(Place(record.partition, record.offset));
  ++(is_known ? report_.dead_letters : report_.cleared_dead_letters);
  return absl::OkStatus();
}

absl::Status RowCensus::AddRow(const RowTuple& row) {
  const bool is_refused = !dead_letters_.empty() &&
                          dead_letters_.contains(Place(row.place.partition, row.place.offset));
  if (is_refused) ++report_.dead_letters;
  if (!InWindow(row.day)) return absl::OkStatus();
  const auto [found, is_new] = rows_.try_emplace(HashOf(row));
  Entry& entry = found->second;
  const bool is_newer = row.row_version > entry.row_version ||
                        (row.row_version == entry.row_version && entry.is_refused != 0);
  if (!is_new && !is_newer) return absl::OkStatus();
  entry.row_version = row.row_version;
  entry.offset = row.place.offset;
  entry.content = row.content;
  entry.kept = row.kept;
  entry.day = row.day;
  entry.partition = static_cast<uint32_t>(row.place.partition) & 0x3FFF'FFFF;
  entry.is_refused = is_refused ? 1 : 0;
  return rows_.size() > options_.most_rows ? Full() : absl::OkStatus();
}

bool RowCensus::IsErased(uint64_t hash, const Entry& entry) const {
  if (tombstones_.empty()) return false;
  const auto found =
      tombstones_.find(KeyHashIn(hash ^ HashOfVersion(entry.row_version), entry.day));
  return found != tombstones_.end() &&
         found->second.first == static_cast<int32_t>(entry.partition) &&
         found->second.second > entry.offset;
}

absl::Status RowCensus::AddTuple(std::string_view tuple, const runtime::Positions& first) {
  const std::optional<RowTuple> row = ReadTuple(*table_, tuple);
  if (!row) {
    return absl::DataLossError(
        absl::StrCat(table_->name, ": PostgreSQL gives a row that is none of this table"));
  }
  const auto held = first.find(row->place.partition);
  bool is_expired = held == first.end() || row->place.offset < held->second;
  const uint64_t hash = HashOf(*row);
  const auto found = rows_.find(hash);
  if (found != rows_.end() && found->second.is_seen == 0) {
    Match(found, *row, is_expired);
    return absl::OkStatus();
  }
  // Under compaction a tombstone outlives the row that it erased.
  if (row->is_blank && tombstones_.contains(KeyHash(row->key))) is_expired = true;
  if (is_expired) {
    ++report_.expired;
    return absl::OkStatus();
  }
  CountPostgres(*row, hash, row->content);
  Report({row->place.partition, row->place.offset, RowDifference::kExtra, row->day, std::nullopt,
          row->row_version});
  return absl::OkStatus();
}

void RowCensus::Match(Rows::iterator found, const RowTuple& row, bool is_expired) {
  Entry& entry = found->second;
  const uint64_t hash = found->first;
  DifferingRow differing = {static_cast<int32_t>(entry.partition),
                            entry.offset,
                            RowDifference::kStale,
                            row.day,
                            entry.row_version,
                            row.row_version};
  const bool is_older = row.row_version < entry.row_version;
  const bool is_equal = row.row_version == entry.row_version;
  const bool is_erased = IsErased(hash, entry);
  const bool is_same = is_equal && (is_erased ? row.is_blank && row.kept == entry.kept
                                              : row.content == entry.content);
  if (!is_same && !is_older && is_expired) {
    // The topic holds an older version only, or one that came later and was not taken.
    ++report_.expired;
    rows_.erase(found);
    return;
  }
  if (is_older && entry.is_refused != 0) {
    rows_.erase(found);
    return;
  }
  entry.is_seen = 1;
  CountPostgres(row, hash, is_same && is_erased ? ErasedContent(row.kept) : row.content);
  if (is_same) return;
  if (is_equal) differing.difference = RowDifference::kDifferent;
  if (!is_equal && !is_older) {
    differing.difference = RowDifference::kExtra;
    differing.partition = row.place.partition;
    differing.offset = row.place.offset;
  }
  Report(differing);
}

void RowCensus::CountPostgres(const RowTuple& row, uint64_t hash, uint64_t content) {
  CensusGroup& group = GroupOf(row.place.partition, row.day);
  ++group.postgres_rows;
  group.postgres_checksum += Checksum(hash, row.row_version, content);
}

void RowCensus::Report(const DifferingRow& row) {
  switch (row.difference) {
    case RowDifference::kMissing:
      ++report_.missing;
      break;
    case RowDifference::kStale:
      ++report_.stale;
      break;
    case RowDifference::kDifferent:
      ++report_.different;
      break;
    case RowDifference::kExtra:
      ++report_.extra;
      break;
  }
  report_.shown.insert(row);
  if (report_.shown.size() > options_.most_shown)
    report_.shown.erase(std::prev(report_.shown.end()));
}

CensusReport RowCensus::Finish() {
  for (const auto& [hash, entry] : rows_) {
    const bool is_missing = entry.is_seen == 0;
    if (is_missing && entry.is_refused != 0) continue;
    const auto partition = static_cast<int32_t>(entry.partition);
    const uint64_t content = IsErased(hash, entry) ? ErasedContent(entry.kept) : entry.content;
    CensusGroup& group = GroupOf(partition, entry.day);
    ++group.kafka_rows;
    group.kafka_checksum += Checksum(hash, entry.row_version, content);
    if (is_missing) {
      Report({partition, entry.offset, RowDifference::kMissing, entry.day, entry.row_version,
              std::nullopt});
    }
  }
  for (const auto& [place, group] : report_.groups) {
    report_.rows.kafka_rows += group.kafka_rows;
    report_.rows.postgres_rows += group.postgres_rows;
    report_.rows.kafka_checksum += group.kafka_checksum;
    report_.rows.postgres_checksum += group.postgres_checksum;
  }
  return std::move(report_);
}

}  // namespace peakend::warehouse
