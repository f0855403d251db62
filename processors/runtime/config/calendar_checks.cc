#include "processors/runtime/config/calendar_checks.h"

#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "processors/journey/calendar_text.h"
#include "processors/runtime/config/time_zone.h"

namespace peakend::runtime {
namespace {

std::string PathOf(int calendar) { return absl::StrCat("calendars[", calendar, "]"); }

class CalendarCheck {
 public:
  explicit CalendarCheck(LoadState& state) : state_(state) {}

  void Check(const v1::CalendarPolicy& calendar, int index);

 private:
  void CheckName(const v1::CalendarPolicy& calendar);
  void CheckQueues(const v1::CalendarPolicy& calendar);
  void CheckHours(const v1::CalendarPolicy& calendar);
  void CheckHolidays(const v1::CalendarPolicy& calendar);
  void CheckWorkdays(const v1::CalendarPolicy& calendar);
  void CheckOpen(const v1::CalendarPolicy& calendar);
  void Refuse(absl::string_view field, int entry, absl::string_view code, absl::string_view text,
              absl::string_view why);
  Origin PlaceOf(absl::string_view field, int entry) const {
    return WrittenOrigin(state_.origins, {absl::StrCat(path_, ".", field, "[", entry, "]"), path_});
  }

  LoadState& state_;
  std::string path_;
  int index_ = 0;
  bool refused_ = false;  // something of the calendar at hand
  bool monday_ = false;   // it is open on Mondays
  std::map<std::string, int> named_;
  std::map<std::string, std::string> calendar_of_;  // by queue
  std::optional<std::string> of_others_;
};

void CalendarCheck::Refuse(absl::string_view field, int entry, absl::string_view code,
                           absl::string_view text, absl::string_view why) {
  refused_ = true;
  state_.problems.Error(
      PlaceOf(field, entry),
      {std::string(code),
       absl::StrCat("`", field, "` cannot be ", Quoted({text.data(), text.size()}), ": ", why)});
}

void CalendarCheck::CheckName(const v1::CalendarPolicy& calendar) {
  if (calendar.name().empty()) return;
  const auto [first, added] = named_.emplace(calendar.name(), index_);
  if (added) return;
  state_.problems.Error(
      WrittenOrigin(state_.origins, {path_ + ".name", path_}),
      {"PE0044", absl::StrCat("two calendars are called ", Quoted(calendar.name())),
       absl::StrCat("the first one is calendar ", first->second + 1, " of the list")});
}

void CalendarCheck::CheckQueues(const v1::CalendarPolicy& calendar) {
  if (calendar.queues().empty()) {
    if (state_.refused.contains(path_ + ".queues")) return;
    if (of_others_) {
      state_.problems.Error(
          WrittenOrigin(state_.origins, {path_}),
          {"PE0043",
           absl::StrCat("two calendars name no queues: ", Quoted(*of_others_), " and ",
                        Quoted(calendar.name())),
           "one may be for all queues that no other names; give the other its `queues`"});
    }
    if (!of_others_) of_others_ = calendar.name();
    return;
  }
  for (int i = 0; i < calendar.queues_size(); ++i) {
    const auto [known, added] = calendar_of_.emplace(calendar.queues(i), calendar.name());
    if (added) continue;
    state_.problems.Error(
        PlaceOf("queues", i),
        {"PE0042", absl::StrCat("queue ", Quoted(calendar.queues(i)), " has a calendar already"),
         absl::StrCat("it is named by ", Quoted(known->second))});
  }
}

void CalendarCheck::CheckHours(const v1::CalendarPolicy& calendar) {
  monday_ = false;
  for (int i = 0; i < calendar.hours_size(); ++i) {
    const absl::StatusOr<journey::WeekSpan> span = journey::ParseWeekSpan(calendar.hours(i));
    if (!span.ok()) {
      Refuse("hours", i, "PE0040", calendar.hours(i), span.status().message());
      continue;
    }
    monday_ = monday_ || span->first == 0 || span->last < span->first;
  }
}

void CalendarCheck::CheckHolidays(const v1::CalendarPolicy& calendar) {
  for (int i = 0; i < calendar.holidays_size(); ++i) {
    const absl::Status status = journey::ParseHoliday(calendar.holidays(i)).status();
    if (!status.ok()) Refuse("holidays", i, "PE0041", calendar.holidays(i), status.message());
  }
}

void CalendarCheck::CheckWorkdays(const v1::CalendarPolicy& calendar) {
  const bool hours_known = !refused_;
  for (int i = 0; i < calendar.workdays_size(); ++i) {
    const absl::StatusOr<journey::Workday> workday = journey::ParseWorkday(calendar.workdays(i));
    if (!workday.ok()) {
      Refuse("workdays", i, "PE0041", calendar.workdays(i), workday.status().message());
    } else if (!workday->hours && !monday_ && hours_known) {
      Refuse("workdays", i, "PE0041", calendar.workdays(i),
             "it would be open like a Monday, which is closed; add its times");
    }
  }
}

void CalendarCheck::CheckOpen(const v1::CalendarPolicy& calendar) {
  if (refused_ || !calendar.hours().empty() || !calendar.workdays().empty()) return;
  state_.problems.Error(
      WrittenOrigin(state_.origins, {path_ + ".hours", path_}),
      {"PE0045", absl::StrCat("calendar ", Quoted(calendar.name()), " is never open"),
       "write its `hours`, such as [\"Mon-Fri 09:00-18:00\"]"});
}

void CalendarCheck::Check(const v1::CalendarPolicy& calendar, int index) {
  index_ = index;
  path_ = PathOf(index);
  refused_ = state_.refused.contains(path_ + ".hours");
  CheckName(calendar);
  CheckQueues(calendar);
  CheckHours(calendar);
  CheckHolidays(calendar);
  CheckWorkdays(calendar);
  CheckOpen(calendar);
}

}  // namespace

void CheckCalendars(const v1::Policy& policy, LoadState& state) {
  CalendarCheck check(state);
  for (int i = 0; i < policy.calendars_size(); ++i) check.Check(policy.calendars(i), i);
}

void ResolveTimeZones(v1::Policy& policy, LoadState& state) {
  for (int i = 0; i < policy.calendars_size(); ++i) {
    v1::CalendarPolicy& calendar = *policy.mutable_calendars(i);
    std::optional<UtcOffsets> offsets = UtcOffsetsOf(calendar.time_zone());
    if (offsets) {
      *calendar.mutable_utc_offsets() = *std::move(offsets);
      continue;
    }
    const std::string nearest = NearestTimeZone(calendar.time_zone());
    state.problems.Error(
        WrittenOrigin(state.origins, {PathOf(i) + ".time_zone", PathOf(i)}),
        {"PE0039", absl::StrCat("the system knows no time zone ", Quoted(calendar.time_zone())),
         nearest.empty()
             ? "write its IANA name, such as Europe/Berlin; the tables of the system come with its "
               "package tzdata"
             : absl::StrCat("did you mean `", nearest, "`?")});
  }
}

}  // namespace peakend::runtime
