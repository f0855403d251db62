#include "processors/publish/rows/business_dates.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"

namespace peakend::publish {
namespace {

constexpr int64_t kDayLengthMs = 86'400'000;
// Beyond these a zone need not tell all its changes, so that no stretch is known to be sure.
constexpr int64_t kFirstSureMs = 0;
constexpr int64_t kLastSureMs = 7'258'118'400'000;  // 2200-01-01

struct TimeStretch {
  int64_t begin_ms = 0;
  int64_t end_ms = 0;
};

// A stretch around `at_ms` in which the zone's day is the same. What changes the offset begins
// another one: at midnight it may make a day begin twice, or leave one out.
TimeStretch StretchOfDay(const absl::TimeZone& zone, int64_t at_ms) {
  const absl::Time at = absl::FromUnixMillis(at_ms);
  const absl::TimeZone::CivilInfo civil = zone.At(at);
  const absl::Time second = at - civil.subsecond;
  // What the clock on the wall shows, as long as the offset is what it is at `at_ms`.
  const auto shows = [&](absl::CivilSecond time) {
    return absl::ToUnixMillis(second + absl::Seconds(time - civil.cs));
  };
  const absl::CivilDay day(civil.cs);
  TimeStretch stretch{shows(absl::CivilSecond(day)), shows(absl::CivilSecond(day + 1))};
  absl::TimeZone::CivilTransition change;
  // The latest one that is not after `second`; changes are at whole seconds.
  if (zone.PrevTransition(second + absl::Seconds(1), &change)) {
    stretch.begin_ms = std::max(stretch.begin_ms, shows(change.to));
  }
  if (zone.NextTransition(second, &change)) {
    stretch.end_ms = std::min(stretch.end_ms, shows(change.from));
  }
  return stretch;
}

}  // namespace

std::string_view BusinessDates::Of(const absl::TimeZone& zone, int64_t at_ms) {
  Day& day = days_[static_cast<uint64_t>(at_ms / kDayLengthMs) % kDays];
  if (day.zone == &zone && day.begin_ms <= at_ms && at_ms < day.end_ms) return day.date;
  const bool sure = kFirstSureMs <= at_ms && at_ms < kLastSureMs;
  const TimeStretch stretch = sure ? StretchOfDay(zone, at_ms) : TimeStretch();
  const absl::CivilDay civil = absl::ToCivilDay(absl::FromUnixMillis(at_ms), zone);
  day = {&zone, stretch.begin_ms, stretch.end_ms,
         absl::StrFormat("%04d-%02d-%02d", civil.year(), civil.month(), civil.day())};
  return day.date;
}

}  // namespace peakend::publish
