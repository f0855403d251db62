#include "processors/moments/service_impressions.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace peakend::moments {
namespace {

using affect::kNanoOne;
using affect::Nano;
using journey::Cause;
using journey::Contact;
using journey::Tallies;
using journey::Tally;
using journey::TallyKind;

class Derivation {
 public:
  Derivation(const Contact& contact, const Experience& experience)
      : contact_(contact), tallies_(contact.tallies()), experience_(experience) {}

  ServiceImpressions Take() && {
    std::sort(found_.begin(), found_.end(), [this](const auto& a, const auto& b) {
      return EarlierThan(contact_, a.impression, contact_, b.impression);
    });
    return std::move(found_);
  }

  void Counted(Cause cause, TallyKind kind, int64_t free = 0) {
    if (const Tally* tally = tallies_.Find(kind)) Count(cause, *tally, tally->count - free);
  }

  // The first answer of who you are is expected. A feed may report each further one
  // both as it happens and as a repetition.
  void AuthenticatedAgain() {
    const Tally* done = tallies_.Find(TallyKind::kAuthenticated);
    const Tally* again = tallies_.Find(TallyKind::kAskedAgainWho);
    const int64_t repeats =
        std::max(done != nullptr ? done->count - 1 : 0, again != nullptr ? again->count : 0);
    const Tally* stands =
        again == nullptr || (done != nullptr && again->at < done->at) ? done : again;
    if (stands != nullptr) Count(Cause::kAuthenticatedAgain, *stands, repeats);
  }

  // A request that a human answered later was met; those before it were not.
  void HumanRefused() {
    const Tally* asked = tallies_.Find(TallyKind::kHumanRequested);
    if (asked == nullptr) return;
    const bool met = contact_.human_at_ms() && *contact_.human_at_ms() >= asked->at.at_ms;
    Count(Cause::kHumanRefused, *asked, asked->count - (met ? 1 : 0));
  }

  // A wait that nobody ended by an answer is judged by its end, the abandonment; but
  // what was announced was promised.
  void Waited() {
    const std::optional<int64_t> wait_ms = contact_.WaitMs();
    const Tally* answered = tallies_.Find(TallyKind::kAnswered);
    const Tally* over = answered != nullptr ? answered : tallies_.Find(TallyKind::kAbandoned);
    if (!wait_ms || over == nullptr) return;
    const Tally* announced = tallies_.Find(TallyKind::kWaitAnnounced);
    if (announced == nullptr) {
      if (answered != nullptr) Measure(Cause::kQueueWait, *over, *wait_ms);
      return;
    }
    const int64_t promised = announced->amount;
    const int64_t slack = std::llround(static_cast<double>(promised) * experience_.promise_slack);
    const auto compare = [&](Cause cause) {
      Compare(cause, *over, Basis::kPromise, *wait_ms, promised, promised + slack);
    };
    if (answered != nullptr) compare(Cause::kQueueWait);
    if (*wait_ms > promised + slack) compare(Cause::kAnnouncedWaitExceeded);
  }

  void Measured(Cause cause, TallyKind kind) {
    const Tally* tally = tallies_.Find(kind);
    if (tally != nullptr && tally->amount >= 0) Measure(cause, *tally, tally->amount);
  }

  // Feeds without durations tell a hold by its two ends; the latest one counts.
  void Held() {
    const Tally* ended = tallies_.Find(TallyKind::kHoldEnded);
    const Tally* begun = tallies_.Find(TallyKind::kHoldBegun);
    if (ended == nullptr) return;
    int64_t held_ms = ended->amount;
    if (held_ms < 0 && begun != nullptr && begun->at < ended->at) {
      held_ms = ended->at.at_ms - begun->at.at_ms;
    }
    if (held_ms >= 0) Measure(Cause::kHold, *ended, held_ms);
  }

  void LowReview() {
    const Tally* tally = tallies_.Find(TallyKind::kReviewed);
    if (tally == nullptr) return;
    const int64_t valence = 2 * tally->amount - kNanoOne;
    if (valence < 0) Add(Cause::kLowReview, *tally, static_cast<Nano>(valence), tally->count);
  }

