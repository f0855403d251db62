"""Damage to rows of statistics, and to what calendars have to do with. corruption_test.py runs it."""

import json
import unittest

from corruption_records import DAMAGED_SEED, Records
from corruptions import bump, replace, reworded, saying
from oracle_messages import InteractionEvent
from oracle_records import NAMES, ROWS
from verify_announced import came
from verify_hours import HOUR, HOURS, at, baseline, cell, visit


def rows_of(records):
    return [record for record in records if record.topic == NAMES["statistics"]]


class Statistics(Records, unittest.TestCase):
    """One row says something else, stands elsewhere or is not there."""

    seed, count = DAMAGED_SEED, 1400

    def test_a_wrong_number(self):
        def one_more(message):
            message.answered_after.counts[0] += 1
        def other_bucket(message):
            message.answered_after.buckets[-1] += 1
        def no_sketch(message):
            message.ClearField("answered_after")
        fields = ("window_start_ms", "window_end_ms", "tenant_id", "queue_id", "touchpoint_id", "stage", "channel", "hour",
                  "contacts", "negative_peaks", "positive_peaks", "left", "waits", "waits_met", "gaps", "gap_sum", "scored",
                  "score_sum", "ended_above_mean", "answered_after.sum", "policy_version")
        self.each_goes_red([
            *((path, "statistics", reworded("statistics", bump(path)), saying("statistics", path)) for path in fields),
            *((change.__name__, "statistics", reworded("statistics", change), saying("statistics", "answered_after.sum"))
              for change in (one_more, other_bucket, no_sketch))])

    def test_a_row_that_is_lost_or_stands_twice(self):
        for at_most in (0, 1, len(rows_of(self.records)) - 1):
            lost = rows_of(self.records)[at_most]
            with self.subTest(at_most):
                self.goes_red("O3", [record for record in self.records if record is not lost])
                self.goes_red("O2", [*self.records, lost._replace(offset=10**7)])
        renamed = replace(self.records, "statistics", lambda record: [record._replace(key=b"0" * 32)])
        self.goes_red("O3", renamed)

    def test_rows_that_leave_too_late(self):
        first, last = rows_of(self.records)[0], rows_of(self.records)[-1]
        places = {first: last._replace(offset=first.offset), last: first._replace(offset=last.offset)}
        swapped = [places.get(record, record) for record in self.records]
        swapped.sort(key=lambda record: record.offset)
        self.goes_red("O5", swapped)

    def test_a_row_of_another_partition(self):
        self.goes_red("O3", replace(self.records, "statistics", lambda record: [record._replace(partition=1)]))


class Night(Records, unittest.TestCase):
    """A wait over a night, and one of which it is known what others waited."""

    policy = HOURS
    evening, morning = at("2025-01-06T15:30"), at("2025-01-07T08:30")

    @classmethod
    def lines(cls):
        events = [*visit("p", cls.evening, cls.morning, queue="q1"), baseline("a", cell(5, hour=8)), *visit("q", cls.morning + 10, cls.morning + 20),
                  came("clock", cls.morning + HOUR, "c"), came("clock", cls.morning + 9 * HOUR, "c")]
        return [json.dumps({"event_id": f"e{number}", **event}) for number, event in enumerate(events)]

    def with_evidence(self, calendar, change):
        def wanted(record):
            evidence = ROWS["moments"].FromString(record.value).evidence
            return any(one.cause == "queue_wait" and one.HasField("calendar") == calendar for one in evidence)
        def changed(message):
            change(next(one for one in message.evidence if one.cause == "queue_wait"))
        return replace(self.records, "moments", reworded("moments", changed), wanted)

    def test_hours(self):
        def counts_the_night(evidence):
            evidence.actual = (self.morning - self.evening) * 1000
        def of_no_calendar(evidence):
            evidence.ClearField("calendar")
        def of_another(evidence):
            evidence.calendar = ""
        self.stays_green(self.records)
        for calendar, change in ((True, counts_the_night), (True, of_no_calendar), (True, of_another), (False, of_another)):
            with self.subTest(change.__name__):
                self.goes_red("O3", self.with_evidence(calendar, change))

    def test_a_basis(self):
        for basis in ("policy", "history"):
            def changed(evidence, basis=basis):
                evidence.basis = basis
            self.goes_red("O3", self.with_evidence(False, changed))
        def forgotten(record):
            return record.topic == NAMES["input"] and InteractionEvent.FromString(
                record.value).control.baseline.version == "a"
        self.goes_red("O3", [record for record in self.records if not forgotten(record)])

    def test_a_wait_that_is_counted_as_met(self):
        """It took 90 minutes of the queue's hours, 11 were adequate."""
        def met(message):
            message.waits_met += 1
        wanted = saying("statistics", "queue_id")
        self.goes_red("O3", replace(self.records, "statistics", reworded("statistics", met), wanted))
