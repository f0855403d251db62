"""The records that damage is done to, and what the tool says of them."""

import pathlib
import tempfile
from unittest import mock

import peakend_verify
import random_events
from corruptions import as_on_kafka
from oracle_ingest import Limits
from oracle_policy import read_policy
from oracle_records import NAMES, dump_line, read_file_mode
from oracle_reference import Reference
from verify_test import NOW, WINDOWS, run_program, verify

REFERENCES = {}  # by what they follow from


def reference_of(log, policy, limits, ends, watched):
    """Most damage leaves the input alone: what follows from it is worked out once."""
    assert not watched, "there is no changelog here"
    key = (policy.stamp, repr(vars(limits)), ends, repr(log.topics["input"]), repr(log.malformed))
    if key not in REFERENCES:
        REFERENCES[key] = Reference(log, policy, limits, ends, watched)
    return REFERENCES[key]


DAMAGED_SEED = 125  # of a day on which there is something to damage everywhere


class Records:
    """What a job would have left of a random day, and what the tool says of it."""

    policy = WINDOWS

    @classmethod
    def lines(cls):
        return random_events.lines_of(cls.seed, cls.count)

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.path = pathlib.Path(cls.folder.name)
        now_ms = peakend_verify.milliseconds(NOW)
        log = read_file_mode(*run_program(cls.path, cls.lines(), cls.policy), NAMES, 1, now_ms)
        reference = Reference(log, read_policy(cls.policy), Limits(), ends=True)
        cls.records = as_on_kafka(log, reference)
        cls.end = max(record.offset for record in log.topics["input"]) + 1
        cls.middle = cls.end // 2

    def verdict(self, records, *arguments):
        dump = self.path / "dump.ndjson"
        dump.write_text("".join(dump_line(record) + "\n" for record in records), encoding="utf-8")
        with mock.patch.object(peakend_verify, "Reference", reference_of):
            code, states, printed = verify("--dump", dump, "--policy", self.policy, *arguments)
        red = {name for name, state in states.items() if state == "violated"}
        self.assertEqual(code, 1 if red else 0)
        return red, printed

    def goes_red(self, check, records, *arguments):
        red, printed = self.verdict(records, *arguments)
        self.assertIn(check, red, printed)

    def stays_green(self, records, *arguments):
        red, printed = self.verdict(records, *arguments)
        self.assertFalse(red, printed)

    def each_goes_red(self, damages):
        """Damages one record each, (name, role, change, wanted), and looks at all at once."""
        records, places = self.records, {}
        for name, role, change, wanted in damages:
            whole = [record for record in records if record.topic == NAMES[role] and record not in places.values()]
            found = next((record for record in whole if wanted(record)), None)
            with self.subTest(name):
                self.assertIsNotNone(found)
                places[name] = change(found)[0]
                records = [places[name] if record is found else record for record in records]
        _, printed = self.verdict(records, "--show", 1000)
        for name, record in places.items():
            with self.subTest(name):
                self.assertIn(f"{record.topic}/{record.partition} offset {record.offset} key", printed)
