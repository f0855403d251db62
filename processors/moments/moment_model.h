// What makes an opening, a peak, an end and a score; the compiled form of
// MomentPolicy, ScorePolicy and what they judge by (proto/peakend/v1/policy.proto).
#ifndef PEAKEND_PROCESSORS_MOMENTS_MOMENT_MODEL_H_
#define PEAKEND_PROCESSORS_MOMENTS_MOMENT_MODEL_H_

#include <cstddef>
#include <cstdint>

#include "processors/affect/level.h"
#include "processors/moments/experience.h"

namespace peakend::moments {

enum class Formula : uint8_t { kExperience, kClassical, kWorstEnd, kMean };

// How long the parts of a memory take to fade by half; positive.
struct HalfLives {
  int64_t worst_ms = int64_t{30} * 86'400'000;
  int64_t best_ms = int64_t{14} * 86'400'000;
  int64_t end_ms = int64_t{14} * 86'400'000;
};

struct MomentModel {
  affect::Nano peak_floor = 300'000'000;
  size_t opening_turns = 2;
  size_t tail_max = 32;  // 2 to journey::Impressions::kLatest
  // Of the impressions that end a contact.
  affect::Nano abandoned_valence = -800'000'000;
  affect::Nano hung_up_on_hold_valence = -800'000'000;
  affect::Nano resolved_valence = 400'000'000;
  affect::Nano left_unanswered_valence = -300'000'000;
  // Longest time to a contact of ours that still counts as a follow-up.
  int64_t follow_up_within_ms = 86'400'000;
  Formula formula = Formula::kExperience;
  affect::Nano worst_weight = 100'000'000;  // both weights sum to 1
  affect::Nano tail_weight = 900'000'000;
  HalfLives half_lives;
  Experience experience = Experience::Default();
};

}  // namespace peakend::moments

#endif  // PEAKEND_PROCESSORS_MOMENTS_MOMENT_MODEL_H_
