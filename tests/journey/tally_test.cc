// What is kept of the events that are counted, whatever their order.
#include "processors/journey/tally.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <tuple>
#include <vector>

namespace peakend::journey {
namespace {

struct Counted {
  TallyKind kind;
  int64_t amount;
  EventTime at;
  std::string id;
};

Tallies Of(const std::vector<Counted>& events) {
  Tallies tallies(std::pmr::get_default_resource());
  for (const Counted& event : events) {
    tallies.Add(event.kind, event.amount, event.at, event.id);
  }
  return tallies;
}

using ShownTallies = std::vector<std::tuple<int, int64_t, int64_t, EventTime, std::string>>;

ShownTallies Show(const Tallies& tallies) {
  ShownTallies shown;
  for (int kind = 1; kind <= kLastTallyKind; ++kind) {
    const Tally* tally = tallies.Find(static_cast<TallyKind>(kind));
    if (tally == nullptr) continue;
    shown.emplace_back(kind, tally->count, tally->amount, tally->at,
                       std::string(tallies.event_id(*tally)));
  }
  return shown;
}

TEST(TallyTest, NothingHappenedNothingIsFound) {
  const Tallies tallies(std::pmr::get_default_resource());
  EXPECT_TRUE(tallies.empty());
  EXPECT_EQ(tallies.Find(TallyKind::kDropped), nullptr);
}

TEST(TallyTest, TheFirstAnswerStandsForAllAndOfOthersTheLatest) {
  const Tallies tallies = Of({{TallyKind::kAnswered, -1, {20, 1}, "second"},
                              {TallyKind::kAnswered, -1, {10, 2}, "first"},
                              {TallyKind::kTransferred, -1, {20, 3}, "late"},
                              {TallyKind::kTransferred, -1, {10, 4}, "early"}});
  EXPECT_EQ(tallies.event_id(*tallies.Find(TallyKind::kAnswered)), "first");
  EXPECT_EQ(tallies.Find(TallyKind::kAnswered)->count, 2);
  EXPECT_EQ(tallies.event_id(*tallies.Find(TallyKind::kTransferred)), "late");
}

TEST(TallyTest, TheAmountThatHurtsMostIsKeptAndUnknownIsNone) {
  const Tallies tallies = Of({{TallyKind::kHoldEnded, 9, {1, 1}, "a"},
                              {TallyKind::kHoldEnded, 5, {2, 1}, "b"},
                              {TallyKind::kHoldEnded, -1, {3, 1}, "c"},
                              {TallyKind::kReviewed, 9, {1, 1}, "d"},
                              {TallyKind::kReviewed, 5, {2, 1}, "e"},
                              {TallyKind::kDropped, -1, {3, 1}, "f"}});
  EXPECT_EQ(tallies.Find(TallyKind::kHoldEnded)->amount, 9);
  EXPECT_EQ(tallies.Find(TallyKind::kReviewed)->amount, 5);
  EXPECT_EQ(tallies.Find(TallyKind::kDropped)->amount, -1);
}

RC_GTEST_PROP(TallyTest, NeitherOrderNorMergingNorARecordMakesADifference, ()) {
  const auto events =
      *rc::gen::container<std::vector<Counted>>(
          rc::gen::apply(
              [](int kind, int64_t amount, int64_t at, uint8_t hash) {
                return Counted{static_cast<TallyKind>(kind),
                               amount,
                               {at, hash},
                               std::string(hash % 7 + 1, static_cast<char>('a' + hash % 26))};
              },
              rc::gen::inRange(1, kLastTallyKind + 1), rc::gen::inRange<int64_t>(-1, 9),
              rc::gen::inRange<int64_t>(0, 50), rc::gen::arbitrary<uint8_t>()));
  const Tallies tallies = Of(events);
  auto shuffled = events;
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(*rc::gen::arbitrary<uint32_t>()));
  // Two events of one kind at one place may be told apart by nothing: both stand.
  for (const Counted& a : events) {
    for (const Counted& b : events) {
      RC_PRE(&a == &b || a.kind != b.kind || a.at != b.at || a.id == b.id);
    }
  }
  RC_ASSERT(Show(Of(shuffled)) == Show(tallies));
  const size_t cut = events.empty() ? 0 : *rc::gen::inRange<size_t>(0, events.size());
  Tallies merged = Of({events.begin(), events.begin() + static_cast<ptrdiff_t>(cut)});
  merged.Merge(Of({events.begin() + static_cast<ptrdiff_t>(cut), events.end()}));
  RC_ASSERT(Show(merged) == Show(tallies));
  RecordBytes bytes;
  tallies.Save(v1::CustomerState::Contact::kTalliesFieldNumber, bytes);
  v1::CustomerState::Contact record;
  RC_ASSERT(bytes.ReadInto(&record));
  RC_ASSERT(Show(Tallies(record.tallies(), std::pmr::get_default_resource())) == Show(tallies));
}

}  // namespace
}  // namespace peakend::journey
