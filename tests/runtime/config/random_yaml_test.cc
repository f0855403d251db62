// Whatever the bytes are, a load ends with a value or with an error that can be
// shown: never with an exception, and never with a configuration out of bounds.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "processors/alerts/rule.h"
#include "processors/runtime/config/default_policy.h"
#include "processors/runtime/config/example.h"
#include "processors/runtime/config/load.h"
#include "processors/runtime/config/policy_version.h"
#include "processors/runtime/config/show.h"

namespace peakend::runtime {
namespace {

// `text` with a few pieces cut, doubled, or replaced by YAML's own characters.
std::string Damaged(std::string text) {
  static const std::vector<std::string> kPieces = {
      "\t", "\n", ":",  "- ", "[", "]",   "{",    "}",    "\"",   "'",   "&a ",  "*a",
      "!x", "|",  ">",  "?",  "#", "---", "\xC3", "\xFF", "\x01", "-1",  "1e99", "${file:x}",
      "%",  "~",  "<<", "@",  "`", "...", ",",    "0",    "3d",   "NaN", " ",    "客"};
  const int edits = *rc::gen::inRange(1, 8);
  for (int i = 0; i < edits && !text.empty(); ++i) {
    const size_t at = *rc::gen::inRange<size_t>(0, text.size());
    const size_t length = *rc::gen::inRange<size_t>(0, 12);
    const std::string piece = *rc::gen::elementOf(kPieces);
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, text.substr(at, length));
        break;
      case 2:
        text.replace(at, std::min(length, piece.size()), piece);
        break;
      default:
        text.insert(at, piece);
    }
  }
  return text;
}

void CheckDiagnostics(const std::vector<Diagnostic>& diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics) {
    RC_ASSERT(diagnostic.code.size() == 6u);
    RC_ASSERT(!diagnostic.message.empty());
    RC_ASSERT(diagnostic.caret >= 0);
    const std::string shown = RenderDiagnostic(diagnostic, false);
    for (const char c : shown) RC_ASSERT(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  }
}

RC_GTEST_PROP(RandomYaml, DamagedPolicyGivesAPolicyInBoundsOrErrors, ()) {
  const auto result = LoadPolicy("p.yaml", Damaged(std::string(DefaultPolicyYaml())));
  CheckDiagnostics(result.diagnostics());
  RC_ASSERT(result.ok() == !HasErrors(result.diagnostics()));
  if (!result.ok()) return;
  const v1::Policy& policy = result.value();
  RC_ASSERT(!policy.name().empty());
  for (const v1::RulePolicy& rule : policy.rules()) {
    RC_ASSERT(rule.enter() >= -1 && rule.enter() <= 1 && rule.exit() <= 1);
    const auto trigger = alerts::TriggerNamed(rule.on());
    RC_ASSERT(trigger.has_value());
    RC_ASSERT(!alerts::Recovers(*trigger) || rule.enter() <= rule.exit());
    RC_ASSERT(rule.negatives() <= rule.turns());
  }
  const std::string shown = ShowMessage(policy, result.origins(), ShowOrigins::kNo);
  const auto again = LoadPolicy("again.yaml", shown);
  RC_ASSERT(again.ok());
  RC_ASSERT(PolicyDigest(again.value()) == PolicyDigest(policy));
}

RC_GTEST_PROP(RandomYaml, DamagedConfigGivesAConfigOrErrors, ()) {
  ConfigInputs inputs;
  inputs.file_name = "c.yaml";
  inputs.yaml = Damaged(ConfigExample());
  inputs.flags = {Damaged("kafka.group_id=shop")};
  inputs.environment = {{Damaged("PEAKEND_KAFKA_LINGER"), Damaged("2ms")}};
  const auto result = LoadConfig(inputs);
  CheckDiagnostics(result.diagnostics());
  if (!result.ok()) return;
  RC_ASSERT(result.value().admin().port() <= 65535u);
  RC_ASSERT(!result.value().topics().moments().name().empty());
}

RC_GTEST_PROP(RandomYaml, AnyBytesAreSurvived, (const std::string& bytes)) {
  CheckDiagnostics(LoadPolicy("p.yaml", bytes).diagnostics());
}

}  // namespace
}  // namespace peakend::runtime
