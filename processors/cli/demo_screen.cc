#include "processors/cli/demo_screen.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "processors/explain/display_width.h"

namespace peakend::cli {
namespace {

using explain::PadLeft;
using explain::PadRight;

constexpr std::string_view kRed = "31";
constexpr std::string_view kYellow = "33";
constexpr std::string_view kGreen = "32";
constexpr std::string_view kBold = "1";

std::string Clock(const char* format, int64_t at_ms) {
  return absl::FormatTime(format, absl::FromUnixMillis(at_ms), absl::UTCTimeZone());
}

std::string Level(bool present, double value) {
  // Rounds to -0.00 otherwise.
  if (present && value > -0.005 && value < 0) value = 0;
  return present ? absl::StrFormat("%.2f", value) : "-";
}

std::string AlertLine(std::string_view time, std::string_view state, std::string_view severity,
                      std::string_view customer, std::string_view rule) {
  return absl::StrCat(PadRight(time, 9), PadRight(state, 10), PadRight(severity, 9),
                      PadRight(customer, 12), PadRight(rule, 14));
}

std::string StateWord(const v1::Alert& alert) {
  switch (alert.state()) {
    case v1::Alert::OPEN:
      if (alert.reason() == "snooze_ended") return "again";
      return alert.escalations() > 0 ? "escalated" : "raised";
    case v1::Alert::FOLLOW_UP:
      return "follow up";
    default:
      return absl::AsciiStrToLower(v1::Alert::State_Name(alert.state()));
  }
}

int64_t Count(const runtime::EngineStats& stats, v1::Alert::State state) {
  int64_t count = 0;
  for (const auto& [rule, states] : stats.alerts) count += states[static_cast<size_t>(state)];
  return count;
}

}  // namespace

std::vector<v1::Journey> FinalJourneys(const std::vector<v1::Journey>& rows) {
  std::map<std::string, v1::Journey> newest;
  for (const v1::Journey& row : rows) {
    v1::Journey& held = newest[row.journey_id()];
    if (row.row_version() > held.row_version()) held = row;
  }
  std::vector<v1::Journey> journeys;
  for (const auto& [id, journey] : newest) {
    if (!journey.is_deleted()) journeys.push_back(journey);
  }
  std::sort(journeys.begin(), journeys.end(), [](const v1::Journey& a, const v1::Journey& b) {
    return std::make_tuple(!a.has_score(), a.score(), a.customer_id()) <
           std::make_tuple(!b.has_score(), b.score(), b.customer_id());
  });
  return journeys;
}

DemoScreen::DemoScreen(std::ostream& out, const Options& options, const v1::Policy& policy)
    : out_(out), options_(options), policy_(policy) {}

std::string DemoScreen::Colored(std::string_view code, const std::string& text) const {
  if (!options_.color) return text;
  return "\033[" + std::string(code) + "m" + text + "\033[0m";
}

void DemoScreen::Say(std::string_view line) { out_ << line << std::endl; }

void DemoScreen::AlertHeader() {
  Say("");
  Say(Colored(kBold, AlertLine("time", "alert", "severity", "customer", "rule") + "why"));
}

std::string DemoScreen::Message(const v1::Alert& alert) const {
  for (const v1::RulePolicy& rule : policy_.rules()) {
    if (rule.name() != alert.rule()) continue;
    std::string text =
        options_.language == Language::kChinese ? rule.message_zh() : rule.message_en();
    for (const auto& [name, value] : alert.message_params()) {
      absl::StrReplaceAll({{absl::StrCat("{", name, "}"), value}}, &text);
    }
    return text;
  }
  return {};
}

std::string DemoScreen::What(const v1::Alert& alert) const {
  const bool chinese = options_.language == Language::kChinese;
  const std::string score = Level(alert.score().has_score(), alert.score().score());
  switch (alert.state()) {
    case v1::Alert::OPEN:
      return Message(alert);
    case v1::Alert::RESOLVED:
      return absl::StrCat(chinese ? "情况已好转，当前评分 " : "Made good, score now ", score);
    case v1::Alert::FOLLOW_UP: {
      const std::string due = Clock("%m-%d %H:%M", alert.follow_up_due_at_ms());
      return chinese ? absl::StrCat("联络结束时预警仍未解除，请在 ", due, " 前回访")
                     : absl::StrCat("The contact ended like this: call back by ", due);
    }
    default:
      return alert.reason();
  }
}

void DemoScreen::ShowAlert(const v1::Alert& alert) {
  if (alert.state() == v1::Alert::EXPIRED) return;
  const std::string line =
      AlertLine(Clock("%H:%M:%S", alert.updated_at_ms()), StateWord(alert),
                absl::AsciiStrToLower(v1::Alert::Severity_Name(alert.severity())),
                alert.customer_id(), alert.rule());
  std::string_view color = alert.severity() == v1::Alert::CRITICAL ? kRed : kYellow;
  if (alert.state() == v1::Alert::RESOLVED) color = kGreen;
  Say(Colored(color, line) + What(alert));
}

void DemoScreen::ShowJourneys(const std::vector<v1::Journey>& rows) {
  const auto line = [](const std::vector<std::string>& cells) {
    std::string text =
        PadRight(cells[0], 13) + PadLeft(cells[1], 8) + "  " + PadRight(cells[2], 12);
    for (size_t i = 3; i < cells.size(); ++i) text += PadLeft(cells[i], 9);
    return text;
  };
  Say("");
  Say(Colored(kBold, line({"customer", "contacts", "channels", "opening", "peak+", "peak-", "end",
                           "score", "mean"})));
  for (const v1::Journey& j : FinalJourneys(rows)) {
    const std::string text = line(
        {j.customer_id(), absl::StrCat(j.contact_ids_size()), absl::StrJoin(j.channels(), ", "),
         Level(j.has_opening(), j.opening()), Level(j.has_peak_positive(), j.peak_positive()),
         Level(j.has_peak_negative(), j.peak_negative()), Level(j.has_end(), j.end()),
         Level(j.has_score(), j.score()), Level(j.has_mean(), j.mean())});
    Say(j.has_score() && j.score() < 0 ? Colored(kRed, text) : text);
  }
}

void DemoScreen::ShowTotals(const runtime::EngineStats& stats, size_t records, size_t journeys) {
  int64_t moments = 0;
  for (const int64_t count : stats.moments) moments += count;
  int64_t rejected = 0;
  for (const int64_t count : stats.rejected) rejected += count;
  std::vector<std::string> rules;
  for (const auto& [rule, states] : stats.alerts) {
    rules.push_back(absl::StrCat(rule, " ", states[v1::Alert::OPEN]));
  }
  Say("");
  Say(absl::StrCat("events    ", records, " records: ", stats.events_duplicate, " duplicate, ",
                   stats.events_late, " late, ", rejected, " rejected"));
  Say(absl::StrCat("alerts    ", Count(stats, v1::Alert::OPEN), " raised (",
                   absl::StrJoin(rules, ", "), "), ", Count(stats, v1::Alert::RESOLVED),
                   " recovered, ", Count(stats, v1::Alert::FOLLOW_UP), " to follow up"));
  Say(absl::StrCat("moments   ", moments, " rows"));
  Say(absl::StrCat("journeys  ", journeys));
}

}  // namespace peakend::cli
