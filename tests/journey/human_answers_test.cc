// The latest answers against a model that keeps all of them.
#include "processors/journey/human_answers.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <memory_resource>
#include <optional>
#include <utility>
#include <vector>

namespace peakend::journey {
namespace {

HumanAnswers Answers(const std::vector<int64_t>& times_ms) {
  HumanAnswers answers(std::pmr::get_default_resource());
  for (const int64_t at_ms : times_ms) answers.Add(at_ms);
  return answers;
}

HumanAnswers Restored(const HumanAnswers& answers) {
  RecordBytes bytes;
  answers.Save(bytes);
  v1::CustomerState::Contact record;
  EXPECT_TRUE(bytes.ReadInto(&record));
  return HumanAnswers(record, std::pmr::get_default_resource());
}

// What is known of the first answer after `at_ms`: nothing = it may be forgotten.
std::optional<std::optional<int64_t>> Known(const HumanAnswers& answers, int64_t at_ms) {
  if (!answers.KnowsAfter(at_ms)) return std::nullopt;
  return answers.FirstAfterMs(at_ms);
}

std::optional<std::optional<int64_t>> Expected(std::vector<int64_t> all, int64_t at_ms) {
  std::sort(all.begin(), all.end());
  const bool forgot = all.size() > HumanAnswers::kMost;
  if (forgot) all.erase(all.begin(), all.end() - HumanAnswers::kMost);
  if (forgot && all.front() > at_ms) return std::nullopt;
  const auto first = std::upper_bound(all.begin(), all.end(), at_ms);
  return first == all.end() ? std::nullopt : std::optional(*first);
}

TEST(HumanAnswersTest, KnowsTheFirstAfterATimeOrThatItForgot) {
  EXPECT_TRUE(rc::check([] {
    const auto times = *rc::gen::container<std::vector<int64_t>>(rc::gen::inRange<int64_t>(0, 60));
    const auto at_ms = *rc::gen::inRange<int64_t>(0, 60);
    const HumanAnswers answers = Answers(times);
    RC_ASSERT(Known(answers, at_ms) == Expected(times, at_ms));
    RC_ASSERT(Known(Restored(answers), at_ms) == Expected(times, at_ms));
  }));
}

TEST(HumanAnswersTest, MergingIsAddingAll) {
  EXPECT_TRUE(rc::check([] {
    const auto times = rc::gen::container<std::vector<int64_t>>(rc::gen::inRange<int64_t>(0, 60));
    std::vector<int64_t> all = *times;
    const std::vector<int64_t> others = *times;
    const auto at_ms = *rc::gen::inRange<int64_t>(0, 60);
    HumanAnswers merged = Answers(all);
    merged.Merge(Answers(others));
    all.insert(all.end(), others.begin(), others.end());
    RC_ASSERT(Known(merged, at_ms) == Expected(all, at_ms));
    RC_ASSERT(merged.latest_ms() == Answers(all).latest_ms());
  }));
}

TEST(HumanAnswersTest, AnOlderRecordKnowsTheLatestOnly) {
  v1::CustomerState::Contact record;
  record.set_human_at_ms(70);
  const HumanAnswers answers(record, std::pmr::get_default_resource());
  EXPECT_EQ(answers.latest_ms(), 70);
  EXPECT_FALSE(answers.KnowsAfter(69));
  EXPECT_TRUE(answers.KnowsAfter(70));
}

}  // namespace
}  // namespace peakend::journey
