#include "processors/runtime/policy_diff/compare.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "processors/affect/level.h"
#include "processors/affect/phrase_book.h"
#include "processors/publish/opening.h"
#include "processors/runtime/config/field_rules.h"
#include "processors/runtime/policy_diff/field_effects.h"
#include "processors/runtime/policy_diff/leaf_changes.h"
#include "processors/runtime/policy_diff/order_changes.h"
#include "processors/runtime/policy_diff/row_text.h"
#include "processors/runtime/policy_diff/rule_changes.h"

namespace peakend::runtime {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

using ExpectationKey = std::tuple<std::string, std::string, std::string, std::string, std::string>;

// Of those for the same the first counts, whoever the customer is.
void DropHiddenExpectations(v1::Policy& policy) {
  std::set<ExpectationKey> known;
  auto& rows = *policy.mutable_expectations();
  rows.erase(std::remove_if(rows.begin(), rows.end(),
                            [&](const v1::ExpectationPolicy& row) {
                              return !known
                                          .insert({row.cause(), row.queue(), row.channel(),
                                                   row.tier(), row.touchpoint()})
                                          .second;
                            }),
             rows.end());
}

// The policy with what loading leaves out and the program knows.
v1::Policy Complete(v1::Policy policy) {
  DropHiddenExpectations(policy);
  if (policy.known_customers().empty()) policy.set_known_customers("stay");
  constexpr int64_t kSnoozeSeconds = 1800;
  if (!policy.has_alert_snooze()) policy.mutable_alert_snooze()->set_seconds(kSnoozeSeconds);
  for (v1::OpeningPolicy& opening : *policy.mutable_openings()) {
    const auto when = publish::BringsNamed(opening.when());
    const bool used = when == publish::Brings::kUnrecoveredPeak ||
                      when == publish::Brings::kBadEnd || when == publish::Brings::kGoodEnd;
    if (!used) opening.clear_level();
    if (used && !opening.has_level()) {
      opening.set_level(affect::ToDouble(publish::DefaultLevel(*when)));
    }
  }
  constexpr int64_t kPeakUnansweredSeconds = 120;
  for (v1::RulePolicy& rule : *policy.mutable_rules()) {
    if (rule.on() != "peak_unanswered" || rule.has_after()) continue;
    rule.mutable_after()->set_seconds(kPeakUnansweredSeconds);
  }
  return policy;
}

std::map<std::string, std::vector<std::string>> PhrasesByClass(const v1::Policy& policy) {
  std::map<std::string, std::vector<std::string>> phrases;
  for (const v1::PhrasePolicy& row : policy.phrases()) {
    const auto says = affect::SplitPhrases(row.says());
    if (!says.ok()) continue;
    for (const std::string& phrase : *says) {
      phrases[row.class_()].push_back(absl::AsciiStrToLower(phrase));
    }
  }
  return phrases;
}

void ComparePhrases(const v1::Policy& before, const v1::Policy& after,
                    std::vector<Change>& changes) {
  auto then = PhrasesByClass(before);
  auto now = PhrasesByClass(after);
  std::set<std::string> classes;
  for (const auto& [name, phrases] : then) classes.insert(name);
  for (const auto& [name, phrases] : now) classes.insert(name);
  for (const std::string& name : classes) {
    CompareTexts({ChangeKind::kChanged, "phrases", name, ""}, then[name], now[name], changes);
  }
}

// Rows of any list, told apart by their names.
void CompareRows(const FieldDescriptor& list, const Message& before, const Message& after,
                 std::vector<Change>& changes) {
  const std::string& section = list.name();
  const google::protobuf::Reflection& reflection = *before.GetReflection();
  const std::vector<std::string> then = RowNames(section, before, list);
  const std::vector<std::string> now = RowNames(section, after, list);
  std::map<std::string, int> place_of;
  for (size_t i = 0; i < then.size(); ++i) place_of.emplace(then[i], static_cast<int>(i));
  const std::set<std::string> names(now.begin(), now.end());
  for (size_t i = 0; i < then.size(); ++i) {
    if (names.contains(then[i])) continue;
    const Message& row = reflection.GetRepeatedMessage(before, &list, static_cast<int>(i));
    changes.push_back({ChangeKind::kRemoved, section, then[i], "", RowSummary(section, row)});
  }
  for (size_t i = 0; i < now.size(); ++i) {
    const Message& row = reflection.GetRepeatedMessage(after, &list, static_cast<int>(i));
    const auto known = place_of.find(now[i]);
    if (known == place_of.end()) {
      changes.push_back({ChangeKind::kAdded, section, now[i], "", "", RowSummary(section, row)});
      continue;
    }
    CompareLeaves(section, now[i], reflection.GetRepeatedMessage(before, &list, known->second), row,
                  changes);
  }
}

void CompareOpeningOrder(const FieldDescriptor& list, const v1::Policy& before,
                         const v1::Policy& after, std::vector<Change>& changes) {
  CompareOrder(
      list.name(), RowNames("openings", before, list), RowNames("openings", after, list),
      [](const std::string&, const std::string&) { return true; }, changes);
}

// Two expectations that some contact fits both, and neither of which goes before the other by
// the customer's tier.
bool Meet(const v1::ExpectationPolicy& a, const v1::ExpectationPolicy& b) {
  const auto overlap = [](const std::string& x, const std::string& y, std::string_view any) {
    return x == y || x == any || y == any;
  };
  return a.cause() == b.cause() && a.tier() == b.tier() && overlap(a.queue(), b.queue(), "") &&
         overlap(a.touchpoint(), b.touchpoint(), "") && overlap(a.channel(), b.channel(), "any");
}

void CompareExpectationOrder(const FieldDescriptor& list, const v1::Policy& before,
                             const v1::Policy& after, std::vector<Change>& changes) {
  const std::vector<std::string> now = RowNames("expectations", after, list);
  std::map<std::string, const v1::ExpectationPolicy*> row_of;
  for (size_t i = 0; i < now.size(); ++i) {
    row_of[now[i]] = &after.expectations(static_cast<int>(i));
  }
  CompareOrder(
      list.name(), RowNames("expectations", before, list), now,
      [&](const std::string& a, const std::string& b) { return Meet(*row_of[a], *row_of[b]); },
      changes);
}

void CompareList(const FieldDescriptor& list, const v1::Policy& before, const v1::Policy& after,
                 std::vector<Change>& changes) {
  if (list.name() == "rules") return CompareRules(before, after, changes);
  if (list.name() == "phrases") return ComparePhrases(before, after, changes);
  CompareRows(list, before, after, changes);
  if (list.name() == "openings") CompareOpeningOrder(list, before, after, changes);
  if (list.name() == "expectations") CompareExpectationOrder(list, before, after, changes);
}

}  // namespace

std::vector<Change> ComparePolicies(const v1::Policy& before, const v1::Policy& after) {
  const v1::Policy then = Complete(before);
  const v1::Policy now = Complete(after);
  const google::protobuf::Reflection& reflection = *then.GetReflection();
  std::vector<Change> changes;
  for (const FieldDescriptor* field : WrittenFields(*v1::Policy::descriptor())) {
    if (KindOf(*field) == FieldKind::kList) {
      CompareList(*field, then, now, changes);
    } else if (KindOf(*field) == FieldKind::kMessage) {
      CompareLeaves(field->name(), "", reflection.GetMessage(then, field),
                    reflection.GetMessage(now, field), changes);
    } else if (ValueText(*field, then) != ValueText(*field, now)) {
      changes.push_back({ChangeKind::kChanged, field->name(), "", "", ValueText(*field, then),
                         ValueText(*field, now)});
    }
  }
  return changes;
}

}  // namespace peakend::runtime
