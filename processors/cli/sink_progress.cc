#include "processors/cli/sink_progress.h"

#include <numeric>
#include <ostream>

namespace peakend::cli {
namespace {

constexpr absl::Duration kShowEvery = absl::Seconds(10);

}  // namespace

void SinkProgress::AddBatch(const warehouse::WriteReport& report) {
  written_ += report.written;
  old_ += report.old;
  dead_ += std::accumulate(report.dead.begin(), report.dead.end(), int64_t{0});
}

void SinkProgress::Show(int64_t lag, absl::Time now) {
  if (out_ == nullptr) return;
  if (shown_at_ == absl::InfinitePast()) shown_at_ = now;
  if (now < shown_at_ + kShowEvery) return;
  const double seconds = absl::ToDoubleSeconds(now - shown_at_);
  *out_ << written_ << " rows written ("
        << static_cast<int64_t>(static_cast<double>(written_ - shown_) / seconds) << "/s), " << old_
        << " old, " << dead_ << " dead letters, " << lag << " to read" << std::endl;
  shown_ = written_;
  shown_at_ = now;
}

void SinkProgress::Finish() {
  if (out_ == nullptr) return;
  *out_ << written_ << " rows written, " << old_ << " old, " << dead_ << " dead letters"
        << std::endl;
}

}  // namespace peakend::cli
