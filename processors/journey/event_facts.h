// What the journey engine needs to know of an event, read once.
#ifndef PEAKEND_PROCESSORS_JOURNEY_EVENT_FACTS_H_
#define PEAKEND_PROCESSORS_JOURNEY_EVENT_FACTS_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "processors/affect/affect.h"
#include "processors/affect/phrase_book.h"
#include "processors/ingest/event_view.h"
#include "processors/journey/tally.h"

namespace peakend::journey {

// How an event changes its contact.
enum class FactKind : uint8_t {
  kNone,          // nothing in the customer's experience (after-call work, ...)
  kAlive,         // the contact goes on
  kSettlement,    // says what became of a promise; of no contact
  kAlertAction,   // somebody did something with an alert; of no contact
  kCustomerTurn,  // with or without a feeling
  kAnswer,        // an agent or bot took the contact or spoke
  kQueued,
  kAbandoned,
  kResolved,
  kEnded,
  kSurvey,
};

// What an event says of a promise.
struct PromiseFacts {
  std::string_view id;
  int kind = 0;            // v1::Promise::Kind
  int64_t made_at_ms = 0;  // not after the event
  std::optional<int64_t> due_at_ms;
  std::optional<int64_t> fulfilled_at_ms;  // not after the event
  bool broken = false;
};

// What was announced to many, and this customer among them.
struct NoticeFacts {
  std::string_view notice_id;
  std::string_view touchpoint_id;  // empty = any
  int64_t base_ms = 0;             // when it was said, or begins
  int64_t due_ms = 0;              // 0 = open

  bool OverdueAt(int64_t at_ms) const { return due_ms > base_ms && at_ms > due_ms; }
};

// The texts are those of the event view, and live as long as they do.
struct EventFacts {
  FactKind kind = FactKind::kNone;
  int64_t at_ms = 0;
  uint64_t hash = 0;  // of source and event id
  std::string_view event_id;
  std::string_view contact_id;
  std::string_view leg_id;  // empty = the feed names none
  int channel = 0;          // v1::Channel, unknown values kept
  std::string_view queue_id;
  std::string_view agent_id;
  std::string_view tier;
  std::string_view touchpoint_id;
  std::string_view language;  // BCP-47; empty = unknown
  std::string_view producer;  // who measured the feeling, and on which scale
  std::string_view scale;
  bool says = false;                     // of a customer turn: it is final and the customer's own
  std::optional<affect::Affect> affect;  // of a customer turn
  int64_t wait_ms = -1;                  // of an abandon; -1 = unknown
  // What the event adds to the contact's tallies, and the amount that it states.
  TallyKind tally = TallyKind::kNone;
  int64_t amount = -1;
  bool by_human = false;    // of an answer: an agent's, not a bot's
  bool asks = false;        // of an answer: it ends with a question
  int ended_by = 0;         // of an end: v1::Lifecycle::EndedBy; 0 = not said
  bool order_only = false;  // its time is made up
  bool outside = false;     // an activity: nobody was asked for anything
  // Who began the contact (v1::Direction, v1::Initiation) and hashes of what it is
  // about; 0 = not said.
  int direction = 0;
  int initiation = 0;
  uint64_t chain_hash = 0;
  uint64_t case_hash = 0;
  uint64_t intent_hash = 0;
  uint64_t touchpoint_hash = 0;
  std::optional<PromiseFacts> promise;
  // Of a notice board; its texts live until the next notice.
  std::optional<NoticeFacts> notice;
  // Of a baseline board: what others of the queue wait for an answer.
  std::optional<int64_t> baseline_wait_ms;
  // What the words of a turn say, by the phrases of a policy.
  affect::PhraseSet acts = 0;  // of an agent's
  bool escalates = false;      // of a customer's own
  // Of an answered survey: normalised to [0, 1], higher is better.
  std::optional<double> survey_score;
  int survey_kind = 0;  // v1::Survey::Kind
  // Of what somebody did with an alert: which (v1::AlertAction::Kind), and what.
  int alert_action = 0;
  std::string_view alert_id;
  int64_t snooze_until_ms = 0;  // as somebody said it; 0 = not said
  std::string_view actor_id;    // who did; a pseudonym
  std::optional<bool> was_actionable;
};

// REQUIRES: `event` passed ingest. Without what follows from words, and without a notice,
// which is left to its board.
EventFacts ReadFacts(const ingest::EventView& event);

// Adds what the words of `event` say. REQUIRES: `facts` are those of `event`.
void ReadPhrases(const ingest::EventView& event, const affect::PhraseBook& phrases,
                 EventFacts& facts);

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_EVENT_FACTS_H_
