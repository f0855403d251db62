// The accumulator of impressions against a plain list that is sorted afterwards.
#include "processors/journey/impressions.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace peakend::journey {
namespace {

struct Felt {
  int64_t at_ms = 0;
  std::string id;
  affect::Nano valence = 0;
  affect::Nano confidence = affect::kNanoOne;

  auto place() const { return std::tie(at_ms, id); }
  int64_t weight() const {
    return affect::DivideRounded(int64_t{std::abs(valence)} * confidence, affect::kNanoOne);
  }
};

void AddTo(Impressions& impressions, const Felt& felt) {
  Impression impression;
  impression.at_ms = felt.at_ms;
  impression.event_hash = std::hash<std::string>()(felt.id);
  impression.valence = felt.valence;
  impression.confidence = felt.confidence;
  impressions.Add(impression, felt.id);
}

Impressions Collect(const std::vector<Felt>& felts) {
  Impressions impressions(std::pmr::get_default_resource());
  for (const Felt& felt : felts) AddTo(impressions, felt);
  return impressions;
}

std::vector<std::string> Ids(const Impressions& impressions, absl::Span<const Impression> items) {
  std::vector<std::string> ids;
  for (const Impression& item : items) ids.emplace_back(impressions.event_id(item));
  return ids;
}

std::string IdOf(const Impressions& impressions, const std::optional<Impression>& item) {
  return item ? std::string(impressions.event_id(*item)) : "";
}

// The heaviest of one sign; ties: the later.
std::string Strongest(const std::vector<Felt>& sorted, int sign) {
  const Felt* best = nullptr;
  for (const Felt& felt : sorted) {
    if (int64_t{felt.valence} * sign <= 0) continue;
    if (best == nullptr || felt.weight() >= best->weight()) best = &felt;
  }
  return best == nullptr ? "" : best->id;
}

void ExpectLikePlainList(const Impressions& impressions, std::vector<Felt> felts) {
  std::sort(felts.begin(), felts.end(),
            [](const Felt& a, const Felt& b) { return a.place() < b.place(); });
  int64_t sum = 0;
  std::vector<std::string> ids;
  for (const Felt& felt : felts) {
    sum += felt.valence;
    ids.push_back(felt.id);
  }
  const auto count = static_cast<ptrdiff_t>(ids.size());
  const std::vector<std::string> first(ids.begin(), ids.begin() + std::min<ptrdiff_t>(16, count));
  const std::vector<std::string> latest(ids.end() - std::min<ptrdiff_t>(32, count), ids.end());
  RC_ASSERT(impressions.count() == count);
  RC_ASSERT(impressions.sum() == sum);
  RC_ASSERT(Ids(impressions, impressions.earliest()) == first);
  RC_ASSERT(Ids(impressions, impressions.latest()) == latest);
  RC_ASSERT(IdOf(impressions, impressions.strongest_positive()) == Strongest(felts, 1));
  RC_ASSERT(IdOf(impressions, impressions.strongest_negative()) == Strongest(felts, -1));
}

// Few times, few values and ids of unequal length: ties are common.
std::vector<Felt> RandomFelts(int count) {
  std::vector<Felt> felts;
  for (int i = 0; i < count; ++i) {
    const std::string id = std::to_string(i) + std::string(static_cast<size_t>(i % 7), 'x');
    felts.push_back({*rc::gen::inRange<int64_t>(0, count + 1), id,
                     static_cast<affect::Nano>(*rc::gen::inRange(-3, 4) * 300'000'000),
                     static_cast<affect::Nano>(*rc::gen::inRange(0, 3) * 500'000'000)});
  }
  return felts;
}

TEST(ImpressionsTest, AnyOrderGivesWhatAPlainListGives) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<Felt> felts = RandomFelts(*rc::gen::inRange(0, 130));
    ExpectLikePlainList(Collect(felts), felts);
  }));
}

TEST(ImpressionsTest, MergingEqualsAddingOneByOne) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<Felt> felts = RandomFelts(*rc::gen::inRange(0, 130));
    std::vector<Felt> parts[3];
    for (const Felt& felt : felts) parts[*rc::gen::inRange(0, 3)].push_back(felt);
    Impressions merged = Collect(parts[0]);
    merged.Merge(Collect(parts[1]));
    merged.Merge(Collect(parts[2]));
    ExpectLikePlainList(merged, felts);
  }));
}

// The buffer of ids is repacked every few additions; each id kept must survive it.
TEST(ImpressionsTest, EventIdsSurviveRepacking) {
  Impressions impressions(std::pmr::get_default_resource());
  AddTo(impressions, {0, "the-very-first", -affect::kNanoOne});
  AddTo(impressions, {1, "the-best", affect::kNanoOne});
  for (int i = 0; i < 1000; ++i) {
    AddTo(impressions, {10 + i, std::string(static_cast<size_t>(i % 256), 'i'), 100'000'000});
    ASSERT_EQ(IdOf(impressions, impressions.strongest_negative()), "the-very-first");
    ASSERT_EQ(IdOf(impressions, impressions.strongest_positive()), "the-best");
    ASSERT_EQ(impressions.event_id(impressions.earliest().front()), "the-very-first");
    ASSERT_EQ(impressions.event_id(impressions.latest().back()),
              std::string(static_cast<size_t>(i % 256), 'i'));
  }
}

TEST(ImpressionsTest, OfEqualPeaksTheLaterStays) {
  const Impressions impressions = Collect({{5, "b", -500'000'000}, {1, "a", -500'000'000}});
  EXPECT_EQ(IdOf(impressions, impressions.strongest_negative()), "b");
}

TEST(ImpressionsTest, AnUnsureFeelingWeighsLess) {
  const Impressions impressions =
      Collect({{1, "sure", -500'000'000}, {2, "unsure", -900'000'000, 500'000'000}});
  EXPECT_EQ(IdOf(impressions, impressions.strongest_negative()), "sure");
}

}  // namespace
}  // namespace peakend::journey
