"""Calendars of a random policy: hours that begin and end while the day goes on, nights, weekends, holidays and make-up
workdays, in two zones; for some queues, and mostly for all others."""

from oracle_calendars import week_of

# Zones, and how far ahead of UTC they are in January, in minutes.
ZONES = {"UTC": 0, "": 0, "Europe/Berlin": 60, "Asia/Shanghai": 480, "America/New_York": -300, "Asia/Kolkata": 330}
BEGIN = 9 * 60  # of random days, in UTC
OFFICE = ["Mon-Fri 09:00-18:00", "Mon-Fri 09:00-12:00", "Mon-Sat 12:30-17:00", "Sat 10:00-14:00", "Sat-Mon 00:00-24:00",
          "Mon-Sun 22:00-24:00", "Mon-Sun 00:00-06:00", "Tue 08:00-20:00", "Mon-Sun 00:00-24:00", "Sun-Tue 09:30-09:31"]
HOLIDAYS = ["2025-01-06", "2025-01-07..2025-01-09", "2025-01-08", "2025-01-10..2025-02-10", "2000-01-01", "2025-01-13"]
WORKDAYS = ["2025-01-11", "2025-01-12", "2025-01-08", "2025-01-06 09:00-09:30", "2025-01-07 00:00-24:00",
            "2025-01-11 08:00-12:30", "2025-01-11 12:00-15:00", "2060-12-31 09:00-09:01"]


def clock(minutes):
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def soon(rng, ahead):
    """A few minutes of the day's beginning, in local time, each day of the week."""
    begin = BEGIN + ahead + rng.choice([0, 0, 1, 2, 5, 10, 15, 30, 60, 90])
    length = rng.choice([1, 1, 2, 5, 10, 29])
    begin %= 1440
    return f"Mon-Sun {clock(begin)}-{'24:00' if begin + length >= 1440 else clock(begin + length)}"


def calendar(rng, name, queues):
    zone = rng.choice(list(ZONES))
    row = {"name": name, "time_zone": zone}
    row["hours"] = [soon(rng, ZONES[zone]) for _ in range(rng.choice([0, 2, 6, 20]))]
    row["hours"] += rng.sample(OFFICE, rng.choice([1, 1, 2, 3]))
    if rng.random() < 0.4:
        row["holidays"] = rng.sample(HOLIDAYS, rng.choice([1, 2, 3]))
    if rng.random() < 0.4:
        monday = week_of(row["hours"])[0]
        row["workdays"] = [day for day in rng.sample(WORKDAYS, rng.choice([1, 2, 4])) if monday or " " in day]
    if queues:
        row["queues"] = queues
    return row


def calendars(rng):
    """None, one or two with queues, and mostly one for all others."""
    if rng.random() < 0.4:
        return []
    queues = rng.sample(["q0", "q1", "q2"], 3)
    rows = [calendar(rng, "days", queues[:rng.choice([1, 2])])]
    if rng.random() < 0.4:
        rows.append(calendar(rng, "夜", queues[2:]))
    if rng.random() < 0.6:
        rows.append(calendar(rng, "others", []))
    rng.shuffle(rows)
    return rows
