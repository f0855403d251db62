// One contact: what it keeps, whatever the order of its events.
#include "processors/journey/contact.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/journey/facts.h"

namespace peakend::journey {
namespace {

class ContactTest : public testing::Test {
 protected:
  static Contact Of(const std::vector<EventFacts>& events) {
    Contact contact(events.front(), std::pmr::get_default_resource());
    for (size_t i = 1; i < events.size(); ++i) contact.Apply(events[i]);
    return contact;
  }
  EventFacts At(FactKind kind, int64_t at_ms) {
    return make_.Make(kind, "e" + std::to_string(++last_), at_ms);
  }
  // Everything that a contact says.
  static std::string Describe(const Contact& contact) {
    const auto terminal = contact.terminal(Windows{}, 0);
    return std::to_string(contact.first().at_ms) + " " + std::to_string(contact.last().at_ms) +
           " " + std::to_string(contact.event_count()) + " " + std::to_string(contact.channel()) +
           " " + std::string(contact.queue_id()) + " " + std::string(contact.agent_id()) + " " +
           std::to_string(contact.answered_at_ms().value_or(-1)) + " " +
           std::to_string(contact.abandoned_at().at_ms) + " " +
           std::to_string(contact.EndsAtMs(Windows{})) + " " +
           std::to_string(contact.impressions().count()) + " " +
           (terminal ? std::string(terminal->event_id) : "-");
  }

  FactMaker make_;
  int last_ = 0;
};

TEST_F(ContactTest, EndsAtItsEndEventElseAfterTheGap) {
  const Windows windows;
  EXPECT_EQ(Of({At(FactKind::kAlive, 1000)}).EndsAtMs(windows), 1000 + 30 * 60'000);
  EventFacts mail = At(FactKind::kAlive, 1000);
  mail.channel = v1::CHANNEL_EMAIL;
  EXPECT_EQ(Of({mail}).EndsAtMs(windows), 1000 + int64_t{7} * 86'400'000);
  EXPECT_EQ(Of({At(FactKind::kAlive, 1), At(FactKind::kEnded, 9)}).EndsAtMs(windows), 9);
  EXPECT_EQ(Of({At(FactKind::kEnded, 9), At(FactKind::kAbandoned, 5)}).EndsAtMs(windows), 9);
}

TEST_F(ContactTest, TheFirstAnswerCounts) {
  EXPECT_FALSE(Of({At(FactKind::kQueued, 1)}).answered_at_ms().has_value());
  EXPECT_EQ(Of({At(FactKind::kAnswer, 9), At(FactKind::kAnswer, 4)}).answered_at_ms(), 4);
}

TEST_F(ContactTest, ShortAbandonsByTheWaitGiven) {
  const Windows windows;
  EventFacts abandoned = At(FactKind::kAbandoned, 100'000);
  abandoned.wait_ms = windows.short_abandon_ms - 1;
  EXPECT_TRUE(Of({abandoned}).IsShortAbandon(windows));
  EXPECT_FALSE(Of({abandoned}).terminal(windows, 0).has_value());
  abandoned.wait_ms = windows.short_abandon_ms;
  EXPECT_FALSE(Of({abandoned}).IsShortAbandon(windows));
  EXPECT_EQ(Of({abandoned}).terminal(windows, 0)->cause, Cause::kAbandoned);
}

TEST_F(ContactTest, ShortAbandonsByTheTimeInTheQueue) {
  const Windows windows;
  const auto waited = [&](int64_t ms) {
    return Of({At(FactKind::kQueued, 1000), At(FactKind::kAbandoned, 1000 + ms)})
        .IsShortAbandon(windows);
  };
  EXPECT_TRUE(waited(windows.short_abandon_ms - 1));
  EXPECT_FALSE(waited(windows.short_abandon_ms));
  EXPECT_FALSE(Of({At(FactKind::kAbandoned, 1)}).IsShortAbandon(windows)) << "unknown is not short";
  EXPECT_FALSE(Of({At(FactKind::kAlive, 1)}).IsShortAbandon(windows));
}

TEST_F(ContactTest, TheNewestTerminalEventCounts) {
  const Windows windows;
  const EventFacts abandoned = At(FactKind::kAbandoned, 5);
  const EventFacts resolved = At(FactKind::kResolved, 9);
  EXPECT_EQ(Of({abandoned, resolved}).terminal(windows, 0)->event_id, resolved.event_id);
  EXPECT_EQ(Of({resolved, abandoned}).terminal(windows, 0)->event_id, resolved.event_id);
  EXPECT_EQ(Of({resolved, At(FactKind::kAbandoned, 12)}).terminal(windows, 0)->cause,
            Cause::kAbandoned);
  EXPECT_FALSE(Of({At(FactKind::kEnded, 5)}).terminal(windows, 0).has_value());
}

TEST_F(ContactTest, KeepsTheLatestQueueAndAgentThatIsKnown) {
  EventFacts first = At(FactKind::kAlive, 1);
  first.queue_id = "billing";
  first.agent_id = "a1";
  EventFacts second = At(FactKind::kAlive, 2);
  second.agent_id = "a2";
  const Contact contact = Of({second, first});
  EXPECT_EQ(contact.queue_id(), "billing");
  EXPECT_EQ(contact.agent_id(), "a2");
}

TEST_F(ContactTest, AnyOrderAndAnyMergeSayTheSame) {
  std::vector<EventFacts> events;
  const FactKind kinds[] = {FactKind::kQueued,    FactKind::kAnswer, FactKind::kCustomerTurn,
                            FactKind::kAbandoned, FactKind::kEnded,  FactKind::kResolved};
  for (int i = 0; i < 6; ++i) {
    EventFacts facts = At(kinds[i], 1000 * (i / 2));
    facts.channel = i % 3;
    if (i % 2 == 0) facts.agent_id = "even";
    if (i == 2) facts.affect = affect::Affect{-1};
    if (i == 3) facts.queue_id = "q";
    events.push_back(facts);
  }
  std::vector<int> order = {0, 1, 2, 3, 4, 5};
  const std::string expected = Describe(Of(events));
  do {
    std::vector<EventFacts> shuffled;
    for (const int i : order) shuffled.push_back(events[static_cast<size_t>(i)]);
    ASSERT_EQ(Describe(Of(shuffled)), expected);
    Contact merged = Of({shuffled[0], shuffled[1]});
    merged.Merge(Of({shuffled[2], shuffled[3], shuffled[4], shuffled[5]}));
    ASSERT_EQ(Describe(merged), expected);
  } while (std::next_permutation(order.begin(), order.end()));
}

}  // namespace
}  // namespace peakend::journey
