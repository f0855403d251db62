#include "processors/journey/event_facts.h"

#include <algorithm>
#include <cmath>

#include "processors/journey/identifier.h"

namespace peakend::journey {
namespace {

FactKind KindOf(const ingest::LifecycleView& lifecycle) {
  switch (lifecycle.state) {
    case v1::Lifecycle::QUEUED:
      return FactKind::kQueued;
    case v1::Lifecycle::CONNECTED:
      return FactKind::kAnswer;
    case v1::Lifecycle::ABANDONED:
      return FactKind::kAbandoned;
    case v1::Lifecycle::RESOLVED:
      return FactKind::kResolved;
    case v1::Lifecycle::DISCONNECTED:
    case v1::Lifecycle::EXPIRED:
      return FactKind::kEnded;
    // The customer does not live through these.
    case v1::Lifecycle::WRAP_START:
    case v1::Lifecycle::WRAP_END:
    case v1::Lifecycle::MONITOR_START:
    case v1::Lifecycle::UPDATED:
    case v1::Lifecycle::SNOOZED:
      return FactKind::kNone;
    default:
      return FactKind::kAlive;
  }
}

// No wait, hold or silence is longer: 30 years.
constexpr int64_t kLongestMs = 1'000'000'000'000;

void Count(EventFacts& facts, TallyKind kind, std::optional<int64_t> amount = std::nullopt) {
  facts.tally = kind;
  facts.amount = amount ? std::clamp<int64_t>(*amount, 0, kLongestMs) : -1;
}

void ReadLifecycle(const ingest::EventView& event, EventFacts& facts) {
  const ingest::LifecycleView& lifecycle = event.lifecycle;
  facts.kind = KindOf(lifecycle);
  facts.wait_ms = lifecycle.wait_ms.value_or(-1);
  if (facts.kind == FactKind::kEnded || facts.kind == FactKind::kAbandoned) {
    facts.ended_by = lifecycle.ended_by;
  }
  switch (lifecycle.state) {
    case v1::Lifecycle::QUEUED:
      // Nobody is promised no wait at all in a queue.
      if (lifecycle.announced_wait_ms.value_or(0) > 0) {
        Count(facts, TallyKind::kWaitAnnounced, lifecycle.announced_wait_ms);
      }
      return;
    case v1::Lifecycle::CONNECTED:
      facts.by_human = event.agent_kind != v1::Agent::KIND_BOT;
      return Count(facts, TallyKind::kAnswered, lifecycle.wait_ms);
    case v1::Lifecycle::ABANDONED:
      return Count(facts, TallyKind::kAbandoned, lifecycle.wait_ms);
    case v1::Lifecycle::HOLD_START:
      return Count(facts, TallyKind::kHoldBegun);
    case v1::Lifecycle::HOLD_END:
      return Count(facts, TallyKind::kHoldEnded, lifecycle.duration_ms);
    case v1::Lifecycle::TRANSFER_DONE:
      return Count(facts, TallyKind::kTransferred);
    case v1::Lifecycle::AUTHENTICATED:
      return Count(facts, TallyKind::kAuthenticated);
    case v1::Lifecycle::EXPIRED:
      return Count(facts, TallyKind::kExpired);
    default:
      return;
  }
}

FactKind KindOf(const ingest::TurnView& turn) {
  switch (turn.role) {
    case v1::Turn::CUSTOMER:
      return FactKind::kCustomerTurn;
    case v1::Turn::AGENT:
    case v1::Turn::BOT:
      return FactKind::kAnswer;
    default:
      return FactKind::kAlive;
  }
}

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// Chinese questions often end with a particle and no mark.
bool AsksSomething(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.remove_suffix(1);
  for (const std::string_view end : {"?", "\uff1f", "\u5417", "\u5462"}) {
    if (EndsWith(text, end)) return true;
  }
  return false;
}

void ReadTurn(const ingest::EventView& event, EventFacts& facts) {
  facts.kind = KindOf(event.turn);
  facts.affect = affect::FromTurn(event);
  facts.says = facts.kind == FactKind::kCustomerTurn && event.turn.is_final &&
               (event.turn.customer_id.empty() || event.turn.customer_id == event.customer_id);
  if (facts.kind != FactKind::kAnswer) return;
  facts.by_human = event.turn.role == v1::Turn::AGENT;
  facts.asks = AsksSomething(event.turn.text);
  Count(facts, TallyKind::kAnswered);
}

// Milliseconds that a signal lasted, by its value or by its offsets.
std::optional<int64_t> LastedMs(const ingest::SignalView& signal) {
  if (signal.value) {
    const double ms = *signal.value * (signal.unit == "s" ? 1000 : 1);
    return std::llround(std::clamp(ms, 0.0, static_cast<double>(kLongestMs)));
  }
  if (!signal.begin_ms || !signal.end_ms || *signal.end_ms < *signal.begin_ms) return std::nullopt;
  // The difference of any two times fits without a sign.
  const uint64_t ms =
      static_cast<uint64_t>(*signal.end_ms) - static_cast<uint64_t>(*signal.begin_ms);
  return static_cast<int64_t>(std::min(ms, static_cast<uint64_t>(kLongestMs)));
}

void ReadSignal(const ingest::SignalView& signal, EventFacts& facts) {
  switch (signal.kind) {
    case v1::Signal::SILENCE:
      return Count(facts, TallyKind::kSilence, LastedMs(signal));
    case v1::Signal::HOLD:
      return Count(facts, TallyKind::kHoldEnded, LastedMs(signal));
    case v1::Signal::INTERRUPTION:
      // Customers who interrupt are not hurt by it.
      if (signal.by_role != v1::Turn::CUSTOMER) Count(facts, TallyKind::kInterrupted);
      return;
    case v1::Signal::OVERTALK:
      return Count(facts, TallyKind::kTalkedOver);
    case v1::Signal::QUALITY:
      if (signal.value && *signal.value >= 1 && *signal.value <= 5) {
        Count(facts, TallyKind::kAudioRated, std::lround(*signal.value * 1e6));
      }
      return;
    case v1::Signal::PAGE_ERROR:
      return Count(facts, TallyKind::kPageError);
    case v1::Signal::BOT_NOT_UNDERSTOOD:
      return Count(facts, TallyKind::kNotUnderstood);
    case v1::Signal::HUMAN_REQUESTED:
      return Count(facts, TallyKind::kHumanRequested);
    case v1::Signal::AUTHENTICATION_REPEATED:
      return Count(facts, TallyKind::kAskedAgainWho);
    case v1::Signal::DROPPED:
      return Count(facts, TallyKind::kDropped);
    case v1::Signal::WRONG_SKILL:
      return Count(facts, TallyKind::kWrongSkill);
    case v1::Signal::RESPONSE_DELAY:
      return Count(facts, TallyKind::kResponseDelayed, LastedMs(signal));
    default:
      return;
  }
}

// A review that rates nothing is no part of any experience, and of one that is not known
// nobody can tell.
bool IsLived(const ingest::EventView& event) {
  switch (event.activity_kind) {
    case v1::Activity::VIEW:
    case v1::Activity::SEARCH:
    case v1::Activity::ORDER:
    case v1::Activity::PAY:
    case v1::Activity::PURCHASE:
    case v1::Activity::RETURN:
    case v1::Activity::CANCEL:
    case v1::Activity::RENEW:
    case v1::Activity::CHURN:
    case v1::Activity::EXTERNAL_COMPLAINT:
      return true;
    case v1::Activity::REVIEW:
    case v1::Activity::POST:
      return event.scale.complete();
    default:
      return false;
  }
}

void ReadActivity(const ingest::EventView& event, EventFacts& facts) {
  if (!IsLived(event)) return;
  facts.kind = FactKind::kAlive;
  const ingest::ScaleView& rating = event.scale;
  switch (event.activity_kind) {
    case v1::Activity::REVIEW:
    case v1::Activity::POST:
      return Count(facts, TallyKind::kReviewed,
                   affect::ToNano((*rating.raw - *rating.min) / (*rating.max - *rating.min)));
    case v1::Activity::EXTERNAL_COMPLAINT:
      return Count(facts, TallyKind::kOutsideComplaint);
    case v1::Activity::RETURN:
      return Count(facts, TallyKind::kOrderReturned);
    case v1::Activity::CANCEL:
      return Count(facts, TallyKind::kOrderCancelled);
    case v1::Activity::CHURN:
      return Count(facts, TallyKind::kLeft);
    case v1::Activity::RENEW:
      return Count(facts, TallyKind::kRenewed);
    default:
      return;
  }
}

// An announced wait is what the customer expects of the queue; what became of it is
// seen by the answer.
void ReadWaitPromise(const PromiseFacts& stated, EventFacts& facts) {
  if (stated.fulfilled_at_ms || stated.broken) {
    facts.kind = FactKind::kNone;
  } else if (stated.due_at_ms && *stated.due_at_ms > stated.made_at_ms) {
    Count(facts, TallyKind::kWaitAnnounced, *stated.due_at_ms - stated.made_at_ms);
  }
}

void ReadPromise(const ingest::EventView& event, EventFacts& facts) {
  const ingest::PromiseView& promise = event.promise;
  PromiseFacts stated;
  stated.id = promise.id.empty() ? event.event_id : promise.id;
  stated.kind = promise.kind;
  const int64_t now_ms = event.occurred_at_ms;
  // Nobody promises for longer than this, and no sum of times leaves its range.
  const auto within = [&](int64_t at_ms) {
    return std::clamp(at_ms, now_ms - kLongestMs, now_ms + kLongestMs);
  };
  stated.made_at_ms =
      promise.promised_at_ms > 0 ? std::min(within(promise.promised_at_ms), now_ms) : now_ms;
  if (promise.due_at_ms > 0) {
    stated.due_at_ms = within(promise.due_at_ms);
  } else if (promise.max_duration_ms) {
    stated.due_at_ms =
        stated.made_at_ms + std::clamp<int64_t>(*promise.max_duration_ms, 0, kLongestMs);
  }
  if (promise.fulfilled_at_ms > 0) {
    stated.fulfilled_at_ms = std::min(within(promise.fulfilled_at_ms), now_ms);
  }
  stated.broken = promise.broken;
  facts.kind = FactKind::kAlive;
  if (stated.kind == v1::Promise::WAIT) return ReadWaitPromise(stated, facts);
  if (stated.fulfilled_at_ms || stated.broken) facts.kind = FactKind::kSettlement;
  facts.promise = stated;
}

uint64_t HashOf(std::string_view name) { return name.empty() ? 0 : Hash64(name); }

void ReadNeed(const ingest::EventView& event, EventFacts& facts) {
  facts.direction = event.direction;
  facts.initiation = event.initiation;
  facts.chain_hash = HashOf(event.chain_id);
  facts.case_hash = HashOf(event.case_id);
  facts.intent_hash = HashOf(event.intent);
  facts.touchpoint_hash = HashOf(event.touchpoint_id);
}

void ReadSurvey(const ingest::EventView& event, EventFacts& facts) {
  const ingest::SurveyView& survey = event.survey;
  const ingest::ScaleView& scale = event.scale;
  const bool answered =
      survey.status == v1::Survey::ANSWERED || survey.status == v1::Survey::PARTIAL;
  if (!answered || !scale.complete()) return;
  facts.kind = FactKind::kSurvey;
  facts.survey_kind = survey.kind;
  const double share = (*scale.raw - *scale.min) / (*scale.max - *scale.min);
  facts.survey_score = survey.polarity == v1::Survey::LOWER_IS_BETTER ? 1 - share : share;
  if (!survey.for_contact_id.empty()) facts.contact_id = survey.for_contact_id;
}

void ReadAlertAction(const ingest::AlertActionView& action, EventFacts& facts) {
  const bool changes_it =
      action.kind == v1::AlertAction::ACK || action.kind == v1::AlertAction::ASSIGN ||
      action.kind == v1::AlertAction::SNOOZE || action.kind == v1::AlertAction::RESOLVE;
  if (!changes_it || action.alert_id.empty()) return;
  facts.kind = FactKind::kAlertAction;
  facts.alert_action = action.kind;
  facts.alert_id = action.alert_id;
  facts.snooze_until_ms = action.until_at_ms;
  facts.actor_id = action.actor_id;
  facts.was_actionable = action.was_actionable;
}

}  // namespace

EventFacts ReadFacts(const ingest::EventView& event) {
  EventFacts facts;
  facts.at_ms = event.occurred_at_ms;
  facts.hash = EventHash(event.source, event.event_id);
  facts.event_id = event.event_id;
  facts.contact_id = event.contact_id;
  facts.leg_id = event.leg_id;
  facts.channel = event.channel;
  facts.queue_id = event.queue_id;
  facts.agent_id = event.agent_id;
  facts.tier = event.tier;
  facts.touchpoint_id = event.touchpoint_id;
  facts.language = event.language;
  if (event.sentiment) {
    facts.producer = event.sentiment->producer;
    facts.scale = event.sentiment->scale_id;
  }
  facts.order_only = event.time_quality == v1::TIME_QUALITY_ORDER_ONLY;
  ReadNeed(event, facts);
  switch (event.payload) {
    case v1::InteractionEvent::kTurn:
      ReadTurn(event, facts);
      break;
    case v1::InteractionEvent::kLifecycle:
      ReadLifecycle(event, facts);
      break;
    case v1::InteractionEvent::kSurvey:
      ReadSurvey(event, facts);
      break;
    case v1::InteractionEvent::kActivity:
      facts.outside = true;
      ReadActivity(event, facts);
      break;
    case v1::InteractionEvent::kSignal:
      facts.kind = FactKind::kAlive;
      ReadSignal(event.signal, facts);
      break;
    case v1::InteractionEvent::kPromise:
      ReadPromise(event, facts);
      break;
    case v1::InteractionEvent::kAlertAction:
      ReadAlertAction(event.alert_action, facts);
      break;
    case v1::InteractionEvent::PAYLOAD_NOT_SET:
      facts.kind = FactKind::kAlive;
      break;
    default:
      break;
  }
  return facts;
}

void ReadPhrases(const ingest::EventView& event, const affect::PhraseBook& phrases,
                 EventFacts& facts) {
  using affect::PhraseClass;
  if (event.payload != v1::InteractionEvent::kTurn || !event.turn.is_final) return;
  const bool agent = event.turn.role == v1::Turn::AGENT;
  if (!agent && !facts.says) return;
  const affect::PhraseSet said = phrases.Find(event.turn.text);
  if (agent) {
    facts.acts = said & affect::kAgentActs;
    return;
  }
  facts.affect = affect::AsSaid(facts.affect, said);
  facts.escalates = affect::Holds(said, PhraseClass::kEscalation);
  if (affect::Holds(said, PhraseClass::kHumanRequest)) Count(facts, TallyKind::kAskedForHuman);
}

}  // namespace peakend::journey
