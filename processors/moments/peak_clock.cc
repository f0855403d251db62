#include "processors/moments/peak_clock.h"

#include <algorithm>
#include <limits>

namespace peakend::moments {
namespace {

using journey::Contact;
using journey::Impression;

// The first of several times that is later than `after_ms`.
class FirstAfter {
 public:
  explicit FirstAfter(int64_t after_ms) : after_ms_(after_ms) {}

  void Offer(int64_t at_ms) {
    if (at_ms > after_ms_) first_ms_ = std::min(first_ms_, at_ms);
  }
  std::optional<int64_t> since() const {
    if (first_ms_ == kNever) return std::nullopt;
    return first_ms_ - after_ms_;
  }

 private:
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

  int64_t after_ms_;
  int64_t first_ms_ = kNever;
};

std::optional<int64_t> ToResponse(absl::Span<const Contact> contacts, int64_t peak_at_ms) {
  FirstAfter answer(peak_at_ms);
  for (const Contact& contact : contacts) {
    if (!contact.human_answers().KnowsAfter(peak_at_ms)) return std::nullopt;
    const std::optional<int64_t> next_ms = contact.human_answers().FirstAfterMs(peak_at_ms);
    if (next_ms) answer.Offer(*next_ms);
  }
  return answer.since();
}

std::optional<int64_t> ToRecovery(absl::Span<const Contact> contacts, int64_t peak_at_ms,
                                  const MomentModel& model) {
  FirstAfter good(peak_at_ms);
  for (const Contact& contact : contacts) {
    if (contact.resolved()) good.Offer(contact.resolved()->at.at_ms);
    for (const Impression& turn : contact.impressions().latest()) {
      if (turn.valence > 0 && turn.Weight() >= model.peak_floor) good.Offer(turn.at_ms);
    }
  }
  return good.since();
}

}  // namespace

PeakClock ClockOf(absl::Span<const Contact> contacts, int64_t peak_at_ms,
                  const MomentModel& model) {
  const auto has_times = [](const Contact& contact) { return contact.HasTimes(); };
  if (!std::all_of(contacts.begin(), contacts.end(), has_times)) return {};
  return {ToResponse(contacts, peak_at_ms), ToRecovery(contacts, peak_at_ms, model)};
}

}  // namespace peakend::moments
