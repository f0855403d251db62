// When contacts and journeys begin and end; all in milliseconds.
#ifndef PEAKEND_PROCESSORS_JOURNEY_WINDOWS_H_
#define PEAKEND_PROCESSORS_JOURNEY_WINDOWS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "peakend/v1/interaction_event.pb.h"

namespace peakend::journey {

// Fields and defaults as in WindowPolicy (proto/peakend/v1/policy.proto).
// Invariants: journey_gap > max_out_of_orderness + allowed_lateness, and so is
// resolution_grace unless it is 0, else a journey would close before an event that amends it
// could arrive; journey_max >= 2 * journey_gap.
struct Windows {
  int64_t contact_gap_ms = 30 * 60'000;
  int64_t contact_gap_email_ms = 7 * 86'400'000;
  int64_t journey_gap_ms = 3 * 86'400'000;
  // Instead of journey_gap once the matter is resolved; 0 = journey_gap all the same.
  int64_t resolution_grace_ms = 0;
  int64_t journey_max_ms = int64_t{90} * 86'400'000;
  int64_t max_out_of_orderness_ms = 5'000;
  int64_t allowed_lateness_ms = 3'600'000;
  int64_t short_abandon_ms = 5'000;
  int64_t memory_ms = int64_t{180} * 86'400'000;
  int64_t amend_window_ms = int64_t{14} * 86'400'000;
  int64_t repeat_window_ms = int64_t{7} * 86'400'000;
  int64_t notice_window_ms = int64_t{7} * 86'400'000;
  int64_t statistics_window_ms = 3'600'000;
  size_t max_contacts = 64;
  size_t max_event_ids = 8192;

  // The silence that ends a journey.
  int64_t JourneyGap(bool resolved) const {
    return resolved && resolution_grace_ms > 0 ? std::min(resolution_grace_ms, journey_gap_ms)
                                               : journey_gap_ms;
  }
  int64_t ContactGap(int channel) const {
    return channel == v1::CHANNEL_EMAIL ? contact_gap_email_ms : contact_gap_ms;
  }
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_WINDOWS_H_
