#include "processors/moments/contact_impressions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace peakend::moments {
namespace {

using affect::kNanoOne;
using affect::Nano;
using journey::Cause;
using journey::Contact;
using journey::Occurrence;
using journey::Tallies;
using journey::Tally;
using journey::TallyKind;

class Derivation {
 public:
  Derivation(const Contact& contact, const journey::Memory& before, const Experience& experience,
             ImpressionMaker& maker)
      : contact_(contact),
        tallies_(contact.tallies()),
        before_(before),
        experience_(experience),
        maker_(maker) {
    for (const Tally& tally : tallies_.all()) by_kind_[static_cast<size_t>(tally.kind)] = &tally;
  }

  void Counted(Cause cause, TallyKind kind, int64_t free = 0) {
    if (const Tally* tally = Find(kind)) Count(cause, *tally, tally->count - free);
  }

  // The first answer of who you are is expected. A feed may report each further one
  // both as it happens and as a repetition.
  void AuthenticatedAgain() {
    const Tally* done = Find(TallyKind::kAuthenticated);
    const Tally* again = Find(TallyKind::kAskedAgainWho);
    const int64_t repeats =
        std::max(done != nullptr ? done->count - 1 : 0, again != nullptr ? again->count : 0);
    const Tally* stands = Later(done, again);
    if (stands != nullptr) Count(Cause::kAuthenticatedAgain, *stands, repeats);
  }

  // A request that a human answered later was met; those before it were not. The same one
  // may be heard in words and reported by the feed.
  void HumanRefused() {
    const Tally* reported = Find(TallyKind::kHumanRequested);
    const Tally* said = Find(TallyKind::kAskedForHuman);
    const Tally* stands = Later(reported, said);
    if (stands == nullptr) return;
    const bool met = contact_.human_at_ms() && *contact_.human_at_ms() >= stands->at.at_ms;
    const int64_t requests =
        std::max(reported != nullptr ? reported->count : 0, said != nullptr ? said->count : 0);
    Count(Cause::kHumanRefused, *stands, requests - (met ? 1 : 0));
  }

  // A wait that nobody ended by an answer is judged by its end, the abandonment; but
  // what was announced was promised.
  void Waited() {
    const std::optional<int64_t> wait_ms = contact_.WaitMs();
    const Tally* answered = Find(TallyKind::kAnswered);
    const Tally* over = answered != nullptr ? answered : Find(TallyKind::kAbandoned);
    if (!wait_ms || over == nullptr) return;
    const Tally* announced = Find(TallyKind::kWaitAnnounced);
    if (announced == nullptr) {
      if (answered != nullptr) MeasureWait(Cause::kQueueWait, *over, *wait_ms);
      return;
    }
    const int64_t promised = announced->amount;
    const int64_t tolerated = experience_.ToleratedMs(promised);
    const auto compare = [&](Cause cause) {
      Compare(cause, *over, Basis::kPromise, *wait_ms, promised, tolerated);
    };
    if (answered != nullptr) compare(Cause::kQueueWait);
    if (*wait_ms > tolerated) compare(Cause::kAnnouncedWaitExceeded);
  }

  void Measured(Cause cause, TallyKind kind) {
    const Tally* tally = Find(kind);
    if (tally != nullptr && tally->amount >= 0) Measure(cause, *tally, tally->amount);
  }

  // Feeds without durations tell a hold by its two ends; the latest one counts.
  void Held() {
    const Tally* ended = Find(TallyKind::kHoldEnded);
    const Tally* begun = Find(TallyKind::kHoldBegun);
    if (ended == nullptr) return;
    int64_t held_ms = ended->amount;
    if (held_ms < 0 && contact_.HasTimes() && begun != nullptr && begun->at < ended->at) {
      held_ms = ended->at.at_ms - begun->at.at_ms;
    }
    if (held_ms >= 0) Measure(Cause::kHold, *ended, held_ms);
  }

  void FirstResponse() {
    const Tally* answered = Find(TallyKind::kAnswered);
    const std::optional<int64_t> waited_ms = contact_.FirstResponseMs();
    if (answered != nullptr && waited_ms) {
      MeasureWait(Cause::kFirstResponse, *answered, *waited_ms);
    }
  }

