"""Reads the calendars of a policy: days and spans as they are written, and the offsets of time zones."""

import datetime
import functools
import re
import zoneinfo

from oracle_hours import DAY_MS, Calendar

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SPAN = r"(\d\d):(\d\d)-(\d\d):(\d\d)"
DATE = r"(\d{4})-(\d\d)-(\d\d)"
YEARS = range(2000, 2061)
EPOCH = datetime.date(1970, 1, 1).toordinal()
# From 2000 until 2060: when offsets from UTC are part of a policy, in seconds.
FIRST_S, LAST_S, DAY_S = 946_684_800, 2_840_140_800, 86_400


class CalendarError(Exception):
    """What is written is no calendar."""


def matched(pattern, text):
    found = re.fullmatch(pattern, text, re.ASCII)
    if not found:
        raise CalendarError(f"'{text}' is not what a calendar says")
    return found.groups()


def span_of(hour, minute, end_hour, end_minute):
    """In ms of a day."""
    times = []
    for hours, minutes in ((int(hour), int(minute)), (int(end_hour), int(end_minute))):
        if minutes > 59 or hours * 60 + minutes > 24 * 60:
            raise CalendarError(f"{hours}:{minutes} is no time of a day")
        times.append((hours * 60 + minutes) * 60_000)
    if times[1] <= times[0]:
        raise CalendarError("a span ends before it begins")
    return tuple(times)


def day_of(year, month, day):
    """Since 1970."""
    if int(year) not in YEARS:
        raise CalendarError(f"the year {year} is too far away")
    try:
        return datetime.date(int(year), int(month), int(day)).toordinal() - EPOCH
    except ValueError as error:
        raise CalendarError(f"{year}-{month}-{day} is no day") from error


def week_of(texts):
    """Spans by weekday."""
    week = [[] for _ in WEEKDAYS]
    names = "|".join(WEEKDAYS)
    for text in texts:
        first, last, *times = matched(f"({names})(?:-({names}))? {SPAN}", text)
        begin = WEEKDAYS.index(first)
        for day in range((WEEKDAYS.index(last or first) - begin) % 7 + 1):
            week[(begin + day) % 7].append(span_of(*times))
    return week


def holidays_of(texts):
    days = set()
    for text in texts:
        *first, last, _, _, _ = matched(rf"{DATE}(\.\.{DATE})?", text)
        begin = day_of(*first)
        end = day_of(*matched(DATE, last[2:])) if last else begin
        if end < begin:
            raise CalendarError(f"'{text}' ends before it begins")
        days.update(range(begin, end + 1))
    return days


def workdays_of(texts, monday):
    """Spans by day; where no times are given, those of a Monday."""
    days = {}
    for text in texts:
        year, month, day, times, *numbers = matched(f"{DATE}( {SPAN})?", text)
        spans = [span_of(*numbers)] if times else monday
        if not spans:
            raise CalendarError(f"'{text}': Mondays are closed")
        days.setdefault(day_of(year, month, day), []).extend(spans)
    return days


def offset_at(zone, seconds):
    return int(datetime.datetime.fromtimestamp(seconds, zone).utcoffset().total_seconds())


@functools.lru_cache(maxsize=None)
def offsets_of(name):
    """(from when on, seconds ahead of UTC): the first one of 2000, then each change."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9/_+-]{0,63}", name, re.ASCII) or name == "localtime":
        raise CalendarError(f"'{name}' is no time zone")
    try:
        zone = zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CalendarError(f"'{name}' is no time zone") from error
    found = [(FIRST_S, offset_at(zone, FIRST_S))]
    for day in range(FIRST_S, LAST_S - DAY_S + 1, DAY_S):
        low, high = day, min(day + DAY_S, LAST_S - 1)
        if offset_at(zone, high) == found[-1][1]:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset_at(zone, middle) == found[-1][1] else (low, middle)
        found.append((high, offset_at(zone, high)))
    return found


def complete(row):
    """Fills in what follows from the name of the zone."""
    row.time_zone = row.time_zone or "UTC"
    for since, offset in offsets_of(row.time_zone):
        row.utc_offsets.add(from_ms=since * 1000, offset_seconds=offset)


def calendars_of(rows):
    """Of complete rows of a policy."""
    names = [row.name for row in rows]
    queues = [queue for row in rows for queue in row.queues]
    if len(set(names)) < len(names) or len(set(queues)) < len(queues):
        raise CalendarError("a calendar or a queue is named twice")
    if sum(not row.queues for row in rows) > 1 or any(not row.hours and not row.workdays for row in rows):
        raise CalendarError("two calendars are for all other queues, or one is never open")
    return [calendar_of(row) for row in rows]


def calendar_of(row):
    week = week_of(row.hours)
    return Calendar(row.name, row.queues, week, holidays_of(row.holidays), workdays_of(row.workdays, week[0]),
                    [(one.from_ms, one.offset_seconds * 1000) for one in row.utc_offsets])
