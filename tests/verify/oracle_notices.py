"""What was announced to many: the board of one partition, and which notice an event is about."""

from collections import namedtuple

from oracle_facts import event_hash

MOST, MOST_BYTES = 100, 256 * 1024  # notices on a board, and what they take
SEGMENTS = 8  # of a customer: those that are read

# The notice that an event is about, as it stood then: lateness is measured from `base`; due 0 = open.
Given = namedtuple("Given", "id touchpoint base due overdue")


class Statement:
    """What was said last of one notice. It counts for the records behind `offset`."""

    def __init__(self, event, offset, window):
        self.notice = event.control.notice
        self.key = (event.tenant_id, self.notice.notice_id)
        self.said = event.occurred_at_ms
        self.place = (self.said, event_hash(event.source.encode(), event.event_id.encode()))
        self.offset = offset
        self.replaced = None  # the last offset for which it counts; None = it still does
        due, starts = self.notice.due_at_ms, self.notice.starts_at_ms
        self.window, self.until = window, max(due, self.said) + window  # a later policy changes neither
        self.base = max(self.said, starts) if due > 0 and starts < due else self.said

    def is_over(self, watermark, lateness):
        return watermark > self.until + lateness

    def addresses(self, event):
        """Everybody, or somebody in one of the areas or below, or of one of the segments."""
        areas, segments = self.notice.areas, self.notice.segments
        if not areas and not segments:
            return True
        return (any(event.area == area or event.area.startswith(f"{area}/") for area in areas if area)
                or any(segment in segments for segment in event.customer.segments[:SEGMENTS]))

    def is_about(self, event):
        at, notice = event.occurred_at_ms, self.notice
        return (self.key[0] == event.tenant_id and not notice.withdrawn and self.said <= at <= self.until
                and (notice.fulfilled_at_ms == 0 or at < notice.fulfilled_at_ms)
                and notice.touchpoint_id in ("", event.touchpoint.touchpoint_id) and self.addresses(event))

    def given_at(self, at):
        due = self.notice.due_at_ms
        return Given(self.notice.notice_id, self.notice.touchpoint_id, self.base, due,
                     due > 0 and self.base < due < at)


def size_of(statement):
    return statement.notice.ByteSize()


def order_of(given):
    """The most pressing one first."""
    return not given.overdue, given.due == 0, given.due, given.id


class Board:
    """The notices that records of a partition can be about."""

    def __init__(self, windows):
        self.windows = windows
        self.posted = {}  # by tenant and id
        self.history = []  # all that ever were
        self.stillborn = set()  # offsets of those that were over when they came
        self.through = None  # offset of the newest notice that came

    def post(self, event, offset, watermark):
        statement = Statement(event, offset, self.windows.notice_window)
        self.through = offset
        self.posted = {key: one for key, one in self.posted.items()
                       if not one.is_over(watermark, self.windows.allowed_lateness)}
        known = self.posted.get(statement.key)
        if known is not None and statement.place <= known.place:
            return
        if known is not None:
            self.take_down(known, offset)
        if statement.is_over(watermark, self.windows.allowed_lateness):
            self.stillborn.add(offset)
            return
        while len(self.posted) >= MOST or sum(map(size_of, self.posted.values())) + size_of(statement) > MOST_BYTES:
            self.take_down(min(self.posted.values(), key=lambda one: (one.until, one.key)), offset)
        self.posted[statement.key] = statement
        self.history.append(statement)

    def take_down(self, statement, offset):
        statement.replaced = offset
        del self.posted[statement.key]

    def about(self, event, watermark):
        """The notice that an event is about (Given), or None."""
        fitting = [one.given_at(event.occurred_at_ms) for one in self.posted.values()
                   if not one.is_over(watermark, self.windows.allowed_lateness) and one.is_about(event)]
        return min(fitting, key=order_of, default=None)
