#include "processors/scenarios/alert_actions.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "processors/scenarios/event_payload.h"

namespace peakend::scenarios {
namespace {

bool Raised(const boost::json::object& alert, const InputLine& action) {
  const boost::json::value* at = alert.if_contains("updated_at_ms");
  return TextOf(alert, "reason") == "raised" && TextOf(alert, "rule") == action.acts_on &&
         TextOf(alert, "customer_id") == action.customer && at != nullptr && at->is_int64() &&
         at->get_int64() <= action.at_ms;
}

std::string NewestAlert(const Outcome& outcome, const InputLine& action) {
  std::string newest;
  for (const boost::json::value& alert : TopicValues(outcome, publish::Topic::kAlerts)) {
    if (Raised(alert.get_object(), action)) newest = TextOf(alert.get_object(), "alert_id");
  }
  return newest;
}

}  // namespace

absl::StatusOr<std::vector<Difference>> NameAlerts(const Pipeline& pipeline,
                                                   std::vector<InputLine>& lines) {
  std::vector<Difference> differences;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].acts_on.empty()) continue;
    const std::vector<InputLine> before(lines.begin(), lines.begin() + static_cast<ptrdiff_t>(i));
    const absl::StatusOr<Outcome> outcome = pipeline(before, 1);
    if (!outcome.ok()) return outcome.status();
    const std::string alert = NewestAlert(*outcome, lines[i]);
    if (alert.empty()) {
      differences.push_back({absl::StrCat("events[", i, "].rule"),
                             absl::StrCat("an alert of `", lines[i].acts_on, "` by then"),
                             "nothing"});
    }
    lines[i].text = absl::StrReplaceAll(lines[i].text, {{std::string(kAlertToName), alert}});
  }
  return differences;
}

}  // namespace peakend::scenarios
