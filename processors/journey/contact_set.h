// The contacts of one customer that can still change, and the journeys they make.
//
// A journey is not stored: it is a run of contacts, found anew from the contacts'
// spans, so that late events, joining and splitting need no special case.
//
// Invariants: contacts are sorted by first event; there are at most
// windows.max_contacts of them; no event is applied twice.
// Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_JOURNEY_CONTACT_SET_H_
#define PEAKEND_PROCESSORS_JOURNEY_CONTACT_SET_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "peakend/v1/customer_state.pb.h"
#include "processors/journey/contact.h"
#include "processors/journey/contact_joins.h"
#include "processors/journey/event_facts.h"
#include "processors/journey/memory.h"
#include "processors/journey/record_bytes.h"
#include "processors/journey/seen_events.h"
#include "processors/journey/settlement.h"
#include "processors/journey/story.h"
#include "processors/journey/windows.h"

namespace peakend::journey {

// A run of contacts [begin, end) that makes one journey.
struct JourneySpan {
  size_t begin = 0;
  size_t end = 0;
  EventTime first = {};
  EventTime last = {};
  // When the last of its contacts is over: a mail thread may be silent for longer than
  // journeys may.
  int64_t contacts_end_at_ms = 0;
  // The latest resolution, and when the customer last wanted something.
  EventTime resolved = {};
  EventTime wanted = {};
  // Of earlier journeys. A ContactSet knows nothing of it: whoever keeps the memory adds it.
  Memory before = {};

  // How long it may be silent: less once the matter is resolved and the customer has wanted
  // nothing since.
  int64_t GapMs(const Windows& windows) const { return windows.JourneyGap(wanted < resolved); }
  // When the gap after the last event has passed and the contacts are over.
  int64_t EndsAtMs(const Windows& windows) const {
    return std::max(last.at_ms + GapMs(windows), contacts_end_at_ms);
  }
  // Takes in the contact behind the last.
  void Add(const Contact& contact, const Windows& windows);
  bool Ended(int64_t watermark_ms, const Windows& windows) const {
    return EndsAtMs(windows) < watermark_ms;
  }
  // When its end is final: the customer has not come back in time for it to be a repeat.
  int64_t FinalAtMs(const Windows& windows) const {
    return std::max(EndsAtMs(windows), last.at_ms + windows.repeat_window_ms);
  }
  bool Final(int64_t watermark_ms, const Windows& windows) const {
    return FinalAtMs(windows) < watermark_ms;
  }
  // Whether what comes late may still change it; nothing that comes in time does after
  // KeptUntilMs.
  bool Amendable(int64_t watermark_ms, const Windows& windows) const {
    return last.at_ms + windows.amend_window_ms + windows.allowed_lateness_ms >= watermark_ms;
  }
  int64_t KeptUntilMs(const Windows& windows) const {
    return std::max(FinalAtMs(windows), last.at_ms + windows.amend_window_ms) +
           windows.allowed_lateness_ms;
  }
};
using JourneySpans = absl::InlinedVector<JourneySpan, 4>;

// An answered survey: an outcome beside the journey, never part of it.
struct SurveyAnswer {
  EventTime at;
  double score = 0;  // [0, 1]
  int kind = 0;      // v1::Survey::Kind
  std::pmr::string contact_id;
};

enum class ApplyResult : uint8_t {
  kApplied,
  kDuplicate,
  kNoContact,  // a survey or a promise of a contact that is not (or no longer) known; kept
  kNoEffect,   // nothing in the customer's experience
};

class ContactSet {
 public:
  // Surveys kept per customer; the oldest is forgotten.
  static constexpr size_t kMaxSurveys = 16;

  explicit ContactSet(std::pmr::memory_resource* memory)
      : contacts_(memory), surveys_(memory), seen_(memory), settlements_(memory), memory_(memory) {}
  // The contacts that Save wrote. REQUIRES: the record was checked.
  ContactSet(const v1::CustomerState::Contacts& record, std::pmr::memory_resource* memory);
  // Writes the fields of its record.
  void Save(RecordBytes& record) const;

  // Takes an event in. `changed`, if not null, becomes the index of its contact (of a
  // settlement: of the last one with the promise) where the result is kApplied. REQUIRES: the event
  // is not late, or amends.
  ApplyResult Apply(const EventFacts& facts, const Windows& windows, size_t* changed);

  // Takes in all that `other` has, which took in other events: what makes one contact becomes
  // one, as if the events had come here one by one.
  void Absorb(const ContactSet& other, const Windows& windows, ContactJoins* joins = nullptr);
  // The same without the ids of events, but for whether some were forgotten: to look at both as
  // one, while each knows its own.
  void AbsorbContacts(const ContactSet& other, const Windows& windows,
                      ContactJoins* joins = nullptr);

