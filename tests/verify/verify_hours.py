"""Cases that random days rarely meet: what of a wait is open, what customers get used to, and which baseline counts.
verify_test.py runs them."""

import datetime
from collections import Counter

from random_events import START_MS
from verify_announced import WINDOWS, came, ms

HOURS = WINDOWS.with_name("hours.yaml")
HOUR = 3600


def at(text):
    """Seconds from the day's beginning, of a time in UTC."""
    when = datetime.datetime.fromisoformat(f"{text}+00:00")
    return when.timestamp() - START_MS / 1000


def visit(customer, begins, answered, contact="k", beginning="QUEUED", queue="q2", tier="", more=(), **same):
    """A customer waits, is answered, if at all, and that is all; seconds from the day's beginning."""
    same = {"queue": {"id": queue}, **same} if queue else same
    begun = {"turn": {"role": "CUSTOMER"}} if beginning == "MESSAGE" else {"lifecycle": {"state": beginning}}
    events = [came(customer, begins, contact, **same, **begun), *more]
    if answered is not None:
        events.append(came(customer, answered, contact, turn={"role": "AGENT"}))
    events[0]["customer"]["tier"] = tier
    return [*events, came(customer, (answered or begins) + 1, contact, lifecycle={"state": "DISCONNECTED"})]


def baseline(version, *cells):
    return {"control": {"baseline": {"version": version, "cells": list(cells)}}}


def cell(wait_s, hour=9, waits=5, **more):
    return {"queue_id": "q2", "channel": 1, "hour": hour, "wait_ms": wait_s * 1000, "waits": waits, **more}


