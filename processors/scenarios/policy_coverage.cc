#include "processors/scenarios/policy_coverage.h"

#include <algorithm>
#include <functional>
#include <map>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "processors/alerts/rule.h"
#include "processors/scenarios/event_payload.h"

namespace peakend::scenarios {
namespace {

// Calls `item(what is missing where it is not, whether it is covered)` for all that counts.
template <typename Item>
void ForEachItem(const PolicyCoverage& coverage, const Item& item) {
  const auto maybe = [&](std::optional<bool> covered, const std::string& missing) {
    if (covered) item(missing, *covered);
  };
  for (const RuleCoverage& rule : coverage.rules) {
    const std::string name = absl::StrCat("rule `", rule.name, "`");
    item(absl::StrCat(name, " is never raised"), rule.raised);
    maybe(rule.recovered, absl::StrCat(name, " never recovers"));
    item(absl::StrCat(name, " never has something to watch and keeps quiet"), rule.kept_quiet);
    maybe(rule.told_english, absl::StrCat("`message_en` of ", name, " is never told in full"));
    maybe(rule.told_chinese, absl::StrCat("`message_zh` of ", name, " is never told in full"));
  }
  for (const RecipientCoverage& recipient : coverage.recipients) {
    item(absl::StrCat("no alert goes on from recipient `", recipient.name, "`"),
         recipient.escalated);
  }
  for (const PhraseClassCoverage& phrase : coverage.phrases) {
    const std::string name = absl::StrCat("nobody says a phrase of `", phrase.of, "` in ");
    maybe(phrase.english, name + "English");
    maybe(phrase.chinese, name + "Chinese");
  }
  for (const OpeningCoverage& opening : coverage.openings) {
    item(absl::StrCat("opening `", opening.when, "` is never suggested"), opening.said);
  }
}

// Whether the record fills in everything that stands in braces.
bool ToldInFull(std::string_view message, const boost::json::object& alert) {
  const boost::json::value* params = alert.if_contains("message_params");
  for (size_t open = message.find('{'); open != std::string_view::npos;
       open = message.find('{', open + 1)) {
    const size_t close = message.find('}', open);
    if (close == std::string_view::npos) break;
    const std::string_view name = message.substr(open + 1, close - open - 1);
    if (params == nullptr || !params->is_object() || TextOf(params->get_object(), name).empty()) {
      return false;
    }
  }
  return true;
}

std::vector<std::string> RecipientsOf(const boost::json::object& alert) {
  std::vector<std::string> names;
  const boost::json::value* recipients = alert.if_contains("recipients");
  if (recipients == nullptr || !recipients->is_array()) return names;
  for (const boost::json::value& name : recipients->get_array()) {
    if (name.is_string()) names.emplace_back(name.get_string());
  }
  return names;
}

bool Holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void Cover(const boost::json::object& alert, const v1::RulePolicy& rule, RuleCoverage& coverage) {
  coverage.raised = coverage.raised || TextOf(alert, "reason") == "raised";
  if (coverage.recovered && TextOf(alert, "reason") == "recovered") coverage.recovered = true;
  if (coverage.told_english && ToldInFull(rule.message_en(), alert)) coverage.told_english = true;
  if (coverage.told_chinese && ToldInFull(rule.message_zh(), alert)) coverage.told_chinese = true;
}

}  // namespace

int64_t PolicyCoverage::covered() const {
  int64_t count = 0;
  ForEachItem(*this, [&](const std::string&, bool covered) { count += covered ? 1 : 0; });
  return count;
}

int64_t PolicyCoverage::total() const {
  int64_t count = 0;
  ForEachItem(*this, [&](const std::string&, bool) { ++count; });
  return count;
}

int64_t PolicyCoverage::percent() const { return total() == 0 ? 100 : covered() * 100 / total(); }

std::vector<std::string> PolicyCoverage::Missing() const {
  std::vector<std::string> missing;
  ForEachItem(*this, [&](const std::string& what, bool covered) {
    if (!covered) missing.push_back(what);
  });
  return missing;
}

absl::StatusOr<CoverageBoard> CoverageBoard::Make(const v1::Policy& policy) {
  absl::StatusOr<PhraseCoverage> phrases = PhraseCoverage::Make(policy);
  if (!phrases.ok()) return phrases.status();
  return CoverageBoard(policy, *std::move(phrases));
}

CoverageBoard::CoverageBoard(const v1::Policy& policy, PhraseCoverage phrases)
    : policy_(&policy), phrases_(std::move(phrases)) {
  coverage_.policy = policy.name();
  for (const v1::RulePolicy& rule : policy.rules()) {
    const std::optional<alerts::Trigger> trigger = alerts::TriggerNamed(rule.on());
    RuleCoverage coverage;
    coverage.name = rule.name();
    if (trigger && alerts::Recovers(*trigger)) coverage.recovered = false;
    if (!rule.message_en().empty()) coverage.told_english = false;
    if (!rule.message_zh().empty()) coverage.told_chinese = false;
    coverage_.rules.push_back(std::move(coverage));
  }
  for (const v1::RecipientPolicy& recipient : policy.recipients()) {
    if (!recipient.escalate_to().empty()) coverage_.recipients.push_back({recipient.name(), false});
  }
  for (const v1::OpeningPolicy& opening : policy.openings()) {
    const bool known =
        std::any_of(coverage_.openings.begin(), coverage_.openings.end(),
                    [&](const OpeningCoverage& other) { return other.when == opening.when(); });
    if (!known) coverage_.openings.push_back({opening.when(), false});
  }
}

void CoverageBoard::CoverRecipients(const boost::json::array& alerts) {
  std::map<std::string, std::vector<std::string>, std::less<>> had_of;
  for (const boost::json::value& alert : alerts) {
    std::vector<std::string>& had = had_of[std::string(TextOf(alert.get_object(), "alert_id"))];
    std::vector<std::string> has = RecipientsOf(alert.get_object());
    for (RecipientCoverage& recipient : coverage_.recipients) {
      if (Holds(had, recipient.name) && !Holds(has, recipient.name)) recipient.escalated = true;
    }
    had = std::move(has);
  }
}

void CoverageBoard::Add(const ScenarioResult& result) {
  const StoryFacts facts = FactsOf(result);
  phrases_.Add(facts);
  const boost::json::array alerts = TopicValues(result.outcome, publish::Topic::kAlerts);
  CoverRecipients(alerts);
  for (int i = 0; i < policy_->rules_size(); ++i) {
    const v1::RulePolicy& rule = policy_->rules(i);
    RuleCoverage& coverage = coverage_.rules[static_cast<size_t>(i)];
    bool quiet = true;
    for (const boost::json::value& alert : alerts) {
      if (TextOf(alert.get_object(), "rule") != rule.name()) continue;
      quiet = false;
      Cover(alert.get_object(), rule, coverage);
    }
    coverage.kept_quiet = coverage.kept_quiet || (quiet && Watches(rule, facts));
  }
  for (const boost::json::value& card : TopicValues(result.outcome, publish::Topic::kCards)) {
    for (OpeningCoverage& opening : coverage_.openings) {
      if (TextOf(card.get_object(), "reason") == opening.when) opening.said = true;
    }
  }
}

PolicyCoverage CoverageBoard::Result() const {
  PolicyCoverage coverage = coverage_;
  coverage.phrases = phrases_.Result();
  return coverage;
}

}  // namespace peakend::scenarios
