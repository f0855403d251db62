"""A log of records between customers that is not what the reference sends is found out. identities_test.py runs them."""

import random
import unittest

from identity_days import PHONE, event, policy_of, read, unmerge
from oracle_ingest import Limits
from oracle_messages import InteractionEvent
from oracle_records import NAMES, Log
from oracle_reference import Reference


class WhatTheLogBrings(unittest.TestCase):
    """Of what others have sent: all of it, once, and as it was sent."""

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
