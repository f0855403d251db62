#include "processors/scenarios/scenario_run.h"

#include <string>
#include <utility>

#include "processors/scenarios/alert_actions.h"
#include "processors/scenarios/arrival_orders.h"
#include "processors/scenarios/scenario_check.h"
#include "processors/scenarios/yaml_value.h"

namespace peakend::scenarios {
namespace {

constexpr int32_t kPartitions = 4;

bool ExpectsLate(const Scenario& scenario) {
  const runtime::YamlNode* late = Member(scenario.expect, "late");
  return late != nullptr && ScalarValue(*late) != boost::json::value(0);
}

}  // namespace

absl::StatusOr<ScenarioResult> RunScenario(const Scenario& scenario, const Pipeline& pipeline) {
  ScenarioResult result;
  result.lines = ExpandEvents(scenario);
  absl::StatusOr<std::vector<Difference>> unnamed = NameAlerts(pipeline, result.lines);
  if (!unnamed.ok()) return unnamed.status();
  absl::StatusOr<Outcome> outcome = pipeline(result.lines, 1);
  if (!outcome.ok()) return outcome.status();
  result.outcome = *std::move(outcome);
  result.differences = CheckOutcome(scenario.expect, result.outcome);
  result.differences.insert(result.differences.begin(), unnamed->begin(), unnamed->end());

  const boost::json::value journeys = ComparableJourneys(result.outcome);
  const auto compare = [&](const std::vector<InputLine>& lines, int32_t partitions,
                           const std::string& what) {
    const absl::StatusOr<Outcome> other = pipeline(lines, partitions);
    if (!other.ok()) return other.status();
    const size_t before = result.differences.size();
    Compare(journeys, ComparableJourneys(*other), "journeys", &result.differences);
    for (size_t i = before; i < result.differences.size(); ++i) {
      result.differences[i].variant = what;
    }
    return absl::OkStatus();
  };
  if (!ExpectsLate(scenario)) {
    const absl::Status status = compare(result.lines, kPartitions, "with 4 partitions");
    if (!status.ok()) return status;
  }
  if (scenario.order_insensitive) {
    for (const Arrival& arrival : OtherArrivals(result.lines)) {
      const absl::Status status = compare(arrival.lines, 1, arrival.what);
      if (!status.ok()) return status;
    }
  }
  return result;
}

}  // namespace peakend::scenarios
