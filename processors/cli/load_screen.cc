#include "processors/cli/load_screen.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

namespace peakend::cli {
namespace {

constexpr absl::Duration kOnTerminal = absl::Milliseconds(500);
constexpr absl::Duration kElsewhere = absl::Seconds(10);

std::string Ms(int64_t us) { return absl::StrFormat("%.1f", static_cast<double>(us) / 1000); }

}  // namespace

LoadScreen::LoadScreen(const Invocation& call, const LoadOptions& options)
    : err_(call.quiet ? nullptr : call.err),
      terminal_(call.terminal_err),
      length_us_(options.part.length_us),
      offered_(options.profile.rate() * options.speed),
      shown_(absl::Now()) {}

bool LoadScreen::Due(absl::Time now) const {
  return err_ != nullptr && now - shown_ >= (terminal_ ? kOnTerminal : kElsewhere);
}

void LoadScreen::ShowWritten(int64_t records, int64_t due_us) {
  const absl::Time now = absl::Now();
  if (!Due(now)) return;
  Line(absl::StrFormat("%d records, %d %%", records, due_us * 100 / length_us_), now);
}

void LoadScreen::Show(const Figures& figures, absl::Time now) {
  const double seconds = std::max(1e-3, absl::ToDoubleSeconds(now - shown_));
  std::string text =
      absl::StrFormat("%3d %%  %d records  %.0f/s of %.0f  late p50 %s p99 %s ms  %d under way",
                      figures.due_us * 100 / length_us_, figures.records,
                      static_cast<double>(figures.records - records_shown_) / seconds, offered_,
                      Ms(figures.late.p50()), Ms(figures.late.p99()), figures.waiting);
  if (figures.lag) absl::StrAppend(&text, "  lag ", *figures.lag);
  if (figures.alerts.count() > 0) {
    absl::StrAppendFormat(&text, "  %d alerts p50 %s p99 %s ms", figures.alerts.count(),
                          Ms(figures.alerts.p50()), Ms(figures.alerts.p99()));
  }
  records_shown_ = figures.records;
  Line(text, now);
}

void LoadScreen::Line(const std::string& text, absl::Time now) {
  shown_ = now;
  if (terminal_) {
    *err_ << "\r\033[K" << text << std::flush;
  } else {
    *err_ << text << "\n" << std::flush;
  }
}

void LoadScreen::End() {
  if (err_ != nullptr && terminal_) *err_ << "\r\033[K" << std::flush;
}

}  // namespace peakend::cli
