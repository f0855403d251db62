// Ranges, lengths and scales of an event's fields.
#ifndef PEAKEND_PROCESSORS_INGEST_VALIDATE_H_
#define PEAKEND_PROCESSORS_INGEST_VALIDATE_H_

#include <optional>
#include <string_view>

#include "processors/ingest/event_view.h"
#include "processors/ingest/reject.h"

namespace peakend::ingest {

// Of customer ids that begin so: they are the homes of identities, and no customer's.
inline bool IsReserved(std::string_view customer_id) { return customer_id.starts_with('/'); }

// Checks everything that needs no more than the event itself and normalises in
// place: a sentiment with `raw` on [raw_min, raw_max] and no `score` gets one.
// Unknown enum values pass. Returns the first problem found.
std::optional<Reject> Validate(EventView& event);

// `raw` on [min, max] as a level in [-1, 1]: an affine map.
// REQUIRES: min < max and min <= raw <= max.
double OnUnitScale(double raw, double min, double max);

}  // namespace peakend::ingest

#endif  // PEAKEND_PROCESSORS_INGEST_VALIDATE_H_
