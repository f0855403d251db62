"""When queues are open: how much of a stretch of time is, and when so much of it has passed."""

DAY_MS = 86_400_000
FARTHEST = 400 * DAY_MS  # nobody looks further back or ahead


def joined(spans):
    """The union of spans [from, to), in order."""
    found = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((begin, end))
    return found


class Calendar:
    """The hours of some queues. Days count from 1970-01-01, spans are in ms of a day."""

    def __init__(self, name, queues, week, holidays, workdays, offsets):
        """`week`: spans by weekday from Monday; `workdays`: by day; `offsets`: (from, ms ahead of UTC), in order."""
        self.name = name
        self.queues = set(queues)
        self.week = [joined(spans) for spans in week]
        self.holidays = set(holidays)
        self.workdays = {day: joined(spans) for day, spans in workdays.items()}
        self.offsets = offsets

    def spans_of(self, day):
        if day in self.workdays:
            return self.workdays[day]
        return [] if day in self.holidays else self.week[(day + 3) % 7]  # the first of all days was a Thursday

    def open_in(self, begin, end):
        """What is open of [begin, end), piece by piece in order."""
        for index, (since, offset) in enumerate(self.offsets):
            until = self.offsets[index + 1][0] if index + 1 < len(self.offsets) else end
            # In between, local time goes on as evenly as the clock; the first offset counts before it, too.
            first, last = max(begin, since) if index else begin, min(end, until)
            for day in range((first + offset) // DAY_MS, (last + offset) // DAY_MS + 1) if first < last else ():
                for opens, closes in self.spans_of(day):
                    piece = (max(first, day * DAY_MS + opens - offset), min(last, day * DAY_MS + closes - offset))
                    if piece[0] < piece[1]:
                        yield piece

    def open_ms(self, begin, end):
        return sum(to - since for since, to in self.open_in(max(begin, end - FARTHEST), end))

    def after(self, begin, duration):
        """The earliest time by which so much open time has passed."""
        if duration <= 0:
            return begin
        for since, to in self.open_in(begin, begin + FARTHEST):
            if duration <= to - since:
                return since + duration
            duration -= to - since
        return begin + FARTHEST


class Always:
    """Of queues without a calendar: the clock on the wall."""

    name = None

    @staticmethod
    def open_ms(begin, end):
        return max(0, end - begin)

    @staticmethod
    def after(begin, duration):
        return begin + duration


def hours_of(contact, policy):
    """Those of the queue that the contact named last."""
    if contact.order_only:
        return Always
    queue = contact.latest("queue")
    named = [calendar for calendar in policy.calendars if queue in calendar.queues]
    rest = [calendar for calendar in policy.calendars if not calendar.queues]
    return next(iter(named + rest), Always)
