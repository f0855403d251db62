// The words that broker and clients share: who writes, where, and what can go wrong.
#ifndef PEAKEND_TESTS_SIMULATION_BROKER_ERROR_H_
#define PEAKEND_TESTS_SIMULATION_BROKER_ERROR_H_

#include <compare>
#include <cstdint>

#include "processors/publish/output.h"

namespace peakend::simulation {

enum class BrokerError : uint8_t {
  kNone,
  kConcurrent,         // the last transaction of this producer is still being ended
  kFenced,             // a newer epoch of this producer exists
  kInvalidState,       // not possible in the state of this transaction
  kOutOfOrder,         // a batch before this one is missing
  kIllegalGeneration,  // the group has moved on
  kUnknownMember,      // the group has thrown this member out
  kReplacedMember,     // another process took the place of this static member
  kRefused,            // for a reason that ends this transaction only
  kUnstable,           // an open transaction holds the answer back
};

inline constexpr int64_t kNoProducer = -1;

struct Producer {
  int64_t id = kNoProducer;
  int32_t epoch = -1;
};

// A partition that a transaction can write to. The group's offsets are one, too.
struct LogId {
  static constexpr int32_t kOffsets = -1;

  publish::Topic topic = publish::Topic::kInput;
  int32_t partition = kOffsets;

  friend auto operator<=>(const LogId&, const LogId&) = default;
};

}  // namespace peakend::simulation

#endif  // PEAKEND_TESTS_SIMULATION_BROKER_ERROR_H_
