#include "processors/moments/contact_sample.h"

#include "processors/moments/contact_impressions.h"

namespace peakend::moments {
namespace {

using journey::Cause;
using journey::Contact;
using journey::TallyKind;

// Whether somebody answered while the customer put up with waiting; nothing when nothing
// was expected. `answered_after_ms` as AnsweredAfterMs.
std::optional<bool> WaitMet(const Contact& contact, std::optional<int64_t> answered_after_ms,
                            const journey::Memory& before, const Experience& experience) {
  // What was announced runs by the clock on the wall.
  if (const auto* announced = contact.tallies().Find(TallyKind::kWaitAnnounced)) {
    if (!answered_after_ms) return false;
    const std::optional<int64_t> queued_ms = contact.WaitMs();
    const std::optional<int64_t> waited_ms = queued_ms ? queued_ms : contact.FirstResponseMs();
    return waited_ms && *waited_ms <= experience.ToleratedMs(announced->amount);
  }
  const Cause cause = contact.queued() ? Cause::kQueueWait : Cause::kFirstResponse;
  const std::optional<Expected> expected = experience.Expect(cause, contact, before);
  if (!expected) return std::nullopt;
  return answered_after_ms && *answered_after_ms <= expected->adequate;
}

bool IsLeaving(Cause cause) {
  return cause == Cause::kAbandoned || cause == Cause::kHungUpOnHold ||
         cause == Cause::kLeftUnanswered;
}

}  // namespace

ContactSample SampleOf(const journey::Story& story, const Parts& parts,
                       const journey::Windows& windows, const MomentModel& model) {
  constexpr int64_t kHourMs = 3'600'000;
  const Contact& contact = story.contacts().front();
  ContactSample sample;
  sample.queue_id = contact.queue_id();
  sample.touchpoint_id = contact.touchpoint_id();
  sample.channel = contact.channel();
  sample.hour = static_cast<int>(contact.first().at_ms / kHourMs % 24);
  sample.negative_peak = parts.peak_negative.has_value();
  sample.positive_peak = parts.peak_positive.has_value();
  sample.left = parts.terminal && IsLeaving(parts.terminal->cause);
  sample.answered_after_ms = AnsweredAfterMs(contact, model.experience);
  const bool gave_up = contact.abandoned() && !contact.IsShortAbandon(windows);
  if (sample.answered_after_ms || gave_up) {
    sample.wait_met = WaitMet(contact, sample.answered_after_ms, story.before, model.experience);
  }
  for (const ServiceImpression& made : parts.service.front()) {
    ++sample.gaps;
    sample.gap_sum += made.gap;
  }
  sample.score = parts.score;
  sample.ended_above_mean = parts.end && parts.mean && *parts.end > *parts.mean;
  return sample;
}

}  // namespace peakend::moments