class Usual:
    """Needs `told` and the assertions of a test case."""

    def measured(self, name, events, causes=("queue_wait", "first_response", "next_response")):
        """{customer: [(basis, calendar, actual, desired, adequate)]} in seconds, of the newest rows of journeys, in order."""
        census = self.told(name, events, policy=HOURS)
        found = {}
        rows = sorted(census.known.values(), key=lambda row: int(row.get("started_at_ms", 0)))
        for row in rows:
            for one in row.get("evidence", ()):
                if one["cause"] in causes:
                    numbers = (one[field] / 1000 for field in ("actual", "desired", "adequate"))
                    found.setdefault(row["customer_id"], []).append((one["basis"], one.get("calendar"), *numbers))
        return found, census

    def test_open_hours(self):
        """A weekend, a holiday, a make-up workday, an hour that is skipped and one that is shown twice."""
        spans = {"weekend": ("2025-01-03T15:30", "2025-01-06T08:30", 4.5), "day": ("2025-01-06T10:00", "2025-01-06T12:00", 2),
                 "holiday": ("2024-12-31T15:30", "2025-01-02T08:00", 1), "workday": ("2025-01-10T15:50", "2025-01-11T08:10", 50 / 60),
                 "of its own": ("2025-01-17T16:00", "2025-01-18T23:00", 1), "skipped": ("2025-03-29T12:00", "2025-03-30T12:00", 2),
                 "twice": ("2025-10-25T12:00", "2025-10-26T12:00", 4), "closed": ("2025-01-04T08:00", "2025-01-04T09:00", 0)}
        events = []
        for name, (begins, ends, _) in sorted(spans.items(), key=lambda span: at(span[1][0])):
            events += visit(f"{name} wall", at(begins), at(ends))
            events += visit(name, at(begins), at(ends), queue="q1", beginning="MESSAGE")
        events.sort(key=lambda event: event["occurred_at_ms"])
        found, census = self.measured("hours", events)
        for name, (begins, ends, hours) in spans.items():
            with self.subTest(name):
                wall = at(ends) - at(begins)
                self.assertEqual(found[f"{name} wall"], [("policy", None, wall, 60, 660)])
                if hours:  # what comes to nothing would be better than desired, which is not noticed
                    self.assertEqual(found[name], [("policy", "office", round(hours * HOUR), 60, 7200)])
        self.assertEqual(census.statistics["waits"], 2 * len(spans))

    def test_hours_of_the_latest_queue(self):
        """And none for what was announced, and where only the order is known."""
        evening, morning = at("2025-01-06T15:30"), at("2025-01-07T08:30")
        passed_on = [came("passed", evening + 1, "k", queue={"id": "q1"})]
        told = [came("told", evening + 1, "k", lifecycle={"state": "QUEUED", "announced_wait_ms": 60_000})]
        events = [*visit("passed", evening, morning, more=passed_on), *visit("told", evening, morning, queue="q1", more=told),
                  *visit("order", evening, None, queue="q1"),
                  came("order", morning, "k", time_quality="TIME_QUALITY_ORDER_ONLY",
                       lifecycle={"state": "CONNECTED", "wait_ms": 3_600_000})]
        events.sort(key=lambda event: event["occurred_at_ms"])
        found, _ = self.measured("latest", events)
        wall = morning - evening
        self.assertEqual(found, {"passed": [("policy", "office", 1.5 * HOUR, 60, 660)], "told": [("promise", None, wall, 60, 72)],
                                 "order": [("policy", None, HOUR, 60, 660)]})

    def test_clocks_in_open_hours(self):
        """Nobody is rung up at night: what waits raises, and is owed, in the hours of the queue."""
        evening = at("2025-01-06T15:45")
        events = [came("p", evening, "k", queue={"id": "q1"}, turn={"role": "CUSTOMER", "sentiment": {"score": -0.9}}),
                  came("clock", at("2025-01-06T20:00"), "c"), came("clock", at("2025-01-07T20:00"), "c"),
                  came("p", at("2025-01-08T11:00"), "k", lifecycle={"state": "DISCONNECTED"}),
                  came("clock", at("2025-01-12T20:00"), "c")]
        census = self.told("clocks", events, policy=HOURS)
        begins = {row["rule"]: int(row["occurred_at_ms"]) for row in census.rows if "alert_id" in row}
        self.assertEqual(begins, {"hurt": ms(at("2025-01-07T07:45")), "unanswered": ms(at("2025-01-07T09:15"))})
        due = {int(row["follow_up_due_at_ms"]) for row in census.rows if "alert_id" in row and "follow_up_due_at_ms" in row
               and row["state"] == "FOLLOW_UP"}
        self.assertEqual(due, {ms(at("2025-01-09T11:30"))})  # five hours of Wednesday, four of Thursday

    def test_what_one_is_used_to(self):
        """After three waits in a channel, of the two that were used last; the zone stays as wide."""
        def days(name, *waits):
            events = []
            for number, (wait, channel) in enumerate(waits):
                events += visit(name, number * 10 * 24 * HOUR, number * 10 * 24 * HOUR + wait, f"{name}{number}", channel=channel)
            return events
        events = days("p", *[(200, "CHANNEL_VOICE")] * 3, (400, "CHANNEL_VOICE"), (500, "CHANNEL_VOICE"))
        events += days("third", *[(200, "CHANNEL_VOICE")] * 3, (9, "CHANNEL_CHAT"), (9, "CHANNEL_EMAIL"), (400, "CHANNEL_VOICE"))
        events += days("second", *[(200, "CHANNEL_VOICE")] * 3, *[(9, "CHANNEL_CHAT")] * 2, (400, "CHANNEL_VOICE"))
        events.sort(key=lambda event: event["occurred_at_ms"])
        found, _ = self.measured("usual", events)
        first = [("policy", None, 200, 60, 660)] * 3
        self.assertEqual(found["p"], [*first, ("history", None, 400, 200, 800), ("history", None, 500, 250, 850)])
        self.assertEqual(found["third"][-1], ("policy", None, 400, 60, 660))
        self.assertEqual(found["second"][-1], ("history", None, 400, 200, 800))

    def test_which_baseline_counts(self):
        """That of the records before, of the earliest event with one; a contract ranks above it, so does what is usual."""
        def came_to(name, queue="q2", tier="", since=0):
            begun, *later = visit(name, since, since + 500, queue=queue, tier=tier)
            answers.extend(later)
            return begun
        answers = []
        events = [came_to("before"), baseline("a", cell(300, waits=4), cell(100)), came_to("p"), came_to("other", "q3"),
                  came_to("gold", tier="gold"), baseline("a", cell(900)), came_to("same"),
                  baseline("b", cell(200), cell(400)), came_to("newer"),
                  baseline("c", cell(1, tenant_id="t"), cell(2, channel=2), cell(3, waits=4)), came_to("none"), baseline("d"),
                  baseline("b", cell(50)), came_to("again"), *answers, came_to("late", since=HOUR), *answers[-2:]]
        found, census = self.measured("baselines", events)
        self.assertEqual({name: rows[0][0::3] for name, rows in found.items()}, {
            "before": ("policy", 60), "p": ("baseline", 100), "other": ("policy", 60), "late": ("policy", 60),
            "gold": ("sla", 10), "same": ("baseline", 100), "newer": ("baseline", 400), "none": ("policy", 60),
            "again": ("baseline", 50)})
        self.assertEqual(found["p"], [("baseline", None, 500, 100, 700)])

    def test_a_queue_that_makes_wait_too_long(self):
        """Only the event that names it tells that somebody has waited too long already, because others did not."""
        place = {"queue": {"id": "q2"}, "signal": {"kind": "ISSUE"}}
        events = [baseline("a", cell(1)), came("p", 0, lifecycle={"state": "QUEUED"}), came("q", 0, turn={"role": "CUSTOMER"}),
                  came("q", 28, **place), came("p", 30, **place), came("clock", 50)]
        census = self.told("limits", events)
        raised = {row["rule"]: int(row["source"]["offset"]) for row in census.rows if "alert_id" in row
                  and row["state"] == "OPEN" and row["rule"] in ("waits_longer_than_expected", "slower_than_expected")}
        self.assertEqual(raised, {"slower_than_expected": 4, "waits_longer_than_expected": 5})

    def test_refused_baselines(self):
        events = [baseline(""), baseline("v" * 257), baseline("a", {"hour": 24}), baseline("a", {"wait_ms": -1}),
                  baseline("a", {"tenant_id": "t" * 257}), baseline("a", {"queue_id": "q" * 257}),
                  baseline("a", *[{}] * 4097), {**baseline("a", *[{}] * 4096), "event_id": "", "occurred_at_ms": 0}]
        census = self.told("refused", events, policy=HOURS)
        self.assertEqual(census.refused, Counter(f"control.baseline.{name}" for name in (
            "version", "version", "cells", "cells.hour", "cells.wait_ms", "cells.tenant_id", "cells.queue_id")))

    def test_statistics_of_many_kinds(self):
        """More than a partition holds at a time are counted together, also of a kind that comes back; a window that is over
        makes place."""
        names = [*range(4098), 4097, 5]
        events = [event for place, number in enumerate(names) for event in (
            came(f"p{place}", place / 1000, "k", queue={"id": f"many{number}"}),
            came(f"p{place}", place / 1000, "k", lifecycle={"state": "DISCONNECTED"}))]
        events += [came("clock", 7, "c"), came("clock", 2 * HOUR, "c"), came("q", 2 * HOUR, "k", queue={"id": "next"}),
                   came("q", 2 * HOUR, "k", lifecycle={"state": "DISCONNECTED"}), came("clock", 3 * HOUR, "c")]
        census = self.told("cells", events, policy=HOURS)
        self.assertEqual((census.statistics["rows"], census.statistics["others"]), (4099, 1))
        self.assertEqual(census.statistics["contacts"], 4102)  # with that of the clock