  // What Apply says of an event that is here, whichever set it came with.
  ApplyResult Locate(const EventFacts& facts, const Windows& windows, size_t* changed) const;
  // The contact that begins with that event; size() when none does.
  size_t Find(const EventTime& first) const;

  // Where the contacts live.
  std::pmr::memory_resource* memory() const { return memory_; }

  // True when an event with this hash was taken in and is still remembered.
  bool Seen(uint64_t hash) const { return seen_.Contains(hash); }

  absl::Span<const Contact> contacts() const { return contacts_; }
  const Settlements& settlements() const { return settlements_; }
  bool empty() const { return contacts_.empty() && surveys_.empty() && settlements_.empty(); }

  // REQUIRES: index < contacts().size().
  void MarkCounted(size_t index) { contacts_[index].MarkCounted(); }

  // The journeys in order of time. Two contacts belong together when the gap
  // between them is at most that of the journey so far and the later one starts less than
  // journey_max after the journey's start.
  JourneySpans Journeys(const Windows& windows) const;
  // The journey that holds contact `index`. REQUIRES: index < contacts().size().
  JourneySpan JourneyOf(size_t index, const Windows& windows) const;

  // A journey, or contact `index` of it, as a story with what is remembered before it.
  Story StoryOf(const JourneySpan& journey, int64_t as_of_ms) const;
  Story StoryOf(const JourneySpan& journey, size_t index, int64_t as_of_ms) const;

  // True when an event that is later than allowed is for a journey that it may amend: of
  // one of its contacts, or from its time.
  bool Amends(const EventFacts& facts, int64_t watermark_ms, const Windows& windows) const;

  // The newest survey about `journey`; null when there is none. A survey is about the
  // newest journey that had begun by then, as had the contact that the survey names if it
  // names one, and whose last event lies at most amend_window before it.
  const SurveyAnswer* SurveyOf(const JourneySpan& journey, const Windows& windows) const;

  // Forgets that many contacts, and what nothing can match any more. Indices of spans change.
  void DropFirst(size_t count, int64_t watermark_ms, const Windows& windows);
  // Forgets the contacts for which `unwanted` holds.
  template <typename Unwanted>
  void DropIf(Unwanted unwanted) {
    std::erase_if(contacts_, unwanted);
  }
  // Forgets surveys and settlements that waited in vain; those of `all`, which has absorbed
  // these, may be what they waited for.
  void DropUnmatched(int64_t watermark_ms, const Windows& windows) {
    DropUnmatched(*this, watermark_ms, windows);
  }
  void DropUnmatched(const ContactSet& all, int64_t watermark_ms, const Windows& windows);

  // Contacts were joined because there were too many; ids were forgotten.
  bool joined_contacts() const { return joined_contacts_; }
  bool forgot_event_ids() const { return seen_.forgot(); }

  // Earliest time at which something ends by itself: a contact, a journey, or, where
  // nothing else is left, the waiting of a survey or a settlement. Later than any event when there
  // is nothing.
  int64_t NextDeadlineMs(int64_t watermark_ms, const Windows& windows) const;

 private:
  size_t FindOrAdd(const EventFacts& facts, const Windows& windows);
  size_t Insert(Contact contact);
  // Restores the order after contact `index` changed, and joins it with contacts
  // of the same id that it now reaches. Returns its new index.
  size_t Settle(size_t index, const Windows& windows, ContactJoins* joins = nullptr);
  void AbsorbContact(const Contact& contact, const Windows& windows, ContactJoins* joins);
  void AddSurvey(SurveyAnswer survey);
  void DropSurveys(const ContactSet& all, int64_t watermark_ms, const Windows& windows);
  // Index in `contacts_` of the contact that an event would join; size() when of none.
  size_t FindContact(const EventFacts& facts, const Windows& windows) const;
  // The last contact that made the promise which `facts` settles; size() when none did.
  size_t FindPromised(const EventFacts& facts) const;
  // The journey that an answer is about; null when about none of `spans`.
  const JourneySpan* JourneyAbout(int64_t at_ms, std::string_view contact_id,
                                  const JourneySpans& spans, const Windows& windows) const;

  std::pmr::vector<Contact> contacts_;
  std::pmr::vector<SurveyAnswer> surveys_;  // earlier first
  SeenEvents seen_;
  Settlements settlements_;
  std::pmr::memory_resource* memory_;
  bool joined_contacts_ = false;
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_CONTACT_SET_H_
