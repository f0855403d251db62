#include "processors/publish/policy_calendars.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "processors/journey/calendar_text.h"

namespace peakend::publish {
namespace {

using journey::CalendarPlan;

absl::Status AddHours(const v1::CalendarPolicy& policy, CalendarPlan& plan) {
  for (const std::string& text : policy.hours()) {
    const absl::StatusOr<journey::WeekSpan> span = journey::ParseWeekSpan(text);
    if (!span.ok()) return span.status();
    const size_t days = (span->last + 7 - span->first) % 7 + 1;
    for (size_t i = 0; i < days; ++i) plan.week[(span->first + i) % 7].push_back(span->hours);
  }
  return absl::OkStatus();
}

absl::Status AddDates(const v1::CalendarPolicy& policy, CalendarPlan& plan) {
  for (const std::string& text : policy.holidays()) {
    const absl::StatusOr<journey::DayRange> days = journey::ParseHoliday(text);
    if (!days.ok()) return days.status();
    plan.holidays.push_back(*days);
  }
  for (const std::string& text : policy.workdays()) {
    const absl::StatusOr<journey::Workday> workday = journey::ParseWorkday(text);
    if (!workday.ok()) return workday.status();
    plan.workdays.push_back(
        {workday->day, workday->hours ? journey::DayHours{*workday->hours} : plan.week.front()});
  }
  return absl::OkStatus();
}

bool IsEverOpen(const CalendarPlan& plan) {
  return std::any_of(plan.week.begin(), plan.week.end(),
                     [](const auto& hours) { return !hours.empty(); }) ||
         std::any_of(plan.workdays.begin(), plan.workdays.end(),
                     [](const auto& special) { return !special.hours.empty(); });
}

absl::StatusOr<CalendarPlan> PlanOf(const v1::CalendarPolicy& policy) {
  CalendarPlan plan;
  plan.name = policy.name();
  if (absl::Status status = AddHours(policy, plan); !status.ok()) return status;
  if (absl::Status status = AddDates(policy, plan); !status.ok()) return status;
  if (!IsEverOpen(plan)) return absl::InvalidArgumentError("it is never open");
  for (const v1::CalendarPolicy::UtcOffset& offset : policy.utc_offsets()) {
    if (!plan.offsets.empty() && offset.from_ms() <= plan.offsets.back().from_ms) {
      return absl::InvalidArgumentError("its offsets from UTC are out of order");
    }
    plan.offsets.push_back({offset.from_ms(), int64_t{offset.offset_seconds()} * 1000});
  }
  if (plan.offsets.empty()) return absl::InvalidArgumentError("its time zone is not resolved");
  return plan;
}

}  // namespace

absl::StatusOr<journey::Calendars> CompileCalendars(const v1::Policy& policy) {
  journey::Calendars calendars;
  for (const v1::CalendarPolicy& source : policy.calendars()) {
    absl::StatusOr<CalendarPlan> plan = PlanOf(source);
    if (!plan.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("calendars.", source.name(), ": ", plan.status().message()));
    }
    const std::vector<std::string> queues(source.queues().begin(), source.queues().end());
    if (!calendars.Add(journey::BusinessHours(*std::move(plan)), queues)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "calendars.", source.name(), ": one of its queues has another calendar already"));
    }
  }
  return calendars;
}

}  // namespace peakend::publish
