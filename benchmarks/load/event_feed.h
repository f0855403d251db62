// All records of a load, or of one shard of it, in the order in which they are due: contacts played
// out at once, delays, stragglers, duplicates, losses and bad records put in.
//
// A pure function of profile, seed, rate and part: what n shards give together is what one gives.
//
// Thread-safety: none; one owner. Bounded by the contacts that are alive at once (about 500 bytes
// each) and the events that are late.
#ifndef PEAKEND_BENCHMARKS_LOAD_EVENT_FEED_H_
#define PEAKEND_BENCHMARKS_LOAD_EVENT_FEED_H_

#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "benchmarks/load/contact_script.h"
#include "benchmarks/load/contact_source.h"
#include "benchmarks/load/event_writer.h"
#include "benchmarks/load/load_tally.h"
#include "benchmarks/load/time_buckets.h"
#include "peakend/v1/load_profile.pb.h"

namespace peakend::load {

// Which part of which load.
struct LoadPart {
  uint64_t seed = 1;
  int64_t start_at_ms = 0;
  int64_t length_us = 0;  // > 0
  // Of customers; from 1 to `shards`.
  uint32_t shard = 1;
  uint32_t shards = 1;
};

struct LoadRecord {
  int64_t due_us = 0;  // in [0, length)
  // Valid until the next call. An empty key: the record has none.
  std::string_view key;
  std::string_view value;
  bool bad = false;  // no reader can take it
};

class EventFeed {
 public:
  // `profile` outlives it.
  EventFeed(const v1::LoadProfile& profile, const LoadPart& part);

  // Plays out what was before the load began, which takes seconds where much is under way; Next
  // does it where nobody has.
  void Prepare();
  // When the load begins, once that is known. REQUIRES: no record was asked for yet.
  void StartAt(int64_t start_at_ms) { writer_.StartAt(start_at_ms); }

  // False = the load is over, and stays so.
  bool Next(LoadRecord& record);

  // Of the records so far; what is due after the end counts once Next is false.
  const LoadTally& tally() const { return tally_; }

 private:
  // A contact that is going on, or whose events are not all out.
  struct Live {
    ContactPlan plan;
    ContactScript script;
    ScriptedEvent next;
    RandomStream feed;
    int64_t latest_ms = INT64_MIN;  // of what is out
    uint32_t waiting = 0;           // events that are late
    bool out = false;               // an event of it
    bool over = false;
  };
  struct Late {
    ScriptedEvent event;
    int64_t first_due_us = 0;  // of a duplicate: of the first
    uint32_t live = 0;
    bool duplicate = false;
  };
  // A record that is due: equal times by number, so that no order is the queue's choice.
  struct Due {
    int64_t at_us;
    uint64_t number;  // of the contact, and of the event in it
    uint32_t late;
    friend bool operator<(const Due& a, const Due& b) {
      return a.at_us != b.at_us ? a.at_us < b.at_us : a.number < b.number;
    }
  };

  EventFeed(const v1::LoadProfile& profile, const LoadPart& part, double contacts_per_second);
  // Plays out all that occurs in the next piece of time, and puts what is due in it in order.
  void EnterBucket();
  void BeginContacts(int64_t end_us);
  void Begin(const ContactPlan& plan);
  // Sends what occurs before `end_us` on its way.
  void PlayUntil(uint32_t index, int64_t end_us);
  void Send(Live& live, uint32_t index, const ScriptedEvent& event);
  void Queue(const Late& late, int64_t due_us);
  int64_t DelayUs(const ContactPlan& plan, const ScriptedEvent& event, RandomStream& stream) const;
  void Emit(const Due& due, LoadRecord& record);
  // Behind the record that `record` still is.
  void EmitBad(const EventWriter::Record& bad, LoadRecord& record);
  void ReleaseIfOver(uint32_t index);

  const v1::LoadProfile& profile_;
  const LoadPart part_;
  ContactSource source_;
  ContactPlan upcoming_;
  EventWriter writer_;
  std::deque<Live> live_;
  std::vector<uint32_t> free_live_;
  std::deque<Late> late_;
  std::vector<uint32_t> free_late_;
  // Whose next event occurs in a piece, and what is due in it.
  TimeBuckets<uint32_t> occurring_;
  TimeBuckets<Due> due_;
  int64_t bucket_ = -1;  // the last one that was entered
  std::vector<uint32_t> playing_;
  std::vector<Due> leaving_;     // of this piece, in order
  size_t left_ = 0;              // of them
  EventWriter::Record written_;  // the last one
  bool break_next_ = false;      // it follows once more, with broken text
  bool spoil_next_ = false;      // a bad record follows it
  RandomStream spoiling_;
  LoadTally tally_;
};

// Records that one contact gives on average, found by playing some thousand out. Deterministic.
double RecordsPerContact(const v1::LoadProfile& profile);

}  // namespace peakend::load

#endif  // PEAKEND_BENCHMARKS_LOAD_EVENT_FEED_H_
