// Which records of the input an explanation needs.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_CLI_INPUT_STRETCH_H_
#define PEAKEND_PROCESSORS_CLI_INPUT_STRETCH_H_

#include <cstdint>
#include <limits>
#include <vector>

#include "processors/cli/explain_lookup.h"

namespace peakend::cli {

// A partition from its beginning through one of its records.
struct InputStretch {
  static constexpr int64_t kAll = std::numeric_limits<int64_t>::max();

  int32_t partition = 0;
  int64_t last = kAll;  // offset of that record
  friend bool operator==(const InputStretch&, const InputStretch&) = default;
};

// The subject's partition comes first, through the record that made the newest rows; where there
// is none of the journey yet and the alert is somebody else's, all of it, of the `partitions` the
// one of the customer's key. Then those that the alert was in before it went on with its
// customer, through the last record that counted for it there, by their numbers.
// REQUIRES: partitions > 0.
std::vector<InputStretch> StretchesFor(const ExplainSubject& subject, int32_t partitions);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_INPUT_STRETCH_H_
