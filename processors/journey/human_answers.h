// When humans answered in a contact: the latest times, in bounded space.
//
// A latest-k of all answers, so the order of their arrival does not matter.
//
// Thread-safety: none. The caller has removed duplicates.
#ifndef PEAKEND_PROCESSORS_JOURNEY_HUMAN_ANSWERS_H_
#define PEAKEND_PROCESSORS_JOURNEY_HUMAN_ANSWERS_H_

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <vector>

#include "peakend/v1/customer_state.pb.h"
#include "processors/journey/record_bytes.h"

namespace peakend::journey {

class HumanAnswers {
 public:
  static constexpr size_t kMost = 16;

  explicit HumanAnswers(std::pmr::memory_resource* memory) : times_ms_(memory) {}
  // The answers that Save wrote. REQUIRES: the record was checked.
  HumanAnswers(const v1::CustomerState::Contact& record, std::pmr::memory_resource* memory);
  // Writes their fields of a contact's record.
  void Save(RecordBytes& record) const;

  void Add(int64_t at_ms);
  void Merge(const HumanAnswers& other);

  bool empty() const { return times_ms_.empty(); }
  std::optional<int64_t> latest_ms() const;
  // The first one later than `at_ms`; nothing when there is none.
  std::optional<int64_t> FirstAfterMs(int64_t at_ms) const;
  // False when the first one later than `at_ms` may have been forgotten.
  bool KnowsAfter(int64_t at_ms) const { return !forgot_ || times_ms_.front() <= at_ms; }

 private:
  std::pmr::vector<int64_t> times_ms_;  // earlier first
  bool forgot_ = false;
};

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_HUMAN_ANSWERS_H_
