#include "processors/runtime/config/policy_checks.h"

#include <cmath>
#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "processors/runtime/config/value_text.h"

namespace peakend::runtime {
namespace {

// Both bounds of a Duration field keep this far below the largest int64.
int64_t Nanos(const google::protobuf::Duration& duration) {
  return duration.seconds() * 1'000'000'000 + duration.nanos();
}

void CheckWindows(const v1::WindowPolicy& windows, LoadState& state) {
  const int64_t gap = Nanos(windows.journey_gap());
  const int64_t settled = Nanos(windows.max_out_of_orderness()) + Nanos(windows.allowed_lateness());
  if (gap <= settled) {
    state.problems.Error(
        WrittenOrigin(state.origins, {"windows.journey_gap", "windows.allowed_lateness",
                                      "windows.max_out_of_orderness"}),
        {"PE0020",
         absl::StrCat("`journey_gap` (", FormatDurationNanos(gap),
                      ") must exceed max_out_of_orderness + allowed_lateness (",
                      FormatDurationNanos(Nanos(windows.max_out_of_orderness())), " + ",
                      FormatDurationNanos(Nanos(windows.allowed_lateness())), ")"),
         "a journey may only end when no event of it can come any more"});
  }
  const int64_t longest = Nanos(windows.journey_max());
  if (longest < 2 * gap) {
    state.problems.Error(
        WrittenOrigin(state.origins, {"windows.journey_max", "windows.journey_gap"}),
        {"PE0021",
         absl::StrCat("`journey_max` (", FormatDurationNanos(longest),
                      ") must be at least twice journey_gap (", FormatDurationNanos(gap), ")")});
  }
}

void CheckWeights(const v1::ScorePolicy& score, LoadState& state) {
  const double sum = score.worst_weight() + score.tail_weight();
  if (std::abs(sum - 1.0) <= 1e-9) return;
  state.problems.Error(
      WrittenOrigin(state.origins, {"score.worst_weight", "score.tail_weight"}),
      {"PE0023",
       absl::StrCat("`worst_weight` and `tail_weight` must sum to 1, not ", FormatDouble(sum))});
}

void CheckRules(const v1::Policy& policy, LoadState& state) {
  if (policy.rules_size() > kMaxRules) {
    state.problems.Error(WrittenOrigin(state.origins, {"rules"}),
                         {"PE0025", absl::StrCat("a policy has at most ", kMaxRules,
                                                 " rules, found ", policy.rules_size())});
  }
  std::map<std::string, int> first_of;
  for (int i = 0; i < policy.rules_size(); ++i) {
    const v1::RulePolicy& rule = policy.rules(i);
    const std::string path = absl::StrCat("rules[", i, "]");
    if (rule.exit() < rule.enter()) {
      state.problems.Error(
          WrittenOrigin(state.origins, {path + ".exit", path + ".enter", path}),
          {"PE0022", absl::StrCat("`exit` (", FormatDouble(rule.exit()),
                                  ") must be at least enter (", FormatDouble(rule.enter()), ")")});
    }
    if (rule.name().empty() || first_of.emplace(rule.name(), i).second) continue;
    state.problems.Error(
        WrittenOrigin(state.origins, {path + ".name"}),
        {"PE0024", absl::StrCat("two rules are called ", Quoted(rule.name())),
         absl::StrCat("the first one is rule ", first_of[rule.name()] + 1, " of the list")});
  }
}

}  // namespace

void CheckPolicy(const v1::Policy& policy, LoadState& state) {
  CheckWindows(policy.windows(), state);
  CheckWeights(policy.score(), state);
  CheckRules(policy, state);
}

}  // namespace peakend::runtime
