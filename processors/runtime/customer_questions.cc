#include "processors/runtime/customer_questions.h"

#include <utility>

namespace peakend::runtime {

bool CustomerQuestions::Ask(std::string key, std::function<void(Answer)> on_answer) {
  const std::lock_guard lock(mutex_);
  if (waiting_.size() >= kMostWaiting) return false;
  waiting_.push_back({std::move(key), std::move(on_answer)});
  return true;
}

void CustomerQuestions::AnswerAll(const std::function<Answer(std::string_view key)>& describe) {
  std::vector<Question> questions;
  {
    const std::lock_guard lock(mutex_);
    questions.swap(waiting_);
  }
  for (const Question& question : questions) question.on_answer(describe(question.key));
}

}  // namespace peakend::runtime
