#include "processors/cli/day_flags.h"

#include <CLI/CLI.hpp>
#include <ostream>

namespace peakend::cli {
namespace {

// False after an error; an empty text is no limit.
bool ReadDay(const char* flag, const std::string& text, std::optional<warehouse::DayNumber>* day,
             Invocation& call) {
  if (text.empty()) return true;
  *day = warehouse::ParseDay(text);
  if (!*day) {
    *call.err << "error: " << flag << " `" << text << "` is no date like 2026-01-31\n";
  }
  return day->has_value();
}

}  // namespace

void AddDayFlags(CLI::App& app, DayFlags& flags) {
  app.add_option("--since", flags.since, "Only rows whose business_date is this day or a later one")
      ->type_name("DATE");
  app.add_option("--until", flags.until, "Only rows whose business_date is before this day")
      ->type_name("DATE");
}

std::optional<DayRange> CheckedDays(const DayFlags& flags, Invocation& call) {
  DayRange range;
  if (!ReadDay("--since", flags.since, &range.since, call)) return std::nullopt;
  if (!ReadDay("--until", flags.until, &range.until, call)) return std::nullopt;
  if (range.since && range.until && *range.since >= *range.until) {
    *call.err << "error: --since must be before --until, which is the first day that does not "
                 "count\n";
    return std::nullopt;
  }
  return range;
}

}  // namespace peakend::cli
