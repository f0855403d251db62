// A record as it is written, field after field: the bytes that the generated code gives for the
// same message.
//
// A customer's record is written again every few seconds and read only after a restart. To fill
// messages first, and to ask each for its size before its bytes, takes longer than all that is in
// it; here a message is written once, and its length put in before it when it is known.
//
// Fields come in the order of their numbers. One that is 0 or empty is left out, as proto3 does it;
// the functions with Present are for `optional` ones, which say that they are there.
//
// Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_JOURNEY_RECORD_BYTES_H_
#define PEAKEND_PROCESSORS_JOURNEY_RECORD_BYTES_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace peakend::journey {

class RecordBytes {
 public:
  // What was written since Clear; valid until the next call.
  std::string_view view() const { return {room_.data(), size_}; }
  // Reads it again. False: it is no such message.
  template <typename Record>
  bool ReadInto(Record* record) const {
    return record->ParseFromArray(room_.data(), static_cast<int>(size_));
  }
  void Clear() { size_ = 0; }

  // int32, int64, uint32, uint64, bool and enums.
  void Int(int field, int64_t value) {
    if (value != 0) PresentInt(field, value);
  }
  void PresentInt(int field, int64_t value) {
    Reserve(2 * kLongestVarint);
    PutTag(field, kVarint);
    PutVarint(static_cast<uint64_t>(value));
  }
  // sint32 and sint64.
  void PresentSigned(int field, int64_t value) { PresentInt(field, ZigZag(value)); }
  void Signed(int field, int64_t value) { Int(field, ZigZag(value)); }
  void Fixed64(int field, uint64_t value) {
    if (value != 0) PutFixed(field, kFixed64, value);
  }
  void Fixed32(int field, uint32_t value) {
    if (value != 0) PutFixed(field, kFixed32, value);
  }
  void PresentFixed32(int field, uint32_t value) { PutFixed(field, kFixed32, value); }
  void Double(int field, double value) { Fixed64(field, std::bit_cast<uint64_t>(value)); }
  void PresentDouble(int field, double value) {
    PutFixed(field, kFixed64, std::bit_cast<uint64_t>(value));
  }
  void Bytes(int field, std::string_view value) {
    if (!value.empty()) PresentBytes(field, value);
  }
  // A message whose bytes are known already, too.
  void PresentBytes(int field, std::string_view value) {
    Reserve(2 * kLongestVarint + value.size());
    PutTag(field, kDelimited);
    PutVarint(value.size());
    std::memcpy(at(), value.data(), value.size());
    size_ += value.size();
  }

  // Fields that are written already.
  void Fields(std::string_view bytes) {
    Reserve(bytes.size());
    std::memcpy(at(), bytes.data(), bytes.size());
    size_ += bytes.size();
  }

  // A message, which `write` writes here.
  template <typename Write>
  void Message(int field, Write write) {
    Reserve(2 * kLongestVarint);
    PutTag(field, kDelimited);
    const size_t begin = ++size_;
    write();
    PutLength(begin);
  }
  // The elements of a packed field, within Message.
  void AddFixed64(uint64_t value) {
    Reserve(sizeof(value));
    PutRaw(value);
  }
  void AddSigned(int64_t value) {
    Reserve(kLongestVarint);
    PutVarint(static_cast<uint64_t>(ZigZag(value)));
  }

 private:
  enum WireType : uint32_t { kVarint = 0, kFixed64 = 1, kDelimited = 2, kFixed32 = 5 };
  static constexpr size_t kLongestVarint = 10;
  // Numbers of fixed size are copied as they stand.
  static_assert(std::endian::native == std::endian::little);

  static int64_t ZigZag(int64_t value) {
    return static_cast<int64_t>(static_cast<uint64_t>(value) << 1) ^ (value >> 63);
  }
  char* at() { return room_.data() + size_; }
  void Reserve(size_t bytes) {
    if (room_.size() - size_ < bytes) room_.resize(2 * (room_.size() + bytes));
  }
  // Each of the following has room.
  void PutTag(int field, WireType type) { PutVarint(static_cast<uint32_t>(field) << 3 | type); }
  void PutVarint(uint64_t value) {
    // By a pointer of its own: a byte written may be any member, for all the compiler knows.
    char* to = at();
    for (; value >= 0x80; value >>= 7) *to++ = static_cast<char>(value | 0x80);
    *to++ = static_cast<char>(value);
    size_ = static_cast<size_t>(to - room_.data());
  }
  template <typename Number>
  void PutRaw(Number value) {
    std::memcpy(at(), &value, sizeof(value));
    size_ += sizeof(value);
  }
  template <typename Number>
  void PutFixed(int field, WireType type, Number value) {
    Reserve(kLongestVarint + sizeof(value));
    PutTag(field, type);
    PutRaw(value);
  }
  // Of the message that began at `begin`, with one byte before it for its length.
  void PutLength(size_t begin) {
    const size_t length = size_ - begin;
    if (length >= 0x80) {
      Reserve(kLongestVarint);
      const size_t more = (static_cast<size_t>(std::bit_width(length)) - 1) / 7;
      std::memmove(room_.data() + begin + more, room_.data() + begin, length);
    }
    size_ = begin - 1;
    PutVarint(length);
    size_ += length;
  }

  std::string room_;
  size_t size_ = 0;
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_RECORD_BYTES_H_
