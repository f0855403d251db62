// A customer's journey at some time, as rules see it.
//
// Thread-safety: views; valid until the contacts change.
#ifndef PEAKEND_PROCESSORS_ALERTS_SCENE_H_
#define PEAKEND_PROCESSORS_ALERTS_SCENE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "processors/alerts/budget.h"
#include "processors/journey/contact_parts.h"
#include "processors/journey/contact_set.h"
#include "processors/journey/event_facts.h"
#include "processors/journey/windows.h"
#include "processors/moments/moment_model.h"

namespace peakend::alerts {

struct Scene {
  const journey::ContactSet& contacts;
  const journey::JourneySpan& journey;
  const journey::Windows& windows;
  const moments::MomentModel& model;
  std::string_view tenant_id;
  std::string_view customer_id;
  // The time at which the journey is looked at, and the partition's clock, which may
  // have run past it.
  int64_t now_ms = 0;
  int64_t clock_ms = 0;
  // Which alerts may interrupt.
  Bar bar = {};
  // Whose the contacts are, where those of several customers are looked at as one.
  const journey::ContactParts* parts = nullptr;

  // When the journey ended, where that is over.
  std::optional<int64_t> EndedAtMs() const {
    const int64_t ended_at_ms = journey.EndsAtMs(windows);
    if (ended_at_ms >= now_ms - windows.max_out_of_orderness_ms) return std::nullopt;
    return ended_at_ms;
  }
  // What has happened so far: promises that no event has outlived are open.
  journey::Story story() const { return contacts.StoryOf(journey, journey.last.at_ms); }
};

// An event that was just taken in.
struct Occasion {
  const Scene& scene;
  size_t contact = 0;  // index of the event's contact
  const journey::EventFacts& facts;
};

}  // namespace peakend::alerts

#endif  // PEAKEND_PROCESSORS_ALERTS_SCENE_H_