 private:
  void Count(Cause cause, const Tally& tally, int64_t count) {
    if (count <= 0) return;
    const CauseModel& model = experience_.of(cause);
    // Beyond 1e9 events the step alone has reached the end of the scale.
    const int64_t further = std::min<int64_t>(count - 1, kNanoOne);
    const int64_t gap = std::max<int64_t>(model.first + further * model.step, -kNanoOne);
    Add(cause, tally, static_cast<Nano>(gap), count);
  }

  void Measure(Cause cause, const Tally& tally, int64_t actual) {
    const Expectation* expected = experience_.Find(cause, contact_.queue_id(), contact_.channel());
    if (expected == nullptr) return;
    Compare(cause, tally, Basis::kPolicy, actual, expected->desired, expected->adequate);
  }

  void Compare(Cause cause, const Tally& tally, Basis basis, int64_t actual, int64_t desired,
               int64_t adequate) {
    const Nano gap =
        std::min(ToleranceGap(actual, desired, adequate), experience_.of(cause).most_delight);
    ServiceImpression* added = Add(cause, tally, gap, tally.count);
    if (added == nullptr) return;
    added->basis = basis;
    added->actual = actual;
    added->desired = desired;
    added->adequate = adequate;
  }

  ServiceImpression* Add(Cause cause, const Tally& tally, Nano gap, int64_t count) {
    const CauseModel& model = experience_.of(cause);
    const Nano valence = KanoValence(gap, model.kano);
    if (valence == 0) return nullptr;
    ServiceImpression& added = found_.emplace_back();
    added.impression.at_ms = tally.at.at_ms;
    added.impression.event_hash = tally.at.hash;
    added.impression.event_id = tally.event_id;
    added.impression.valence = valence;
    added.impression.confidence = model.confidence;
    added.impression.has_confidence = true;
    added.impression.cause = cause;
    added.gap = gap;
    added.count = count;
    return &added;
  }

  const Contact& contact_;
  const Tallies& tallies_;
  const Experience& experience_;
  ServiceImpressions found_;
};

}  // namespace

std::string_view BasisName(Basis basis) {
  switch (basis) {
    case Basis::kPromise:
      return "promise";
    case Basis::kPolicy:
      return "policy";
    case Basis::kNone:
      break;
  }
  return "";
}

std::string_view EventIdOf(const Contact& contact, const journey::Impression& impression) {
  if (impression.cause == Cause::kTurn) return contact.impressions().event_id(impression);
  return contact.tallies().event_id(impression.event_id);
}

bool EarlierThan(const Contact& contact, const journey::Impression& impression,
                 const Contact& other_contact, const journey::Impression& other) {
  if (impression.at_ms != other.at_ms) return impression.at_ms < other.at_ms;
  if (const int order = EventIdOf(contact, impression).compare(EventIdOf(other_contact, other));
      order != 0) {
    return order < 0;
  }
  if (impression.event_hash != other.event_hash) return impression.event_hash < other.event_hash;
  return impression.cause < other.cause;
}

ServiceImpressions DeriveImpressions(const Contact& contact, const Experience& experience) {
  if (contact.tallies().empty()) return {};
  Derivation derivation(contact, experience);
  derivation.Waited();
  derivation.Held();
  derivation.Counted(Cause::kTransferred, TallyKind::kTransferred, 1);
  derivation.AuthenticatedAgain();
  derivation.Counted(Cause::kWrongSkill, TallyKind::kWrongSkill);
  derivation.Counted(Cause::kNotUnderstood, TallyKind::kNotUnderstood);
  derivation.HumanRefused();
  derivation.Counted(Cause::kInterrupted, TallyKind::kInterrupted);
  derivation.Counted(Cause::kTalkedOver, TallyKind::kTalkedOver);
  derivation.Measured(Cause::kSilence, TallyKind::kSilence);
  derivation.Counted(Cause::kDropped, TallyKind::kDropped);
  derivation.Counted(Cause::kPageError, TallyKind::kPageError);
  derivation.Measured(Cause::kPoorAudio, TallyKind::kAudioRated);
  derivation.LowReview();
  derivation.Counted(Cause::kOutsideComplaint, TallyKind::kOutsideComplaint);
  return std::move(derivation).Take();
}

}  // namespace peakend::moments
