#include "processors/replay/replay_report.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "processors/replay/alert_diff.h"
#include "processors/replay/outcome_quality.h"

namespace peakend::replay {
namespace {

struct RuleCount {
  v1::RuleDifference counts;
  std::vector<int64_t> earlier_ms;
  std::vector<int64_t> later_ms;

  void Add(const AlertPair& pair);
  v1::RuleDifference Result();
};

// Of two middle ones the smaller. REQUIRES: `values` is not empty.
int64_t Median(std::vector<int64_t>* values) {
  const auto middle = values->begin() + static_cast<ptrdiff_t>((values->size() - 1) / 2);
  std::nth_element(values->begin(), middle, values->end());
  return *middle;
}

void RuleCount::Add(const AlertPair& pair) {
  if (pair.before != nullptr) {
    counts.set_before(counts.before() + 1);
    counts.set_interrupts_before(counts.interrupts_before() + (pair.before->interrupts() ? 1 : 0));
  }
  if (pair.after != nullptr) {
    counts.set_after(counts.after() + 1);
    counts.set_interrupts_after(counts.interrupts_after() + (pair.after->interrupts() ? 1 : 0));
  }
  if (pair.matched()) {
    counts.set_both(counts.both() + 1);
  } else if (pair.before != nullptr) {
    counts.set_gone(counts.gone() + 1);
  } else {
    counts.set_added(counts.added() + 1);
  }
  const int64_t shift_ms = pair.ShiftMs();
  if (shift_ms < 0) earlier_ms.push_back(-shift_ms);
  if (shift_ms > 0) later_ms.push_back(shift_ms);
  counts.set_severity_changed(counts.severity_changed() + (pair.SeverityChanged() ? 1 : 0));
  counts.set_urgency_changed(counts.urgency_changed() + (pair.UrgencyChanged() ? 1 : 0));
  counts.set_different(counts.different() + (pair.Different() ? 1 : 0));
}

v1::RuleDifference RuleCount::Result() {
  counts.set_earlier(static_cast<int64_t>(earlier_ms.size()));
  counts.set_later(static_cast<int64_t>(later_ms.size()));
  if (!earlier_ms.empty()) counts.set_earlier_median_ms(Median(&earlier_ms));
  if (!later_ms.empty()) counts.set_later_median_ms(Median(&later_ms));
  return counts;
}

void FillSide(const RaisedAlert& alert, v1::RaisedSide* side) {
  side->set_alert_id(alert.alert_id);
  side->set_contact_id(alert.contact_id);
  side->set_event_id(alert.event_id);
  side->set_occurred_at_ms(alert.occurred_at_ms);
  side->set_severity(alert.severity);
  side->set_urgency(alert.urgency);
}

void FillDifference(const AlertPair& pair, v1::AlertDifference* difference) {
  const RaisedAlert& alert = pair.either();
  difference->set_rule(alert.rule);
  difference->set_tenant_id(alert.tenant_id);
  difference->set_customer_id(alert.customer_id);
  if (pair.before != nullptr) FillSide(*pair.before, difference->mutable_before());
  if (pair.after != nullptr) FillSide(*pair.after, difference->mutable_after());
  difference->set_shift_ms(pair.ShiftMs());
}

void FillOutcome(const ReplayedPolicy& policy, v1::PolicyOutcome* outcome) {
  outcome->set_policy_version(policy.policy_version);
  outcome->set_events(policy.events);
  outcome->set_duplicates(policy.duplicates);
  outcome->set_late(policy.late);
  outcome->set_rejected(policy.rejected);
  outcome->set_contacts(policy.trace.Contacts());
  const std::vector<RaisedAlert>& alerts = policy.trace.alerts();
  const auto count = [&](auto&& holds) {
    return std::count_if(alerts.begin(), alerts.end(), holds);
  };
  outcome->set_alerts(static_cast<int64_t>(alerts.size()));
  outcome->set_interrupts(count([](const RaisedAlert& alert) { return alert.interrupts(); }));
  outcome->set_over_budget(count([](const RaisedAlert& alert) { return alert.over_budget; }));
  outcome->set_stale(count([](const RaisedAlert& alert) { return alert.stale; }));
  if (outcome->contacts() > 0) {
    outcome->set_interrupts_per_100_contacts(100.0 * static_cast<double>(outcome->interrupts()) /
                                             static_cast<double>(outcome->contacts()));
  }
}

void FillQuality(const ReplayedPolicy& before, const ReplayedPolicy& after,
                 std::optional<double> bad_below, v1::ReplayReport* report) {
  const std::vector<RatedJourney> journeys_before = before.trace.RatedJourneys();
  const std::vector<RatedJourney> journeys_after = after.trace.RatedJourneys();
  if (!bad_below) bad_below = LowestThird(journeys_before);
  if (!bad_below) bad_below = LowestThird(journeys_after);
  *report->mutable_before()->mutable_quality() =
      RateForecasts(journeys_before, before.trace.alerts(), bad_below);
  *report->mutable_after()->mutable_quality() =
      RateForecasts(journeys_after, after.trace.alerts(), bad_below);
}

}  // namespace

v1::ReplayReport CompareReplays(const ReplayedPolicy& before, const ReplayedPolicy& after,
                                const ReportOptions& options) {
  v1::ReplayReport report;
  FillOutcome(before, report.mutable_before());
  FillOutcome(after, report.mutable_after());
  FillQuality(before, after, options.bad_below, &report);
  std::vector<AlertPair> pairs = PairAlerts(before.trace.alerts(), after.trace.alerts());
  std::map<std::string, RuleCount> rules;
  RuleCount total;
  for (const AlertPair& pair : pairs) {
    RuleCount& rule = rules[pair.either().rule];
    rule.counts.set_rule(pair.either().rule);
    rule.Add(pair);
    total.Add(pair);
  }
  for (auto& [name, rule] : rules) *report.add_rules() = rule.Result();
  *report.mutable_total() = total.Result();
  std::erase_if(pairs, [](const AlertPair& pair) { return !pair.Different(); });
  SortBySize(&pairs);
  for (size_t i = 0; i < std::min(pairs.size(), options.show); ++i) {
    FillDifference(pairs[i], report.add_differences());
  }
  using Limits = std::numeric_limits<int64_t>;
  if (options.range.from_ms != Limits::min()) report.set_from_ms(options.range.from_ms);
  if (options.range.until_ms != Limits::max()) report.set_until_ms(options.range.until_ms);
  return report;
}

}  // namespace peakend::replay
