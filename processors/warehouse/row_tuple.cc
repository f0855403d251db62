#include "processors/warehouse/row_tuple.h"

#include <xxhash.h>

#include <algorithm>
#include <cstring>

#include "processors/warehouse/row_sql.h"

namespace peakend::warehouse {
namespace {

constexpr size_t kCountBytes = sizeof(int16_t);
constexpr size_t kLengthBytes = sizeof(int32_t);

// A big-endian number that may be shorter than 8 bytes; 0 of none.
int64_t NumberIn(std::string_view bytes) {
  uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<uint8_t>(byte);
  const bool is_negative = !bytes.empty() && bytes.size() < 8 && (bytes.front() & 0x80) != 0;
  if (is_negative) number |= ~uint64_t{0} << (8 * bytes.size());
  return static_cast<int64_t>(number);
}

// The size of the tuple at the beginning of `bytes`; nothing when more bytes are needed.
std::optional<size_t> TupleSize(std::string_view bytes) {
  if (bytes.size() < kCountBytes) return std::nullopt;
  size_t at = kCountBytes;
  for (int64_t left = NumberIn(bytes.substr(0, kCountBytes)); left > 0; --left) {
    if (bytes.size() < at + kLengthBytes) return std::nullopt;
    const int64_t length = NumberIn(bytes.substr(at, kLengthBytes));
    at += kLengthBytes + static_cast<size_t>(std::max<int64_t>(length, 0));
    if (bytes.size() < at) return std::nullopt;
  }
  return at;
}

// One column: its bytes with their length before them, and without; `is_null` has none.
struct Cell {
  std::string_view with_length;
  std::string_view bytes;
  bool is_null = false;
};

bool IsErased(const Column& column, const Cell& cell) {
  if (column.name == "is_deleted") return cell.bytes == std::string_view("\1", 1);
  if (column.nullable) return cell.is_null;
  return !cell.is_null &&
         std::all_of(cell.bytes.begin(), cell.bytes.end(), [](char byte) { return byte == '\0'; });
}

void TakeCell(const RowTable& table, const Column& column, const Cell& cell, RowTuple* row) {
  if (column.field == nullptr) {
    const int64_t number = NumberIn(cell.bytes);
    if (column.name == "published_at_ms") row->place.published_at_ms = number;
    if (column.name == "row_partition") row->place.partition = static_cast<int32_t>(number);
    if (column.name == "row_offset") row->place.offset = number;
    return;
  }
  if (&column == &table.columns.front()) row->key = cell.bytes;
  if (column.name == "is_deleted") row->is_deleted = NumberIn(cell.bytes) != 0;
  if (column.name == "row_version") row->row_version = NumberIn(cell.bytes);
  if (column.type == ColumnType::kDate) row->day = static_cast<DayNumber>(NumberIn(cell.bytes));
}

uint64_t DayHash(DayNumber day) { return XXH3_64bits(&day, sizeof(day)); }

}  // namespace

uint64_t KeyHash(std::string_view key) { return XXH3_64bits(key.data(), key.size()); }

uint64_t RowHash(std::string_view key, DayNumber day) { return KeyHash(key) ^ DayHash(day); }

uint64_t KeyHashIn(uint64_t row_hash, DayNumber day) { return row_hash ^ DayHash(day); }

uint64_t VersionHash(int64_t row_version) {
  // Another seed than a day has, which may be the same number.
  constexpr uint64_t kVersionSeed = 1;
  return XXH3_64bits_withSeed(&row_version, sizeof(row_version), kVersionSeed);
}

std::optional<RowTuple> ReadTuple(const RowTable& table, std::string_view bytes) {
  if (TupleSize(bytes) != bytes.size() ||
      NumberIn(bytes.substr(0, kCountBytes)) != static_cast<int64_t>(table.columns.size())) {
    return std::nullopt;
  }
  RowTuple row;
  row.is_blank = true;
  size_t at = kCountBytes;
  size_t content_end = at;
  for (const Column& column : table.columns) {
    const int64_t length = NumberIn(bytes.substr(at, kLengthBytes));
    const size_t size = length < 0 ? 0 : static_cast<size_t>(length);
    const Cell cell = {bytes.substr(at, kLengthBytes + size), bytes.substr(at + kLengthBytes, size),
                       length < 0};
    at += cell.with_length.size();
    TakeCell(table, column, cell, &row);
    if (column.field == nullptr) continue;
    content_end = at;
    if (!IsErasable(column)) {
      row.kept = XXH3_64bits_withSeed(cell.with_length.data(), cell.with_length.size(), row.kept);
    } else if (!IsErased(column, cell)) {
      row.is_blank = false;
    }
  }
  row.content = XXH3_64bits(bytes.data(), content_end);
  return row;
}

absl::Status TupleSplitter::Add(std::string_view piece, const Take& take) {
  // Pieces are mostly whole tuples: they are cut where they lie.
  std::string joined;
  std::string_view left = piece;
  if (!rest_.empty()) {
    joined = std::move(rest_);
    joined.append(piece);
    left = joined;
    rest_.clear();
  }
  if (!header_passed_ && left.size() >= CopyHeader().size()) {
    if (left.substr(0, CopyHeader().size()) != CopyHeader()) {
      return absl::DataLossError("PostgreSQL's COPY has another header than version 1");
    }
    left.remove_prefix(CopyHeader().size());
    header_passed_ = true;
  }
  while (header_passed_ && !ended_) {
    ended_ = left.substr(0, CopyTrailer().size()) == CopyTrailer();
    if (ended_) break;
    const std::optional<size_t> size = TupleSize(left);
    if (!size) break;
    if (absl::Status status = take(left.substr(0, *size)); !status.ok()) return status;
    left.remove_prefix(*size);
  }
  if (!ended_) rest_ = std::string(left);
  return absl::OkStatus();
}

}  // namespace peakend::warehouse
