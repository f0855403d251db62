// Why a record of a row topic cannot become a row.
#ifndef PEAKEND_PROCESSORS_WAREHOUSE_ROW_FAULT_H_
#define PEAKEND_PROCESSORS_WAREHOUSE_ROW_FAULT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace peakend::warehouse {

enum class RowFault : uint8_t {
  kNone,
  kNoKey,       // the record has no key, or an empty one
  kUnreadable,  // the value is not this message: other bytes, or text that is not UTF-8
  kKeyDiffers,  // the record's key is not the row's first field
  kBadDate,     // business_date is missing or is no date
  kNulByte,     // a text has a byte 0, which PostgreSQL stores in no text
  kRefused,     // PostgreSQL does not take the row: a narrowed column, a constraint, a trigger
};
inline constexpr size_t kRowFaults = 7;

// A word for metrics and for dead_letter.reason.
constexpr std::string_view FaultName(RowFault fault) {
  constexpr std::array<std::string_view, kRowFaults> kNames = {
      "none", "no_key", "unreadable", "key_differs", "bad_date", "nul_byte", "refused"};
  return kNames[static_cast<size_t>(fault)];
}

}  // namespace peakend::warehouse

#endif  // PEAKEND_PROCESSORS_WAREHOUSE_ROW_FAULT_H_
