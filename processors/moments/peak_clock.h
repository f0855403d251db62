// How long a customer was left alone with the worst moment of a journey, and how long until
// it was made good.
//
// Thread-safety: a pure function.
#ifndef PEAKEND_PROCESSORS_MOMENTS_PEAK_CLOCK_H_
#define PEAKEND_PROCESSORS_MOMENTS_PEAK_CLOCK_H_

#include <cstdint>
#include <optional>

#include "absl/types/span.h"
#include "processors/journey/contact.h"
#include "processors/moments/moment_model.h"

namespace peakend::moments {

struct PeakClock {
  // To the next answer by a human. Nothing when none came, or it may have been forgotten.
  std::optional<int64_t> to_response_ms;
  // Until the matter was resolved, or the customer said something at least as good as a
  // peak. Nothing when neither came of it.
  std::optional<int64_t> to_recovery_ms;
};

// Of a negative peak at `peak_at_ms` in one of the contacts of a journey. Nothing where only
// the order of a contact's events is known.
PeakClock ClockOf(absl::Span<const journey::Contact> contacts, int64_t peak_at_ms,
                  const MomentModel& model);

}  // namespace peakend::moments

#endif  // PEAKEND_PROCESSORS_MOMENTS_PEAK_CLOCK_H_
