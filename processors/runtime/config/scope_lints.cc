#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/affect/level.h"
#include "processors/alerts/rule.h"
#include "processors/journey/cause.h"
#include "processors/moments/experience.h"
#include "processors/publish/channel_name.h"
#include "processors/runtime/config/nearest_name.h"
#include "processors/runtime/config/policy_lints.h"
#include "processors/runtime/config/rule_fields.h"
#include "processors/runtime/config/value_text.h"

namespace peakend::runtime {
namespace {

using alerts::Trigger;
using journey::Cause;

// How bad and how good a cause can be: valence x confidence.
struct Reach {
  double worst = -1;
  double best = 1;
};

bool IsCompared(Cause cause) {
  switch (cause) {
    case Cause::kQueueWait:
    case Cause::kAnnouncedWaitExceeded:
    case Cause::kHold:
    case Cause::kSilence:
    case Cause::kPoorAudio:
    case Cause::kPromiseKept:
    case Cause::kPromiseBroken:
    case Cause::kFirstResponse:
    case Cause::kNextResponse:
      return true;
    default:
      return false;
  }
}

// As the defaults of the program and the policy's row for it have it.
Reach ReachOf(Cause cause, const v1::Policy& policy) {
  const moments::Experience defaults = moments::Experience::Default();
  moments::CauseModel model = defaults.of(cause);
  const std::string name(journey::CauseName(cause));
  for (const v1::ImpressionPolicy& row : policy.impressions()) {
    if (row.cause() != name) continue;
    if (row.has_first()) model.first = affect::ToNano(row.first());
    if (row.has_step()) model.step = affect::ToNano(row.step());
    if (row.has_confidence()) model.confidence = affect::ToNano(row.confidence());
    if (row.has_most_delight()) model.most_delight = affect::ToNano(row.most_delight());
    model.kano = journey::KanoNamed(row.kano()).value_or(model.kano);
  }
  affect::Nano lowest = model.step < 0 ? -affect::kNanoOne : model.first;
  affect::Nano highest = model.step > 0 ? affect::kNanoOne : model.first;
  if (IsCompared(cause)) lowest = -affect::kNanoOne, highest = model.most_delight;
  if (cause == Cause::kLowReview) lowest = -affect::kNanoOne, highest = 0;
  const double confidence = affect::ToDouble(model.confidence);
  return {affect::ToDouble(moments::KanoValence(lowest, model.kano)) * confidence,
          affect::ToDouble(moments::KanoValence(highest, model.kano)) * confidence};
}

// Whoever `scope` lets pass, `wider` does too.
bool Holds(const v1::RuleScope& wider, const v1::RuleScope& scope) {
  const auto holds = [](const std::string& wide, const std::string& narrow, std::string_view any) {
    return wide == any || wide == narrow;
  };
  return holds(wider.queue(), scope.queue(), "") &&
         holds(wider.channel(), scope.channel(), "any") && holds(wider.tier(), scope.tier(), "") &&
         holds(wider.touchpoint(), scope.touchpoint(), "") &&
         holds(wider.cause(), scope.cause(), "any");
}

class ScopeLint {
 public:
  ScopeLint(const v1::Policy& policy, int index, LoadState& state)
      : policy_(policy), rule_(policy.rules(index)), state_(state) {
    path_ = absl::StrCat("rules[", index, "].only");
  }

  void Lint() {
    const std::optional<Trigger> trigger = alerts::TriggerNamed(rule_.on());
    for (row_ = 0; row_ < rule_.only_size(); ++row_) {
      Touchpoint(rule_.only(row_));
      Earlier(rule_.only(row_));
      if (!trigger) continue;
      CauseOfRow(*trigger, rule_.only(row_));
      Channel(*trigger, rule_.only(row_));
    }
  }

 private:
  Origin PlaceOf(const std::string& field) const {
    const std::string row = absl::StrCat(path_, "[", row_, "]");
    return WrittenOrigin(state_.origins, {absl::StrCat(row, ".", field), row});
  }
  void Never(const std::string& field, const std::string& why, const std::string& help = "") {
    state_.problems.Warning(
        PlaceOf(field),
        {"PE0054", absl::StrCat("entry ", row_ + 1, " of `only` never fits: ", why), help});
  }
  void Touchpoint(const v1::RuleScope& scope);
  void Earlier(const v1::RuleScope& scope);
  void CauseOfRow(Trigger trigger, const v1::RuleScope& scope);
  void Channel(Trigger trigger, const v1::RuleScope& scope);

