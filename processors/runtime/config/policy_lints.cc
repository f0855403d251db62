#include "processors/runtime/config/policy_lints.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "processors/runtime/config/recipient_checks.h"

namespace peakend::runtime {
namespace {

void LintWeights(const v1::Policy& policy, LoadState& state) {
  if (policy.score().formula() == "experience") return;
  for (const char* field : {"worst_weight", "tail_weight"}) {
    const Origin origin = WrittenOrigin(state.origins, {absl::StrCat("score.", field)});
    if (origin.kind != Origin::Kind::kFile) continue;
    state.problems.Warning(origin, {"PE0056",
                                    absl::StrCat("`", field, "` has no effect on the formula ",
                                                 Quoted(policy.score().formula())),
                                    "the formula `experience` has weights"});
  }
}

}  // namespace

void LintPolicy(const v1::Policy& policy, LoadState& state) {
  LintWeights(policy, state);
  LintRules(policy, state);
  for (int i = 0; i < policy.rules_size(); ++i) LintScopes(policy, i, state);
  LintOrder(policy, state);
  LintTexts(policy, state);
  LintRecipients(policy, state);
}

}  // namespace peakend::runtime
