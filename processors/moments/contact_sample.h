// What one contact that has ended adds to the statistics of its touchpoint.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_MOMENTS_CONTACT_SAMPLE_H_
#define PEAKEND_PROCESSORS_MOMENTS_CONTACT_SAMPLE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "processors/affect/level.h"
#include "processors/journey/story.h"
#include "processors/journey/windows.h"
#include "processors/moments/moment_model.h"
#include "processors/moments/parts.h"

namespace peakend::moments {

struct ContactSample {
  // Owned: the contact may be gone when the sample is counted.
  std::string tenant_id;
  std::string queue_id;
  std::string touchpoint_id;
  int channel = 0;            // v1::Channel
  int hour = 0;               // of the day (UTC) in which it began
  int64_t settled_at_ms = 0;  // the watermark at which its end was known

  bool negative_peak = false;
  bool positive_peak = false;
  bool left = false;
  // Nothing when it cannot be told how long the customer waited for an answer; else whether
  // they were answered within what was adequate.
  std::optional<bool> wait_met;
  std::optional<int64_t> answered_after_ms;
  int64_t gaps = 0;
  int64_t gap_sum = 0;  // in steps of 1e-9
  std::optional<affect::Nano> score;
  bool ended_above_mean = false;
};

// That of the one contact that `story` judges, which came to `parts`. The caller adds whose
// it is and when.
ContactSample SampleOf(const journey::Story& story, const Parts& parts,
                       const journey::Windows& windows, const MomentModel& model);

}  // namespace peakend::moments

#endif  // PEAKEND_PROCESSORS_MOMENTS_CONTACT_SAMPLE_H_
