#!/usr/bin/python3
"""peakend_verify.py agrees with the program, and each of its checks can fail.

    verify_test.py build/release/peakend [-v]

Runs the program on files: random days, the scenarios, imported conversations. Then
outputs are corrupted one at a time, and the check that should see it must go red.
"""

import contextlib
import io
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import types
import unittest

FOLDER = pathlib.Path(__file__).resolve().parent
SCENARIOS = FOLDER.parent / "scenarios"
SAMPLE = FOLDER.parent / "data/conversations.sample.jsonl"
sys.path.insert(0, str(SCENARIOS))

from google.protobuf import json_format
from google.protobuf.internal.encoder import _VarintBytes

import peakend_verify
import random_events
from corruptions import (add_to_evidence, add_to_field, add_to_score, again, as_on_kafka, evidence_of, flip_a_byte,
                         of_rule, replace, reworded, scored, swap_versions, with_field)
from oracle_causes import DIMENSIONS, NAMES as CAUSES
from oracle_ingest import Limits
from oracle_messages import InteractionEvent
from oracle_policy import read_policy
from oracle_records import NAMES, ROWS, Log, dump_line, read_file_mode
from oracle_reference import Reference
from random_census import Census
from scenario_events import expand

NOW = "2025-12-31T00:00:00Z"
WINDOWS, PATIENCE = FOLDER / "windows.yaml", FOLDER / "patience.yaml"
SEEDS = range(1, 21)
DAY = 300  # events
DAMAGED_SEED = 28  # of a day on which there is something to damage everywhere

program = ""


def run_program(folder, lines, policy=None, partitions=1, form="json"):
    events, outputs = folder / "events", folder / "outputs.ndjson"
    if form == "binary":
        events.write_bytes(b"".join(_VarintBytes(len(value)) + value for value in lines))
    else:
        events.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    command = [program, "run", "--input", str(events), "--output", str(outputs), "--now", NOW, "--quiet",
               "--partitions", str(partitions), "--format", form, *(("--policy", str(policy)) if policy else ())]
    code = subprocess.run(command, capture_output=True, timeout=60, check=False).returncode
    assert code in (0, 65), f"the program ended with {code}"  # 65: some records were refused
    return events, outputs


def verify(*arguments):
    """(exit code, {check: state}, what was printed) of one call."""
    with tempfile.TemporaryDirectory() as folder:
        result = pathlib.Path(folder) / "result.json"
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            code = peakend_verify.main([*map(str, arguments), "--json", str(result)])
        checks = json.loads(result.read_text(encoding="utf-8"))["checks"]
    return code, {name: check["state"] for name, check in checks.items()}, printed.getvalue()


def bent(value, rng):
    """The bytes with some cut off, changed or doubled; half of the time as they are."""
    data = bytearray(value)
    for _ in range(rng.choice([0, 0, 1, 3])):
        at = rng.randrange(len(data) + 1)
        what = rng.choice(["cut", "flip", "flip", "insert", "repeat"])
        if what == "cut":
            del data[at:]
        elif what == "flip" and at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        elif what == "insert":
            data.insert(at, rng.randrange(256))
        else:
            data += data[at:]
    return bytes(data)


class Agreement(unittest.TestCase):
    """The program writes what the reference says."""

    def agrees(self, name, lines, policy=None, partitions=1, form="json", census=None):
        with self.subTest(name), tempfile.TemporaryDirectory() as folder:
            files = run_program(pathlib.Path(folder), lines, policy, partitions, form)
            if census is not None:
                census.read(files[1])
            code, _, printed = verify("--file-mode", *files, "--now", NOW, "--partitions", partitions, "--format", form,
                                      *(("--policy", policy) if policy else ()))
            self.assertEqual(code, 0, printed)

    def test_random_days(self):
        for policy in (WINDOWS, PATIENCE):
            census = Census()
            for seed in SEEDS:
                self.agrees(f"seed {seed}, {policy.stem}", random_events.lines_of(seed, DAY), policy,
                            4 if seed % 4 == 0 else 1, census=census)
            with self.subTest(f"census, {policy.stem}"):
                self.everything_occurs(census, read_policy(policy).rules)

    def everything_occurs(self, census, rules):
        self.assertEqual(set(CAUSES) - census.causes, set())
        for rule in rules:
            self.assertIn((rule.name, "raised"), census.alerts)
            self.assertIn((rule.name, "contact_ended"), census.alerts)
            if rule.on not in ("delight", "repeat_contact"):
                self.assertIn((rule.name, "recovered"), census.alerts)
        self.assertTrue(any(reason == "followed_up" for _, reason in census.alerts))
        self.assertTrue(census.stale)
        wanted = {"promises_made", "promises_kept", "promises_broken", "promises_open", "repeat_contacts"}
        self.assertEqual(wanted - census.journeys, set())
        self.assertEqual(census.bounds, {"max_contacts", "max_event_ids", "max_promises"})

    def test_torn_and_bent_bytes(self):
        rng = random.Random(1)
        for seed in SEEDS[:4]:
            values = []
            for line in random_events.lines_of(seed, DAY):
                with contextlib.suppress(json_format.ParseError, ValueError):
                    values.append(json_format.Parse(line, InteractionEvent()).SerializeToString())
            self.agrees(f"bytes {seed}", [bent(value, rng) for value in values], WINDOWS, form="binary")

    def test_scenarios(self):
        for path in sorted(SCENARIOS.glob("*.json")):
            for scenario in json.loads(path.read_text(encoding="utf-8")):
                policy = scenario.get("policy", "policies/core.yaml")
                self.agrees(scenario["name"], [line for _, line in expand(scenario)],
                            None if policy == "shipped" else SCENARIOS / policy)

    def test_imported_conversations(self):
        done = subprocess.run([program, "import", "conversations", str(SAMPLE), "--quiet"], capture_output=True,
                              timeout=60, check=True)
        self.agrees("conversations", done.stdout.decode().splitlines())


