// The parts of an experience: opening, peaks, end, score and everything beside it.
//
// A score without its parts is a defect, so both are computed and published
// together. Levels are in 1e-9 steps of [-1, 1] and absent when there was no
// impression to compute them from.
#ifndef PEAKEND_PROCESSORS_MOMENTS_PARTS_H_
#define PEAKEND_PROCESSORS_MOMENTS_PARTS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "processors/journey/contact.h"
#include "processors/journey/story.h"
#include "processors/journey/windows.h"
#include "processors/moments/moment_model.h"
#include "processors/moments/promise_impressions.h"
#include "processors/moments/tail.h"

namespace peakend::moments {

struct Parts {
  std::optional<affect::Nano> arrival;
  std::optional<affect::Nano> opening;
  std::optional<affect::Nano> peak_positive;
  std::optional<affect::Nano> peak_negative;
  std::optional<affect::Nano> worst;
  std::optional<affect::Nano> last;
  std::optional<affect::Nano> tail;
  std::optional<affect::Nano> end;
  std::optional<int64_t> trend;               // in [-2, 2]
  std::optional<int64_t> trend_from_arrival;  // in [-2, 2]
  std::optional<affect::Nano> mean;
  std::optional<int64_t> strain;  // <= 0
  std::optional<affect::Nano> score;
  std::optional<int64_t> remembered_minus_mean;
  int64_t count = 0;
  // The same over the customer's turns alone.
  std::optional<affect::Nano> score_affect;
  int64_t count_affect = 0;
  // Mean gap per SERVQUAL dimension over what the service did; absent = nothing did.
  std::array<std::optional<affect::Nano>, journey::kDimensions> servqual;
  bool thin() const { return count < 3; }

  // Who stands behind which part. Null or empty where the part is absent. The opening
  // in order of time: waits and the first turns.
  absl::InlinedVector<Recent, 8> opening_impressions;
  Recent strongest_positive;
  Recent strongest_negative;
  Recent worst_impression;
  Recent last_impression;
  std::optional<journey::Terminal> terminal;
  PromiseCounts promises;
  ServiceImpressionsOf service;  // of each judged contact

  // What stands behind an impression that the service made; null for a turn.
  const ServiceImpression* ServiceOf(const Recent& item,
                                     absl::Span<const journey::Contact> contacts) const;
};

// The parts of the experience that the judged contacts of `story` make together. The
// opening is the first one's: how long it took until somebody answered, and the first
// turns after that; worst, last and tail are read from the tail_max latest impressions of
// all; the terminal impression is that of the contact which ends last.
// Views in the result point into the contacts. REQUIRES: there is one.
Parts Assess(const journey::Story& story, const journey::Windows& windows,
             const MomentModel& model);

// The same of contacts whose end and service impressions are known; all but `promises`.
// REQUIRES: one entry of `service` for each contact; there is one.
Parts AssessImpressions(absl::Span<const journey::Contact> contacts,
                        const std::optional<journey::Terminal>& terminal, const MomentModel& model,
                        ServiceImpressionsOf service);

// What ended the contact, in the model's terms. What is inferred from silence weighs half.
TerminalImpression TerminalOf(journey::Cause cause, const MomentModel& model);

// What live rules look at, cheaper than Assess. REQUIRES: !recent.empty().
// Only for Formula::kExperience and kWorstEnd; others need Assess.
affect::Nano LiveScore(const RecentImpressions& recent, const MomentModel& model);
// The same over the turns of one contact, earlier first. REQUIRES: !turns.empty().
affect::Nano LiveScore(absl::Span<const journey::Impression> turns, const MomentModel& model);

}  // namespace peakend::moments

#endif  // PEAKEND_PROCESSORS_MOMENTS_PARTS_H_
