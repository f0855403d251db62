#!/usr/bin/python3
"""The reference of linked customers agrees with itself: whatever the order in which partitions read, all are where the
labels say when nothing is under way, and rows are those of one engine that saw each event under its final key.

    identities_test.py [--break RULE] [-v]      (--break list: the rules)

Needs no program. With a rule broken (identity_breaks.py) it must fail.
"""

import random
import sys
import unittest

from google.protobuf import json_format

import identity_breaks
import random_events
import random_identities
from identity_bounds import Bounds
from identity_days import (BOB, DEVICE, OTHER, PHONE, ended, event, facts_of, final_rows, member, one_after_the_other,
                           outputs_of, policy_of, problems_of, read, rows_of_one, sent, unmerge, version_problems)
from identity_told import WhatTheLogBrings
from oracle_logs import Logs
from oracle_messages import InteractionEvent
from oracle_post import is_sent_back

HISTORIES, DAYS = range(1, 51), range(1, 5)
ORDERS = range(1, 4)
SHORT = {"amend_window": "11m", "repeat_window": "8m", "memory": "1h", "journey_max": "12m"}


def random_events_of(rng):
    """Events of a few customers, some twice, with their identities; some are taken apart."""
    identities = random_identities.Identities(rng, rng.sample("abcdefghij", rng.randint(2, 6)))
    events, at_s = [], 0
    for number in range(rng.randint(8, 30)):
        at_s += rng.choice([0, 1, 2, 10, 40, 100, 400])
        taken_apart = identities.next()
        if taken_apart:
            events.append(unmerge(taken_apart["customer"]["customer_id"]))
        elif events and rng.random() < 0.1:
            events.append(rng.choice(events[-8:]))
        else:
            key = rng.choice(list(identities.having))
            said = [(one["type"], one["value"]) for one in identities.of(key) if one.get("value")]
            events.append(event(f"e{number}", key, at_s, rng.choice(["", "web", "call"]), said,
                                rng.choice([None, -0.9, -0.7, 0.5])))
    return events


def parsed_line(line):
    """An event, or None where it is none that may be appended."""
    try:
        event = json_format.Parse(line, InteractionEvent())
    except json_format.ParseError:
        return None
    return None if event.control.HasField("clock_tick") else event


