#include "processors/journey/human_answers.h"

#include <algorithm>
#include <utility>

namespace peakend::journey {

HumanAnswers::HumanAnswers(const v1::CustomerState::Contact& record,
                           std::pmr::memory_resource* memory)
    : times_ms_(memory), forgot_(record.forgot_human_answers()) {
  int64_t at_ms = 0;
  for (const int64_t step_ms : record.human_answers()) {
    at_ms += step_ms;
    times_ms_.push_back(at_ms);
  }
  // Formats before 6 knew the latest only; whether there were others is not known.
  if (times_ms_.empty() && record.has_human_at_ms()) {
    times_ms_.push_back(record.human_at_ms());
    forgot_ = true;
  }
}

void HumanAnswers::Save(RecordBytes& record) const {
  if (!times_ms_.empty()) {
    record.Message(v1::CustomerState::Contact::kHumanAnswersFieldNumber, [&] {
      int64_t before_ms = 0;
      for (const int64_t at_ms : times_ms_)
        record.AddSigned(at_ms - std::exchange(before_ms, at_ms));
    });
  }
  record.Int(v1::CustomerState::Contact::kForgotHumanAnswersFieldNumber, forgot_);
}

void HumanAnswers::Add(int64_t at_ms) {
  if (times_ms_.size() == kMost) {
    forgot_ = true;
    if (at_ms <= times_ms_.front()) return;
    times_ms_.erase(times_ms_.begin());
  }
  times_ms_.insert(std::upper_bound(times_ms_.begin(), times_ms_.end(), at_ms), at_ms);
}

void HumanAnswers::Merge(const HumanAnswers& other) {
  for (const int64_t at_ms : other.times_ms_) Add(at_ms);
  forgot_ = forgot_ || other.forgot_;
}

std::optional<int64_t> HumanAnswers::latest_ms() const {
  if (times_ms_.empty()) return std::nullopt;
  return times_ms_.back();
}

std::optional<int64_t> HumanAnswers::FirstAfterMs(int64_t at_ms) const {
  const auto first = std::upper_bound(times_ms_.begin(), times_ms_.end(), at_ms);
  if (first == times_ms_.end()) return std::nullopt;
  return *first;
}

}  // namespace peakend::journey