  // Feeds state how long; of several, the longest is taken to have ended with the latest.
  void NextResponse() {
    const Tally* delayed = Find(TallyKind::kResponseDelayed);
    if (delayed != nullptr && delayed->amount >= 0) {
      MeasureWait(Cause::kNextResponse, *delayed, delayed->amount);
    }
  }

  // The system gave up on a customer who was not answered.
  void Unanswered() {
    const Tally* expired = Find(TallyKind::kExpired);
    const std::optional<Occurrence> spoke = contact_.customer_spoke();
    if (expired == nullptr || !spoke) return;
    const std::optional<journey::EventTime> answered = contact_.answered_last();
    if (!answered || *answered < spoke->at) Count(Cause::kUnanswered, *expired, 1);
  }

  void LowReview() {
    const Tally* tally = Find(TallyKind::kReviewed);
    if (tally == nullptr) return;
    const int64_t valence = 2 * tally->amount - kNanoOne;
    if (valence >= 0) return;
    maker_.Add(Cause::kLowReview, tally->at, tallies_.event_id(*tally), tally->count,
               static_cast<Nano>(valence));
  }

 private:
  // Null when nothing of the kind happened.
  const Tally* Find(TallyKind kind) const { return by_kind_[static_cast<size_t>(kind)]; }

  // Of equals the second; null when there is neither.
  static const Tally* Later(const Tally* first, const Tally* second) {
    return second == nullptr || (first != nullptr && second->at < first->at) ? first : second;
  }

  void Count(Cause cause, const Tally& tally, int64_t count) {
    maker_.Count(cause, tally.at, tallies_.event_id(tally), count);
  }

  // Nobody expects an answer while the queue is closed: of a wait that was over with `tally`
  // the open time counts.
  void MeasureWait(Cause cause, const Tally& tally, int64_t waited_ms) {
    const journey::BusinessHours* hours = experience_.calendars.Of(contact_);
    const int64_t over_ms = tally.at.at_ms;
    Measure(cause, tally, journey::OpenMs(hours, over_ms - waited_ms, over_ms), hours);
  }

  void Measure(Cause cause, const Tally& tally, int64_t actual,
               const journey::BusinessHours* hours = nullptr) {
    const std::optional<Expected> expected = experience_.Expect(cause, contact_, before_);
    if (!expected) return;
    ServiceImpression* made =
        Compare(cause, tally, expected->basis, actual, expected->desired, expected->adequate);
    if (made != nullptr) made->hours = hours;
  }

  ServiceImpression* Compare(Cause cause, const Tally& tally, Basis basis, int64_t actual,
                             int64_t desired, int64_t adequate) {
    return maker_.Compare(cause, tally.at, tallies_.event_id(tally), tally.count, basis, actual,
                          desired, adequate);
  }

  const Contact& contact_;
  const Tallies& tallies_;
  // Each kind is asked for, and few are there.
  std::array<const Tally*, journey::kLastTallyKind + 1> by_kind_ = {};
  const journey::Memory& before_;
  const Experience& experience_;
  ImpressionMaker& maker_;
};

}  // namespace

std::optional<int64_t> AnsweredAfterMs(const Contact& contact, const Experience& experience) {
  const Tally* answered = contact.tallies().Find(TallyKind::kAnswered);
  if (answered == nullptr) return std::nullopt;
  const std::optional<int64_t> queued_ms = contact.WaitMs();
  const std::optional<int64_t> waited_ms = queued_ms ? queued_ms : contact.FirstResponseMs();
  if (!waited_ms) return std::nullopt;
  const int64_t over_ms = answered->at.at_ms;
  return journey::OpenMs(experience.calendars.Of(contact), over_ms - *waited_ms, over_ms);
}

void DeriveFromContact(const Contact& contact, const journey::Memory& before,
                       const Experience& experience, ImpressionMaker& maker) {
  if (contact.tallies().empty()) return;
  Derivation derivation(contact, before, experience, maker);
  derivation.Waited();
  derivation.FirstResponse();
  derivation.NextResponse();
  derivation.Unanswered();
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
  derivation.Counted(Cause::kOrderReturned, TallyKind::kOrderReturned);
  derivation.Counted(Cause::kOrderCancelled, TallyKind::kOrderCancelled);
  derivation.Counted(Cause::kLeftService, TallyKind::kLeft);
  derivation.Counted(Cause::kRenewed, TallyKind::kRenewed);
}

}  // namespace peakend::moments
