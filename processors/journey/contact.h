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
#include "processors/journey/human_answers.h"
#include "processors/journey/impressions.h"
#include "processors/journey/latest_name.h"
#include "processors/journey/legs.h"
#include "processors/journey/need.h"
#include "processors/journey/notice_given.h"
#include "processors/journey/promise.h"
#include "processors/journey/record_bytes.h"
#include "processors/journey/tally.h"
#include "processors/journey/windows.h"

namespace peakend::journey {

// An event that ends an experience, with its evidence.
struct Terminal {
  EventTime at;
  Cause cause = Cause::kResolved;  // or kAbandoned, kHungUpOnHold, kLeftUnanswered
  std::string_view event_id;
};

// An event of a contact. The id is valid until the contact changes.
struct Occurrence {
  EventTime at;
  std::string_view event_id;
};

class Contact {
 public:
  // REQUIRES: facts.kind is none of kNone, kSurvey and kSettlement.
  Contact(const EventFacts& facts, std::pmr::memory_resource* memory);
  // A copy that lives in `memory`.
  Contact(const Contact& other, std::pmr::memory_resource* memory);
  // The contact that Save wrote. REQUIRES: the record was checked.
  Contact(const v1::CustomerState::Contact& record, std::pmr::memory_resource* memory);
  // Writes the fields of its record.
  void Save(RecordBytes& record) const;

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
  // The first queueing, and the time of the latest answer by a human.
  std::optional<Occurrence> queued() const;
  std::optional<int64_t> human_at_ms() const { return human_answers_.latest_ms(); }
  const HumanAnswers& human_answers() const { return human_answers_; }
  // The latest message of the customer, and the latest answer to them.
  std::optional<Occurrence> customer_spoke() const;
  std::optional<EventTime> answered_last() const;
  std::optional<Occurrence> resolved() const;
  // When the customer last wanted something: spoke, or began the contact.
  EventTime wanted_at() const;
  const Need& need() const { return need_; }
  const Promises& promises() const { return promises_; }
  // False when only the order of its events is known: nothing is measured between them.
  bool HasTimes() const { return !order_only_; }
  // Somebody was asked to help, rather than a page looked at.
  bool SoughtHelp() const { return queued_ || answered_at_ms_ || first_message_ms_; }
  // From the customer's first message to the first answer, where nobody had spoken
  // before and no queue is in between.
  std::optional<int64_t> FirstResponseMs() const;
  // How long the customer waited in the queue until the first answer or until giving
  // up: what the feed states, else the time between the two events. Nothing when
  // neither is known, the answer came before the queue, or the events have no times.
  std::optional<int64_t> WaitMs() const;
  // The latest that were named; empty = unknown.
  std::string_view queue_id() const { return queue_.value; }
  std::string_view agent_id() const { return agent_.value; }
  std::string_view tier() const { return tier_.value; }
  EventTime tier_named_at() const { return tier_.at; }
  std::string_view touchpoint_id() const { return touchpoint_.value; }
  // Who measured its feelings, by the latest turn that says so; empty = nobody said.
  std::string_view producer() const { return producer_.value; }
  EventTime producer_named_at() const { return producer_.at; }
  const Legs& legs() const { return legs_; }
  // v1::Lifecycle::EndedBy of the latest end that says so; 0 = none does.
  int ended_by() const { return ended_by_ ? ended_by_->by : 0; }
  // What its agents did, by the phrases of the policy.
  affect::PhraseSet acts() const { return acts_; }
  // Of its earliest event that was about one; nothing when none was.
  const std::optional<NoticeGiven>& notice() const { return notice_; }

  // What others of its queue waited when it came there, until an answer.
  std::optional<int64_t> baseline_wait_ms() const {
    return baseline_ ? std::optional(baseline_->wait_ms) : std::nullopt;
  }

  // It has been counted in the statistics of its touchpoint; of contacts that turn out to be
  // one, one was.
  bool counted() const { return counted_; }
  void MarkCounted() { counted_ = true; }

  // True when the customer left the queue, and whether sooner than `windows`
  // calls worth scoring. An abandon whose wait is unknown is not short.
  bool abandoned() const { return abandoned_.has_value(); }
  bool IsShortAbandon(const Windows& windows) const;
  EventTime abandoned_at() const { return abandoned_ ? abandoned_->at : EventTime{}; }
  // The newest event that ended the experience, as of a time; none for a plain goodbye or
  // a short abandon. A contact that ends before its hold did was hung up on hold. One
  // that falls silent after a question was left unanswered. The event id is valid until
  // the contact changes.
  std::optional<Terminal> terminal(const Windows& windows, int64_t as_of_ms) const;

  // When the contact is over: its latest end event, else contact_gap after its
  // last event.
  int64_t EndsAtMs(const Windows& windows) const;
  // An event said that it is over.
  bool ended() const { return ended_at_ms_.has_value(); }

  // As if only what is kept of the impressions in leg `leg` had been made, from the leg's first
  // event on, and nothing else had happened. REQUIRES: leg < legs().all().size().
  Contact ImpressionsOfLeg(size_t leg, std::pmr::memory_resource* memory) const;

 private:
  // With no events yet.
  Contact(std::string_view id, int channel, const EventTime& first,
          std::pmr::memory_resource* memory);

  struct BaselineWait {
    EventTime at;
    int64_t wait_ms = 0;
  };
  void OfferBaseline(const EventTime& at, int64_t wait_ms);
  struct Ender {
    EventTime at;
    int by = 0;
  };
  void OfferEnder(const EventTime& at, int by);
  struct Mark {
    EventTime at;
    int64_t wait_ms = -1;
    std::pmr::string event_id;
  };
  std::optional<Terminal> HungUpOnHold() const;
  std::optional<Terminal> LeftUnanswered(const Windows& windows, int64_t as_of_ms) const;
  void OfferMark(std::optional<Mark>& mark, const EventTime& at, int64_t wait_ms,
                 std::string_view event_id);

  std::pmr::memory_resource* memory_;
  std::pmr::string id_;
  int channel_ = 0;
  EventTime first_;
  EventTime last_;
  int64_t event_count_ = 0;
  std::optional<Mark> queued_;               // earliest
  std::optional<int64_t> answered_at_ms_;    // earliest
  std::optional<int64_t> ended_at_ms_;       // latest
  std::optional<int64_t> first_message_ms_;  // earliest, of the customer
  EventTime answered_last_;                  // latest
  std::optional<Mark> abandoned_;            // latest
  std::optional<Mark> resolved_;             // latest
  LatestName queue_;
  LatestName agent_;
  LatestName tier_;
  LatestName touchpoint_;
  LatestName last_message_;   // event id of the customer's
  LatestName last_question_;  // event id of an answer that asks
  LatestName producer_;
  Legs legs_;
  std::optional<Ender> ended_by_;
  Need need_;
  Promises promises_;
  HumanAnswers human_answers_;
  std::optional<NoticeGiven> notice_;
  affect::PhraseSet acts_ = 0;
  bool order_only_ = false;
  bool counted_ = false;
  std::optional<BaselineWait> baseline_;
  Impressions impressions_;
  Tallies tallies_;
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_CONTACT_H_
