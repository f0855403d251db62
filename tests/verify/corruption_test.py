#!/usr/bin/python3
"""Each check of peakend_verify.py can fail.

    corruption_test.py build/release/peakend [-v]

Outputs of the program are corrupted one at a time, and the check that should see it
must go red.
"""

import sys
import types
import unittest

import verify_test
from corruption_content import Content  # its tests run here, too
from corruption_records import DAMAGED_SEED, Records
from corruption_statistics import Night, Statistics  # and theirs
from corruptions import (add_to_score, again, bump, flip_a_byte, of_grade, replace, reworded, scored, swap_versions,
                         with_notice)
from oracle_records import NAMES, ROWS, Log, dump_line
from verify_test import WINDOWS, verify


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

    def test_a_journey_that_never_is_final(self):
        is_final = of_grade("journeys", "JOURNEY_END_FINAL")
        newest = {record.key: record for record in self.records if record.topic == NAMES["journeys"]}
        last = next(record for record in newest.values() if is_final(record))
        self.goes_red("O3", [record for record in self.records if record is not last])

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

    def test_a_forgotten_notice(self):
        """Without it, said a little later or withdrawn, what was written does not follow from the input."""
        def forgotten(_):
            return False
        def later(event):
            event.occurred_at_ms += 10**7
        def withdrawn(event):
            event.control.notice.withdrawn = True
        for change in (forgotten, later, withdrawn):
            with self.subTest(change.__name__):
                self.goes_red("O3", [changed for record in self.records for changed in with_notice(record, change)])

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
    verify_test.program = sys.argv.pop(1)
    unittest.main()
