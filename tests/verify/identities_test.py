#!/usr/bin/python3
"""The reference of linked customers agrees with itself: whatever the order in which partitions read, all are where the
labels say when nothing is under way, and rows are those of one engine that saw each event under its final key.

    identities_test.py [--break RULE] [-v]      (--break list: the rules)

Needs no program. With a rule broken (identity_breaks.py) it must fail.
"""

import random
import sys
import unittest

import identity_breaks
import random_identities
from identity_days import (ended, event, facts_of, final_rows, outputs_of, policy_of, problems_of, read, rows_of_one,
                           unmerge)
from oracle_fixpoint import problems_at_rest
from oracle_ingest import Limits
from oracle_labels import MOST_LINKS, Home, Label, Told, named_by, node_hash
from oracle_logs import Logs
from oracle_messages import InteractionEvent
from oracle_post import is_sent_back, kind_of
from oracle_records import NAMES, Log
from oracle_reference import Reference

HISTORIES = range(1, 51)
ORDERS = range(1, 4)
PHONE, OTHER, DEVICE, BOB = ("phone", "1"), ("phone", "2"), ("device", "d"), ("customer", "bob")
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


def member(logs, name):
    return next(partition.customers["", name] for partition in logs.partitions if ("", name) in partition.customers)


def sent(logs, kind):
    return [one for one in logs.post.sent if kind_of(one) == kind]


def one_after_the_other(events, count, policy=None, **more):
    """Partitions that read each event with all that it makes them tell before the next one comes."""
    logs = Logs(policy or policy_of(), count, **more)
    for one in events:
        logs.append(one)
        logs.drain()
    return logs


class Together(unittest.TestCase):
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
                  event("e2", "~a", 20, "web"), event("e3", "~c", 30, "chat", [PHONE]), event("e4", "~d", 40, "", [PHONE])]
        events += [event(f"f{number}", name, 50 + number, "more", [PHONE], -0.7) for number, name in enumerate(
            ("~a", "bob", "~c"))]
        logs = self.comes_to_rest(events)
        self.assertEqual({member(logs, name).host for name in ("~a", "bob", "~c", "~d")}, {None})
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
        """What was in time where it arrived is in time at a host who is far ahead."""
        events = [event("e0", "~v", 0, "web", [BOB]), event("e1", "bob", 5_000, "call"), event("e2", "~v", 10, "web"),
                  event("e3", "~v", 20, "web", felt=-0.9), event("e4", "~v", 9_000, "web"), event("e5", "bob", 5_010, "call")]
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

    def test_events_that_come_after_a_recall(self):
        """The old host sends them back, and they end up where the customer is then."""
        events = [event("e0", "~v", 0, "web", [OTHER]), event("e1", "~c", 1, "web", [OTHER]),
                  event("e2", "~b", 5, "web", [("device", "x")]), event("e3", "~v", 6, "web", [("device", "x")])]
        events += [event(f"f{number}", "~v", 7 + number, "web", felt=-0.9) for number in range(12)] + [unmerge("~v")]
        events += [event(f"g{number}", "~v", 20 + number, "web") for number in range(12)]
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

    def test_too_many_guests(self):
        """Those heard of longest ago become part of the host; their events are still known."""
        events = [event(f"e{number}", f"~{number:02}", number, f"c{number}", [BOB], -0.9) for number in range(40)]
        logs = one_after_the_other([*events, event("f", "~00", 50, "c0"), events[1], events[39], unmerge("~01"),
                                    unmerge("~39")], 2)
        host = member(logs, "bob")
        self.assertEqual(host.held.absorbed, 9)
        outcomes = [outcome for partition in logs.partitions for outcome in partition.outcomes.values()]
        self.assertEqual(outcomes.count("duplicate"), 2)
        self.assertEqual([len(member(logs, name).held.contacts) if member(logs, name).held else 0 for name in (
            "~01", "~39")], [0, 1])
        self.assertEqual(problems_at_rest(logs.partitions, facts_of(policy_of(), logs)), [])

    def test_long_ways(self):
        """A chain of customers splits where a label has come too far."""
        names = [f"~{letter}" for letter in "aklmnopqrs"]
        events = [event(f"e{number}", name, number, "web", [("device", f"d{number}"), ("device", f"d{number + 1}")])
                  for number, name in enumerate(names)]
        logs = self.comes_to_rest(events)
        self.assertEqual([member(logs, name).host for name in names], [None, *["~a"] * 4, None, *["~o"] * 4])

    def test_many_links(self):
        said = [[("device", str(number)) for number in range(begin, begin + 8)] for begin in (0, 8, 16)]
        logs = self.comes_to_rest([event(f"e{number}", "~v", number, "web", one) for number, one in enumerate(said)][:2])
        self.assertEqual(len(member(logs, "~v").links.heard), MOST_LINKS)
        logs.append(event("e3", "~v", 3, "web", said[2]))
        logs.drain()
        self.assertEqual(len(member(logs, "~v").links.heard), MOST_LINKS)
        logs.finish()
        self.assertEqual({name for rows in outputs_of(logs.partitions, "journeys").values() for row in rows
                          for name in row.truncated}, {"max_links"})

    def test_large_events(self):
        """What a feed has kept of an event is left out where the event would be too large to send on."""
        large = event("e2", "~v", 2, "web")
        large.raw = bytes((1 << 20) - 200)
        huge = event("e3", "~v", 3, "web")
        huge.attributes["a"] = "x" * ((1 << 20) - 400)
        logs = one_after_the_other([event("e0", "~v", 0, "web", [BOB]), large, huge], 2)
        self.assertEqual([InteractionEvent.FromString(one.identity.event.event).raw for one in sent(logs, "event")], [b""])
        self.assertEqual([one.original.key for partition in logs.partitions for one in partition.expected
                          if one.topic == "rejected"], [b"/~v"])

    def test_identities_that_are_read(self):
        policy = policy_of()
        unread = [("", "1"), ("phone", "x" * 257), ("phone", "")]
        one = event("e", "~v", 0, identities=[*unread, *[("household", "1")] * 6, PHONE, DEVICE, OTHER])
        self.assertEqual(len(named_by(one, policy)), 2)
        one = event("e", "~v", 0, identities=[PHONE, ("customer", "/i/0"), BOB])
        one.customer.identities[0].verified = False
        one.customer.identities[2].previous_value = "ann"
        self.assertEqual([named.home for named in named_by(one, policy)], ["/c/bob", "/c/ann"])

    def test_the_home_of_a_customers_id(self):
        """Forgets who spoke longest ago, but neither who is named nor who has the smallest label."""
        home = Home("/c/bob")
        said = [Told(home.key, Label(name, (node_hash(name),)), ask=True) for name in ("bob", "ann")]
        self.assertEqual([one.to for one in home.hear(said[1], "ann", None)], ["bob", "bob", "ann"])
        home.hear(said[0], "bob", None)
        for number in range(300):
            home.hear(Told(home.key, Label(f"~{number:03}", (number,))), f"~{number:03}", None)
        self.assertEqual(len(home.members), 256)
        self.assertEqual(list(home.members)[:3], ["ann", "bob", "~046"])

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


