// One alert, raised by a bad turn of a customer, on its way from "lead" and "desk" to others.
//
// Thread-safety: none.
#ifndef PEAKEND_TESTS_ALERTS_ALERT_ON_ITS_WAY_H_
#define PEAKEND_TESTS_ALERTS_ALERT_ON_ITS_WAY_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "peakend/v1/alert_action.pb.h"
#include "processors/alerts/alert_book.h"
#include "tests/journey/facts.h"

namespace peakend::alerts {

inline constexpr int64_t kNever = journey::PartitionClock::kEndOfTime;

// "escalated OPEN v2 at 9: b, c", of what a transition says when it is handed out.
inline std::vector<std::string> Told(const Rules& rules, const Transitions& transitions) {
  std::vector<std::string> told;
  for (const Transition& transition : transitions) {
    const Alert& alert = *transition.alert;
    std::string text = std::string(ReasonName(transition.reason)) + " " +
                       v1::Alert::State_Name(alert.state) + " v" +
                       std::to_string(alert.row_version) + " at " +
                       std::to_string(alert.updated_at_ms) + ":";
    for (const std::string& name : rules[alert.rule].RecipientsAfter(alert.escalations)) {
      text += " " + name;
    }
    if (alert.stale) text += " (stale)";
    told.push_back(std::move(text));
  }
  return told;
}

inline Rule HandedOnRule() {
  Rule rule;
  rule.name = "negative_peak";
  rule.trigger = Trigger::kImpression;
  rule.enter = -500'000'000;
  rule.exit = 100'000'000;
  rule.cooldown_ms = 0;
  rule.recipients = {"lead", "desk"};
  rule.escalations = EscalationsOf(
      rule.recipients,
      std::vector<Recipient>{{"lead", "manager", 60'000}, {"manager", "director", 60'000}});
  return rule;
}

class AlertOnItsWay : public testing::Test {
 protected:
  std::vector<std::string> Feel(int64_t at_ms, double valence, int64_t now_ms) {
    const journey::EventFacts facts =
        make_.Turn("e" + std::to_string(++last_), at_ms, valence, "k");
    size_t changed = 0;
    EXPECT_EQ(contacts_.Apply(facts, windows_, &changed), journey::ApplyResult::kApplied);
    const journey::JourneySpan span = contacts_.JourneyOf(changed, windows_);
    Judged judged = book_.OnEvent(rules_, {SceneAt(now_ms, span), changed, facts});
    next_due_ms_ = judged.next_due_ms;
    if (!judged.transitions.empty()) id_ = journey::ToHex(judged.transitions[0].alert->id);
    return Told(rules_, judged.transitions);
  }
  std::vector<std::string> Pass(int64_t now_ms) { return Pass(now_ms, now_ms); }
  // `clock_ms`: how far the log has come.
  std::vector<std::string> Pass(int64_t now_ms, int64_t clock_ms) {
    const journey::JourneySpan span = contacts_.JourneyOf(0, windows_);
    Scene scene = SceneAt(now_ms, span);
    scene.clock_ms = clock_ms;
    Judged judged = book_.OnTime(rules_, scene);
    next_due_ms_ = judged.next_due_ms;
    return Told(rules_, judged.transitions);
  }
  std::vector<std::string> Act(v1::AlertAction::Kind kind, int64_t at_ms) {
    return ActOn(id_, kind, at_ms);
  }
  // `until_ms`: 0 = not said.
  std::vector<std::string> Snooze(int64_t at_ms, int64_t until_ms) {
    return ActOn(id_, v1::AlertAction::SNOOZE, at_ms, until_ms);
  }
  std::vector<std::string> ActOn(std::string_view id, v1::AlertAction::Kind kind, int64_t at_ms,
                                 int64_t until_ms = 0) {
    journey::EventFacts facts;
    facts.at_ms = at_ms;
    facts.alert_action = kind;
    facts.alert_id = id;
    facts.snooze_until_ms = until_ms;
    const journey::JourneySpan span = contacts_.JourneyOf(0, windows_);
    return Told(rules_, book_.OnAction(rules_, facts, contacts_, span));
  }
  Scene SceneAt(int64_t now_ms, const journey::JourneySpan& span) const {
    return {contacts_, span, windows_, model_, "acme", "c1", now_ms, now_ms};
  }
  // As a worker does that goes on where another has stopped.
  void Restore(const Rules& rules) {
    journey::RecordBytes bytes;
    book_.Save(rules_, v1::CustomerState::Open::kAlertsFieldNumber, bytes);
    v1::CustomerState::Open records;
    ASSERT_TRUE(bytes.ReadInto(&records));
    rules_ = rules;
    book_ = AlertBook(records.alerts(), rules_, std::pmr::get_default_resource());
  }

  journey::Windows windows_;
  moments::MomentModel model_;
  Rules rules_ = {HandedOnRule()};
  journey::ContactSet contacts_{std::pmr::get_default_resource()};
  AlertBook book_{std::pmr::get_default_resource()};
  journey::FactMaker make_;
  int64_t next_due_ms_ = 0;
  std::string id_;
  int last_ = 0;
};

}  // namespace peakend::alerts

#endif  // PEAKEND_TESTS_ALERTS_ALERT_ON_ITS_WAY_H_
