#include "processors/runtime/policy_diff/rule_changes.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/runtime/config/rule_fields.h"
#include "processors/runtime/policy_diff/leaf_changes.h"
#include "processors/runtime/policy_diff/row_text.h"

namespace peakend::runtime {
namespace {

constexpr std::string_view kSection = "rules";

std::set<std::string> Scopes(const v1::RulePolicy& rule) {
  std::set<std::string> scopes;
  for (const v1::RuleScope& scope : rule.only()) scopes.insert(RowSummary("", scope));
  return scopes;
}

std::string ScopesText(const std::set<std::string>& scopes) {
  std::vector<std::string> braced;
  for (const std::string& scope : scopes) braced.push_back(absl::StrCat("{", scope, "}"));
  return absl::StrJoin(braced, ", ");
}

Effect ScopesEffect(const std::set<std::string>& before, const std::set<std::string>& after) {
  if (after.empty()) return Effect::kMoreContacts;
  if (before.empty()) return Effect::kFewerContacts;
  if (std::includes(after.begin(), after.end(), before.begin(), before.end())) {
    return Effect::kMoreContacts;
  }
  if (std::includes(before.begin(), before.end(), after.begin(), after.end())) {
    return Effect::kFewerContacts;
  }
  return Effect::kOtherContacts;
}

class RuleComparison {
 public:
  RuleComparison(const v1::Policy& before, const v1::Policy& after) : before_(before) {
    for (int i = 0; i < before.rules_size(); ++i) {
      before_of_.emplace(before.rules(i).name(), i);
    }
    for (const v1::RulePolicy& rule : after.rules()) after_names_.insert(rule.name());
    for (const v1::RulePolicy& rule : before.rules()) {
      if (!after_names_.contains(rule.name())) gone_[RuleSubstance(rule)].push_back(rule.name());
    }
    for (const v1::RulePolicy& rule : after.rules()) {
      if (before_of_.contains(rule.name())) continue;
      const auto same = gone_.find(RuleSubstance(rule));
      if (same == gone_.end() || same->second.empty()) continue;
      old_name_of_[rule.name()] = same->second.front();
      renamed_.insert(same->second.front());
      same->second.pop_front();
    }
  }

  bool IsGone(const v1::RulePolicy& rule) const {
    return !after_names_.contains(rule.name()) && !renamed_.contains(rule.name());
  }

  // The rule that `rule` was; null = it is new.
  const v1::RulePolicy* Before(const v1::RulePolicy& rule) const {
    const auto renamed = old_name_of_.find(rule.name());
    const auto found =
        before_of_.find(renamed == old_name_of_.end() ? rule.name() : renamed->second);
    return found == before_of_.end() ? nullptr : &before_.rules(found->second);
  }

 private:
  const v1::Policy& before_;
  std::map<std::string, int> before_of_;
  std::set<std::string> after_names_;
  std::map<std::string, std::deque<std::string>> gone_;
  std::map<std::string, std::string> old_name_of_;
  std::set<std::string> renamed_;
};

void CompareRule(const v1::RulePolicy& before, const v1::RulePolicy& after,
                 std::vector<Change>& changes) {
  const std::string section(kSection);
  if (before.name() != after.name()) {
    changes.push_back(
        {ChangeKind::kRenamed, section, after.name(), "", before.name(), after.name()});
  }
  CompareLeaves(section, after.name(), before, after, changes);
  const std::set<std::string> then = Scopes(before);
  const std::set<std::string> now = Scopes(after);
  if (then == now) return;
  changes.push_back({ChangeKind::kChanged, section, after.name(), "only", ScopesText(then),
                     ScopesText(now), ScopesEffect(then, now)});
}

}  // namespace

void CompareRules(const v1::Policy& before, const v1::Policy& after, std::vector<Change>& changes) {
  const RuleComparison comparison(before, after);
  const std::string section(kSection);
  for (const v1::RulePolicy& rule : before.rules()) {
    if (!comparison.IsGone(rule)) continue;
    changes.push_back({ChangeKind::kRemoved, section, rule.name(), "", RowSummary(kSection, rule)});
  }
  for (const v1::RulePolicy& rule : after.rules()) {
    if (const v1::RulePolicy* was = comparison.Before(rule)) {
      CompareRule(*was, rule, changes);
      continue;
    }
    changes.push_back(
        {ChangeKind::kAdded, section, rule.name(), "", "", RowSummary(kSection, rule)});
  }
}

}  // namespace peakend::runtime
