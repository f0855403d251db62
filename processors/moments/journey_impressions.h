// What a contact did to the customer in the light of others: they had to come back for
// the same need, were called back after a bad moment, or saw their matter resolved
// after one.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_MOMENTS_JOURNEY_IMPRESSIONS_H_
#define PEAKEND_PROCESSORS_MOMENTS_JOURNEY_IMPRESSIONS_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "processors/affect/level.h"
#include "processors/journey/story.h"
#include "processors/moments/impression_maker.h"
#include "processors/moments/moment_model.h"

namespace peakend::moments {

// How often the customer had come before for the same need.
struct Repeats {
  int64_t count = 0;
  affect::Nano sureness = affect::kNanoOne;  // halved where the needs are not known
};
// Of contact `index` of story.journey: earlier contacts that the customer began, too,
// and that were over at most repeat_window before it.
Repeats CountRepeats(const journey::Story& story, size_t index, int64_t repeat_window_ms);

// Adds to `maker` what contact `index` of story.journey did.
void DeriveFromJourney(const journey::Story& story, size_t index, const journey::Windows& windows,
                       const MomentModel& model, ImpressionMaker& maker);

}  // namespace peakend::moments

#endif  // PEAKEND_PROCESSORS_MOMENTS_JOURNEY_IMPRESSIONS_H_