  const v1::Policy& policy_;
  const v1::RulePolicy& rule_;
  LoadState& state_;
  std::string path_;
  int row_ = 0;
};

void ScopeLint::Touchpoint(const v1::RuleScope& scope) {
  if (scope.touchpoint().empty() || policy_.touchpoints().empty()) return;
  std::vector<std::string> known;
  for (const v1::TouchpointPolicy& each : policy_.touchpoints()) known.push_back(each.id());
  if (std::find(known.begin(), known.end(), scope.touchpoint()) != known.end()) return;
  const std::string nearest = NearestName(scope.touchpoint(), known);
  state_.problems.Warning(
      PlaceOf("touchpoint"),
      {"PE0055",
       absl::StrCat("touchpoint ", Quoted(scope.touchpoint()), " is not among `touchpoints`"),
       nearest.empty() ? "" : absl::StrCat("did you mean `", nearest, "`?")});
}

void ScopeLint::Earlier(const v1::RuleScope& scope) {
  const auto& rows = rule_.only();
  const auto wider = std::find_if(rows.begin(), rows.begin() + row_,
                                  [&](const auto& earlier) { return Holds(earlier, scope); });
  if (wider == rows.begin() + row_) return;
  state_.problems.Warning(
      PlaceOf(""),
      {"PE0058", absl::StrCat("entry ", row_ + 1, " of `only` adds nothing"),
       absl::StrCat("entry ", wider - rows.begin() + 1, " lets all of its contacts pass")});
}

void ScopeLint::CauseOfRow(Trigger trigger, const v1::RuleScope& scope) {
  if (scope.cause() == "any" || scope.cause().empty()) return;
  if (!JudgesCause(trigger)) {
    state_.problems.Warning(
        PlaceOf("cause"),
        {"PE0056", absl::StrCat("`cause` has no effect in a rule on ", Quoted(rule_.on()))});
    return;
  }
  if (scope.cause() == "turn") return;
  if (trigger == Trigger::kNegativeTurns || trigger == Trigger::kEscalation) {
    return Never("cause", absl::StrCat("rules on ", Quoted(rule_.on()), " judge turns alone"),
                 "write `cause: turn`, or leave it out");
  }
  const std::optional<Cause> cause = journey::CauseNamed(scope.cause());
  if (!cause) return;
  const Reach reach = ReachOf(*cause, policy_);
  if (trigger == Trigger::kImpression && reach.worst >= rule_.enter()) {
    Never("cause",
          absl::StrCat(Quoted(scope.cause()), " comes to no less than ", FormatDouble(reach.worst),
                       ", enter is ", FormatDouble(rule_.enter())),
          "what is watched is valence x confidence");
  }
  if (trigger == Trigger::kDelight && reach.best <= rule_.enter()) {
    Never("cause",
          absl::StrCat(Quoted(scope.cause()), " comes to no more than ", FormatDouble(reach.best),
                       ", enter is ", FormatDouble(rule_.enter())),
          "what is watched is valence x confidence");
  }
}

// Without a time of its own the rule waits for as long as customers expect, if they expect
// anything there.
void ScopeLint::Channel(Trigger trigger, const v1::RuleScope& scope) {
  if (trigger != Trigger::kMessageUnanswered || rule_.has_after()) return;
  const auto measures = [](std::string_view cause) {
    return cause == "first_response" || cause == "next_response";
  };
  const auto fits = [&](const std::string& queue, const std::string& channel) {
    return (queue.empty() || scope.queue().empty() || queue == scope.queue()) &&
           (channel == "any" || scope.channel() == "any" || channel == scope.channel());
  };
  for (const v1::ExpectationPolicy& row : policy_.expectations()) {
    if (measures(row.cause()) && fits(row.queue(), row.channel())) return;
  }
  for (const moments::Expectation& row : moments::Experience::Default().expectations) {
    const std::string channel = row.channel == 0 ? "any" : publish::ChannelName(row.channel);
    if (measures(journey::CauseName(row.cause)) && fits("", channel)) return;
  }
  Never("channel",
        absl::StrCat("nobody expects an answer within a time in the channel ",
                     Quoted(scope.channel())),
        "give the rule `after`, or the policy an expectation of `first_response` there");
}

}  // namespace

void LintScopes(const v1::Policy& policy, int rule, LoadState& state) {
  ScopeLint(policy, rule, state).Lint();
}

}  // namespace peakend::runtime
