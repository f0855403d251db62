// How what the service did becomes what the customer felt; the compiled form of
// ImpressionPolicy and ExpectationPolicy (proto/peakend/v1/policy.proto).
//
// Zone of tolerance: Zeithaml, Berry, Parasuraman (1993). Asymmetry of needs: Kano
// et al. (1984); that a loss weighs about twice a gain: Kahneman, Tversky (1979).
#ifndef PEAKEND_PROCESSORS_MOMENTS_EXPERIENCE_H_
#define PEAKEND_PROCESSORS_MOMENTS_EXPERIENCE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "processors/affect/level.h"
#include "processors/journey/calendars.h"
#include "processors/journey/cause.h"
#include "processors/journey/contact.h"
#include "processors/journey/memory.h"

namespace peakend::moments {

// What one cause does. Levels are gaps, before the KANO transform.
struct CauseModel {
  // Of causes that are counted: of the first event that counts, and how much each
  // further one adds. Unused where an expectation is measured.
  affect::Nano first = 0;
  affect::Nano step = 0;
  journey::Kano kano = journey::Kano::kPerformance;
  // Of the impression: it was inferred, not expressed.
  affect::Nano confidence = 500'000'000;
  // Most that beating an expectation is worth: nobody is delighted by a short hold.
  affect::Nano most_delight = 0;
};

// What customers of a queue, channel or touchpoint expect of something that is measured: a wait,
// a hold or a silence in ms, lower is better; an audio quality in 1e-6 of a mean
// opinion score, higher is better.
struct Expectation {
  journey::Cause cause = journey::Cause::kQueueWait;
  std::string queue_id;  // empty = every queue
  int channel = 0;       // v1::Channel; 0 = every channel
  std::string tier;      // to whom it was contracted; empty = every tier
  int64_t desired = 0;
  int64_t adequate = 0;            // worse than desired
  std::string touchpoint_id = {};  // empty = every touchpoint
};

// Where an expectation came from, in order of rank.
enum class Basis : uint8_t {
  kNone,      // nothing was measured: an event is bad by itself
  kPromise,   // the customer was told
  kNotice,    // so were many
  kSla,       // contracted to the customer's tier
  kHistory,   // what the customer is used to
  kBaseline,  // what others of the queue get at this hour
  kPolicy,    // the policy's expectation
};
// "promise", "notice", "sla", "history", "baseline", "policy"; empty for kNone.
std::string_view BasisName(Basis basis);

struct Expected {
  int64_t desired = 0;
  int64_t adequate = 0;
  Basis basis = Basis::kPolicy;
};

struct Experience {
  std::array<CauseModel, journey::kCauses> causes;
  // Of those that fit, the first with a tier counts, else the first.
  std::vector<Expectation> expectations;
  // A promised time is adequate up to this share of itself more.
  double promise_slack = 0.2;
  // So many waits make a history or a baseline; 0 = never.
  int own_waits = 3;
  int64_t baseline_waits = 30;
  // In whose open hours waits are measured against expectations.
  journey::Calendars calendars;

  // What holds where a policy says nothing.
  static Experience Default();

  // How long a promised time is still tolerated.
  int64_t ToleratedMs(int64_t promised_ms) const;

  CauseModel& of(journey::Cause cause) { return causes[static_cast<size_t>(cause)]; }
  const CauseModel& of(journey::Cause cause) const { return causes[static_cast<size_t>(cause)]; }
  // What the customer expects in `contact`, who remembers `before`; nothing when nothing. What
  // was announced ranks before this. Of waits for an answer, what was not contracted gives
  // way to what is usual: that is desired then, and the zone of tolerance is as wide as the
  // policy's.
  std::optional<Expected> Expect(journey::Cause cause, const journey::Contact& contact,
                                 const journey::Memory& before) const;
};

// Gap in [-1, 1] of `actual` where lower is better and desired < adequate; mirrored
// where adequate < desired: better than desired is positive, in the zone of tolerance
// it falls from 0 to -0.1, and worse than adequate it falls on to -1.
// Zero when desired equals adequate and actual does too.
affect::Nano ToleranceGap(int64_t actual, int64_t desired, int64_t adequate);

// The valence of a gap: basic needs only disappoint, twice; excitement only delights.
affect::Nano KanoValence(affect::Nano gap, journey::Kano kano);

}  // namespace peakend::moments

#endif  // PEAKEND_PROCESSORS_MOMENTS_EXPERIENCE_H_
