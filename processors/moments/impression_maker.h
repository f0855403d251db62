// Makes the impressions of one contact: a gap between what was expected and what came
// becomes a valence.
//
// Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_MOMENTS_IMPRESSION_MAKER_H_
#define PEAKEND_PROCESSORS_MOMENTS_IMPRESSION_MAKER_H_

#include <cstdint>
#include <string_view>

#include "processors/journey/cause.h"
#include "processors/journey/event_time.h"
#include "processors/moments/experience.h"
#include "processors/moments/service_impressions.h"

namespace peakend::moments {

class ImpressionMaker {
 public:
  // Adds to `made`; both must outlive this.
  ImpressionMaker(const Experience& experience, ServiceImpressions& made)
      : experience_(experience), made_(made) {}

  // What happened `count` times, the latest at `at`; nothing when count <= 0.
  // `sureness` in [0, 1e9] scales the confidence.
  void Count(journey::Cause cause, const journey::EventTime& at, std::string_view event_id,
             int64_t count, affect::Nano sureness = affect::kNanoOne);

  // What was measured against an expectation; better than expected counts up to the
  // cause's most_delight. Returns null when it comes to nothing.
  ServiceImpression* Compare(journey::Cause cause, const journey::EventTime& at,
                             std::string_view event_id, int64_t count, Basis basis, int64_t actual,
                             int64_t desired, int64_t adequate);

  // A gap that is known by itself. Returns null when it comes to nothing.
  ServiceImpression* Add(journey::Cause cause, const journey::EventTime& at,
                         std::string_view event_id, int64_t count, affect::Nano gap);

  // Puts them in order.
  void Sort();

 private:
  const Experience& experience_;
  ServiceImpressions& made_;
};

}  // namespace peakend::moments

#endif  // PEAKEND_PROCESSORS_MOMENTS_IMPRESSION_MAKER_H_
