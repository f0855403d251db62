#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "processors/affect/level.h"
#include "processors/publish/opening.h"
#include "processors/runtime/config/policy_lints.h"

namespace peakend::runtime {
namespace {

using publish::Brings;

bool HasLevel(Brings when) {
  return when == Brings::kUnrecoveredPeak || when == Brings::kBadEnd || when == Brings::kGoodEnd;
}

double LevelOf(const v1::OpeningPolicy& opening, Brings when) {
  return opening.has_level() ? opening.level() : affect::ToDouble(publish::DefaultLevel(when));
}

// Whoever fits `later` fits `earlier` too.
bool Covers(const v1::OpeningPolicy& earlier, const v1::OpeningPolicy& later) {
  const std::optional<Brings> first = publish::BringsNamed(earlier.when());
  const std::optional<Brings> second = publish::BringsNamed(later.when());
  if (!first || !second) return false;
  if (*first == *second) {
    if (!HasLevel(*first)) return true;
    const double wide = LevelOf(earlier, *first);
    const double narrow = LevelOf(later, *second);
    return *first == Brings::kGoodEnd ? wide <= narrow : wide >= narrow;
  }
  switch (*first) {
    case Brings::kPromiseOpen:
      return *second == Brings::kPromiseOverdue;
    case Brings::kNotice:
      return *second == Brings::kNoticeOverdue;
    case Brings::kKnown:
      return HasLevel(*second) || *second == Brings::kAgain;
    default:
      return false;
  }
}

void LintOpenings(const v1::Policy& policy, LoadState& state) {
  for (int i = 0; i < policy.openings_size(); ++i) {
    const v1::OpeningPolicy& opening = policy.openings(i);
    const std::string path = absl::StrCat("openings[", i, "]");
    const std::optional<Brings> when = publish::BringsNamed(opening.when());
    if (when && opening.has_level() && !HasLevel(*when)) {
      state.problems.Warning(
          WrittenOrigin(state.origins, {path + ".level"}),
          {"PE0056", absl::StrCat("`level` has no effect with ", Quoted(opening.when())),
           "unrecovered_peak, bad_end and good_end have it"});
    }
    for (int k = 0; k < i; ++k) {
      if (!Covers(policy.openings(k), opening)) continue;
      state.problems.Warning(
          WrittenOrigin(state.origins, {path + ".when", path}),
          {"PE0058",
           absl::StrCat("opening ", i + 1, " (", Quoted(opening.when()), ") never counts"),
           absl::StrCat("opening ", k + 1, " (", Quoted(policy.openings(k).when()),
                        ") comes first and fits whenever this one does")});
      break;
    }
  }
}

// Whoever fits `later` fits `earlier` too, and neither goes before the other by its tier.
bool Covers(const v1::ExpectationPolicy& earlier, const v1::ExpectationPolicy& later) {
  return earlier.cause() == later.cause() && earlier.tier() == later.tier() &&
         (earlier.queue().empty() || earlier.queue() == later.queue()) &&
         (earlier.touchpoint().empty() || earlier.touchpoint() == later.touchpoint()) &&
         (earlier.channel() == "any" || earlier.channel() == later.channel());
}

void LintExpectations(const v1::Policy& policy, LoadState& state) {
  for (int i = 0; i < policy.expectations_size(); ++i) {
    if (policy.expectations(i).cause().empty()) continue;
    for (int k = 0; k < i; ++k) {
      if (!Covers(policy.expectations(k), policy.expectations(i))) continue;
      const std::string path = absl::StrCat("expectations[", i, "]");
      state.problems.Warning(
          WrittenOrigin(state.origins, {path + ".cause", path}),
          {"PE0058",
           absl::StrCat("expectation ", i + 1, " (", Quoted(policy.expectations(i).cause()),
                        ") never counts"),
           absl::StrCat("expectation ", k + 1, " comes first and fits whenever this one does")});
      break;
    }
  }
}

}  // namespace

void LintOrder(const v1::Policy& policy, LoadState& state) {
  LintOpenings(policy, state);
  LintExpectations(policy, state);
}

}  // namespace peakend::runtime