class Together(Bounds, unittest.TestCase):
    """What customers tell each other in small logs."""

    def comes_to_rest(self, events, policy=None, counts=(1, 2, 3), most_bytes=1 << 18):
        """Reads in several orders, and finds nothing wrong; the last partitions, before the end of time."""
        policy = policy or policy_of()
        for count in counts:
            for seed in ORDERS:
                logs = read(policy, events, count, random.Random(seed), most_bytes)
                self.assertEqual(problems_of(policy, events, logs), [], f"{count} partitions, order {seed}")
        return read(policy, events, counts[-1], random.Random(1), most_bytes)

    def visit_and_call(self):
        return [event("e0", "~v", 0, "web", felt=-0.9), event("e1", "~v", 10, "web", **ended()),
                event("e2", "bob", 100, "call", felt=-0.9), event("e3", "~v", 120, "next"),
                event("e4", "~v", 130, "next", [PHONE]), event("e5", "bob", 140, "call", [PHONE]),
                event("e6", "~v", 150, "next", felt=0.6), event("e7", "bob", 160, "call", felt=0.2)]

    def test_a_visit_and_a_call(self):
        self.comes_to_rest(self.visit_and_call())
        logs = one_after_the_other(self.visit_and_call(), 3)
        self.assertEqual((member(logs, "~v").host, member(logs, "bob").host), ("bob", None))
        gone = [rows[-1] for rows in outputs_of(logs.partitions, "moments").values() if rows[-1].is_deleted]
        self.assertEqual([row.merged_into for row in gone], ["bob"] * len(gone))
        self.assertTrue(gone)
        reasons = [row.reason for rows in outputs_of(logs.partitions, "alerts").values() for row in rows]
        self.assertIn("merged", reasons)
        self.assertEqual(set(member(logs, "bob").held.guests), {"~v"})
        cards = [rows[0] for rows in outputs_of(logs.partitions, "cards").values()]
        self.assertIn("next", {row.contact_id for row in cards if row.customer_id == "bob"})

    def test_known_customers(self):
        """They stay by themselves, or follow the smallest."""
        events = [event("e0", "ann", 0, identities=[PHONE]), event("e1", "bob", 1, identities=[PHONE])]
        self.assertEqual(member(self.comes_to_rest(events), "bob").host, None)
        logs = self.comes_to_rest(events, policy_of(known_customers="move"))
        self.assertEqual(member(logs, "bob").host, "ann")

    def test_a_shared_telephone(self):
        """The third customer that names it takes those apart who were together, and nobody comes together by it again."""
        events = [event("e0", "~a", 0, "web", [PHONE], -0.9), event("e1", "bob", 5, "call", [PHONE]),
                  event("e2", "~a", 20, "web"), event("e3", "~c", 30, "chat", [PHONE]), event("e4", "~d", 40, "", [PHONE]),
                  event("e5", "~e", 45, "", [PHONE])]
        events += [event(f"f{number}", name, 50 + number, "more", [PHONE], -0.7) for number, name in enumerate(
            ("~a", "bob", "~c"))]
        logs = self.comes_to_rest(events)
        self.assertEqual({member(logs, name).host for name in ("~a", "bob", "~c", "~d", "~e")}, {None})
        ordered = one_after_the_other(events, 2)
        reasons = [row.reason for rows in outputs_of(ordered.partitions, "alerts").values() for row in rows]
        self.assertIn("split", reasons)
        self.assertEqual(problems_of(policy_of(), events, ordered), [])

    def test_logins(self):
        """A login names a customer, who need not have come yet; a device of two accounts is nobody's."""
        events = [event("e0", "~c", 0, "web", [BOB], -0.9), event("e1", "~e", 1, "app", [BOB]),
                  event("e2", "~t", 2, "shop", [BOB]), event("e3", "~t", 9, "shop", [("customer", "ann")]),
                  event("e4", "bob", 10, "web", [BOB]), event("e5", "~c", 11, "web")]
        logs = self.comes_to_rest(events)
        self.assertEqual([member(logs, name).host for name in ("~c", "~e", "~t", "bob")], ["bob", "bob", None, None])
        alone = self.comes_to_rest(events[:2])
        self.assertEqual(member(alone, "~c").host, "bob")

    def test_unmerge(self):
        """Gives back exactly what was the customer's own, whichever side it is said of."""
        for name in ("~v", "bob"):
            events = [*self.visit_and_call(), unmerge(name), event("e9", "~v", 170, "next", [PHONE], -0.9), unmerge(name)]
            logs = self.comes_to_rest(events)
            self.assertEqual(member(logs, "~v").host, None)
            logs.finish()
            self.assertEqual(final_rows(logs.partitions), rows_of_one(policy_of(), events, {}))

    def test_rows_go_on_where_they_were(self):
        """Together, apart, and together again, one record after the other."""
        events = [*self.visit_and_call(), event("e8", "~c", 170, "chat", [PHONE]), event("e9", "~v", 900, "late"),
                  event("g0", "~v", 901, "late", [OTHER]), event("g1", "bob", 902, "late", [OTHER])]
        logs = one_after_the_other(events, 2)
        self.assertEqual(member(logs, "~v").host, "bob")
        self.assertEqual(problems_of(policy_of(), events, logs), [])
        self.assertGreater(max(len(rows) for rows in outputs_of(logs.partitions, "moments").values()), 3)

    def test_late_events(self):
        """Whether one is late is said where it arrives; what it is about is asked where the part is."""
        late, stray = event("late", "~v", 5, "web", felt=0.9), event("stray", "~v", -4_000_000, "else", felt=0.9)
        again = event("e0", "~v", 0, "web", felt=-0.9)
        for count in (1, 4):
            logs = one_after_the_other([*self.visit_and_call(), event("e8", "~v", 400, "web"), late, stray, again], count)
            outcomes = [outcome for partition in logs.partitions for outcome in partition.outcomes.values()]
            self.assertEqual((outcomes.count("late"), outcomes.count("duplicate")), (1, 1))
            aside = [one for partition in logs.partitions for one in partition.expected if one.topic == "late"]
            self.assertEqual([(one.key, InteractionEvent.FromString(one.original.value).event_id) for one in aside],
                             [(b"/~v", "stray")])
            held = [fact.id for contact in member(logs, "bob").held.contacts for fact in contact.events]
            self.assertIn("late", held)

    def test_clocks_of_their_own(self):
        """What was in time where it arrived is in time at a host who is far ahead, whose own clock does not move."""
        events = [event("e0", "~v", 0, "web", [BOB]), event("e1", "bob", 5_000, "call"), event("e2", "~v", 10, "web"),
                  event("e3", "~v", 1_000, "else", felt=-0.9), event("e4", "~v", 9_000, "web"),
                  event("e5", "bob", 5_700, "else")]
        self.comes_to_rest(events, counts=(4,))
        logs = one_after_the_other(events, 4)
        self.assertNotEqual(*map(logs.place_of, events[:2]))
        self.assertEqual(problems_of(policy_of(), events, logs), [])

    def test_pieces(self):
        events = [event(f"e{number}", "~v", number * 10, f"c{number}", felt=-0.9) for number in range(8)]
        events += [event("f0", "~v", 100, "c0", [BOB]), event("f1", "~v", 110, "c1"), unmerge("~v"),
                   event("f2", "~v", 120, "c2", felt=-0.9)]
        self.comes_to_rest(events, most_bytes=300)
        logs = one_after_the_other(events, 2, most_bytes=300)
        records = [InteractionEvent.FromString(record.value).control.identity for log in logs.logs for record in log]
        kinds = [record.WhichOneof("kind") for record in records]
        self.assertGreater(min(kinds.count("hand_over"), kinds.count("hand_back")), 4)

    def test_moving_on(self):
        """From one host to a smaller one, by way of home, in pieces."""
        events = [event(f"e{number}", "~v", number * 10, f"c{number}", felt=-0.9) for number in range(8)]
        events += [event("f0", "~v", 100, "c0", [DEVICE]), event("f1", "bob", 101, "call", [DEVICE]),
                   event("f2", "~v", 110, "c1"), event("f3", "~v", 120, "c2", [PHONE]), event("f4", "ann", 121, "", [PHONE]),
                   event("f5", "~v", 130, "c2", felt=-0.9), events[3], events[7]]
        logs = self.comes_to_rest(events, most_bytes=300)
        self.assertEqual(member(logs, "~v").host, "ann")
        self.assertEqual(problems_of(policy_of(), events, one_after_the_other(events, 2, most_bytes=300)), [])

    def test_events_that_come_after_a_recall(self):
        """The old host sends them back, and they end up where the customer is then."""
        events = [event("e0", "~v", 0, "web", [OTHER]), event("e1", "~c", 1, "web", [OTHER]),
                  event("e2", "~b", 5, "web", [("device", "x")]), event("e3", "~v", 6, "web", [("device", "x")])]
        events += [event(f"f{number}", "~v", 7 + number, "web", felt=-0.9) for number in range(12)] + [unmerge("~v")]
        events += [event(f"g{number}", "~v", 20 + number, "web") if number % 3 else events[4 + number]
                   for number in range(12)]
        policy, back = policy_of(), 0
        for seed in range(12):
            logs = read(policy, events, 3, random.Random(seed))
            back += sum(is_sent_back(one.identity, one.to) for one in sent(logs, "event"))
            self.assertEqual(problems_of(policy, events, logs), [])
        self.assertGreater(back, 3)

    def test_what_nobody_says_for_long(self):
        """Is forgotten; said again it links again, and what was shared may begin anew."""
        policy = policy_of(SHORT)
        logs = Logs(policy, 1)

        def say(*events):
            for one in events:
                logs.append(one)
                logs.drain()
        say(event("e0", "~v", 0, "web", [PHONE], -0.9), event("e1", "bob", 10, "call", [PHONE]))
        say(*(event(f"s{number}", name, 20, "web", [OTHER]) for number, name in enumerate(("~x", "~y", "~z"))))
        self.assertEqual([member(logs, name).host for name in ("~v", "~y")], ["bob", None])
        say(event("e2", "~v", 12_000, "web"))
        self.assertEqual((member(logs, "~v").host, len(member(logs, "~v").held.own.contacts)), (None, 1))
        say(event("e3", "~w", 12_010, "web", [PHONE]), event("e4", "~v", 12_020, "web", [PHONE]),
            event("e5", "~y", 12_030, "web", [OTHER]), event("e6", "~z", 12_040, "web", [OTHER]))
        self.assertEqual([member(logs, name).host for name in ("~w", "~v", "~z", "~y")], ["~v", None, "~y", None])
        self.assertEqual([*logs.post.problems, *logs.post.rest()], [])

    def test_said_again(self):
        """A customer repeats its identities at most each quarter of what is remembered."""
        events = [event(f"e{at_s}", "~v", at_s, "web", [PHONE]) for at_s in range(0, 4_000, 100)]
        logs = one_after_the_other(events, 1, policy_of(SHORT))
        self.assertEqual(len([one for one in sent(logs, "label") if one.to.startswith("/")]), 5)

    def test_random_days(self):
        """Days of all kinds, on which journeys end and are forgotten: nothing is lost on the way, versions have no gaps."""
        for seed in DAYS:
            lines = random_identities.draw_into(random_events.lines_of(seed, 150), seed)
            policy = policy_of(SHORT, **random_identities.policy_of(random.Random(seed)))
            logs = one_after_the_other(filter(None, map(parsed_line, lines)), seed % 3 + 1, policy, most_bytes=500)
            self.assertEqual([*logs.post.problems, *logs.post.rest()], [], f"day {seed}")
            logs.finish()
            self.assertEqual(version_problems(policy, logs.partitions), [], f"day {seed}")

    def test_random_histories(self):
        policies = [policy_of(), policy_of(known_customers="move")]
        merged = 0
        for seed in HISTORIES:
            rng = random.Random(seed)
            events, policy = random_events_of(rng), rng.choice(policies)
            logs = read(policy, events, rng.choice([1, 2, 3, 4]), rng, rng.choice([400, 1 << 18]))
            merged += sum(host != key[1] for key, host in facts_of(policy, logs).hosts().items())
            self.assertEqual(problems_of(policy, events, logs), [], f"history {seed}")
        self.assertGreater(merged, len(HISTORIES) // 2)


if __name__ == "__main__":
    if "--break" in sys.argv:
        identity_breaks.break_rule(sys.argv.pop(sys.argv.index("--break") + 1))
        sys.argv.remove("--break")
    unittest.main()
