#include "processors/scenarios/scenario_file.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/runtime/config/source_text.h"
#include "processors/scenarios/event_reader.h"
#include "processors/scenarios/expectation_reader.h"
#include "processors/scenarios/file_problems.h"
#include "processors/scenarios/scenario_event.h"
#include "processors/scenarios/yaml_value.h"

namespace peakend::scenarios {
namespace {

using runtime::Quoted;
using runtime::YamlNode;

constexpr std::array<std::string_view, 7> kMembers = {
    "name", "why", "policy", "defaults", "events", "order_insensitive", "expect"};

// The text of a member, "" after a problem or where an optional one is not there.
std::string ReadText(const YamlNode& node, const std::string& name, bool required,
                     FileProblems& problems) {
  const YamlNode* member = Member(node, name);
  if (member == nullptr) {
    if (required) problems.Error(node, {"PE0016", absl::StrCat("`", name, "` is missing")});
    return "";
  }
  if (!problems.Is(YamlNode::Kind::kScalar, name, *member)) return "";
  if (required && member->text.empty()) {
    problems.Error(*member, {"PE0016", absl::StrCat("`", name, "` is empty")});
  }
  return member->text;
}

void ReadEvents(const YamlNode& events, Scenario& scenario, FileProblems& problems) {
  if (!problems.Is(YamlNode::Kind::kList, "events", events)) return;
  int64_t count = 0;
  for (const YamlNode& node : events.values) {
    if (!problems.Is(YamlNode::Kind::kMap, "events", node)) continue;
    scenario.events.push_back(ReadCompactEvent(node, problems));
    const boost::json::object whole = WithDefaults(scenario.defaults, scenario.events.back());
    // What was refused is said already; that it is missing now would be said of ourselves.
    const bool complete = scenario.events.back().size() == node.keys.size();
    if (complete) CheckCompactEvent(whole, node, problems);
    count += Repeats(whole);
  }
  if (count > kMostEvents) {
    problems.Error(events, {"PE0025", absl::StrCat("a scenario has at most ", kMostEvents,
                                                   " events, found ", count)});
  }
}

void ReadFlag(const YamlNode& node, bool& flag, FileProblems& problems) {
  const boost::json::value value =
      node.kind == YamlNode::Kind::kScalar ? ScalarValue(node) : boost::json::value();
  if (!value.is_bool()) return problems.WrongForm("order_insensitive", "true or false", node);
  flag = value.get_bool();
}

Scenario ReadScenario(const YamlNode& node, FileProblems& problems) {
  Scenario scenario;
  scenario.line = node.line;
  for (const YamlNode& key : node.keys) {
    if (std::find(kMembers.begin(), kMembers.end(), key.text) == kMembers.end()) {
      problems.UnknownKey(key, {kMembers.begin(), kMembers.end()});
    }
  }
  scenario.name = ReadText(node, "name", true, problems);
  scenario.why = ReadText(node, "why", true, problems);
  scenario.policy = ReadText(node, "policy", false, problems);
  const YamlNode* defaults = Member(node, "defaults");
  if (defaults != nullptr && problems.Is(YamlNode::Kind::kMap, "defaults", *defaults)) {
    scenario.defaults = ReadCompactEvent(*defaults, problems);
  }
  if (const YamlNode* order = Member(node, "order_insensitive")) {
    ReadFlag(*order, scenario.order_insensitive, problems);
  }
  const YamlNode* events = Member(node, "events");
  if (events != nullptr) {
    ReadEvents(*events, scenario, problems);
  } else {
    problems.Error(node, {"PE0016", "`events` is missing"});
  }
  const YamlNode* expect = Member(node, "expect");
  if (expect != nullptr) {
    CheckExpectation(*expect, problems);
    scenario.expect = *expect;
  } else {
    problems.Error(node, {"PE0016", "`expect` is missing"});
  }
  return scenario;
}

}  // namespace

ScenarioFile ReadScenarioFile(std::string_view file_name, std::string_view text) {
  const runtime::SourceText source(file_name, text);
  FileProblems problems(source);
  ScenarioFile file;
  const std::optional<YamlNode> root = runtime::ParseYaml(source, problems.all());
  if (root && root->kind != YamlNode::Kind::kNull &&
      problems.Is(YamlNode::Kind::kList, "a scenario file", *root)) {
    std::map<std::string, int> lines;
    for (const YamlNode& node : root->values) {
      if (!problems.Is(YamlNode::Kind::kMap, "a scenario", node)) continue;
      file.scenarios.push_back(ReadScenario(node, problems));
      Scenario& scenario = file.scenarios.back();
      scenario.file = std::string(file_name);
      const auto [first, unique] = lines.emplace(scenario.name, node.line);
      if (!unique && !scenario.name.empty()) {
        problems.Error(node,
                       {"PE0054", absl::StrCat("two scenarios are called ", Quoted(scenario.name)),
                        absl::StrCat("the first is on line ", first->second)});
      }
    }
  }
  file.diagnostics = problems.all().Take();
  return file;
}

bool LooksLikeScenarios(std::string_view text) {
  size_t at = 0;
  if (text.substr(0, 3) == "\xEF\xBB\xBF") at = 3;
  while (at < text.size()) {
    const std::string_view rest = text.substr(at);
    if (rest[0] == '#' || rest.substr(0, 3) == "---") {
      const size_t end = text.find('\n', at);
      if (end == std::string_view::npos) return false;
      at = end + 1;
    } else if (rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\r' || rest[0] == '\n') {
      ++at;
    } else {
      return rest[0] == '[' || rest[0] == '-';
    }
  }
  return false;
}

}  // namespace peakend::scenarios
