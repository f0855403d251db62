#include "processors/runtime/customer_questions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace peakend::runtime {
namespace {

using Answer = CustomerQuestions::Answer;

Answer Echo(std::string_view key) { return CommittedRecord{0, 0, std::string(key), nullptr}; }

TEST(CustomerQuestionsTest, AnswersInTheOrderOfAsking) {
  CustomerQuestions questions;
  std::vector<std::string> answered;
  for (const char* key : {"a/1", "a/2", "a/3"}) {
    EXPECT_TRUE(questions.Ask(key, [&](const Answer& a) { answered.push_back(a->value); }));
  }
  questions.AnswerAll(Echo);
  EXPECT_THAT(answered, testing::ElementsAre("a/1", "a/2", "a/3"));
  questions.AnswerAll([](std::string_view) -> Answer {
    ADD_FAILURE() << "asked twice";
    return absl::NotFoundError("");
  });
}

TEST(CustomerQuestionsTest, TurnsAwayWhatIsTooMany) {
  CustomerQuestions questions;
  size_t answered = 0;
  for (size_t i = 0; i < CustomerQuestions::kMostWaiting; ++i) {
    EXPECT_TRUE(questions.Ask("a/1", [&](const Answer&) { ++answered; }));
  }
  EXPECT_FALSE(questions.Ask("a/1", [](const Answer&) { ADD_FAILURE() << "was turned away"; }));
  questions.AnswerAll(Echo);
  EXPECT_EQ(answered, CustomerQuestions::kMostWaiting);
  EXPECT_TRUE(questions.Ask("a/1", [](const Answer&) {}));
}

TEST(CustomerQuestionsTest, AQuestionAskedWhileOthersAreAnsweredWaits) {
  CustomerQuestions questions;
  int second = 0;
  questions.Ask("a/1", [&](const Answer&) {
    EXPECT_TRUE(questions.Ask("a/2", [&](const Answer&) { ++second; }));
  });
  questions.AnswerAll(Echo);
  EXPECT_EQ(second, 0);
  questions.AnswerAll(Echo);
  EXPECT_EQ(second, 1);
}

TEST(CustomerQuestionsTest, EveryoneGetsTheirOwnAnswerOnce) {
  constexpr int kAskers = 4;
  constexpr int kEach = 500;
  CustomerQuestions questions;
  std::atomic<bool> stop = false;
  std::thread worker([&] {
    while (!stop) questions.AnswerAll(Echo);
  });
  std::vector<std::thread> askers;
  for (int asker = 0; asker < kAskers; ++asker) {
    askers.emplace_back([&questions, asker] {
      for (int i = 0; i < kEach; ++i) {
        const std::string key = std::to_string(asker) + "/" + std::to_string(i);
        // A second answer would throw.
        const auto answered = std::make_shared<std::promise<std::string>>();
        ASSERT_TRUE(
            questions.Ask(key, [answered](const Answer& a) { answered->set_value(a->value); }));
        EXPECT_EQ(answered->get_future().get(), key);
      }
    });
  }
  for (std::thread& asker : askers) asker.join();
  stop = true;
  worker.join();
}

}  // namespace
}  // namespace peakend::runtime
