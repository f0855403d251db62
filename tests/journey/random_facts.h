// Facts of any kind about a few contacts, for properties that must hold of any.
#ifndef PEAKEND_TESTS_JOURNEY_RANDOM_FACTS_H_
#define PEAKEND_TESTS_JOURNEY_RANDOM_FACTS_H_

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "processors/journey/contact_set.h"
#include "tests/journey/facts.h"

namespace peakend::journey {

using Random = std::mt19937_64;

inline int Draw(Random& random, int from, int to) {
  return std::uniform_int_distribution<int>(from, to)(random);
}
template <typename Container>
const auto& AnyOf(Random& random, const Container& of) {
  return of[static_cast<size_t>(Draw(random, 0, static_cast<int>(of.size()) - 1))];
}

// Windows of which a few facts reach no bound.
inline Windows WideWindows() {
  Windows windows;
  windows.contact_gap_ms = 100;
  windows.contact_gap_email_ms = 400;
  windows.journey_gap_ms = 1000;
  windows.allowed_lateness_ms = 50;
  windows.max_out_of_orderness_ms = 5;
  windows.amend_window_ms = 2000;
  windows.repeat_window_ms = 1500;
  return windows;
}

inline void AddPromise(Random& random, EventFacts& facts) {
  static constexpr std::array<std::string_view, 3> kPromises = {"p1", "p2", "p3"};
  facts.promise = PromiseFacts{AnyOf(random, kPromises), Draw(random, 0, 2),
                               facts.at_ms - Draw(random, 0, 9), std::nullopt, std::nullopt};
  if (Draw(random, 0, 1) == 0) facts.promise->due_at_ms = facts.at_ms + Draw(random, 0, 900);
  if (Draw(random, 0, 1) == 0) facts.promise->fulfilled_at_ms = facts.at_ms - Draw(random, 0, 9);
}

inline void AddNames(Random& random, EventFacts& facts) {
  static constexpr std::array<std::string_view, 3> kNames = {"", "one", "the other"};
  facts.queue_id = AnyOf(random, kNames);
  facts.agent_id = AnyOf(random, kNames);
  facts.tier = AnyOf(random, kNames);
  facts.touchpoint_id = AnyOf(random, kNames);
  facts.case_hash = static_cast<uint64_t>(Draw(random, 0, 3));
  facts.intent_hash = static_cast<uint64_t>(Draw(random, 0, 3));
  facts.chain_hash = static_cast<uint64_t>(Draw(random, 0, 9));
  facts.direction = Draw(random, 0, 2);
  facts.initiation = Draw(random, 0, 3);
}

inline void AddCircumstances(Random& random, EventFacts& facts) {
  facts.acts = static_cast<affect::PhraseSet>(1U << Draw(random, 0, 3));
  facts.order_only = Draw(random, 0, 20) == 0;
  facts.by_human = Draw(random, 0, 1) == 0;
  facts.asks = Draw(random, 0, 1) == 0;
  facts.wait_ms = Draw(random, -1, 50);
  facts.tally = static_cast<TallyKind>(Draw(random, 0, 9));
  facts.amount = Draw(random, -1, 100);
  if (Draw(random, 0, 9) == 0) {
    facts.notice = NoticeFacts{"longer than what is kept in place", "", facts.at_ms, 0};
  }
  if (Draw(random, 0, 9) == 0) facts.baseline_wait_ms = Draw(random, 0, 100);
  if (Draw(random, 0, 9) == 0) AddPromise(random, facts);
}

// `number` makes the event's id.
inline EventFacts RandomFacts(Random& random, FactMaker& make, int number) {
  static constexpr std::array<std::string_view, 5> kContacts = {"", "", "a", "b", "c"};
  static constexpr std::array<FactKind, 12> kKinds = {
      FactKind::kCustomerTurn, FactKind::kCustomerTurn, FactKind::kCustomerTurn,
      FactKind::kAlive,        FactKind::kAnswer,       FactKind::kQueued,
      FactKind::kAbandoned,    FactKind::kResolved,     FactKind::kEnded,
      FactKind::kSurvey,       FactKind::kSettlement,   FactKind::kNone};
  static constexpr std::array<int, 3> kChannels = {v1::CHANNEL_CHAT, v1::CHANNEL_VOICE,
                                                   v1::CHANNEL_EMAIL};
  EventFacts facts = make.Make(AnyOf(random, kKinds), "e" + std::to_string(number),
                               Draw(random, 1000, 6000), AnyOf(random, kContacts));
  facts.channel = AnyOf(random, kChannels);
  AddNames(random, facts);
  AddCircumstances(random, facts);
  if (facts.kind == FactKind::kCustomerTurn) {
    facts.says = Draw(random, 0, 1) == 0;
    facts.affect = affect::Affect{affect::ToNano(Draw(random, -10, 10) / 10.0)};
  }
  if (facts.kind == FactKind::kSurvey) facts.survey_score = Draw(random, 0, 10) / 10.0;
  if (facts.kind == FactKind::kSettlement) AddPromise(random, facts);
  return facts;
}

inline std::vector<EventFacts> SomeFacts(Random& random, FactMaker& make, int most) {
  std::vector<EventFacts> facts;
  for (int i = Draw(random, 1, most); i > 0; --i) facts.push_back(RandomFacts(random, make, i));
  return facts;
}

inline std::string Saved(const ContactSet& contacts) {
  RecordBytes bytes;
  contacts.Save(bytes);
  return std::string(bytes.view());
}
// The ids that were taken in may be in other generations, in which they do as well.
inline std::string SavedWithoutIds(const ContactSet& contacts) {
  RecordBytes bytes;
  contacts.Save(bytes);
  v1::CustomerState::Contacts record;
  bytes.ReadInto(&record);
  record.clear_seen();
  return record.SerializeAsString();
}

}  // namespace peakend::journey

#endif  // PEAKEND_TESTS_JOURNEY_RANDOM_FACTS_H_
