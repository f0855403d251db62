// Questions about single customers on their way from the admin port to the worker,
// whose thread alone may look at its state.
//
// Bounded: kMostWaiting questions wait, further ones are turned away. Whoever asks sets
// the limit on waiting; the answer to a question that was given up goes nowhere.
//
// Thread-safety: all methods may be called from any thread.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CUSTOMER_QUESTIONS_H_
#define PEAKEND_PROCESSORS_RUNTIME_CUSTOMER_QUESTIONS_H_

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "processors/runtime/committed_record.h"

namespace peakend::runtime {

class CustomerQuestions {
 public:
  static constexpr size_t kMostWaiting = 16;

  // Errors as Worker::Describe.
  using Answer = absl::StatusOr<CommittedRecord>;

  // Leaves a question; `on_answer` is called at most once, by whoever calls AnswerAll.
  // False = too many are waiting, and nothing is kept.
  bool Ask(std::string key, std::function<void(Answer)> on_answer);

  // Answers what is waiting, in the order of asking. No lock is held meanwhile: questions
  // that come in now wait for the next call.
  void AnswerAll(const std::function<Answer(std::string_view key)>& describe);

 private:
  struct Question {
    std::string key;
    std::function<void(Answer)> on_answer;
  };

  std::mutex mutex_;
  std::vector<Question> waiting_;  // guarded by mutex_
};

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CUSTOMER_QUESTIONS_H_
