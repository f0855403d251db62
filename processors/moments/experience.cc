#include "processors/moments/experience.h"

#include <algorithm>
#include <cmath>

#include "peakend/v1/interaction_event.pb.h"

namespace peakend::moments {
namespace {

using affect::kNanoOne;
using affect::Nano;

constexpr Nano kEdgeOfTolerance = -100'000'000;

constexpr int64_t kSecond = 1000;
constexpr int64_t kMinute = 60 * kSecond;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kScore = 1'000'000;  // of a mean opinion score

// part / whole in 1e-9 steps, at most 1. REQUIRES: part >= 0 and whole > 0.
Nano Share(int64_t part, int64_t whole) {
  return affect::ToNano(static_cast<double>(part) / static_cast<double>(whole));
}

}  // namespace

Experience Experience::Default() {
  using journey::Cause;
  using journey::Kano;
  Experience experience;
  const auto set = [&](Cause cause, double first, double step, Kano kano, double confidence = 0.5) {
    experience.of(cause) = {affect::ToNano(first), affect::ToNano(step), kano,
                            affect::ToNano(confidence), 0};
  };
  set(Cause::kQueueWait, 0, 0, Kano::kPerformance);
  experience.of(Cause::kQueueWait).most_delight = affect::ToNano(0.3);
  set(Cause::kAnnouncedWaitExceeded, 0, 0, Kano::kBasic);
  set(Cause::kHold, 0, 0, Kano::kPerformance);
  set(Cause::kTransferred, -0.15, -0.1, Kano::kBasic);
  set(Cause::kAuthenticatedAgain, -0.1, -0.1, Kano::kBasic);
  set(Cause::kWrongSkill, -0.2, -0.1, Kano::kBasic);
  set(Cause::kNotUnderstood, -0.2, -0.15, Kano::kPerformance);
  set(Cause::kHumanRefused, -0.3, -0.2, Kano::kPerformance);
  set(Cause::kInterrupted, -0.15, -0.1, Kano::kPerformance);
  set(Cause::kTalkedOver, -0.1, -0.1, Kano::kPerformance);
  set(Cause::kSilence, 0, 0, Kano::kPerformance);
  set(Cause::kDropped, -0.35, -0.1, Kano::kBasic);
  set(Cause::kPageError, -0.15, -0.1, Kano::kBasic);
  set(Cause::kPoorAudio, 0, 0, Kano::kBasic);
  set(Cause::kPromiseKept, 0, 0, Kano::kPerformance);
  experience.of(Cause::kPromiseKept).most_delight = affect::ToNano(0.3);
  set(Cause::kPromiseBroken, 0, 0, Kano::kBasic);
  set(Cause::kFirstResponse, 0, 0, Kano::kPerformance);
  set(Cause::kNextResponse, 0, 0, Kano::kPerformance);
  set(Cause::kUnanswered, -0.5, 0, Kano::kPerformance);
  set(Cause::kRepeatContact, -0.2, -0.15, Kano::kBasic);
  set(Cause::kFollowedUp, 0.3, 0, Kano::kPerformance);
  set(Cause::kRecovered, 0.3, 0, Kano::kExcitement);
  set(Cause::kNoticeBroken, 0, 0, Kano::kBasic);
  set(Cause::kOrderReturned, -0.2, -0.1, Kano::kPerformance);
  set(Cause::kOrderCancelled, -0.15, -0.1, Kano::kPerformance);
  set(Cause::kLeftService, -0.6, 0, Kano::kPerformance);
  set(Cause::kRenewed, 0.3, 0, Kano::kPerformance);
  // These were said, only elsewhere.
  set(Cause::kLowReview, 0, 0, Kano::kNone, 1);
  set(Cause::kOutsideComplaint, -1, 0, Kano::kNone, 1);
  experience.expectations = {
      {Cause::kQueueWait, "", v1::CHANNEL_EMAIL, "", 4 * kHour, 24 * kHour},
      {Cause::kQueueWait, "", 0, "", 20 * kSecond, 2 * kMinute},
      {Cause::kFirstResponse, "", v1::CHANNEL_EMAIL, "", 4 * kHour, 24 * kHour},
      {Cause::kFirstResponse, "", v1::CHANNEL_CHAT, "", 45 * kSecond, 3 * kMinute},
      {Cause::kFirstResponse, "", v1::CHANNEL_MESSAGE, "", 2 * kMinute, 10 * kMinute},
      {Cause::kFirstResponse, "", v1::CHANNEL_SOCIAL, "", 30 * kMinute, 4 * kHour},
      {Cause::kNextResponse, "", v1::CHANNEL_EMAIL, "", 4 * kHour, 24 * kHour},
      {Cause::kNextResponse, "", v1::CHANNEL_CHAT, "", kMinute, 3 * kMinute},
      {Cause::kNextResponse, "", v1::CHANNEL_MESSAGE, "", 5 * kMinute, 15 * kMinute},
      {Cause::kNextResponse, "", v1::CHANNEL_SOCIAL, "", kHour, 4 * kHour},
      {Cause::kHold, "", 0, "", 30 * kSecond, 2 * kMinute},
      {Cause::kSilence, "", 0, "", 10 * kSecond, 30 * kSecond},
      {Cause::kPoorAudio, "", 0, "", 4 * kScore, 31 * kScore / 10},
  };
  return experience;
}

int64_t Experience::ToleratedMs(int64_t promised_ms) const {
  return promised_ms + std::llround(static_cast<double>(promised_ms) * promise_slack);
}

namespace {

// Of those that fit, the first with the customer's tier, else the first; null when none fits.
const Expectation* Find(const std::vector<Expectation>& expectations, journey::Cause cause,
                        const journey::Contact& contact) {
  const Expectation* first = nullptr;
  for (const Expectation& expectation : expectations) {
    if (expectation.cause != cause ||
        (!expectation.queue_id.empty() && expectation.queue_id != contact.queue_id()) ||
        (!expectation.touchpoint_id.empty() &&
         expectation.touchpoint_id != contact.touchpoint_id()) ||
        (expectation.channel != 0 && expectation.channel != contact.channel())) {
      continue;
    }
    if (!expectation.tier.empty() && expectation.tier == contact.tier()) return &expectation;
    if (first == nullptr && expectation.tier.empty()) first = &expectation;
  }
  return first;
}

bool IsWaitForAnswer(journey::Cause cause) {
  return cause == journey::Cause::kQueueWait || cause == journey::Cause::kFirstResponse;
}

}  // namespace

std::string_view BasisName(Basis basis) {
  switch (basis) {
    case Basis::kPromise:
      return "promise";
    case Basis::kNotice:
      return "notice";
    case Basis::kSla:
      return "sla";
    case Basis::kHistory:
      return "history";
    case Basis::kBaseline:
      return "baseline";
    case Basis::kPolicy:
      return "policy";
    case Basis::kNone:
      break;
  }
  return "";
}

std::optional<Expected> Experience::Expect(journey::Cause cause, const journey::Contact& contact,
                                           const journey::Memory& before) const {
  const Expectation* found = Find(expectations, cause, contact);
  if (found == nullptr) return std::nullopt;
  if (!found->tier.empty()) return Expected{found->desired, found->adequate, Basis::kSla};
  if (IsWaitForAnswer(cause)) {
    const int64_t zone_ms = found->adequate - found->desired;
    if (const auto usual_ms = before.usual_waits.Of(contact.channel(), own_waits)) {
      return Expected{*usual_ms, *usual_ms + zone_ms, Basis::kHistory};
    }
    if (const auto usual_ms = contact.baseline_wait_ms()) {
      return Expected{*usual_ms, *usual_ms + zone_ms, Basis::kBaseline};
    }
  }
  return Expected{found->desired, found->adequate, Basis::kPolicy};
}

Nano ToleranceGap(int64_t actual, int64_t desired, int64_t adequate) {
  const int64_t sign = adequate >= desired ? 1 : -1;
  // How much worse than desired, and how much worse is still adequate.
  const int64_t worse = sign * (actual - desired);
  const int64_t zone = sign * (adequate - desired);
  if (worse == 0) return 0;
  if (worse < 0) return Share(-worse, std::max<int64_t>(desired, 1));
  if (worse <= zone) {
    return static_cast<Nano>(
        affect::DivideRounded(int64_t{Share(worse, zone)} * kEdgeOfTolerance, kNanoOne));
  }
  if (zone == 0) return -kNanoOne;
  return std::min<Nano>(kEdgeOfTolerance, -Share(worse - zone, zone));
}

Nano KanoValence(Nano gap, journey::Kano kano) {
  int64_t valence = gap;
  if (kano == journey::Kano::kBasic) valence = gap < 0 ? int64_t{gap} * 2 : 0;
  if (kano == journey::Kano::kExcitement) valence = gap < 0 ? 0 : int64_t{gap} * 3 / 2;
  return static_cast<Nano>(std::clamp<int64_t>(valence, -kNanoOne, kNanoOne));
}

}  // namespace peakend::moments
