// The line that a person at a terminal sees while a sink runs.
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_PROCESSORS_CLI_SINK_PROGRESS_H_
#define PEAKEND_PROCESSORS_CLI_SINK_PROGRESS_H_

#include <cstdint>
#include <iosfwd>

#include "absl/time/time.h"
#include "processors/warehouse/row_sink.h"

namespace peakend::cli {

class SinkProgress {
 public:
  // Null = nobody looks: only the sums are kept.
  explicit SinkProgress(std::ostream* out) : out_(out) {}

  void AddBatch(const warehouse::WriteReport& report);
  // A line each 10 s; `lag` records are still to be read.
  void Show(int64_t lag, absl::Time now);
  void Finish();

  int64_t written() const { return written_; }
  int64_t dead() const { return dead_; }

 private:
  std::ostream* const out_;
  int64_t written_ = 0;
  int64_t old_ = 0;
  int64_t dead_ = 0;
  int64_t shown_ = 0;  // written_ of the latest line
  absl::Time shown_at_ = absl::InfinitePast();
};

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_SINK_PROGRESS_H_
