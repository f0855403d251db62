#!/usr/bin/python3
"""Each check of peakend_verify.py can fail.

    corruption_test.py build/release/peakend [-v]

Outputs of the program are corrupted one at a time, and the check that should see it
must go red.
"""

import pathlib
import sys
import tempfile
import types
import unittest

import peakend_verify
import random_events
import verify_test
from corruptions import (add_to_evidence, add_to_field, add_to_score, again, as_on_kafka, bump, evidence_of,
                         flip_a_byte, of_rule, places, replace, reworded, scored, swap_versions, with_field)
from oracle_causes import DIMENSIONS
from oracle_ingest import Limits
from oracle_policy import read_policy
from oracle_records import NAMES, ROWS, Log, dump_line, read_file_mode
from oracle_reference import Reference
from verify_test import NOW, WINDOWS, run_program, verify

DAMAGED_SEED = 85  # of a day on which there is something to damage everywhere


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


class Corruption(Records, unittest.TestCase):
    """Each check sees what it is there for."""

    seed, count = DAMAGED_SEED, 400

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

    def test_a_card_that_is_not_withdrawn(self):
        def is_last(record):
            return ROWS["cards"].FromString(record.value).is_deleted
        def amended(record):
            return [record, *reworded("cards", bump("row_version"))(record._replace(offset=10**8))]
        self.goes_red("O3", replace(self.records, "cards", lambda record: [], is_last))
        self.goes_red("O3", replace(self.records, "cards", amended, is_last))
        self.goes_red("O5", replace(self.records, "cards", lambda record: [], lambda record: not is_last(record)))

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


class Content(Records, unittest.TestCase):
    """One field of one row is wrong; many rows at once, as one reading names them all."""

    seed, count = DAMAGED_SEED, 900

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

    def test_a_wrong_card(self):
        def says(path):
            return lambda record: places(ROWS["cards"].FromString(record.value), path) != []
        paths = ("reason", "journey_id", "contact_id", "channel", "queue_id", "opened_at_ms", "say_en", "say_zh",
                 "contacts_before", *(f"memory.{name}" for name in (
                     "worst", "best", "end", "worst_at_ms", "best_at_ms", "end_at_ms", "unrecovered", "resolved",
                     "last_channel", "last_contact_at_ms")),
                 *(f"open_promises.{name}" for name in ("promise_id", "kind", "due_at_ms", "overdue")))
        def no_memory(message):
            message.ClearField("memory")
        def one_promise_less(message):
            del message.open_promises[-1]
        def still_speaks(message):
            message.reason = "known"
        self.each_goes_red([
            *((path, "cards", reworded("cards", bump(path)), says(path)) for path in paths),
            ("no memory", "cards", reworded("cards", no_memory), says("memory.last_channel")),
            ("one promise less", "cards", reworded("cards", one_promise_less), says("open_promises.kind")),
            ("withdrawn, but speaks", "cards", reworded("cards", still_speaks), says("is_deleted"))])

    def test_a_wrong_budget(self):
        def flipped(message):
            message.over_budget = not message.over_budget
        def interrupts(message):
            message.urgency = 3 - message.urgency
        def over(record):
            return ROWS["alerts"].FromString(record.value).over_budget
        def granted(record):
            return ROWS["alerts"].FromString(record.value).urgency == 1
        self.each_goes_red([(f"{change.__name__} {wanted.__name__}", "alerts", reworded("alerts", change), wanted)
                            for change in (flipped, interrupts) for wanted in (over, granted)])

    def test_a_wrong_memory_of_an_alert(self):
        paths = ("worst", "end", "worst_at_ms", "unrecovered", "resolved", "last_channel", "last_contact_at_ms")
        def other_days(message):
            message.message_params["days"] += "0"
        def no_memory(message):
            message.ClearField("memory")
        def returns(record):
            return ROWS["alerts"].FromString(record.value).HasField("memory")
        def remembers(name):
            return lambda record: places(ROWS["alerts"].FromString(record.value), f"memory.{name}") != []
        self.each_goes_red([
            *((name, "alerts", reworded("alerts", bump(f"memory.{name}")), remembers(name)) for name in paths),
            ("days", "alerts", reworded("alerts", other_days), returns),
            ("no memory", "alerts", reworded("alerts", no_memory), returns)])


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        print(__doc__.strip())
        sys.exit(64)
    verify_test.program = sys.argv.pop(1)
    unittest.main()
