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

void ReadTurn(const ingest::EventView& event, EventFacts& facts) {
  facts.kind = KindOf(event.turn);
  facts.affect = affect::FromTurn(event);
  if (facts.kind != FactKind::kAnswer) return;
  facts.by_human = event.turn.role == v1::Turn::AGENT;
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
    default:
      return;
  }
}

void ReadActivity(const ingest::EventView& event, EventFacts& facts) {
  const ingest::ScaleView& rating = event.scale;
  switch (event.activity_kind) {
    case v1::Activity::REVIEW:
    case v1::Activity::POST:
      if (!rating.complete()) return;
      facts.kind = FactKind::kAlive;
      return Count(facts, TallyKind::kReviewed,
                   affect::ToNano((*rating.raw - *rating.min) / (*rating.max - *rating.min)));
    case v1::Activity::EXTERNAL_COMPLAINT:
      facts.kind = FactKind::kAlive;
      return Count(facts, TallyKind::kOutsideComplaint);
    default:
      return;
  }
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

}  // namespace

EventFacts ReadFacts(const ingest::EventView& event) {
  EventFacts facts;
  facts.at_ms = event.occurred_at_ms;
  facts.hash = EventHash(event.source, event.event_id);
  facts.event_id = event.event_id;
  facts.contact_id = event.contact_id;
  facts.channel = event.channel;
  facts.queue_id = event.queue_id;
  facts.agent_id = event.agent_id;
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
      ReadActivity(event, facts);
      break;
    case v1::InteractionEvent::kSignal:
      facts.kind = FactKind::kAlive;
      ReadSignal(event.signal, facts);
      break;
    case v1::InteractionEvent::kPromise:
    case v1::InteractionEvent::PAYLOAD_NOT_SET:
      facts.kind = FactKind::kAlive;
      break;
    default:
      break;
  }
  return facts;
}

}  // namespace peakend::journey
