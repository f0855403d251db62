#!/usr/bin/python3
"""The manifest of a load promises what the reference makes of its events.

    load_test.py build/release/peakend [-v]

The program generates a load into a file and says how many journeys, alerts and moments
must come of it (`--expect`); the reference reads the file and counts its own.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

from oracle_ingest import Limits
from oracle_policy import read_policy
from oracle_records import NAMES, Log, events_of_lines, read_events
from oracle_reference import Reference
from peakend_verify import DEFAULT_POLICY, milliseconds

FOLDER = pathlib.Path(__file__).resolve().parent
LATER = milliseconds("2100-01-01T00:00:00Z")
COUNTED = ("journeys", "alerts", "moments")

program = ""


def counted(events, policy):
    """By kind: how many are there in the end, by the reference."""
    log = Log(NAMES)
    read_events(events_of_lines(events, log), 1, LATER, log)
    newest = {kind: {} for kind in COUNTED}
    for item in Reference(log, policy, Limits(), True).expected:
        if item.topic in COUNTED:
            known = newest[item.topic].get(item.key)
            if known is None or known.row_version < item.message.row_version:
                newest[item.topic][item.key] = item.message
    return {kind: sum(not getattr(row, "is_deleted", False) for row in rows.values())
            for kind, rows in newest.items()}


class Promised(unittest.TestCase):
    def keeps(self, preset, rate, duration, policy=None):
        with tempfile.TemporaryDirectory() as name:
            events, manifest = pathlib.Path(name) / "events.ndjson", pathlib.Path(name) / "manifest.json"
            subprocess.run([program, "load", "--preset", preset, "--rate", rate, "--duration", duration, "--out",
                            str(events), "--manifest", str(manifest), "--quiet", "--expect",
                            *(("--policy", str(policy)) if policy else ())], timeout=300, check=True)
            told = json.loads(manifest.read_text(encoding="utf-8"))
            found = counted(events, read_policy(policy or DEFAULT_POLICY))
        self.assertGreater(told["content"]["events"], 1500)
        self.assertEqual({kind: told["expected"][kind] for kind in COUNTED}, found)
        self.assertGreater(min(found.values()), 10, found)

    def test_chats(self):
        self.keeps("chat-zh", "20", "2m")

    def test_what_hurts(self):
        """Late, doubled and lost events, clocks that differ, a hot customer."""
        self.keeps("adversarial", "40", "1m")

    def test_a_policy_of_ones_own(self):
        """Journeys end and begin again within minutes."""
        self.keeps("telco-peak", "40", "1m", FOLDER / "windows.yaml")


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        print(__doc__.strip())
        sys.exit(64)
    program = sys.argv.pop(1)
    unittest.main()
