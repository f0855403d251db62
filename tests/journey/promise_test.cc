// Promises and what became of them: any order of statements comes to the same.
#include "processors/journey/promise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory_resource>
#include <random>
#include <string>
#include <vector>

#include "processors/journey/settlement.h"
#include "processors/journey/story.h"
#include "tests/journey/facts.h"

namespace peakend::journey {
namespace {

std::pmr::memory_resource* Heap() { return std::pmr::get_default_resource(); }

class PromiseTest : public testing::Test {
 protected:
  EventFacts Make(std::string_view event_id, int64_t at_ms, std::string_view id,
                  std::optional<int64_t> due_at_ms, std::string_view contact = "k") {
    EventFacts facts = make_.Make(FactKind::kAlive, event_id, at_ms, contact);
    facts.promise = PromiseFacts{id, v1::Promise::CALLBACK, at_ms, due_at_ms, {}, false};
    return facts;
  }
  EventFacts Settle(std::string_view event_id, int64_t at_ms, std::string_view id,
                    std::optional<int64_t> fulfilled_at_ms) {
    EventFacts facts = make_.Make(FactKind::kSettlement, event_id, at_ms, "");
    facts.promise = PromiseFacts{id, 0, at_ms, {}, fulfilled_at_ms, !fulfilled_at_ms};
    return facts;
  }
  FactMaker make_;
};

TEST_F(PromiseTest, KeepsTheEarliestMakingAndTheNewestDue) {
  std::vector<EventFacts> statements = {Make("a", 10, "p", 100), Make("b", 20, "p", 300),
                                        Make("c", 30, "p", 200), Make("d", 40, "p", std::nullopt)};
  std::mt19937_64 random(7);
  for (int i = 0; i < 24; ++i) {
    std::shuffle(statements.begin(), statements.end(), random);
    Promises promises(Heap());
    for (const EventFacts& facts : statements) promises.Add(facts);
    ASSERT_EQ(promises.all().size(), 1U);
    const Promise& promise = promises.all()[0];
    EXPECT_EQ(promise.made.time_ms, 10);
    EXPECT_EQ(promise.made.event_id, "a");
    EXPECT_EQ(promise.due->time_ms, 200);
    EXPECT_EQ(promise.due->event_id, "c");
    EXPECT_EQ(promise.statements, 4);
    EXPECT_EQ(promise.AllowedMs(), 190);
  }
}

TEST_F(PromiseTest, ADueTimeBeforeTheMakingGivesNoTimeAtAll) {
  Promises promises(Heap());
  promises.Add(Make("a", 100, "p", 40));
  EXPECT_EQ(promises.all()[0].AllowedMs(), 0);
  EXPECT_EQ(promises.all()[0].DueMs(), 100);
}

TEST_F(PromiseTest, ForgetsWhatWasMadeLast) {
  std::vector<EventFacts> statements;
  for (int i = 0; i < 40; ++i) {
    statements.push_back(Make("p" + std::to_string(i), 10 + i, "", 1000));
    statements.back().promise->id = statements.back().event_id;
  }
  std::mt19937_64 random(7);
  std::shuffle(statements.begin(), statements.end(), random);
  Promises promises(Heap());
  for (const EventFacts& facts : statements) promises.Add(facts);
  ASSERT_EQ(promises.all().size(), Promises::kMax);
  EXPECT_TRUE(promises.forgot());
  for (const Promise& promise : promises.all()) {
    EXPECT_LT(promise.made.time_ms, 10 + static_cast<int64_t>(Promises::kMax));
  }
}

TEST_F(PromiseTest, IsRestoredAsItWas) {
  Promises promises(Heap());
  promises.Add(Make("a", 10, "p", 100));
  promises.Add(Make("b", 20, "q", std::nullopt));
  constexpr int kField = v1::CustomerState::Contact::kPromisesFieldNumber;
  RecordBytes bytes;
  promises.Save(kField, bytes);
  v1::CustomerState::Contact record;
  ASSERT_TRUE(bytes.ReadInto(&record));
  ASSERT_EQ(record.promises_size(), 2);
  RecordBytes again;
  Promises(record.promises(), false, Heap()).Save(kField, again);
  EXPECT_EQ(again.view(), bytes.view());
}

TEST_F(PromiseTest, TheEarliestFulfilmentCounts) {
  Promises promises(Heap());
  promises.Add(Make("a", 10, "p", 100));
  Settlements settlements(Heap());
  settlements.Add(Settle("late", 80, "p", 80));
  settlements.Add(Settle("early", 90, "p", 50));
  settlements.Add(Settle("sorry", 40, "p", std::nullopt));
  settlements.Add(Settle("other", 30, "q", 30));
  const Promise& promise = promises.all()[0];
  const Fate fate = FateOf(promise, settlements.all(), 1000);
  EXPECT_EQ(fate.fulfilled->event_id, "early");
  EXPECT_EQ(fate.withdrawn->event_id, "sorry");
  const Fate before = FateOf(promise, settlements.all(), 45);
  EXPECT_EQ(before.fulfilled, nullptr);
  EXPECT_NE(before.withdrawn, nullptr);
}

TEST_F(PromiseTest, WhatWasSaidBeforeThePromiseIsAboutAnother) {
  Promises promises(Heap());
  promises.Add(Make("a", 100, "p", 200));
  Settlements settlements(Heap());
  settlements.Add(Settle("before", 50, "p", 50));
  EXPECT_TRUE(FateOf(promises.all()[0], settlements.all(), 1000).unknown());
}

TEST_F(PromiseTest, TheLatestSettlementsAreKept) {
  Settlements settlements(Heap());
  for (int i = 0; i < 100; ++i) settlements.Add(Settle("s" + std::to_string(i), 1000 - i, "p", 5));
  ASSERT_EQ(settlements.all().size(), Settlements::kMax);
  EXPECT_TRUE(settlements.forgot());
  EXPECT_EQ(settlements.all().back().at.at_ms, 1000);
  EXPECT_EQ(settlements.all().front().at.at_ms, 1001 - static_cast<int64_t>(Settlements::kMax));
}

TEST_F(PromiseTest, AnewInALaterContactBeforeItIsDueMovesItOn) {
  std::vector<Contact> contacts;
  contacts.emplace_back(Make("a", 10, "p", 100, "k1"), Heap());
  contacts.emplace_back(Make("b", 60, "p", 500, "k2"), Heap());
  const Story story = Story::Of(contacts, 1000);
  EXPECT_TRUE(MovedOn(story, 0, contacts[0].promises().all()[0]));
  EXPECT_FALSE(MovedOn(story, 1, contacts[1].promises().all()[0]));
  EXPECT_FALSE(MovedOn(Story::Of(contacts, 50), 0, contacts[0].promises().all()[0]));
  contacts[1] = Contact(Make("b", 160, "p", 500, "k2"), Heap());
  EXPECT_FALSE(MovedOn(story, 0, contacts[0].promises().all()[0]));
}

}  // namespace
}  // namespace peakend::journey
