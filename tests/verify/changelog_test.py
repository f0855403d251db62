#!/usr/bin/python3
"""O4 agrees with the engine's changelog, and sees every damage that is done to it.

    changelog_test.py build/release/tests/verify/changelog_dump [-v]

The engine runs over random days, crashes and comes back (changelog_dump.cc). Then its
changelog is damaged one record at a time, or the engine itself makes a mistake, and O4
must go red.
"""

import pathlib
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import peakend_verify
import random_events
import random_policies
from changelog_actions import ActedDays
from changelog_kept import KeptDamage
from changelog_rerun import Rerun
from changelog_state import FieldDamage, StateDamage, edited
from oracle_changelog import kind_of
from oracle_messages import CustomerState, ProgressRecord
from oracle_policy import read_policy
from oracle_records import NAMES, ROWS, dump_line, read_dump
from verify_switches import switched_day
from verify_test import DAY, NOW, SEEDS, WINDOWS, verify

PROGRESS = b"progress"
DAMAGED_SEED = 963  # of a day on which there is something to damage everywhere

program = ""


def run_job(folder, seed, count=DAY, partitions=1, mistake="none", policy=WINDOWS, lines=None):
    """(records of all topics, committed offsets as --committed wants them)"""
    events, dump = folder / "events", folder / "run.ndjson"
    lines = lines or random_events.lines_of(seed, count, returns=policy is not WINDOWS)
    events.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    now_ms = peakend_verify.milliseconds(NOW)
    with open(dump, "wb") as out:
        done = subprocess.run([program, *map(str, (policy, events, partitions, seed, now_ms, mistake))], stdout=out,
                              stderr=subprocess.PIPE, timeout=60, check=True)
    log = read_dump([dump], NAMES)
    records = [record for of_topic in log.topics.values() for record in of_topic]
    return records, done.stderr.decode().split()[-1]


def judged(folder, records, *arguments, policy=WINDOWS):
    """({check: state}, what was printed)"""
    dump = folder / "dump.ndjson"
    dump.write_text("".join(dump_line(record) + "\n" for record in records), encoding="utf-8")
    _, states, printed = verify("--dump", dump, "--policy", policy, "--show", 100, *arguments)
    return states, printed


