// A policy in the form that the step reads: checked, in integers, immutable.
#ifndef PEAKEND_PROCESSORS_PUBLISH_POLICY_H_
#define PEAKEND_PROCESSORS_PUBLISH_POLICY_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "peakend/v1/policy.pb.h"
#include "processors/affect/phrase_book.h"
#include "processors/alerts/budget.h"
#include "processors/alerts/rule.h"
#include "processors/journey/windows.h"
#include "processors/moments/moment_model.h"
#include "processors/publish/opening.h"
#include "processors/publish/policy_identities.h"

namespace peakend::publish {

struct Policy {
  std::string stamp;    // name@version+digest, on every output
  std::string formula;  // "experience", ...
  journey::Windows windows;
  moments::MomentModel model;
  alerts::Rules rules;
  alerts::BudgetModel budget;
  std::vector<Opening> openings;  // the first that fits counts
  affect::PhraseBook phrases;
  absl::flat_hash_map<std::string, std::string> stages;  // of touchpoints, by their ids
  absl::flat_hash_set<std::string> partner_touchpoints;  // where a partner acts, not we
  std::optional<Identities> identities;  // nothing = nobody is linked
};

// Compiles `policy`, every field of which is set (the YAML loader fills defaults
// in). Errors: InvalidArgument names the first broken invariant between fields;
// single fields were checked against their bounds before.
absl::StatusOr<Policy> CompilePolicy(const v1::Policy& policy, std::string stamp);

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_POLICY_H_
