#include "processors/runtime/snapshot_piece.h"

#include <cstdint>

namespace peakend::runtime {
namespace {

constexpr size_t kSizeBytes = 4;

void AppendSize(size_t size, std::string& bytes) {
  for (size_t i = 0; i < kSizeBytes; ++i) bytes.push_back(static_cast<char>(size >> (8 * i)));
}

// Takes `size` bytes off the front; false when there are not so many.
bool TakeBytes(size_t size, std::string_view& rest, std::string_view& bytes) {
  if (rest.size() < size) return false;
  bytes = rest.substr(0, size);
  rest.remove_prefix(size);
  return true;
}

bool TakeSize(std::string_view& rest, size_t& size) {
  std::string_view bytes;
  if (!TakeBytes(kSizeBytes, rest, bytes)) return false;
  size = 0;
  for (size_t i = 0; i < kSizeBytes; ++i) {
    size |= static_cast<size_t>(static_cast<uint8_t>(bytes[i])) << (8 * i);
  }
  return true;
}

}  // namespace

void AppendSnapshotRecord(std::string_view key, std::string_view value, std::string& piece) {
  AppendSize(key.size(), piece);
  AppendSize(value.size(), piece);
  piece.append(key);
  piece.append(value);
}

absl::Status ForEachSnapshotRecord(
    std::string_view piece,
    const std::function<absl::Status(std::string_view key, std::string_view value)>& take) {
  while (!piece.empty()) {
    size_t key_size = 0;
    size_t value_size = 0;
    std::string_view key;
    std::string_view value;
    if (!TakeSize(piece, key_size) || !TakeSize(piece, value_size) ||
        !TakeBytes(key_size, piece, key) || !TakeBytes(value_size, piece, value)) {
      return absl::DataLossError("a record of the snapshot is cut off");
    }
    if (absl::Status status = take(key, value); !status.ok()) return status;
  }
  return absl::OkStatus();
}

size_t CountSnapshotRecords(std::string_view piece) {
  size_t count = 0;
  ForEachSnapshotRecord(piece, [&](std::string_view, std::string_view) {
    ++count;
    return absl::OkStatus();
  }).IgnoreError();
  return count;
}

}  // namespace peakend::runtime
