#include "processors/scenarios/scenario_check.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "boost/json/object.hpp"
#include "processors/publish/output.h"
#include "processors/scenarios/yaml_value.h"

namespace peakend::scenarios {
namespace {

using boost::json::array;
using boost::json::value;
using publish::Topic;
using runtime::YamlNode;

int64_t CountOf(const Outcome& outcome, Topic topic) {
  return std::count_if(outcome.records.begin(), outcome.records.end(),
                       [&](const OutputRecord& record) { return record.topic == topic; });
}

// The nearest of all moments of the kind says what is missing.
void CheckMoment(const YamlNode& want, const array& moments, std::vector<Difference>* found) {
  const YamlNode* kind = Member(want, "kind");
  std::vector<Difference> nearest;
  bool any = false;
  for (const value& moment : moments) {
    if (kind != nullptr && moment.get_object().at("kind") != ScalarValue(*kind)) continue;
    std::vector<Difference> differences;
    Match(want, moment, "moments[?]", &differences);
    if (differences.empty()) return;
    if (!any || differences.size() < nearest.size()) nearest = std::move(differences);
    any = true;
  }
  if (!any) {
    const std::string of = kind == nullptr ? "a moment" : absl::StrCat("a moment ", kind->text);
    nearest.push_back({"moments", of, "nothing", want.line});
  }
  found->insert(found->end(), nearest.begin(), nearest.end());
}

void CheckRevisions(const YamlNode& want, const Outcome& outcome, std::vector<Difference>* found) {
  for (size_t i = 0; i < want.keys.size(); ++i) {
    for (size_t topic = 0; topic < publish::kTopicCount; ++topic) {
      if (publish::kDefaultTopicNames[topic] != want.keys[i].text) continue;
      Match(want.values[i], CountOf(outcome, static_cast<Topic>(topic)),
            absl::StrCat("revisions.", want.keys[i].text), found);
    }
  }
}

void CheckNowhere(const YamlNode& texts, const Outcome& outcome, std::vector<Difference>* found) {
  for (const YamlNode& text : texts.values) {
    const bool there = std::any_of(outcome.records.begin(), outcome.records.end(),
                                   [&](const OutputRecord& record) {
                                     return record.key.find(text.text) != std::string::npos ||
                                            record.value.find(text.text) != std::string::npos;
                                   });
    if (!there) continue;
    found->push_back({"nowhere", absl::StrCat("no output with ", ShowValue(ScalarValue(text))),
                      "one that has it", text.line});
  }
}

void CheckTalk(const YamlNode& texts, const Outcome& outcome, std::vector<Difference>* found) {
  for (const YamlNode& text : texts.values) {
    if (outcome.talk.find(text.text) != std::string::npos) continue;
    found->push_back({"stderr", absl::StrCat("to say ", ShowValue(ScalarValue(text))),
                      "nothing of it", text.line});
  }
}

}  // namespace

std::vector<Difference> CheckOutcome(const YamlNode& expect, const Outcome& outcome) {
  std::vector<Difference> found;
  if (const YamlNode* code = Member(expect, "exit")) {
    Match(*code, outcome.exit_code, "exit", &found);
  } else if (outcome.exit_code != 0) {
    found.push_back({"exit", "0", absl::StrCat(outcome.exit_code), expect.line});
  }
  const auto check = [&](std::string_view name, auto&& rows) {
    if (const YamlNode* want = Member(expect, name)) Match(*want, rows(), name, &found);
  };
  const auto values = [&](Topic topic) {
    return [&outcome, topic] { return value(TopicValues(outcome, topic)); };
  };
  check("journeys", [&] { return value(NewestJourneys(outcome)); });
  check("alerts", values(Topic::kAlerts));
  check("cards", values(Topic::kCards));
  check("statistics", values(Topic::kStatistics));
  if (const YamlNode* want = Member(expect, "moments")) {
    const array moments = NewestMoments(outcome);
    for (const YamlNode& moment : want->values) CheckMoment(moment, moments, &found);
  }
  check("merged_into", [&] { return value(MergedInto(outcome)); });
  check("rejected", values(Topic::kRejected));
  check("late", [&] { return value(CountOf(outcome, Topic::kLate)); });
  if (const YamlNode* want = Member(expect, "revisions")) CheckRevisions(*want, outcome, &found);
  if (const YamlNode* want = Member(expect, "nowhere")) CheckNowhere(*want, outcome, &found);
  if (const YamlNode* want = Member(expect, "stderr")) CheckTalk(*want, outcome, &found);
  return found;
}

}  // namespace peakend::scenarios