class Corruption(unittest.TestCase):
    """Each check sees what it is there for."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.path = pathlib.Path(cls.folder.name)
        lines = random_events.lines_of(DAMAGED_SEED, 900)
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

    def stays_green(self, records, *arguments):
        red, printed = self.verdict(records, *arguments)
        self.assertFalse(red, printed)

    def test_untouched_records_hold(self):
        self.stays_green(self.records, "--expect-drained")
        self.stays_green(self.records, "--at-least-once")

    def test_a_dropped_row(self):
        for role in ROWS:
            self.goes_red("O3", replace(self.records, role, lambda record: []))

    def test_a_first_version_dropped(self):
        self.goes_red("O5", swap_versions(self.records))
        first = replace(self.records, "journeys", lambda record: [],
                        lambda record: any(r.key == record.key and r is not record for r in self.records))
        self.goes_red("O5", first)

    def test_a_doubled_record(self):
        for role in (*ROWS, "rejected", "late"):
            doubled = replace(self.records, role, again)
            self.goes_red("O2", doubled)
            self.stays_green(doubled, "--at-least-once")
        self.goes_red("O1", replace(self.records, "late", again))

    def test_a_doubled_record_with_other_bytes(self):
        def other(record):
            first, second = again(record)
            return [first, *add_to_score(1e-7)(second)]
        self.goes_red("O2", replace(self.records, "journeys", other, scored), "--at-least-once")

    def test_a_wrong_score(self):
        self.goes_red("O3", replace(self.records, "journeys", add_to_score(1e-4), scored))
        self.stays_green(replace(self.records, "journeys", add_to_score(1e-7), scored))

    def test_a_wrong_field(self):
        def other_reason(message):
            message.reason = "recovered" if message.reason == "raised" else "raised"
        def less_evidence(message):
            del message.evidence[0]
        def other_cause(message):
            message.source.offset += 1
        for change in (other_reason, less_evidence, other_cause):
            self.goes_red("O3", replace(self.records, "alerts", reworded("alerts", change)))

    def test_a_wrong_service_impression(self):
        self.each_goes_red([
            (f"{cause}.{field}", "moments", add_to_evidence(cause, field, amount), evidence_of(cause))
            for cause, field, amount in (
                ("queue_wait", "valence", 1e-4), ("queue_wait", "gap", 1e-4), ("queue_wait", "actual", 1),
                ("queue_wait", "desired", 1), ("queue_wait", "adequate", 1), ("queue_wait", "basis", "s"),
                ("announced_wait_exceeded", "cause", "s"), ("hold", "confidence", 1e-4), ("hold", "at_ms", 1),
                ("authenticated_again", "count", 1), ("dropped", "servqual", "s"), ("wrong_skill", "kano", "s"),
                ("hung_up_on_hold", "at_ms", 1), ("silence", "event_id", "s"), ("promise_kept", "actual", 1),
                ("promise_broken", "at_ms", 1), ("first_response", "desired", 1), ("next_response", "valence", 1e-4),
                ("unanswered", "count", 1), ("left_unanswered", "at_ms", 1), ("repeat_contact", "confidence", 1e-4),
                ("followed_up", "gap", 1e-4), ("recovered", "kano", "s"))])

    def test_a_wrong_sum_of_service(self):
        self.each_goes_red([
            (field, "journeys", add_to_field(field), with_field(field))
            for field in (*(f"gap_{name}" for name in DIMENSIONS), "score_affect", "count_affect", "promises_made",
                          "promises_kept", "promises_broken", "promises_open", "repeat_contacts")])

    def test_a_wrong_condition(self):
        def stale(message):
            message.stale = not message.stale
        def later(message):
            message.occurred_at_ms += 1
        def other_moment(message):
            message.moment_kind += 1
        def waited_less(message):
            message.evidence[0].at_ms -= 1
        self.each_goes_red([
            (f"{change.__name__} {rule}", "alerts", reworded("alerts", change), of_rule(rule))
            for change, rules in (
                (stale, ("silence_of_ours", "promise_broken", "overdue", "waits", "left_alone", "back_again")),
                (later, ("silence_of_ours", "overdue", "waits", "left_alone", "back_again")),
                (other_moment, ("promise_at_risk", "overdue", "left_alone", "back_again")),
                (waited_less, ("silence_of_ours", "promise_broken", "overdue"))) for rule in rules])

    def test_a_row_out_of_nothing(self):
        def invent(record):
            return [record, *reworded("alerts", rename)(record._replace(offset=10**8, key=b"0" * 32))]
        def rename(message):
            message.alert_id = "0" * 32
        self.goes_red("O3", replace(self.records, "alerts", invent))

    def test_a_record_in_another_partition(self):
        self.goes_red("O3", replace(self.records, "moments", lambda record: [record._replace(partition=1)]))

    def test_a_value_of_something_else(self):
        self.goes_red("O3", replace(self.records, "alerts", lambda record: [record._replace(value=b"\xff")]))

    def test_a_rejected_record_with_another_byte(self):
        self.goes_red("O3", replace(self.records, "rejected", flip_a_byte, lambda record: record.value))

    def test_a_rejected_record_without_its_headers(self):
        self.goes_red("O3", replace(self.records, "rejected", lambda r: [r._replace(headers=r.headers[1:])]))

    def test_a_removed_record(self):
        for role in ("late", "rejected"):
            removed = replace(self.records, role, lambda record: [])
            self.goes_red("O1", removed)
            self.goes_red("O3", removed)

    def test_a_record_on_the_wrong_topic(self):
        moved = replace(self.records, "late", lambda record: [record._replace(topic=NAMES["rejected"])])
        self.goes_red("O1", moved)

    def test_an_output_beyond_the_committed_offset(self):
        committed = ("--committed", f"0:{self.middle}")
        self.goes_red("O3", self.records, *committed)
        self.stays_green(self.records, "--at-least-once", *committed)

    def test_a_job_that_lags(self):
        self.goes_red("O10", self.records, "--at-least-once", "--expect-drained", "--committed", f"0:{self.middle}")
        self.stays_green(self.records, "--expect-drained", "--committed", f"0:{self.end}")

    def test_two_readers(self):
        second = self.path / "second.ndjson"
        second.write_text("".join(dump_line(record) + "\n" for record in self.records), encoding="utf-8")
        self.stays_green(self.records, "--second", second)
        self.goes_red("O6", replace(self.records, "alerts", lambda record: []), "--second", second)
        self.goes_red("O6", replace(self.records, "late", flip_a_byte), "--second", second)

    def test_an_open_transaction(self):
        self.assertEqual(self.on_a_cluster([]), (0, "holds"))
        self.assertEqual(self.on_a_cluster(["moments/0: last stable offset 3, end 5"]), (1, "violated"))

    def on_a_cluster(self, unstable):
        """(exit code, state of O8) with a stand-in for the cluster's reader."""
        def read(_):
            log = Log(NAMES)
            roles = {name: role for role, name in NAMES.items()}
            for record in self.records:
                log.add(roles[record.topic], record)
            return log
        cluster = type("Cluster", (), {"__init__": lambda *_: None, "read": read,
                                       "wait_until_stable": lambda *_: unstable})
        sys.modules["oracle_kafka"] = types.SimpleNamespace(Cluster=cluster)
        self.addCleanup(sys.modules.pop, "oracle_kafka", None)
        code, states, _ = verify("--bootstrap", "nowhere:1", "--policy", WINDOWS)
        return code, states["O8"]

    def test_words_hold_no_customer_text(self):
        def secret(message):
            message.customer_id = "a-name-of-somebody"
        _, printed = self.verdict(replace(self.records, "alerts", reworded("alerts", secret)))
        self.assertIn("customer_id differs", printed)
        self.assertNotIn("a-name-of-somebody", printed)


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        print(__doc__.strip())
        sys.exit(64)
    program = sys.argv.pop(1)
    unittest.main()
