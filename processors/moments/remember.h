// How a journey becomes part of what the customer remembers.
//
// What is remembered is never an impression: it changes no score. It tells the one who says
// hello what the customer brings along, and lets a contact be recognised as a repeat.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_MOMENTS_REMEMBER_H_
#define PEAKEND_PROCESSORS_MOMENTS_REMEMBER_H_

#include <cstddef>
#include <cstdint>

#include "processors/journey/memory.h"
#include "processors/journey/story.h"
#include "processors/journey/windows.h"
#include "processors/moments/moment_model.h"

namespace peakend::moments {

// `story.before` with the story's own peaks and end. Of two peaks the one stays that is the
// stronger when both have faded to the same time; of equals the story's. The worst peak is
// unrecovered until something later is resolved, or somebody calls the customer and a human
// speaks. REQUIRES: the story has a contact.
journey::Memory Remember(const journey::Story& story, const journey::Windows& windows,
                         const MomentModel& model);

// What is left of the memory's levels at a time; times and the rest stay.
journey::Memory FadedAt(const journey::Memory& memory, int64_t at_ms, const HalfLives& half_lives);

// What the customer brings along into contact `index` of `story.journey`, faded to its first
// event: what was before the journey, and the contacts that began before, over or not.
journey::Memory MemoryAt(const journey::Story& story, size_t index, const journey::Windows& windows,
                         const MomentModel& model);

}  // namespace peakend::moments

#endif  // PEAKEND_PROCESSORS_MOMENTS_REMEMBER_H_
