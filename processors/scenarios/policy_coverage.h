// What of a policy its scenarios have shown at work.
//
// Counted are, by what came out of the scenarios as they stand:
//   - of each rule, that it raised, that it watched something and kept quiet, that it recovered
//     (where it has an exit threshold), and that each of its messages was told in full: all of
//     its placeholders were filled
//   - of each recipient with somebody to escalate to, that an alert went on from there
//   - of each class of phrases, that somebody of the side that it is about said one, in English
//     and in Chinese
//   - of each kind of opening, that a card said it
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_PROCESSORS_SCENARIOS_POLICY_COVERAGE_H_
#define PEAKEND_PROCESSORS_SCENARIOS_POLICY_COVERAGE_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "peakend/v1/policy.pb.h"
#include "processors/scenarios/phrase_coverage.h"
#include "processors/scenarios/scenario_run.h"

namespace peakend::scenarios {

struct RuleCoverage {
  std::string name;
  bool raised = false;
  bool kept_quiet = false;
  std::optional<bool> recovered;  // absent: it has no exit threshold
  // Absent: it has no message in that language.
  std::optional<bool> told_english;
  std::optional<bool> told_chinese;
};

struct OpeningCoverage {
  std::string when;  // several openings of one kind count as one
  bool said = false;
};

struct RecipientCoverage {
  std::string name;
  bool escalated = false;
};

struct PolicyCoverage {
  std::string policy;                         // its name
  std::vector<RuleCoverage> rules;            // in the order of the policy
  std::vector<RecipientCoverage> recipients;  // those that pass alerts on
  std::vector<PhraseClassCoverage> phrases;
  std::vector<OpeningCoverage> openings;

  int64_t covered() const;
  int64_t total() const;
  // In percent, rounded down, so that only 100 is whole; of nothing, 100.
  int64_t percent() const;
  // What is not covered, a sentence each: "rule `waiting` is never raised".
  std::vector<std::string> Missing() const;
};

class CoverageBoard {
 public:
  // `policy` must outlive the board. Errors: those of PhraseCoverage.
  static absl::StatusOr<CoverageBoard> Make(const v1::Policy& policy);

  // REQUIRES: the records of the outcome are all there.
  void Add(const ScenarioResult& result);
  PolicyCoverage Result() const;

 private:
  CoverageBoard(const v1::Policy& policy, PhraseCoverage phrases);

  void CoverRecipients(const boost::json::array& alerts);

  const v1::Policy* policy_;
  PhraseCoverage phrases_;
  PolicyCoverage coverage_;
};

}  // namespace peakend::scenarios

#endif  // PEAKEND_PROCESSORS_SCENARIOS_POLICY_COVERAGE_H_
