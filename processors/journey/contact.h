// One contact of a customer: its span, what happened in it and what it felt like.
//
// Every member is an accumulator whose value does not depend on the order of the
// events (earliest, latest, sum), so late events amend a contact exactly.
//
// Thread-safety: none. The caller has removed duplicates.
#ifndef PEAKEND_PROCESSORS_JOURNEY_CONTACT_H_
#define PEAKEND_PROCESSORS_JOURNEY_CONTACT_H_

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>

#include "peakend/v1/customer_state.pb.h"
#include "processors/journey/cause.h"
#include "processors/journey/event_facts.h"
#include "processors/journey/event_time.h"
#include "processors/journey/impressions.h"
#include "processors/journey/tally.h"
#include "processors/journey/windows.h"

namespace peakend::journey {

// An event that ends an experience, with its evidence.
struct Terminal {
  EventTime at;
  Cause cause = Cause::kResolved;  // or kAbandoned or kHungUpOnHold
  std::string_view event_id;
};

class Contact {
 public:
  // REQUIRES: facts.kind is neither kNone nor kSurvey.
  Contact(const EventFacts& facts, std::pmr::memory_resource* memory);
  // The contact that Save wrote. REQUIRES: the record was checked.
  Contact(const v1::CustomerState::Contact& record, std::pmr::memory_resource* memory);
  // REQUIRES: `record` is empty.
  void Save(v1::CustomerState::Contact* record) const;

  // Takes an event of this contact in. REQUIRES: as above.
  void Apply(const EventFacts& facts);
  // Takes all events of `other` in, which belong to the same contact.
  void Merge(const Contact& other);

  // As the feed gave it; empty when it gives none.
  std::string_view id() const { return id_; }
  // Channel of the first event (v1::Channel).
  int channel() const { return channel_; }
  EventTime first() const { return first_; }
  EventTime last() const { return last_; }
  int64_t event_count() const { return event_count_; }
  const Impressions& impressions() const { return impressions_; }
  const Tallies& tallies() const { return tallies_; }

  // Time of the first answer by an agent or bot.
  std::optional<int64_t> answered_at_ms() const { return answered_at_ms_; }
  // Time of the first queueing, and of the latest answer by a human.
  std::optional<int64_t> queued_at_ms() const { return queued_at_ms_; }
  std::optional<int64_t> human_at_ms() const { return human_at_ms_; }
  // How long the customer waited in the queue until the first answer or until giving
  // up: what the feed states, else the time between the two events. Nothing when
  // neither is known, or the answer came before the queue.
  std::optional<int64_t> WaitMs() const;
  // Latest queue and agent; empty = unknown.
  std::string_view queue_id() const { return queue_.value; }
  std::string_view agent_id() const { return agent_.value; }

  // True when the customer left the queue, and whether sooner than `windows`
  // calls worth scoring. An abandon whose wait is unknown is not short.
  bool abandoned() const { return abandoned_.has_value(); }
  bool IsShortAbandon(const Windows& windows) const;
  EventTime abandoned_at() const { return abandoned_ ? abandoned_->at : EventTime{}; }
  // The newest event that ended the experience; none for a plain goodbye or a
  // short abandon. A contact that ends before its hold did was hung up on hold. The event id is
  // valid until the contact changes.
  std::optional<Terminal> terminal(const Windows& windows) const;

  // When the contact is over: its latest end event, else contact_gap after its
  // last event.
  int64_t EndsAtMs(const Windows& windows) const;

 private:
  // A value and the time of the event that it comes from; the latest wins.
  struct Latest {
    EventTime at;
    std::pmr::string value;
    void Offer(const EventTime& offered_at, std::string_view offered);
  };
  struct Mark {
    EventTime at;
    int64_t wait_ms = -1;
    std::pmr::string event_id;
  };
  std::optional<Terminal> HungUpOnHold() const;
  void OfferMark(std::optional<Mark>& mark, const EventTime& at, int64_t wait_ms,
                 std::string_view event_id);

  std::pmr::memory_resource* memory_;
  std::pmr::string id_;
  int channel_ = 0;
  EventTime first_;
  EventTime last_;
  int64_t event_count_ = 0;
  std::optional<int64_t> queued_at_ms_;    // earliest
  std::optional<int64_t> answered_at_ms_;  // earliest
  std::optional<int64_t> human_at_ms_;     // latest
  std::optional<int64_t> ended_at_ms_;     // latest
  std::optional<Mark> abandoned_;          // latest
  std::optional<Mark> resolved_;           // latest
  Latest queue_;
  Latest agent_;
  Impressions impressions_;
  Tallies tallies_;
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_CONTACT_H_
