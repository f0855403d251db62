#include "processors/runtime/config/recipient_checks.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "processors/runtime/config/nearest_name.h"

namespace peakend::runtime {
namespace {

std::string RecipientPath(int recipient) { return absl::StrCat("recipients[", recipient, "]"); }

class RecipientCheck {
 public:
  RecipientCheck(const v1::Policy& policy, LoadState& state) : policy_(policy), state_(state) {}

  void Check();

 private:
  void Names();
  // `name` stands at `path`.
  void Known(const std::string& name, const std::string& path);
  void Pair(int recipient);
  void Cycle(int recipient);

  const v1::Policy& policy_;
  LoadState& state_;
  std::vector<std::string> names_;
  std::map<std::string, int> first_of_;
  std::set<int> told_;  // recipients of cycles that were told
};

void RecipientCheck::Names() {
  for (int i = 0; i < policy_.recipients_size(); ++i) {
    const std::string& name = policy_.recipients(i).name();
    if (name.empty()) continue;
    const auto [known, added] = first_of_.emplace(name, i);
    if (added) {
      names_.push_back(name);
      continue;
    }
    state_.problems.Error(
        WrittenOrigin(state_.origins, {RecipientPath(i) + ".name"}),
        {"PE0063", absl::StrCat("two recipients are called ", Quoted(name)),
         absl::StrCat("the first one is recipient ", known->second + 1, " of the list")});
  }
}

void RecipientCheck::Known(const std::string& name, const std::string& path) {
  if (first_of_.contains(name)) return;
  const std::string nearest = NearestName(name, names_);
  state_.problems.Error(
      WrittenOrigin(state_.origins, {path}),
      {"PE0064", absl::StrCat("recipient ", Quoted(name), " is not among `recipients`"),
       nearest.empty() ? "add it to the list" : absl::StrCat("did you mean `", nearest, "`?")});
}

void RecipientCheck::Pair(int recipient) {
  const v1::RecipientPolicy& policy = policy_.recipients(recipient);
  const std::string path = RecipientPath(recipient);
  const bool goes = !policy.escalate_to().empty();
  if (goes == policy.has_after() || state_.refused.contains(path + ".after")) return;
  state_.problems.Error(
      WrittenOrigin(state_.origins, {path + (goes ? ".escalate_to" : ".after"), path}),
      {"PE0065",
       goes ? "`escalate_to` needs an `after`" : "`after` says nothing without `escalate_to`",
       goes ? "how long somebody has to take an alert, such as 15m" : "name whom alerts go to"});
}

void RecipientCheck::Cycle(int recipient) {
  std::vector<int> chain;
  std::set<int> met;
  int at = recipient;
  while (met.insert(at).second) {
    chain.push_back(at);
    const auto next = first_of_.find(policy_.recipients(at).escalate_to());
    if (next == first_of_.end()) return;
    at = next->second;
  }
  if (at != recipient || told_.contains(at)) return;
  std::vector<std::string> names;
  for (const int each : chain) {
    told_.insert(each);
    names.push_back(policy_.recipients(each).name());
  }
  names.push_back(names.front());
  // A chain of a hundred long names is no message.
  constexpr size_t kMostNames = 12;
  if (names.size() > kMostNames) {
    names.erase(names.begin() + kMostNames - 2, names.end() - 1);
    names.insert(names.end() - 1, "...");
  }
  state_.problems.Error(WrittenOrigin(state_.origins, {RecipientPath(recipient) + ".escalate_to",
                                                       RecipientPath(recipient)}),
                        {"PE0066", absl::StrCat("alerts would come back to whom they came from: ",
                                                absl::StrJoin(names, " -> "))});
}

void RecipientCheck::Check() {
  if (policy_.recipients().empty()) return;
  Names();
  for (int i = 0; i < policy_.recipients_size(); ++i) {
    const std::string& next = policy_.recipients(i).escalate_to();
    Pair(i);
    if (!next.empty()) Known(next, RecipientPath(i) + ".escalate_to");
    Cycle(i);
  }
  for (int i = 0; i < policy_.rules_size(); ++i) {
    const v1::RulePolicy& rule = policy_.rules(i);
    for (int j = 0; j < rule.recipients_size(); ++j) {
      Known(rule.recipients(j), absl::StrCat("rules[", i, "].recipients[", j, "]"));
    }
  }
}

}  // namespace

void CheckRecipients(const v1::Policy& policy, LoadState& state) {
  RecipientCheck(policy, state).Check();
}

void LintRecipients(const v1::Policy& policy, LoadState& state) {
  std::set<std::string> named;
  for (const v1::RulePolicy& rule : policy.rules()) {
    named.insert(rule.recipients().begin(), rule.recipients().end());
  }
  for (const v1::RecipientPolicy& each : policy.recipients()) named.insert(each.escalate_to());
  for (int i = 0; i < policy.recipients_size(); ++i) {
    const std::string& name = policy.recipients(i).name();
    if (name.empty() || named.contains(name)) continue;
    state.problems.Warning(
        WrittenOrigin(state.origins, {RecipientPath(i) + ".name", RecipientPath(i)}),
        {"PE0067", absl::StrCat("nobody sends alerts to recipient ", Quoted(name)),
         "name it in `recipients` of a rule or in `escalate_to`"});
  }
}

}  // namespace peakend::runtime
