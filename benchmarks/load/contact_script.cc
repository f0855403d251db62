#include "benchmarks/load/contact_script.h"

#include <algorithm>

#include "benchmarks/load/distributions.h"
#include "benchmarks/load/duration_us.h"

namespace peakend::load {
namespace {

using Kind = ScriptedEvent::Kind;
using State = v1::Lifecycle;

constexpr double kRelievedAt = 0.85;    // share of the talk
constexpr double kRelievedShare = 0.6;  // of resolved contacts
constexpr double kSameSpeaker = 0.15;   // goes on
constexpr double kWrapUs = 30.0 * kSecondUs;
constexpr double kSwitchUs = 25.0 * kSecondUs;  // from transfer to answer

}  // namespace

ContactScript::ContactScript(const v1::LoadProfile& profile, uint64_t seed, const ContactPlan& plan)
    : profile_(&profile),
      plan_(plan),
      stream_(seed, Purpose::kScript, plan.number),
      feeling_(profile, seed, plan),
      at_us_(plan.arrives_us),
      said_us_(plan.arrives_us) {
  resolved_ = stream_.Chance(profile.outcome().resolved());
  relieved_ = resolved_ && stream_.Chance(kRelievedShare);
  promised_ = stream_.Chance(profile.voice().callback());
  silent_ = plan.medium == Medium::kChat && stream_.Chance(profile.chat().silent_abandonment());
  if (plan.medium == Medium::kMail || plan.medium == Medium::kPost) step_ = Step::kWritten;
}

bool ContactScript::Next(ScriptedEvent& event) {
  switch (step_) {
    case Step::kInitiated:
      return Initiated(event);
    case Step::kQueued:
      return Queued(event);
    case Step::kAnswered:
      return Answered(event);
    case Step::kTurn:
    case Step::kFinalTurn:
    case Step::kHeld:
    case Step::kTransferring:
    case Step::kReconnected:
      return plan_.medium == Medium::kChat ? ChatGoesOn(event) : CallGoesOn(event);
    case Step::kWritten:
      return Written(event);
    case Step::kOver:
      return false;
    default:
      return After(event);
  }
}

void ContactScript::Begin(ScriptedEvent& event, int64_t at_us) {
  event = ScriptedEvent();
  event.at_us = at_us_ = at_us;
  event.seq = seq_++;
  event.agent = agent_;
}

bool ContactScript::Initiated(ScriptedEvent& event) {
  Begin(event, plan_.arrives_us);
  event.state = State::INITIATED;
  step_ = Step::kQueued;
  return true;
}

bool ContactScript::Queued(ScriptedEvent& event) {
  Begin(event, plan_.arrives_us);
  event.state = State::QUEUED;
  if (plan_.waits_us > 0 && stream_.Chance(profile_->queues().announced())) {
    // Centers say what they expect, in half minutes, and are often wrong.
    const double said = static_cast<double>(plan_.waits_us) * (0.6 + 0.6 * stream_.Uniform());
    event.lasts_us = (static_cast<int64_t>(said) / (30 * kSecondUs) + 1) * 30 * kSecondUs;
  }
  step_ = Step::kAnswered;
  return true;
}

bool ContactScript::Answered(ScriptedEvent& event) {
  const int64_t at_us = plan_.arrives_us + plan_.waits_us;
  if (plan_.abandoned) {
    Begin(event, at_us);
    event.state = State::ABANDONED;
    event.ended_by = State::ENDED_BY_CUSTOMER;
    event.lasts_us = plan_.waits_us;
    step_ = Step::kOver;
    return true;
  }
  agent_ = DrawAgent();
  Begin(event, at_us);
  event.state = State::CONNECTED;
  event.lasts_us = plan_.waits_us;
  begun_us_ = said_us_ = at_us;
  talk_end_us_ = at_us + plan_.talks_us;
  step_ = Step::kTurn;
  if (plan_.medium != Medium::kVoice) return true;
  const double talk = static_cast<double>(plan_.talks_us);
  const auto within = [&] {
    return at_us + static_cast<int64_t>(talk * (0.2 + 0.6 * stream_.Uniform()));
  };
  if (stream_.Chance(profile_->voice().hold())) hold_us_ = within();
  if (stream_.Chance(profile_->voice().transfer())) transfer_us_ = within();
  return true;
}

uint32_t ContactScript::DrawAgent() {
  // A thousand agents to a queue: their numbers say whose they are.
  return plan_.queue * 1000 + static_cast<uint32_t>(stream_.Below(1000)) + 1;
}

double ContactScript::ShareOver() const {
  if (plan_.medium == Medium::kChat) return turns_ / static_cast<double>(plan_.messages);
  if (talk_end_us_ <= begun_us_) return 1;
  return std::min(
      1.0, static_cast<double>(at_us_ - begun_us_) / static_cast<double>(talk_end_us_ - begun_us_));
}

bool ContactScript::CallGoesOn(ScriptedEvent& event) {
  switch (step_) {
    case Step::kHeld:
      Begin(event, at_us_ + utterance_us_);
      event.state = State::HOLD_END;
      event.lasts_us = utterance_us_;
      step_ = Step::kTurn;
      return true;
    case Step::kTransferring:
      Begin(event, at_us_);
      event.state = State::TRANSFER_DONE;
      step_ = Step::kReconnected;
      return true;
    case Step::kReconnected:
      agent_ = DrawAgent();
      Begin(event, at_us_ + utterance_us_);
      event.state = State::CONNECTED;
      event.lasts_us = utterance_us_;
      step_ = Step::kTurn;
      return true;
    default:
      break;
  }
  if (step_ == Step::kTurn && at_us_ >= hold_us_) {
    BeginHold(event);
    return true;
  }
  if (step_ == Step::kTurn && at_us_ >= transfer_us_) {
    BeginTransfer(event);
    return true;
  }
  return Utterance(event);
}

void ContactScript::BeginHold(ScriptedEvent& event) {
  Begin(event, at_us_);
  event.state = State::HOLD_START;
  hold_us_ = INT64_MAX;
  utterance_us_ =
      static_cast<int64_t>(Exponential(stream_, RealUs(profile_->voice().hold_length())));
  talk_end_us_ += utterance_us_;
  step_ = Step::kHeld;
}

void ContactScript::BeginTransfer(ScriptedEvent& event) {
  Begin(event, at_us_);
  event.state = State::TRANSFER_START;
  utterance_us_ = static_cast<int64_t>(LogNormal(stream_, kSwitchUs, 0.8));
  talk_end_us_ += utterance_us_;
  const bool again = stream_.Chance(profile_->voice().transfer());
  const int64_t rest_us = std::max<int64_t>(0, talk_end_us_ - at_us_);
  transfer_us_ = again ? at_us_ + utterance_us_ + rest_us / 2 : INT64_MAX;
  step_ = Step::kTransferring;
}

// Partial transcripts come while one speaks, the final one when the utterance is over.
bool ContactScript::Utterance(ScriptedEvent& event) {
  const v1::LoadVoice& voice = profile_->voice();
  if (step_ == Step::kTurn) {
    const int64_t gap_us = static_cast<int64_t>(Exponential(stream_, RealUs(voice.gap())));
    utterance_us_ = static_cast<int64_t>(
        LogNormal(stream_, RealUs(voice.utterance()), voice.utterance_sigma()));
    if (at_us_ + gap_us + utterance_us_ > talk_end_us_) {
      at_us_ = std::max(at_us_, talk_end_us_);
      End(event);
      return true;
    }
    if (turns_ == 0) {
      customer_speaks_ = false;
    } else if (!stream_.Chance(kSameSpeaker)) {
      customer_speaks_ = !customer_speaks_;
    }
    at_us_ += gap_us;
    partials_left_ = static_cast<uint32_t>(voice.partials());
    step_ = Step::kFinalTurn;
  }
  const int64_t piece_us = utterance_us_ / static_cast<int64_t>(voice.partials() + 1);
  Begin(event, at_us_ + piece_us);
  event.item = turns_;
  event.lasts_us = piece_us;
  event.kind = customer_speaks_ ? Kind::kCustomerTurn : Kind::kAgentTurn;
  if (partials_left_ > 0) {
    --partials_left_;
    event.partial = true;
    return true;
  }
  event.lasts_us = utterance_us_;
  Turn(event);
  step_ = Step::kTurn;
  return true;
}

// What is said and, by customers, felt.
void ContactScript::Turn(ScriptedEvent& event) {
  const bool first = turns_ < 2;
  ++turns_;
  event.item = turns_;
  const double share = ShareOver();
  if (event.kind == Kind::kAgentTurn) {
    constexpr Say kAgent[] = {Say::kAsk, Say::kExplain, Say::kExplain, Say::kNextStep};
    event.say = first                                 ? Say::kGreeting
                : feeling_.last() < -0.4              ? Say::kApology
                : share > 0.95 && plan_.messages == 0 ? Say::kThanks
                                                      : kAgent[stream_.Below(4)];
    return;
  }
  if (relieved_ && share > kRelievedAt) {
    feeling_.Relieve();
    relieved_ = false;
  }
  const Feeling::Felt felt = feeling_.At(share, at_us_ - said_us_);
  said_us_ = at_us_;
  event.feeling = felt.value;
  event.shocks = static_cast<uint8_t>(std::min(felt.shocks, 255));
  event.say = first && felt.value > -0.6 ? Say::kNeed : Say::kTalk;
}

bool ContactScript::ChatGoesOn(ScriptedEvent& event) {
  const v1::LoadChat& chat = profile_->chat();
  // Whoever leaves in silence does so before the last third.
  if (turns_ >= plan_.messages || (silent_ && turns_ * 3 >= plan_.messages * 2)) {
    if (silent_) {
      step_ = Step::kOver;
      return false;
    }
    End(event);
    return true;
  }
  customer_speaks_ = turns_ == 0 || (turns_ > 1 && !customer_speaks_);
  const double gap_us = customer_speaks_ ? LogNormal(stream_, RealUs(chat.customer_reply()), 1.0)
                                         : LogNormal(stream_, RealUs(chat.agent_reply()), 0.9);
  Begin(event, at_us_ + static_cast<int64_t>(turns_ == 0 ? gap_us / 10 : gap_us));
  event.kind = customer_speaks_ ? Kind::kCustomerTurn : Kind::kAgentTurn;
  Turn(event);
  return true;
}

// A mail or a post, its answer, and perhaps more of both.
bool ContactScript::Written(ScriptedEvent& event) {
  if (turns_ > 0 && !customer_speaks_ && !stream_.Chance(profile_->mail().further_rounds())) {
    step_ = Step::kResolved;
    return After(event);
  }
  customer_speaks_ = !customer_speaks_;
  const double gap_us =
      turns_ == 0 ? 0 : LogNormal(stream_, RealUs(profile_->mail().answer()), 1.0);
  if (!customer_speaks_ && agent_ == 0) agent_ = DrawAgent();
  Begin(event, at_us_ + static_cast<int64_t>(gap_us));
  event.kind = customer_speaks_ ? Kind::kCustomerTurn : Kind::kAgentTurn;
  Turn(event);
  return true;
}

void ContactScript::End(ScriptedEvent& event) {
  if (promised_) {
    Begin(event, at_us_);
    event.kind = Kind::kPromise;
    event.lasts_us = Us(profile_->voice().callback_within());
    promise_us_ = at_us_ + event.lasts_us;
    promised_ = false;
    step_ = Step::kPromise;
    return;
  }
  Begin(event, at_us_);
  event.state = State::DISCONNECTED;
  event.ended_by = stream_.Chance(0.7) ? State::ENDED_BY_CUSTOMER : State::ENDED_BY_AGENT;
  event.lasts_us = at_us_ - begun_us_;
  step_ = Step::kEnded;
}

bool ContactScript::After(ScriptedEvent& event) {
  switch (step_) {
    case Step::kPromise:
      End(event);
      return true;
    case Step::kEnded:
      Begin(event, at_us_);
      event.state = State::WRAP_START;
      step_ = Step::kWrapped;
      return true;
    case Step::kWrapped:
      Begin(event, at_us_ + static_cast<int64_t>(Exponential(stream_, kWrapUs)));
      event.state = State::WRAP_END;
      event.lasts_us = at_us_ - begun_us_;
      step_ = Step::kResolved;
      return true;
    case Step::kResolved:
      step_ = Step::kKept;
      if (!resolved_) return After(event);
      Begin(event, at_us_);
      event.state = State::RESOLVED;
      return true;
    case Step::kKept:
      step_ = Step::kSurvey;
      if (promise_us_ == 0 || !stream_.Chance(profile_->voice().callback_kept())) {
        return After(event);
      }
      Begin(event, at_us_ + static_cast<int64_t>(static_cast<double>(promise_us_ - at_us_) *
                                                 (0.2 + 0.7 * stream_.Uniform())));
      event.kind = Kind::kKept;
      event.lasts_us = promise_us_ - event.at_us;
      return true;
    default:
      break;
  }
  step_ = Step::kOver;
  if (!stream_.Chance(profile_->outcome().survey())) return false;
  const double later = LogNormal(stream_, RealUs(profile_->outcome().survey_after()), 1.0);
  Begin(event, at_us_ + static_cast<int64_t>(later));
  event.kind = Kind::kSurvey;
  event.feeling = 0.5 * feeling_.last() + 0.3 * feeling_.worst() + 0.2 * feeling_.mean() +
                  profile_->outcome().survey_noise() * Normal(stream_);
  return true;
}

}  // namespace peakend::load
