#include "processors/cli/replay_progress.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

namespace peakend::cli {
namespace {

constexpr absl::Duration kPause = absl::Milliseconds(200);
constexpr std::string_view kEraseLine = "\r\x1b[K";

}  // namespace

ReplayProgress::ReplayProgress(const Invocation& call)
    : err_(call.terminal_err && !call.quiet ? call.err : nullptr), start_(absl::Now()) {}

ReplayProgress::~ReplayProgress() {
  if (err_ != nullptr && shown_ != absl::InfinitePast()) *err_ << kEraseLine << std::flush;
}

void ReplayProgress::Show(int64_t records, std::optional<double> share, absl::Time now) {
  if (err_ == nullptr || now - shown_ < kPause) return;
  shown_ = now;
  const double seconds = std::max(0.001, absl::ToDoubleSeconds(now - start_));
  *err_ << kEraseLine << records << " records";
  if (share) *err_ << absl::StrFormat(", %.0f %%", 100 * std::clamp(*share, 0.0, 1.0));
  *err_ << absl::StrFormat(", %.0f a second", static_cast<double>(records) / seconds) << std::flush;
}

}  // namespace peakend::cli
