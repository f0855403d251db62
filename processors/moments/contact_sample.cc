#include "processors/moments/contact_sample.h"

#include "processors/moments/contact_impressions.h"

namespace peakend::moments {
namespace {

using journey::Cause;
using journey::Contact;
using journey::TallyKind;

// How long the customer would have put up with waiting for an answer.
std::optional<int64_t> AdequateWait(const Contact& contact, const journey::Memory& before,
                                    const MomentModel& model) {
  const journey::Tally* announced = contact.tallies().Find(TallyKind::kWaitAnnounced);
  if (announced != nullptr) return model.experience.ToleratedMs(announced->amount);
  const Cause cause = contact.queued() ? Cause::kQueueWait : Cause::kFirstResponse;
  const std::optional<Expected> expected = model.experience.Expect(cause, contact, before);
  return expected ? std::optional(expected->adequate) : std::nullopt;
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
  sample.answered_after_ms = AnsweredAfterMs(contact);
  const bool gave_up = contact.abandoned() && !contact.IsShortAbandon(windows);
  if (sample.answered_after_ms || gave_up) {
    const std::optional<int64_t> adequate = AdequateWait(contact, story.before, model);
    if (adequate) {
      sample.wait_met = sample.answered_after_ms && *sample.answered_after_ms <= *adequate;
    }
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