class Agreement(ActedDays, unittest.TestCase):
    """Through crashes and restores the engine keeps what the reference holds."""

    run_job, judged = staticmethod(run_job), staticmethod(judged)

    def test_random_days(self):
        for seed in SEEDS:
            with self.subTest(seed), tempfile.TemporaryDirectory() as name:
                folder = pathlib.Path(name)
                records, committed = run_job(folder, seed, partitions=4 if seed % 4 == 0 else 1)
                states, printed = judged(folder, records, "--committed", committed, "--expect-drained")
                self.assertEqual({states[check] for check in ("O1", "O2", "O3", "O4", "O5", "O10")}, {"holds"}, printed)

    def test_random_policies(self):
        remembered = carded = 0
        for seed in SEEDS:
            with self.subTest(seed), tempfile.TemporaryDirectory() as name:
                folder = pathlib.Path(name)
                policy = folder / "policy.yaml"
                policy.write_text(random_policies.text_of(seed), encoding="utf-8")
                records, committed = run_job(folder, seed, policy=policy)
                states, printed = judged(folder, records, "--committed", committed, "--expect-drained", policy=policy)
                self.assertEqual({states[check] for check in ("O1", "O2", "O3", "O4", "O5", "O10")}, {"holds"}, printed)
                kept = newest_states(records).values()
                remembered += sum(state.HasField("memory") for state in kept)
                carded += sum(rows.HasField("card_version") for state in kept for rows in state.open.rows)
        self.assertGreater(remembered, 20)
        self.assertGreater(carded, 5)

    def test_policies_that_are_replaced(self):
        posted = 0
        for seed in SEEDS:
            with self.subTest(seed), tempfile.TemporaryDirectory() as name:
                folder = pathlib.Path(name)
                lines, policy = switched_day(folder, seed)
                records, committed = run_job(folder, seed, policy=policy, lines=lines)
                states, printed = judged(folder, records, "--committed", committed, "--expect-drained", policy=policy)
                self.assertEqual({states[check] for check in ("O1", "O2", "O3", "O4", "O5", "O10")}, {"holds"}, printed)
                posted += any(record.key.startswith(b"policy ") for record in records if record.topic == NAMES["state"])
        self.assertGreater(posted, len(SEEDS) // 2)

    def test_mistakes_of_the_engine(self):
        # What the engine writes in the end is right, or O1 to O3 see it; O4 sees the cause.
        for mistake in ("skip_changelog_record", "low_water_mark", "stub_dropped_early", "lose_timer",
                        "applied_not_checked"):
            with self.subTest(mistake), tempfile.TemporaryDirectory() as name:
                folder = pathlib.Path(name)
                runs = (run_job(folder, seed, mistake=mistake) for seed in SEEDS)
                self.assertTrue(any(judged(folder, records, "--committed", committed)[0]["O4"] == "violated"
                                    for records, committed in runs))


def newest_states(records):
    """By key; without the customers that are gone."""
    newest = {record.key: record for record in records if record.topic == NAMES["state"]}
    return {key: CustomerState.FromString(record.value) for key, record in newest.items()
            if kind_of(key) is CustomerState and record.value is not None}


class DamagedDay:
    """A day's records of which one is not what the engine wrote."""

    seed = DAMAGED_SEED

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.path = pathlib.Path(cls.folder.name)
        cls.records, cls.committed = run_job(cls.path, cls.seed, 600)
        cls.reference = Rerun()
        newest = {record.key: record for record in cls.records if record.topic == NAMES["state"]}
        cls.newest = [record for record in newest.values() if record.value is not None]
        cls.progress_record = newest[PROGRESS]
        cls.progress = ProgressRecord.FromString(cls.progress_record.value)
        cls.customers = {record.key: record for record in cls.newest if kind_of(record.key) is CustomerState}
        cls.states = newest_states(cls.records)

    def verdict(self, records, *arguments):
        with mock.patch.object(peakend_verify, "Reference", self.reference):
            states, printed = judged(self.path, records, "--committed", self.committed, *arguments)
        others = {states[check] for check in ("O1", "O2", "O3", "O5")}
        return states["O4"], others, printed

    def goes_red(self, records, words, *arguments):
        state, others, printed = self.verdict(records, *arguments)
        self.assertEqual(state, "violated", printed)
        self.assertEqual(others, {"holds"}, printed)
        self.assertIn(words, printed)

    def without(self, gone, put=()):
        return [*(record for record in self.records if record not in gone), *put]

    def with_progress(self, change):
        return self.without([self.progress_record], edited(ProgressRecord, change)(self.progress_record))

    def with_customer(self, change, wanted=lambda state: True):
        key = next(key for key, state in self.states.items() if wanted(state))
        return self.without([self.customers[key]], edited(CustomerState, change)(self.customers[key]))

    def history(self, key):
        return [record for record in self.records if record.topic == NAMES["state"] and record.key == key]


class CaseDamage(DamagedDay, FieldDamage, unittest.TestCase):
    """On the other day nobody remembers a case."""

    seed = 934

    def test_a_remembered_case(self):
        self.each_field_differs(("memory.case_id",))


class Damage(DamagedDay, StateDamage, KeptDamage, unittest.TestCase):
    def test_untouched(self):
        for arguments in ((), ("--at-least-once",)):
            state, others, printed = self.verdict(self.records, *arguments)
            self.assertEqual((state, others), ("holds", {"holds"}), printed)
        # The day is one on which there is something to see.
        self.assertLess(self.progress.low_water_mark, self.progress.committed_offset)
        self.assertTrue(any(state.open.alerts for state in self.states.values()))

    def test_compaction_changes_nothing(self):
        kept = set(self.newest)
        compacted = [record for record in self.records if record.topic != NAMES["state"] or record in kept]
        self.assertLess(len(compacted), len(self.records))
        self.assertEqual(self.verdict(compacted)[0], "holds")

    def test_a_customer_is_missing(self):
        for key in list(self.customers)[:5]:
            self.goes_red(self.without(self.history(key)), "is missing")

    def test_a_customer_is_removed(self):
        record = next(iter(self.customers.values()))
        self.goes_red([*self.records, record._replace(offset=10**6, value=None)], "is missing")

    def test_an_older_record(self):
        key = next(key for key in self.customers if len(self.history(key)) > 1)
        self.goes_red(self.without([self.customers[key]]), "before the low-water mark")

    def test_a_customer_out_of_nothing(self):
        record = next(iter(self.customers.values()))
        self.goes_red([*self.records, record._replace(offset=10**6, key=b"/stranger")], "no such customer")

    def test_a_swap_of_two_customers(self):
        one, other = list(self.customers.values())[:2]
        self.goes_red(self.without([one, other], [one._replace(value=other.value), other._replace(value=one.value)]),
                      "as of offset")

    def test_progress(self):
        self.goes_red(self.without(self.history(PROGRESS)), "is missing")
        for field, amount, words in (
                ("low_water_mark", self.progress.committed_offset - self.progress.low_water_mark,
                 "before the low-water mark"),
                ("low_water_mark", 1000, "low_water_mark is"), ("committed_offset", -1, "committed_offset is"),
                ("committed_offset", 1, "committed_offset is"), ("now_ms", 1, "now_ms is"),
                ("partition", 1, "speaks of partition 1"), ("digest", 1, "digest is not that of"),
                ("retired_digest", 1, "digest is not what a replay")):
            def change(message, field=field, amount=amount):
                setattr(message, field, getattr(message, field) + amount)
            self.goes_red(self.with_progress(change), words)
        self.goes_red(self.with_progress(lambda message: message.ClearField("policy_version")), "policy_version")

    def test_the_budget(self):
        def one_bar_less(budget):
            del budget.bars[-1]
        def one_bar_more(budget):
            budget.bars.add(from_offset=self.progress.committed_offset, shares=[1, 2, 3, 4])
        def later(budget):
            budget.bars[-1].from_offset += 1
        def other_share(budget):
            budget.bars[0].shares[3] ^= 1
        def wanted_more(budget):
            budget.wanted[2] += 1
        changes = [(change, "budget.bars are") for change in (one_bar_less, one_bar_more, later, other_share)]
        changes += [(wanted_more, "budget.wanted is")]
        for field in ("contacts", "granted", "owed_milli"):
            def more(budget, field=field):
                setattr(budget, field, getattr(budget, field) + 1)
            changes.append((more, f"budget.{field} is"))
        self.assertGreater(len(self.progress.budget.bars), 1)
        for change, words in changes:
            with self.subTest(words):
                self.goes_red(self.with_progress(lambda message: change(message.budget)), words)
        self.goes_red(self.with_progress(lambda message: message.ClearField("budget")), "budget.bars are")

    def test_the_group_went_back(self):
        behind = f"0:{self.progress.committed_offset - 1}"
        dump = self.path / "behind.ndjson"
        dump.write_text("".join(dump_line(record) + "\n" for record in self.records), encoding="utf-8")
        for arguments, wanted in (((), "violated"), (("--at-least-once",), "holds")):
            _, states, printed = verify("--dump", dump, "--policy", WINDOWS, "--committed", behind, *arguments)
            self.assertEqual(states["O4"], wanted, printed)

    def test_a_customers_record(self):
        def later(state):
            state.applied += 10**6
        def other_digest(state):
            state.digest ^= 1
        def earlier(state):
            state.applied //= 2  # as long as nothing happened in between it would be as true
        self.goes_red(self.with_customer(later), "committed_offset")
        self.goes_red(self.with_customer(earlier, self.is_open), "as of offset")
        self.goes_red(self.with_customer(other_digest), "digest is not that of")
        self.goes_red(self.with_customer(lambda state: setattr(state, "gone", True), self.is_open), "says gone")

    def test_words_hold_no_customer_text(self):
        def secret(state):
            state.open.contacts.contacts[0].contact_id = b"a-name-of-somebody"
        records = self.with_customer(secret, lambda s: s.open.contacts.contacts)
        _, _, printed = self.verdict(records)
        self.assertIn("contact_id differs", printed)
        self.assertNotIn("a-name-of-somebody", printed)

    def test_an_output_that_changed(self):
        """Equal to the reference within its tolerance, but not the bytes that were hashed."""
        at = next(record for record in self.records if record.topic == NAMES["moments"]
                  and ROWS["moments"].FromString(record.value).valence)
        message = ROWS["moments"].FromString(at.value)
        message.valence += 1e-7
        other = at._replace(value=message.SerializeToString(deterministic=True))
        self.goes_red(self.without([at], [other]), "digest is not that of")

    def test_damaged_bytes(self):
        for record in (self.progress_record, next(iter(self.customers.values()))):
            self.goes_red([*self.records, record._replace(offset=10**6, value=b"\xff")],
                          "is not what this topic should hold")

    def test_what_cannot_be_judged(self):
        plain = [record for record in self.records if record.topic != NAMES["state"]]
        newer = self.with_progress(lambda message: setattr(message, "format", 5))
        trimmed = [record for record in self.records if record.topic != NAMES["input"] or record.offset > 0]
        for records, words in ((plain, "there is no topic"), (newer, "format 5"), (trimmed, "beginning of its input")):
            state, _, printed = self.verdict(records)
            self.assertEqual(state, "not run", printed)
            self.assertIn(words, printed)


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        print(__doc__.strip())
        sys.exit(64)
    program = sys.argv.pop(1)
    unittest.main()