class WhatTheLogBrings(unittest.TestCase):
    """A log of records between customers that is not what the reference sends is found out."""

    def setUp(self):
        self.policy = policy_of()
        events = [event("e0", "~v", 0, "web", [PHONE], -0.9), event("e1", "bob", 10, "call", [PHONE]),
                  event("e2", "~v", 20, "web", felt=-0.9), event("e3", "~v", 30, "web"), unmerge("~v"),
                  event("e4", "~v", 40, "web")]
        self.logs = read(self.policy, events, 3, random.Random(5))

    def problems(self, change=lambda log: None):
        """Of the log of partition `number` when it was changed."""
        log = Log(NAMES)
        for records in self.logs.logs:
            records = list(records)
            change(records)
            for record in records:
                log.add("input", record)
        reference = Reference(log, self.policy, Limits(), ends=False)
        return reference, [*reference.post.problems, *reference.post.rest()]

    def test_as_it_was(self):
        reference, problems = self.problems()
        self.assertEqual(problems, [])
        for number, again in reference.partitions.items():
            first = self.logs.partitions[number]
            self.assertEqual([one.message == other.message for one, other in zip(first.expected, again.expected)],
                             [True] * len(first.expected))

    def changed(self, number, change):
        """What is wrong when the record of that number between customers is changed."""
        place = 0

        def at(records):
            nonlocal place
            for index, record in enumerate(records):
                identity = InteractionEvent.FromString(record.value).control.identity
                if identity.WhichOneof("kind") not in (None, "unmerge"):
                    if place == number:
                        place += 1
                        change(records, index)
                        return
                    place += 1
        return self.problems(at)[1]

    def test_changes(self):
        def drop(records, index):
            del records[index]

        def repeat(records, index):
            records.insert(index, records[index])

        def bend(records, index):
            message = InteractionEvent.FromString(records[index].value)
            identity = message.control.identity
            kind = identity.WhichOneof("kind")
            if kind == "label":
                identity.label.ask = not identity.label.ask
            elif kind == "event":
                identity.event.late = not identity.event.late
            elif kind in ("hand_over", "hand_back"):
                getattr(identity, kind).contacts.seen.young.append(7)
            else:
                identity.label.SetInParent()
            records[index] = records[index]._replace(value=message.SerializeToString())
        count = sum(1 for one in self.logs.post.sent)
        for number in range(count):
            for change in (drop, repeat, bend):
                self.assertNotEqual(self.changed(number, change), [], f"{change.__name__} {number}")


if __name__ == "__main__":
    if "--break" in sys.argv:
        identity_breaks.break_rule(sys.argv.pop(sys.argv.index("--break") + 1))
        sys.argv.remove("--break")
    unittest.main()
