// However many rules there are, each says what it would say alone.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "processors/alerts/alert_book.h"
#include "tests/journey/facts.h"

namespace peakend::alerts {
namespace {

using journey::EventFacts;
using journey::FactKind;

constexpr const char* kQueues[] = {"", "a", "b"};

// One of few values, so that some rules of a kind begin before others and some, by another
// threshold, do not.
Rule AnyRule(size_t index, Trigger trigger) {
  Rule rule;
  rule.name = std::to_string(index);
  rule.trigger = trigger;
  rule.enter = *rc::gen::inRange(-9, 1) * 100'000'000;
  rule.exit = 0;
  if (*rc::gen::arbitrary<bool>()) rule.after_ms = *rc::gen::inRange(0, 20) * 10'000;
  rule.share_left = *rc::gen::inRange(0, 10) * 100'000'000;
  rule.count = *rc::gen::inRange(1, 3);
  rule.unrecovered_only = *rc::gen::arbitrary<bool>();
  rule.min_impressions = *rc::gen::inRange<size_t>(1, 3);
  rule.negatives = *rc::gen::inRange<size_t>(1, 3);
  rule.turns = *rc::gen::inRange<size_t>(2, 4);
  rule.cooldown_ms = *rc::gen::inRange(0, 60'000);
  if (*rc::gen::arbitrary<bool>()) {
    rule.only.resize(1);
    rule.only[0].queue_id = kQueues[*rc::gen::inRange(1, 3)];
  }
  return rule;
}

class Customer {
 public:
  explicit Customer(std::vector<Rule> rules) : all_(rules) {
    for (Rule& rule : rules) {
      alone_.emplace_back(std::vector<Rule>{std::move(rule)});
      books_alone_.emplace_back(std::pmr::get_default_resource());
    }
  }

  void Live() {
    now_ms_ += *rc::gen::inRange(0, 60'000);
    const EventFacts facts = Anything();
    size_t changed = 0;
    if (contacts_.Apply(facts, windows_, &changed) != journey::ApplyResult::kApplied) return;
    const journey::JourneySpan span = contacts_.JourneyOf(changed, windows_);
    const Scene scene = SceneOf(span);
    const Occasion occasion{scene, changed, facts};
    Compare([&](AlertBook& book, const Rules& rules) { return book.OnEvent(rules, occasion); });
  }
  void Wait() {
    if (contacts_.contacts().empty()) return;
    now_ms_ += SomeTime();
    const journey::JourneySpan span = contacts_.JourneyOf(0, windows_);
    const Scene scene = SceneOf(span);
    Compare([&](AlertBook& book, const Rules& rules) { return book.OnTime(rules, scene); });
  }

 private:
  using Said = std::vector<std::tuple<std::string, v1::Alert::State, Reason, std::string>>;

  static void Add(const Rules& rules, const Judged& judged, Said& said) {
    for (const Transition& transition : judged.transitions) {
      const Alert& alert = *transition.alert;
      said.emplace_back(rules[alert.rule].name, alert.state, transition.reason,
                        journey::ToHex(alert.id));
    }
  }

  // Minutes, or so long that a journey ends.
  int64_t SomeTime() const {
    const int64_t time_ms = *rc::gen::inRange(0, 200'000);
    return *rc::gen::inRange(0, 3) == 0 ? time_ms + 2 * windows_.journey_gap_ms : time_ms;
  }

  EventFacts Anything() {
    const FactKind kind = *rc::gen::element(FactKind::kQueued, FactKind::kCustomerTurn,
                                            FactKind::kAnswer, FactKind::kAlive);
    const std::string id = "e" + std::to_string(++events_);
    const char* contact = *rc::gen::element("k", "l");
    EventFacts facts = kind == FactKind::kCustomerTurn
                           ? make_.Turn(id, now_ms_, *rc::gen::inRange(-10, 11) / 10.0, contact)
                           : make_.Make(kind, id, now_ms_, contact);
    facts.queue_id = kQueues[*rc::gen::inRange(0, 3)];
    facts.by_human = kind == FactKind::kAnswer;
    if (kind == FactKind::kAlive) {
      facts.promise = journey::PromiseFacts{"p", 0, now_ms_, now_ms_ + SomeTime(), {}, false};
    }
    return facts;
  }

  Scene SceneOf(const journey::JourneySpan& span) const {
    return {contacts_, span, windows_, model_, "acme", "c1", now_ms_, now_ms_};
  }

  // `judge` finds the same with all rules at once and with one after the other.
  template <typename Judge>
  void Compare(Judge judge) {
    const Judged together = judge(book_, all_);
    Said expected;
    int64_t next_due_ms = journey::PartitionClock::kEndOfTime;
    for (size_t i = 0; i < alone_.size(); ++i) {
      const Judged alone = judge(books_alone_[i], alone_[i]);
      Add(alone_[i], alone, expected);
      next_due_ms = std::min(next_due_ms, alone.next_due_ms);
    }
    Said said;
    Add(all_, together, said);
    std::sort(said.begin(), said.end());
    std::sort(expected.begin(), expected.end());
    RC_ASSERT(said == expected);
    RC_ASSERT(together.next_due_ms == next_due_ms);
  }

  Rules all_;
  std::vector<Rules> alone_;
  AlertBook book_{std::pmr::get_default_resource()};
  std::vector<AlertBook> books_alone_;
  journey::Windows windows_;
  moments::MomentModel model_;
  journey::ContactSet contacts_{std::pmr::get_default_resource()};
  journey::FactMaker make_;
  int64_t now_ms_ = 1'000'000;
  int events_ = 0;
};

// Not about alerts, which others raise.
Trigger AnyTrigger() {
  return static_cast<Trigger>(*rc::gen::inRange(0, static_cast<int>(Trigger::kFollowUpOverdue)));
}

TEST(RulesPropertyTest, EachSaysWhatItWouldSayAlone) {
  EXPECT_TRUE(rc::check([] {
    std::vector<Rule> rules;
    const Trigger triggers[] = {AnyTrigger(), AnyTrigger()};
    for (size_t i = 0; i < 8; ++i) rules.push_back(AnyRule(i, triggers[i % 2]));
    Customer customer(std::move(rules));
    const int steps = *rc::gen::inRange(1, 12);
    for (int i = 0; i < steps; ++i) {
      if (*rc::gen::inRange(0, 4) == 0) {
        customer.Wait();
      } else {
        customer.Live();
      }
    }
  }));
}

}  // namespace
}  // namespace peakend::alerts
