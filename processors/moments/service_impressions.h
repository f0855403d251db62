// The impressions that follow from facts rather than from words: what the service did,
// what became of its promises, and how all of it compares with what was expected.
//
// Of one contact there is at most one per cause and promise: three transfers make one
// impression, worse than that of two, at the time of the latest. They are derived anew
// from the facts whenever they are needed, so a late fact amends them and its order of
// arrival does not matter.
//
// Thread-safety: values.
#ifndef PEAKEND_PROCESSORS_MOMENTS_SERVICE_IMPRESSIONS_H_
#define PEAKEND_PROCESSORS_MOMENTS_SERVICE_IMPRESSIONS_H_

#include <cstdint>
#include <string_view>

#include "absl/container/inlined_vector.h"
#include "processors/journey/business_hours.h"
#include "processors/journey/impression.h"
#include "processors/journey/story.h"
#include "processors/moments/moment_model.h"

namespace peakend::moments {

struct ServiceImpression {
  journey::Impression impression;  // its own event_id is not used
  std::string_view event_id;       // valid until the contacts change
  affect::Nano gap = 0;            // before the KANO transform
  int64_t count = 0;               // events that it stands for
  Basis basis = Basis::kNone;
  // As in Expected; 0 without a basis.
  int64_t actual = 0;
  int64_t desired = 0;
  int64_t adequate = 0;
  // In whose open hours `actual` was measured; null = by the clock on the wall. Valid as
  // long as the model.
  const journey::BusinessHours* hours = nullptr;
};
// In order of (time, event id, hash, cause). Those of no valence are left out: what is
// as expected is not noticed.
using ServiceImpressions = absl::InlinedVector<ServiceImpression, 4>;
// Of each of a few contacts, in their order.
using ServiceImpressionsOf = absl::InlinedVector<ServiceImpressions, 1>;

// Those of the judged contacts.
ServiceImpressionsOf DeriveImpressions(const journey::Story& story, const journey::Windows& windows,
                                       const MomentModel& model);

}  // namespace peakend::moments

#endif  // PEAKEND_PROCESSORS_MOMENTS_SERVICE_IMPRESSIONS_H_
