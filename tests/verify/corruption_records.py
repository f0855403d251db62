"""The records that damage is done to, and what the tool says of them."""

import pathlib
import tempfile

import peakend_verify
import random_events
from corruptions import as_on_kafka
from oracle_ingest import Limits
from oracle_policy import read_policy
from oracle_records import NAMES, dump_line, read_file_mode
from oracle_reference import Reference
from verify_test import NOW, WINDOWS, run_program, verify

DAMAGED_SEED = 105  # of a day on which there is something to damage everywhere


class Records:
    """What a job would have left of a random day, and what the tool says of it."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.path = pathlib.Path(cls.folder.name)
        lines = random_events.lines_of(cls.seed, cls.count)
        now_ms = peakend_verify.milliseconds(NOW)
        log = read_file_mode(*run_program(cls.path, lines, WINDOWS), NAMES, 1, now_ms)
        reference = Reference(log, read_policy(WINDOWS), Limits(), ends=True)
        cls.records = as_on_kafka(log, reference)
        cls.end = max(record.offset for record in log.topics["input"]) + 1
        cls.middle = cls.end // 2

    def verdict(self, records, *arguments):
        dump = self.path / "dump.ndjson"
        dump.write_text("".join(dump_line(record) + "\n" for record in records), encoding="utf-8")
        code, states, printed = verify("--dump", dump, "--policy", WINDOWS, *arguments)
        red = {name for name, state in states.items() if state == "violated"}
        self.assertEqual(code, 1 if red else 0)
        return red, printed

    def goes_red(self, check, records, *arguments):
        red, printed = self.verdict(records, *arguments)
        self.assertIn(check, red, printed)

    def stays_green(self, records, *arguments):
        red, printed = self.verdict(records, *arguments)
        self.assertFalse(red, printed)
