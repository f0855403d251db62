// What happened in a contact beside what was said, counted: holds, transfers, a bot
// that did not understand, an announced wait, ...
//
// A tally is a fact, not a judgement: what it did to the customer follows from it
// under a policy (moments/experience.h), so that an amended fact amends the
// impression. Every member is an accumulator whose value does not depend on the order
// of the events; at most one tally per kind is kept, whatever a feed sends.
//
// Thread-safety: none. The caller has removed duplicates.
#ifndef PEAKEND_PROCESSORS_JOURNEY_TALLY_H_
#define PEAKEND_PROCESSORS_JOURNEY_TALLY_H_

#include <cstdint>
#include <memory_resource>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "peakend/v1/customer_state.pb.h"
#include "processors/journey/event_ids.h"
#include "processors/journey/event_time.h"
#include "processors/journey/record_bytes.h"

namespace peakend::journey {

// Numbers are written to the changelog: a name may change, a number may not.
enum class TallyKind : uint8_t {
  kNone = 0,
  kAnswered = 1,         // the first answer; amount = wait that the feed states, ms
  kWaitAnnounced = 2,    // amount = the shortest that was announced, ms
  kHoldBegun = 3,        //
  kHoldEnded = 4,        // amount = longest, ms
  kTransferred = 5,      //
  kAuthenticated = 6,    //
  kAskedAgainWho = 7,    // the feed says that the customer had to authenticate again
  kWrongSkill = 8,       //
  kNotUnderstood = 9,    // by the bot
  kHumanRequested = 10,  //
  kInterrupted = 11,     // by the agent
  kTalkedOver = 12,      // both at once
  kSilence = 13,         // amount = longest, ms
  kDropped = 14,         //
  kPageError = 15,       //
  kAudioRated = 16,      // amount = worst mean opinion score x 1e6
  kReviewed = 17,        // amount = lowest rating, [0, 1e9] on its own scale
  kOutsideComplaint = 18,
  kAbandoned = 19,        // amount = wait that the feed states, ms
  kResponseDelayed = 20,  // amount = longest time until an answer that the feed states, ms
  kExpired = 21,          // the system closed the contact, since nobody said anything
  kOrderReturned = 22,
  kOrderCancelled = 23,
  kLeft = 24,  // the customer gave the service up
  kRenewed = 25,
  kAskedForHuman = 26,  // in words; the feed may report the same request as kHumanRequested
};
inline constexpr int kLastTallyKind = 26;
// "answered", "wait_announced", ...; empty for kNone.
std::string_view TallyName(TallyKind kind);

struct Tally {
  TallyKind kind = TallyKind::kNone;
  int64_t count = 0;
  // Longest, shortest or worst as the kind says; -1 = no event stated it.
  int64_t amount = -1;
  // Of the event that stands for all: of kAnswered the first, else the latest.
  EventTime at;
  EventIds::Ref event_id;
};

class Tallies {
 public:
  using Records = google::protobuf::RepeatedPtrField<v1::CustomerState::Tally>;

  explicit Tallies(std::pmr::memory_resource* memory) : tallies_(memory), ids_(memory) {}
  // The tallies that Save wrote. REQUIRES: the records were checked.
  Tallies(const Records& records, std::pmr::memory_resource* memory);
  // As `field` of the message that is being written.
  void Save(int field, RecordBytes& record) const;

  // Counts an event. REQUIRES: kind != kNone; amount >= -1.
  void Add(TallyKind kind, int64_t amount, const EventTime& at, std::string_view event_id);
  // Adds all of `other`, which counted other events.
  void Merge(const Tallies& other);

  bool empty() const { return tallies_.empty(); }
  // In order of their kinds.
  absl::Span<const Tally> all() const { return tallies_; }
  // Null when nothing of the kind happened. Valid until something is added.
  const Tally* Find(TallyKind kind) const;
  std::string_view event_id(const Tally& tally) const { return ids_[tally.event_id]; }
  std::string_view event_id(EventIds::Ref ref) const { return ids_[ref]; }

 private:
  void Join(const Tally& tally, std::string_view event_id);

  // In order of their kinds.
  std::pmr::vector<Tally> tallies_;
  EventIds ids_;
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_TALLY_H_
