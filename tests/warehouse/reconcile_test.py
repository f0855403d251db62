#!/usr/bin/env python3
"""`peakend reconcile` between a real Kafka and a real PostgreSQL: it sees what was done to the tables, and
nothing else.

    PEAKEND_TEST_KAFKA=HOST:PORT reconcile_test.py PROGRAM
"""

import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "faults")]

from log_start import delete_records
from row_feed import Feed
from row_messages import KINDS
from with_postgres import Postgres

LIMIT_S = 60
PROGRAM = ""
BOOTSTRAP = os.environ.get("PEAKEND_TEST_KAFKA", "")
COUNTS = ("missing", "stale", "different", "extra", "lost", "expired", "dead_letters", "cleared_dead_letters", "lag")


class ReconcileTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not BOOTSTRAP:
            raise AssertionError("PEAKEND_TEST_KAFKA names no broker; `./dev kafka up` starts one")
        cls.postgres = Postgres(fsync="off")
        cls.addClassCleanup(cls.postgres.close)
        cls.postgres.start()

    def setUp(self):
        self.own = f"{self.id().rpartition('.')[2]}-{os.getpid()}-{time.time_ns()}"
        self.schema = self.own.lower()[:60]
        self.feeds = []

    def feed(self, kind, count=400, keys=60):
        feed = Feed(BOOTSTRAP, f"{self.own}-{kind}", kind)
        self.feeds.append(feed)
        feed.many(count, keys)
        feed.flush()
        return feed

    def command(self, *words):
        settings = [f"kafka.bootstrap_servers={BOOTSTRAP}", "kafka.session_timeout=6s", "admin.enabled=false",
                    *(f"topics.bi_{feed.kind}={feed.topic}" for feed in self.feeds),
                    *(f"bi.{feed.kind}.enabled=true" for feed in self.feeds)]
        return [PROGRAM, *words, "--postgres", self.postgres.conninfo, "--schema", self.schema,
                *(part for setting in settings for part in ("-X", setting))]

    def run_(self, *words, code=0):
        done = subprocess.run(self.command(*words), capture_output=True, text=True, timeout=LIMIT_S)
        self.assertEqual(done.returncode, code, done.stderr + done.stdout)
        return done

    def sink(self, code=0):
        self.run_("sink", "postgres", "--init-schema", "--exit-at-end", "--group", self.own, code=code)

    def sql(self, statement):
        return self.postgres.psql(f'SET search_path TO "{self.schema}"; {statement}')

    def reconcile(self, *flags, revisions=None, **expected):
        """By table what is not 0; `expected` is of journeys, and of their revisions unless those say otherwise."""
        code = 1 if {"missing", "stale", "different", "extra", "lost"} & set(expected) else 0
        found = json.loads(self.run_("reconcile", "--json", *flags, code=code).stdout)
        counts = {table["table"]: {name: table[name] for name in COUNTS if table[name]} for table in found["tables"]}
        self.assertEqual(counts.pop("journeys"), expected)
        self.assertEqual(counts.pop("journey_revision"), expected if revisions is None else revisions)
        self.assertFalse([table for table in counts.values() if table])
        return {table["table"]: table for table in found["tables"]}

    def test_all_kinds_of_rows_agree(self):
        for kind in KINDS:
            self.feed(kind)
        self.sink()
        tables = self.reconcile()
        for feed in self.feeds:
            table = tables[feed.kind + "s"]
            self.assertEqual((table["kafka_rows"], table["postgres_rows"]), (len(feed.rows), len(feed.rows)))
            self.assertEqual(table["kafka_checksum"], table["postgres_checksum"])
            self.assertEqual(table["records"], sum(feed.ends))
            if feed.kind == "journey":
                self.assertEqual(tables["journey_revision"]["kafka_rows"], len(feed.revisions))
        said = self.run_("reconcile").stdout
        self.assertIn("no difference", said)
        self.assertIn(tables["journeys"]["kafka_checksum"], said)

    def test_what_was_done_to_the_table_is_seen(self):
        feed = self.feed("journey", 2000, 300)
        self.feed("moment")
        feed.tombstone(1)
        feed.broken(7)
        feed.broken(8)
        feed.flush()
        self.sink(code=65)
        self.reconcile(dead_letters=2)
        self.sql("DELETE FROM journeys WHERE journey_id IN ('journey-10', 'journey-11', 'journey-12')")
        self.reconcile(dead_letters=2, missing=3, revisions={"dead_letters": 2})
        self.sql("UPDATE journeys SET row_version = row_version - 1 WHERE journey_id = 'journey-20'")
        self.sql("UPDATE journeys SET tier = tier || ' ' WHERE tier IS NOT NULL AND NOT is_deleted AND journey_id = ("
                 "SELECT min(journey_id) FROM journeys WHERE tier IS NOT NULL AND journey_id > 'journey-3')")
        self.sql("UPDATE journeys SET detected_at_ms = detected_at_ms + 1 WHERE journey_id = 'journey-1'")
        self.sql("INSERT INTO journeys SELECT 'by hand', (j).row_version, (j).is_deleted, (j).amend_reason, (j).tenant_id, "
                 + self.rest() + " FROM (SELECT j FROM journeys j WHERE journey_id = 'journey-30') AS one")
        self.sql("DELETE FROM journey_revision WHERE journey_id = 'journey-40' AND row_version < 3")
        deleted = len({place for place in feed.revisions if place[0] == "journey-40" and place[1] < 3})
        tables = self.reconcile(dead_letters=2, missing=3, stale=1, different=2, extra=1,
                                revisions={"dead_letters": 2, "missing": deleted})
        rows = tables["journeys"]["rows"]
        self.assertEqual(sorted(row["difference"] for row in rows), ["different"] * 2 + ["extra"] + ["missing"] * 3 + ["stale"])
        for row in rows:
            self.assertEqual((row["kafka_version"] is None, row["postgres_version"] is None),
                             (row["difference"] == "extra", row["difference"] == "missing"))
        differing = [group for group in tables["journeys"]["groups"] if group["kafka_checksum"] != group["postgres_checksum"]]
        self.assertTrue(0 < len(differing) <= 7)
        said = self.run_("reconcile", "--show", "2", code=1).stdout
        self.assertIn(f"{7 + deleted} differences", said)
        # Days without any of it agree.
        self.reconcile("--since", "2026-03-01", dead_letters=2)
        self.repair(rows)
        self.reconcile(dead_letters=2)

    def repair(self, rows):
        """As the documentation says."""
        for row in rows:
            if row["difference"] in ("different", "extra"):
                self.sql(f"DELETE FROM journeys WHERE row_partition = {row['partition']} AND row_offset = {row['offset']}")
        self.sql("UPDATE sink_offset SET next_offset = 0")
        self.sink(code=65)

    def rest(self):
        names = [name for name, in self.postgres.psql(
            f"SELECT column_name FROM information_schema.columns WHERE table_schema = '{self.schema}' AND "
            "table_name = 'journeys' ORDER BY ordinal_position")]
        return ", ".join(f'(j)."{name}"' for name in names[5:])

    def test_rows_that_the_sink_has_not_read_are_its_lag(self):
        feed = self.feed("journey")
        self.sink()
        feed.many(200, 60, seed=2)
        feed.flush()
        self.reconcile(lag=200)
        self.sink()
        self.reconcile()

    def test_while_the_sink_is_running_nothing_differs(self):
        self.feed("journey", 20_000, 2_000)
        sink = subprocess.Popen(self.command("sink", "postgres", "--init-schema", "--exit-at-end", "--group", self.own,
                                             "--batch-rows", "100"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            lags = []
            while sink.poll() is None:
                done = subprocess.run(self.command("reconcile", "--json"), capture_output=True, text=True, timeout=LIMIT_S)
                if done.returncode == 78:  # There is no table yet, or no row in it.
                    continue
                self.assertEqual(done.returncode, 0, done.stderr + done.stdout[:2000])
                lags.append(json.loads(done.stdout)["tables"][0]["lag"])
        finally:
            sink.kill()
            sink.wait()
        self.assertEqual(lags, sorted(lags, reverse=True))
        self.assertGreater(lags[0], 0)
        self.reconcile()

    def test_rows_whose_records_have_expired_are_no_difference(self):
        feed = self.feed("journey", 0)
        choice = random.Random(1)
        for number in range(40):
            feed.row(number, 1, choice)
        feed.flush()
        self.sink()
        delete_records(BOOTSTRAP, feed.topic, {0: 4, 1: 10})
        tables = self.reconcile(expired=14)
        self.assertEqual(tables["journeys"]["kafka_rows"], 26)
        for number in range(40):
            feed.row(number, 2, choice)
        feed.flush()
        delete_records(BOOTSTRAP, feed.topic, {0: 12})
        # Two of the second versions are lost for the sink: it has not read them.
        self.reconcile(expired=20, lag=38, lost=2)
        self.assertIn("left the log before", self.run_("reconcile", code=1).stdout)

    def test_what_postgres_refused_is_a_dead_letter(self):
        feed = self.feed("journey", 0)
        choice = random.Random(1)
        self.sink()
        self.sql("ALTER TABLE journeys ADD CONSTRAINT no_seven CHECK (journey_id <> 'journey-7')")
        for number in range(20):
            feed.row(number, 1, choice)
        feed.flush()
        self.sink(code=65)
        self.reconcile(dead_letters=1)
        self.sql("DELETE FROM dead_letter")
        self.reconcile(missing=1)

    def test_what_is_wrong_is_told(self):
        self.feed("journey")
        self.assertIn("--init-schema", self.run_("reconcile", code=78).stderr)
        self.sink()
        self.assertIn("no sink called other", self.run_("reconcile", "--name", "other", code=78).stderr)
        self.assertIn("--since", self.run_("reconcile", "--most-rows", "5", code=78).stderr)
        self.assertIn("no date", self.run_("reconcile", "--since", "yesterday", code=64).stderr)

    def test_it_ends_when_it_is_interrupted(self):
        self.feed("journey")
        self.sink()
        # It waits for the lock, and for nothing else, until the table is free again.
        lock = subprocess.Popen(["psql", "-d", self.postgres.conninfo, "-c",
                                 f'BEGIN; LOCK TABLE "{self.schema}".journeys; SELECT pg_sleep(3)'],
                                stdout=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + LIMIT_S
            while not self.postgres.psql("SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND "
                                         f"relation = '\"{self.schema}\".journeys'::regclass"):
                self.assertLess(time.monotonic(), deadline)
            process = subprocess.Popen(self.command("reconcile"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            while not self.postgres.psql("SELECT 1 FROM pg_locks WHERE NOT granted"):
                self.assertLess(time.monotonic(), deadline)
            process.send_signal(signal.SIGINT)
            said = process.communicate(timeout=LIMIT_S)[1]
        finally:
            lock.wait(LIMIT_S)
        self.assertEqual(process.returncode, 75, said)
        self.assertIn("interrupted", said)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main(verbosity=2)
