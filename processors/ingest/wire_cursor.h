// Walks over the fields of one protobuf message in memory.
//
// Reads only forms that every protobuf reader takes alike, so what it refuses may
// still be valid: tags of two bytes, sizes of four, varints of nine (no negative
// numbers), no groups, and texts that are UTF-8.
//
// Thread-safety: none. Never reads outside of the given bytes; after a refusal the
// position means nothing.
#ifndef PEAKEND_PROCESSORS_INGEST_WIRE_CURSOR_H_
#define PEAKEND_PROCESSORS_INGEST_WIRE_CURSOR_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "google/protobuf/stubs/common.h"

namespace peakend::ingest {

// Tag of a field by its wire type.
constexpr uint32_t VarintTag(int field) { return static_cast<uint32_t>(field) << 3; }
constexpr uint32_t Fixed64Tag(int field) { return VarintTag(field) | 1; }
constexpr uint32_t DelimitedTag(int field) { return VarintTag(field) | 2; }
constexpr uint32_t Fixed32Tag(int field) { return VarintTag(field) | 5; }

// Numbers of fixed size are copied as they stand.
static_assert(std::endian::native == std::endian::little);

class WireCursor {
 public:
  explicit WireCursor(std::string_view bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool AtEnd() const { return at_ == end_; }

  // The next field's tag; 0 = refused. REQUIRES: !AtEnd().
  uint32_t ReadTag() {
    uint32_t tag = Next();
    if (tag >= 0x80) {
      if (AtEnd() || Peek() >= 0x80) return 0;
      tag = (tag & 0x7f) | Next() << 7;
    }
    // Field 0 is none.
    return tag < VarintTag(1) ? 0 : tag;
  }

  // Each of the following reads one value of a field, or refuses.
  bool ReadVarint(uint64_t* value) { return ReadVarint(63, value); }
  bool ReadTime(int64_t* value) {
    uint64_t varint = 0;
    if (!ReadVarint(&varint)) return false;
    *value = static_cast<int64_t>(varint);
    return true;
  }
  bool ReadTime(std::optional<int64_t>* value) { return ReadTime(&value->emplace()); }
  bool ReadEnum(int* value) {
    uint64_t varint = 0;
    if (!ReadVarint(&varint)) return false;
    *value = static_cast<int>(static_cast<uint32_t>(varint));
    return true;
  }
  bool ReadBool(bool* value) {
    uint64_t varint = 0;
    if (!ReadVarint(&varint)) return false;
    *value = varint != 0;
    return true;
  }
  template <typename Number>
  bool ReadFixed(std::optional<Number>* value) {
    if (left() < sizeof(Number)) return false;
    std::memcpy(&value->emplace(), at_, sizeof(Number));
    at_ += sizeof(Number);
    return true;
  }
  bool ReadBytes(std::string_view* value) {
    uint64_t size = 0;
    if (!ReadVarint(28, &size) || size > left()) return false;
    *value = {at_, static_cast<size_t>(size)};
    at_ += size;
    return true;
  }
  bool ReadText(std::string_view* value) {
    return ReadBytes(value) &&
           (IsAscii(*value) || google::protobuf::internal::IsStructurallyValidUTF8(
                                   value->data(), static_cast<int>(value->size())));
  }

  // Passes over the value of a field with this tag. Bytes must be a text: the
  // caller may not know whether they are one for the generated parser.
  bool Skip(uint32_t tag) {
    switch (tag & 7) {
      case VarintTag(0): {
        uint64_t varint;
        return ReadVarint(&varint);
      }
      case Fixed64Tag(0):
        return SkipBytes(sizeof(uint64_t));
      case DelimitedTag(0): {
        std::string_view text;
        return ReadText(&text);
      }
      case Fixed32Tag(0):
        return SkipBytes(sizeof(uint32_t));
      default:
        return false;
    }
  }

 private:
  size_t left() const { return static_cast<size_t>(end_ - at_); }
  uint8_t Peek() const { return static_cast<uint8_t>(*at_); }
  uint8_t Next() { return static_cast<uint8_t>(*at_++); }

  // A number of at most `bits`, which are a multiple of 7.
  bool ReadVarint(int bits, uint64_t* value) {
    uint64_t number = 0;
    for (int shift = 0; shift < bits && !AtEnd(); shift += 7) {
      const uint64_t byte = Next();
      number |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        *value = number;
        return true;
      }
    }
    return false;
  }
  bool SkipBytes(size_t size) {
    if (left() < size) return false;
    at_ += size;
    return true;
  }

  template <typename Word>
  static Word Load(const char* at) {
    Word word;
    std::memcpy(&word, at, sizeof(word));
    return word;
  }
  // In words, of which the last may overlap the one before.
  static bool IsAscii(std::string_view text) {
    const char* at = text.data();
    const char* const end = at + text.size();
    uint64_t seen = 0;
    if (text.size() >= 8) {
      for (; end - at > 8; at += 8) seen |= Load<uint64_t>(at);
      seen |= Load<uint64_t>(end - 8);
    } else if (text.size() >= 4) {
      seen = Load<uint32_t>(at) | Load<uint32_t>(end - 4);
    } else {
      while (at != end) seen |= static_cast<uint8_t>(*at++);
    }
    return (seen & 0x8080808080808080) == 0;
  }

  const char* at_;
  const char* end_;
};

}  // namespace peakend::ingest

#endif  // PEAKEND_PROCESSORS_INGEST_WIRE_CURSOR_H_
