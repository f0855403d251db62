// What happens in one contact, event after event in the order of occurrence: a plan played out.
//
// Events are small values; event_writer.h makes records of them. A script holds what it needs to
// go on and no event: millions of them are alive at once in a large load.
//
// Thread-safety: a value. The profile outlives it.
#ifndef PEAKEND_BENCHMARKS_LOAD_CONTACT_SCRIPT_H_
#define PEAKEND_BENCHMARKS_LOAD_CONTACT_SCRIPT_H_

#include <cstdint>

#include "benchmarks/load/contact_plan.h"
#include "benchmarks/load/feeling.h"
#include "benchmarks/load/random_stream.h"
#include "peakend/v1/lifecycle.pb.h"
#include "peakend/v1/load_profile.pb.h"

namespace peakend::load {

// What a turn is about, as far as its words go.
enum class Say : uint8_t {
  kNothing,
  kGreeting,
  kNeed,
  kTalk,  // by what is felt
  kAsk,
  kExplain,
  kApology,
  kNextStep,
  kThanks,
};

struct ScriptedEvent {
  enum class Kind : uint8_t { kState, kCustomerTurn, kAgentTurn, kPromise, kKept, kSurvey };
  Kind kind = Kind::kState;
  int64_t at_us = 0;
  uint32_t seq = 0;  // within the contact, from 0
  v1::Lifecycle::State state = v1::Lifecycle::STATE_UNSPECIFIED;
  v1::Lifecycle::EndedBy ended_by = v1::Lifecycle::ENDED_BY_UNSPECIFIED;
  Say say = Say::kNothing;
  bool partial = false;  // a transcript that a final one replaces
  uint8_t shocks = 0;    // that a turn tells of
  uint32_t agent = 0;    // from 1; 0 = none concerned
  uint32_t item = 0;     // of turns: the utterance's number
  double feeling = 0;    // of customers' turns and surveys
  // Of turns how long they took, of waits and holds how long they were, of promises how long they
  // leave, of announcements how long one was said to wait (the wait itself is not known then).
  int64_t lasts_us = 0;
};

class ContactScript {
 public:
  ContactScript(const v1::LoadProfile& profile, uint64_t seed, const ContactPlan& plan);

  // The next event; false = it is over, and stays so.
  bool Next(ScriptedEvent& event);

 private:
  enum class Step : uint8_t {
    kInitiated,
    kQueued,
    kAnswered,
    kTurn,
    kFinalTurn,  // after partial ones
    kHeld,       // the hold goes on
    kTransferring,
    kReconnected,
    kPromise,
    kEnded,
    kWrapped,
    kResolved,
    kKept,
    kSurvey,
    kWritten,
    kOver,
  };

  void Begin(ScriptedEvent& event, int64_t at_us);
  bool Initiated(ScriptedEvent& event);
  bool Queued(ScriptedEvent& event);
  bool Answered(ScriptedEvent& event);
  bool CallGoesOn(ScriptedEvent& event);
  void BeginHold(ScriptedEvent& event);
  void BeginTransfer(ScriptedEvent& event);
  bool Utterance(ScriptedEvent& event);
  bool ChatGoesOn(ScriptedEvent& event);
  bool Written(ScriptedEvent& event);
  void Turn(ScriptedEvent& event);
  void End(ScriptedEvent& event);
  bool After(ScriptedEvent& event);
  uint32_t DrawAgent();
  double ShareOver() const;

  const v1::LoadProfile* profile_;
  ContactPlan plan_;
  RandomStream stream_;
  Feeling feeling_;
  Step step_ = Step::kInitiated;
  int64_t at_us_;                // of the event before
  int64_t said_us_;              // when the customer spoke last
  int64_t begun_us_ = 0;         // when somebody answered
  int64_t talk_end_us_ = 0;      // of a call
  int64_t hold_us_ = INT64_MAX;  // when the hold begins; INT64_MAX = none (any more)
  int64_t transfer_us_ = INT64_MAX;
  int64_t promise_us_ = 0;  // when the callback is due
  int64_t utterance_us_ = 0;
  uint32_t seq_ = 0;
  uint32_t turns_ = 0;
  uint32_t partials_left_ = 0;
  uint32_t agent_ = 0;
  bool customer_speaks_ = false;
  bool silent_ = false;
  bool resolved_ = false;
  bool relieved_ = false;
  bool promised_ = false;
};

}  // namespace peakend::load

#endif  // PEAKEND_BENCHMARKS_LOAD_CONTACT_SCRIPT_H_
