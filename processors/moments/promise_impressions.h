// What became of the promises that were made in a contact.
//
// A promise gives a time; a fifth of it more is tolerated (ExpectationPolicy's zone of
// tolerance, with the promise as what is desired). One that nobody has kept by then is
// broken at that moment; so is one that is withdrawn.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_MOMENTS_PROMISE_IMPRESSIONS_H_
#define PEAKEND_PROCESSORS_MOMENTS_PROMISE_IMPRESSIONS_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "processors/journey/story.h"
#include "processors/moments/experience.h"
#include "processors/moments/impression_maker.h"

namespace peakend::moments {

// Adds at most one impression per promise of contact `index` of story.journey to `maker`;
// none for what comes after story.as_of_ms, or for a promise that was moved on.
void DeriveFromPromises(const journey::Story& story, size_t index, const Experience& experience,
                        ImpressionMaker& maker);

// Promises made in the judged contacts, by what had become of them.
struct PromiseCounts {
  int32_t made = 0;
  int32_t kept = 0;    // by the due time
  int32_t broken = 0;  // withdrawn, late or not at all
  int32_t open = 0;    // not due yet
};
PromiseCounts CountPromises(const journey::Story& story);

enum class PromiseStatus : uint8_t { kKept, kBroken, kOpen };

struct PromiseOutcome {
  PromiseStatus status = PromiseStatus::kOpen;
  std::optional<int64_t> fulfilled_at_ms;
};

// What had become of a promise by story.as_of_ms; nothing of one that counts for none, as nobody
// gave a time or it was moved on. `promise` is one of contact `index` of story.journey.
std::optional<PromiseOutcome> OutcomeOf(const journey::Story& story, size_t index,
                                        const journey::Promise& promise);

}  // namespace peakend::moments

#endif  // PEAKEND_PROCESSORS_MOMENTS_PROMISE_IMPRESSIONS_H_
