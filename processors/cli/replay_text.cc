#include "processors/cli/replay_text.h"

#include <cstdint>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "processors/cli/text_table.h"

namespace peakend::cli {
namespace {

std::string DurationText(int64_t ms) { return absl::FormatDuration(absl::Milliseconds(ms)); }

std::string WordFor(const std::string& name) { return absl::AsciiStrToLower(name); }

std::vector<std::string> PolicyRow(const char* side, const v1::PolicyOutcome& outcome) {
  std::string rate = "-";
  if (outcome.has_interrupts_per_100_contacts()) {
    rate = absl::StrFormat("%.2f", outcome.interrupts_per_100_contacts());
  }
  return {side,
          outcome.policy_version(),
          absl::StrCat(outcome.contacts()),
          absl::StrCat(outcome.alerts()),
          absl::StrCat(outcome.interrupts()),
          rate,
          absl::StrCat(outcome.over_budget()),
          absl::StrCat(outcome.stale())};
}

void AppendLoss(const v1::InputLoss& lost, std::string* text) {
  absl::StrAppend(text, "retention has deleted the beginning of ", lost.partitions(),
                  lost.partitions() == 1 ? " partition" : " partitions", ": at most ",
                  lost.records_at_most(), " records are missing");
  if (lost.has_complete_from_ms()) {
    absl::StrAppend(text, ", none from ", TimeText(lost.complete_from_ms()), " on");
  }
  text->push_back('\n');
}

void AppendPolicies(const v1::ReplayReport& report, std::string* text) {
  const v1::PolicyOutcome& outcome = report.after();
  absl::StrAppend(text, outcome.events(), " events, ", outcome.duplicates(), " duplicates, ",
                  outcome.late(), " late, ", outcome.rejected(), " rejected");
  if (report.has_from_ms()) absl::StrAppend(text, "; from ", TimeText(report.from_ms()));
  if (report.has_until_ms()) absl::StrAppend(text, "; until ", TimeText(report.until_ms()));
  text->push_back('\n');
  if (report.has_lost()) AppendLoss(report.lost(), text);
  text->push_back('\n');
  TextTable table;
  table.Add({"", "policy", "contacts", "alerts", "interrupts", "per 100 contacts", "over budget",
             "stale"});
  table.Add(PolicyRow("before", report.before()));
  table.Add(PolicyRow("after", outcome));
  table.Append(text);
}

std::string ShiftText(int64_t count, bool has_median, int64_t median_ms) {
  if (!has_median) return "0";
  return absl::StrCat(count, " (", DurationText(median_ms), ")");
}

std::vector<std::string> RuleRow(const std::string& name, const v1::RuleDifference& rule) {
  return {name,
          absl::StrCat(rule.before()),
          absl::StrCat(rule.after()),
          absl::StrCat(rule.both()),
          absl::StrCat(rule.gone()),
          absl::StrCat(rule.added()),
          ShiftText(rule.earlier(), rule.has_earlier_median_ms(), rule.earlier_median_ms()),
          ShiftText(rule.later(), rule.has_later_median_ms(), rule.later_median_ms()),
          absl::StrCat(rule.severity_changed()),
          absl::StrCat(rule.urgency_changed())};
}

void AppendRules(const v1::ReplayReport& report, std::string* text) {
  TextTable table;
  table.Add({"rule", "before", "after", "both", "gone", "new", "earlier", "later", "severity",
             "urgency"});
  for (const v1::RuleDifference& rule : report.rules()) {
    table.Add(RuleRow(NameText(rule.rule()), rule));
  }
  table.Add(RuleRow("all", report.total()));
  text->push_back('\n');
  table.Append(text);
}

std::string ChangeText(const v1::AlertDifference& difference) {
  if (!difference.has_before()) return "new";
  if (!difference.has_after()) return "gone";
  const v1::RaisedSide& before = difference.before();
  const v1::RaisedSide& after = difference.after();
  std::vector<std::string> changes;
  if (before.urgency() != after.urgency()) {
    changes.push_back(absl::StrCat(WordFor(v1::Alert::Urgency_Name(before.urgency())), " -> ",
                                   WordFor(v1::Alert::Urgency_Name(after.urgency()))));
  }
  if (before.severity() != after.severity()) {
    changes.push_back(absl::StrCat(WordFor(v1::Alert::Severity_Name(before.severity())), " -> ",
                                   WordFor(v1::Alert::Severity_Name(after.severity()))));
  }
  if (difference.shift_ms() < 0) {
    changes.push_back(DurationText(-difference.shift_ms()) + " earlier");
  } else if (difference.shift_ms() > 0) {
    changes.push_back(DurationText(difference.shift_ms()) + " later");
  }
  std::string text;
  for (const std::string& change : changes) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", change);
  }
  return text;
}

std::vector<std::string> DifferenceRow(const v1::AlertDifference& difference) {
  const v1::RaisedSide& side = difference.has_after() ? difference.after() : difference.before();
  return {ChangeText(difference),
          NameText(difference.rule()),
          WordFor(v1::Alert::Severity_Name(side.severity())),
          WordFor(v1::Alert::Urgency_Name(side.urgency())),
          TimeText(side.occurred_at_ms()),
          NameText(difference.tenant_id()),
          NameText(difference.customer_id()),
          NameText(side.contact_id()),
          NameText(side.event_id())};
}

void AppendDifferences(const v1::ReplayReport& report, std::string* text) {
  text->push_back('\n');
  if (report.total().different() == 0) {
    absl::StrAppend(text, "no alert differs\n");
    return;
  }
  absl::StrAppend(text, report.total().different(), " alerts differ");
  if (report.differences().empty()) {
    text->push_back('\n');
    return;
  }
  absl::StrAppend(text, "; the ", report.differences_size(), " biggest differences:\n");
  TextTable table;
  table.Add({"change", "rule", "severity", "urgency", "occurred", "tenant", "customer", "contact",
             "event"});
  for (const v1::AlertDifference& difference : report.differences()) {
    table.Add(DifferenceRow(difference));
  }
  table.Append(text);
}

std::string EstimateText(bool there, const v1::Estimate& estimate) {
  if (!there) return "-";
  std::string text = absl::StrFormat("%.2f", estimate.value());
  if (estimate.has_low()) {
    absl::StrAppendFormat(&text, " [%.2f, %.2f]", estimate.low(), estimate.high());
  }
  return text;
}

void AddForecast(const std::string& name, const v1::ForecastQuality& quality, TextTable* table) {
  table->Add({name, absl::StrCat(quality.alerted()), absl::StrCat(quality.foretold()),
              EstimateText(quality.has_precision(), quality.precision()),
              EstimateText(quality.has_recall(), quality.recall()),
              EstimateText(quality.has_lead(), quality.lead())});
}

void AppendQuality(const v1::ReplayReport& report, std::string* text) {
  text->push_back('\n');
  TextTable table;
  table.Add({"forecast", "journeys", "of these bad", "precision", "recall", "lead"});
  bool figures = false;
  for (const auto& [side, outcome] :
       {std::pair("before", &report.before()), std::pair("after", &report.after())}) {
    const v1::OutcomeQuality& quality = outcome->quality();
    absl::StrAppend(text, side, ": ", quality.rated_journeys(), " rated journeys");
    if (quality.has_bad_below()) {
      absl::StrAppendFormat(text, ", %d of them bad (rating below %g)", quality.bad_journeys(),
                            quality.bad_below());
    }
    if (!quality.no_figures().empty()) {
      absl::StrAppend(text, "; no figures: ", quality.no_figures(), "\n");
      continue;
    }
    text->push_back('\n');
    figures = true;
    AddForecast(absl::StrCat("interrupts ", side), quality.interrupts(), &table);
    AddForecast(absl::StrCat("all alerts ", side), quality.all(), &table);
  }
  if (!figures) return;
  table.Append(text);
  absl::StrAppend(text, "in brackets: 95 % bounds; lead: median share of the journey left\n");
}

}  // namespace

std::string ReplayText(const v1::ReplayReport& report) {
  std::string text;
  AppendPolicies(report, &text);
  AppendRules(report, &text);
  AppendQuality(report, &text);
  AppendDifferences(report, &text);
  return text;
}

}  // namespace peakend::cli
