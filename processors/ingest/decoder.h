// Bytes of a record -> a checked, normalised view of its event, or the reason why not.
//
// Two ways lead to the view, and one set of checks follows: ordinary events are
// scanned, for all others the generated parser decides what they are.
//
// Thread-safety: none; one decoder per worker. It keeps one message object and
// reuses its memory: parsing into a fresh object costs twice as much.
#ifndef PEAKEND_PROCESSORS_INGEST_DECODER_H_
#define PEAKEND_PROCESSORS_INGEST_DECODER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "peakend/v1/interaction_event.pb.h"
#include "processors/ingest/event_view.h"
#include "processors/ingest/reject.h"

namespace peakend::ingest {

// How much larger than others a Control record of identities may be: it carries an event,
// or a part of a customer, beside fields of its own.
inline constexpr size_t kIdentityRoomBytes = 4096;

struct Limits {
  size_t max_record_bytes = size_t{1} << 20;
  // An event further ahead of its own broker timestamp is rejected.
  int64_t max_ahead_ms = 15 * 60 * 1000;
};

// A record as it came. `broker_ms` is the broker's timestamp; 0 = none, then the
// event's time is not compared with anything.
struct RawRecord {
  std::string_view key;
  std::string_view value;
  bool has_key = true;
  int64_t broker_ms = 0;
};

class Decoder {
 public:
  explicit Decoder(const Limits& limits) : limits_(limits) {}

  // Decodes, validates and normalises `record`. Exactly one of the two members
  // of the result is set. The event belongs to the decoder and stays valid until
  // its next call, and no longer than the bytes of `record`.
  //
  // Guarantees about an accepted event: a customer id that is no home's, and a matching
  // key (both absent only for Control; one of identities has a key, of a customer or a
  // home), a time > 0 and not too far ahead, ids of at most
  // 256 bytes, finite numbers in their ranges, and for every measured sentiment
  // that has a number on a scale, `score` in [-1, 1].
  struct Result {
    const EventView* event = nullptr;
    Reject reject = {};
  };
  Result Decode(const RawRecord& record);
  // As above by the generated parser alone: what Decode is measured against.
  Result DecodeInFull(const RawRecord& record);

 private:
  bool Parse(std::string_view value);
  // The checks that both ways share, on view_.
  Result Check(const RawRecord& record);
  // For all but Control records of identities.
  bool IsTooLarge(const RawRecord& record) const {
    return record.value.size() > limits_.max_record_bytes;
  }

  Limits limits_;
  EventView view_;
  v1::InteractionEvent event_;
  // The payload of the last turn, kept because clearing a oneof frees it.
  std::unique_ptr<v1::Turn> spare_turn_;
};

}  // namespace peakend::ingest

#endif  // PEAKEND_PROCESSORS_INGEST_DECODER_H_
