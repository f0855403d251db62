"""A log of records between customers that is not what the reference sends is found out. identities_test.py runs them."""

import contextlib
import io
import json
import pathlib
import tempfile
import unittest

import peakend_verify
from identity_days import PHONE, dump, event, one_after_the_other, policy_of, policy_text, unmerge
from oracle_ingest import Limits
from oracle_messages import InteractionEvent
from oracle_records import NAMES, Log
from oracle_reference import Reference


def kind_of(record):
    return InteractionEvent.FromString(record.value).control.identity.WhichOneof("kind")


class WhatTheLogBrings(unittest.TestCase):
    """Of what others have sent: all of it, once, and as it was sent."""

    def setUp(self):
        self.policy = policy_of()
        events = [event("e0", "~v", 0, "web", [PHONE], -0.9), event("e1", "bob", 10, "call", [PHONE]),
                  event("e2", "~v", 20, "web", felt=-0.9), event("e3", "~v", 30, "web"), unmerge("~v"),
                  event("e4", "~v", 40, "web")]
        self.logs = one_after_the_other(events, 3, self.policy)
        kinds = {kind_of(record) for log in self.logs.logs for record in log}
        self.assertLess({"label", "hand_over", "event", "recall", "hand_back", "closed"}, kinds)

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

    def verified(self, without=lambda record: False):
        """{check: state} of the tool, which reads all logs and outputs."""
        with tempfile.TemporaryDirectory() as name, contextlib.redirect_stdout(io.StringIO()):
            folder = pathlib.Path(name)
            dump(self.logs, folder / "dump", without)
            (folder / "policy.yaml").write_text(policy_text(), encoding="utf-8")
            peakend_verify.main(["--dump", str(folder / "dump"), "--policy", str(folder / "policy.yaml"), "--json",
                                 str(folder / "result")])
            checks = json.loads((folder / "result").read_text(encoding="utf-8"))["checks"]
        return {check: found["state"] for check, found in checks.items()}

    def test_the_tool(self):
        states = self.verified()
        self.assertEqual({check for check, state in states.items() if state == "holds"},
                         {"O1", "O2", "O3", "O5", "I2", "I4"})
        self.assertEqual({check for check, state in states.items() if state == "violated"}, set())
        states = self.verified(lambda record: kind_of(record) == "hand_over")
        self.assertEqual((states["I2"], states["O3"]), ("violated", "violated"))

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
        for number in range(len(self.logs.post.sent)):
            for change in (drop, repeat, bend):
                self.assertNotEqual(self.changed(number, change), [], f"{change.__name__} {number}")
