// One rule and one opening of each kind, with times that a short random stream reaches.
#ifndef PEAKEND_TESTS_RUNTIME_ENGINE_CONDITION_RULES_H_
#define PEAKEND_TESTS_RUNTIME_ENGINE_CONDITION_RULES_H_

#include <string>
#include <vector>

#include "peakend/v1/interaction_event.pb.h"
#include "processors/affect/phrase_book.h"
#include "processors/alerts/rule.h"
#include "processors/journey/cause.h"
#include "processors/publish/opening.h"

namespace peakend::runtime {

// Words for each class, of both scripts.
inline affect::PhraseBook SomePhrases() {
  using affect::PhraseClass;
  static const auto* const kBook =
      new affect::PhraseBook(*affect::PhraseBook::Make({{PhraseClass::kGreeting, "hello"},
                                                        {PhraseClass::kNeedRestated, "so you"},
                                                        {PhraseClass::kApology, "抱歉"},
                                                        {PhraseClass::kNextStep, "call back"},
                                                        {PhraseClass::kThanks, "感谢"},
                                                        {PhraseClass::kHumanRequest, "转人工"},
                                                        {PhraseClass::kEscalation, "12315"}}));
  return *kBook;
}
// What somebody may say, with none, one or two of them.
inline constexpr const char* kTexts[] = {"",
                                         "Hello, so you call back?",
                                         "非常抱歉",
                                         "感谢 hello",
                                         "转人工",
                                         "打12315",
                                         "anything else?"};

// `rules` and those that it lacks.
inline alerts::Rules WithConditions(const alerts::Rules& rules) {
  std::vector<alerts::Rule> all(rules.begin(), rules.end());
  for (size_t i = static_cast<size_t>(alerts::Trigger::kDelight); i < alerts::kTriggers; ++i) {
    alerts::Rule rule;
    rule.trigger = static_cast<alerts::Trigger>(i);
    rule.name = std::string(alerts::TriggerName(rule.trigger));
    rule.enter = rule.trigger == alerts::Trigger::kDelight ? 500'000'000 : -300'000'000;
    rule.exit = 0;
    rule.severity = i % 2 == 0 ? v1::Alert::CRITICAL : v1::Alert::WARNING;
    rule.urgency = i % 3 == 0 ? v1::Alert::LIST : v1::Alert::INTERRUPT;
    rule.cooldown_ms = 100;
    rule.follow_up_within_ms = 400;
    rule.stale_after_ms = 60;
    if (rule.trigger != alerts::Trigger::kWaiting) rule.after_ms = 40;
    if (rule.trigger == alerts::Trigger::kMessageUnanswered) {
      rule.only.resize(2);
      rule.only[0].tier = "gold";
      rule.only[1].channel = v1::CHANNEL_VOICE;
    }
    if (rule.trigger == alerts::Trigger::kDelight) {
      rule.only.resize(1);
      rule.only[0].cause = journey::Cause::kTurn;
    }
    if (i % 3 != 0) {
      rule.recipients = {"lead", "desk"};
      rule.escalations = alerts::EscalationsOf(
          rule.recipients, std::vector<alerts::Recipient>{
                               {"lead", "manager", 30}, {"desk", "head", 70}, {"head", "lead", 9}});
    }
    all.push_back(std::move(rule));
  }
  return alerts::Rules(std::move(all));
}

// An opening for everything that a customer may bring along, the rarest first.
inline std::vector<publish::Opening> OneOpeningOfEach() {
  using publish::Brings;
  std::vector<publish::Opening> openings;
  for (const Brings brings : {Brings::kPromiseOverdue, Brings::kNoticeOverdue, Brings::kPromiseOpen,
                              Brings::kUnrecoveredPeak, Brings::kBadEnd, Brings::kGoodEnd,
                              Brings::kNotice, Brings::kAgain, Brings::kKnown}) {
    openings.push_back({brings, publish::DefaultLevel(brings),
                        std::string(publish::BringsName(brings)) + " {ago}", "{ago}"});
  }
  return openings;
}

}  // namespace peakend::runtime

#endif  // PEAKEND_TESTS_RUNTIME_ENGINE_CONDITION_RULES_H_
