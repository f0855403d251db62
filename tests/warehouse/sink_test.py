#!/usr/bin/env python3
"""`peakend sink postgres` between a real Kafka and a real PostgreSQL, through bad days.

    PEAKEND_TEST_KAFKA=HOST:PORT sink_test.py PROGRAM FULL_DISK

FULL_DISK is the library of full_disk.cc.
"""

import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "faults")]

from log_start import delete_records
from row_feed import Feed
from row_messages import KINDS, ROWS, table_of
from with_postgres import Postgres

LIMIT_S = 120
PROGRAM = FULL_DISK = ""
BOOTSTRAP = os.environ.get("PEAKEND_TEST_KAFKA", "")


def await_(what, condition):
    deadline = time.monotonic() + LIMIT_S
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} took longer than {LIMIT_S} s")
        time.sleep(0.01)


def typed(field, text):
    if text is None:
        return None
    if field.cpp_type == field.CPPTYPE_BOOL:
        return text == "t"
    if field.cpp_type == field.CPPTYPE_DOUBLE:
        return float(text)
    return text if field.cpp_type == field.CPPTYPE_STRING else int(text)


class SinkTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not BOOTSTRAP:
            raise AssertionError("PEAKEND_TEST_KAFKA names no broker; `./dev kafka up` starts one")
        cls.postgres = Postgres()
        cls.addClassCleanup(cls.postgres.close)
        # Where the server's user can read it.
        library = shutil.copy(FULL_DISK, cls.postgres.folder)
        cls.disk_is_full = cls.postgres.folder / "disk_is_full"
        cls.postgres.environment = os.environ | {"LD_PRELOAD": str(library), "PEAKEND_FULL_DISK": str(cls.disk_is_full)}
        cls.postgres.start()

    def setUp(self):
        self.own = f"{self.id().rpartition('.')[2]}-{os.getpid()}-{time.time_ns()}"
        self.schema = self.own.lower()[:60]
        self.running = []
        self.addCleanup(self.kill_all)
        self.folder = tempfile.TemporaryDirectory(prefix="peakend-sink-")
        self.addCleanup(self.folder.cleanup)
        self.feeds = []

    def kill_all(self):
        for process in self.running:
            if process.poll() is None:
                process.kill()
                process.wait()

    # --- what is run ---

    def feed(self, kind):
        self.feeds.append(Feed(BOOTSTRAP, f"{self.own}-{kind}", kind))
        return self.feeds[-1]

    def command(self, *flags):
        settings = [f"kafka.bootstrap_servers={BOOTSTRAP}", "kafka.session_timeout=6s", "admin.enabled=false",
                    *(f"topics.bi_{feed.kind}={feed.topic}" for feed in self.feeds),
                    *(f"bi.{feed.kind}.enabled=true" for feed in self.feeds)]
        return [PROGRAM, "sink", "postgres", "--postgres", self.postgres.conninfo, "--schema", self.schema,
                "--group", self.own, *flags, *(part for setting in settings for part in ("-X", setting))]

    def start(self, *flags):
        log = open(pathlib.Path(self.folder.name) / f"log{len(self.running)}", "wb")
        with log:
            self.running.append(subprocess.Popen(self.command(*flags), stdout=log, stderr=log))
        return self.running[-1]

    def run_to_end(self, *flags, code=0):
        done = subprocess.run(self.command("--exit-at-end", *flags), capture_output=True, text=True, timeout=LIMIT_S)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stderr

    def stop(self, process):
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(LIMIT_S), 0, self.logs())

    def logs(self):
        return "\n".join(path.read_text(errors="replace") for path in sorted(pathlib.Path(self.folder.name).iterdir()))

    # --- what is looked at ---

    def sql(self, statement):
        return self.postgres.psql(f'SET search_path TO "{self.schema}"; {statement}')

    def progress(self):
        try:
            return int(self.sql("SELECT coalesce(sum(next_offset), 0) FROM sink_offset")[0][0])
        except Exception:  # No table yet, or the server is away.
            return 0

    def await_progress(self, records):
        def reached():
            for process in self.running:
                self.assertIn(process.poll(), (None, -signal.SIGKILL), self.logs())
            return self.progress() >= records
        await_(f"{records} records", reached)

    def records(self):
        return sum(sum(feed.ends) for feed in self.feeds)

    def await_all(self):
        self.await_progress(self.records())

    def table(self, table, kind):
        fields = ROWS[kind].DESCRIPTOR.fields
        names = ", ".join(f'"{field.name}"' for field in fields)
        rows = [{field.name: typed(field, text) for field, text in zip(fields, row)}
                for row in self.sql(f"SELECT {names} FROM {table}")]
        return fields[0].name, rows

    def same(self, found, expected):
        """One difference says more than all of them."""
        self.assertEqual(found.keys(), expected.keys())
        for key, row in expected.items():
            self.assertEqual(found[key], row)

    def check(self):
        """Every table holds what must have come of its topic, each row once."""
        for feed in self.feeds:
            key, rows = self.table(table_of(feed.kind), feed.kind)
            self.assertEqual(len(rows), len({row[key] for row in rows}))
            self.same({row[key]: row for row in rows}, feed.rows)
            if feed.kind == "journey":
                key, rows = self.table("journey_revision", feed.kind)
                self.assertEqual(len(rows), len(feed.revisions))
                self.same({(row[key], row["row_version"]): row for row in rows}, feed.revisions)
            self.assertEqual(self.sql(f"SELECT count(*) FROM dead_letter WHERE topic = '{feed.topic}'"),
                             [(str(feed.dead),)])

    # --- the tests ---

    def test_all_kinds_of_rows_reach_their_tables(self):
        for kind in KINDS:
            self.feed(kind).many(300, 60)
            self.feeds[-1].broken(7)
            self.feeds[-1].flush()
        said = self.run_to_end("--init-schema", "--batch-rows", "100", code=65)
        self.assertIn("009_as_of", said)
        self.check()
        customers = {(row["tenant_id"], row["customer_key"]) for feed in self.feeds for row in feed.revisions.values()}
        self.assertLessEqual(customers, set(self.sql("SELECT tenant_id, customer_key FROM dim_customer"))
                             | {("acme", "")})
        # A second run finds nothing to do, and neither does one that begins anew.
        self.run_to_end()
        self.sql("UPDATE sink_offset SET next_offset = 0")
        self.run_to_end(code=65)
        self.assertEqual(self.progress(), self.records())
        self.check()

    def test_a_sink_that_is_killed_goes_on(self):
        feed = self.feed("journey")
        feed.many(20_000, 3_000)
        feed.flush()
        self.run_dry()
        for part in range(1, 5):
            process = self.start("--init-schema", "--batch-rows", "250", "--batch-wait", "20ms")
            self.await_progress(self.records() * part // 6)
            process.kill()
            process.wait()
        self.run_to_end()
        self.check()

    def run_dry(self):
        """Nothing is made."""
        done = subprocess.run(self.command("--dry-run", "--init-schema"), capture_output=True, text=True, timeout=LIMIT_S)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("would apply 001_", done.stdout)
        self.assertIn("from the beginning", done.stdout)
        self.assertEqual(self.postgres.psql(f"SELECT 1 FROM pg_namespace WHERE nspname = '{self.schema}'"), [])

    def test_two_instances_share_the_work_and_one_takes_over(self):
        journeys, moments = self.feed("journey"), self.feed("moment")
        for feed in (journeys, moments):
            feed.many(5_000, 800)
            feed.flush()
        first = self.start("--init-schema", "--batch-rows", "200")
        self.await_progress(self.records() // 4)
        second = self.start("--batch-rows", "200")
        self.await_all()
        for feed in (journeys, moments):
            feed.many(5_000, 800, seed=2)
            feed.flush()
        self.await_progress(self.records() * 2 // 3)
        first.kill()
        first.wait()
        self.await_all()
        self.stop(second)
        self.check()

    def test_an_instance_that_was_replaced_unnoticed_changes_nothing(self):
        feed = self.feed("journey")
        feed.many(4_000, 500)
        feed.flush()
        first = self.start("--init-schema", "--batch-rows", "100")
        self.await_progress(self.records() // 8)
        first.send_signal(signal.SIGSTOP)  # Its session at the group ends while it stands still.
        second = self.start()
        self.await_all()
        feed.many(4_000, 500, seed=2)
        feed.flush()
        first.send_signal(signal.SIGCONT)
        self.await_all()
        self.stop(first)
        self.stop(second)
        self.check()

    def test_postgres_that_is_killed_and_stopped(self):
        feed = self.feed("journey")
        feed.many(20_000, 3_000)
        feed.flush()
        process = self.start("--init-schema", "--batch-rows", "500")
        for part, end in ((1, self.postgres.kill), (2, lambda: self.postgres.stop("fast")),
                          (3, lambda: self.postgres.stop("immediate")), (4, self.postgres.kill)):
            self.await_progress(self.records() * part // 6)
            end()
            self.postgres.start()
        self.await_all()
        self.stop(process)
        self.check()

    def test_stopped_while_postgres_is_away(self):
        feed = self.feed("journey")
        feed.many(500, 50)
        feed.flush()
        process = self.start("--init-schema")
        self.await_all()
        self.postgres.stop()
        try:
            feed.many(500, 50, seed=2)
            feed.flush()
            await_("the sink to notice", lambda: "not written yet" in self.logs())
            self.stop(process)
        finally:
            self.postgres.start()
        self.run_to_end()
        self.check()

    def test_a_disk_that_is_full_for_a_while(self):
        feed = self.feed("journey")
        feed.many(500, 50)
        feed.flush()
        process = self.start("--init-schema", "--batch-rows", "500")
        self.await_all()
        self.disk_is_full.touch()
        try:
            feed.many(20_000, 3_000, seed=2)
            feed.flush()
            await_("the sink to tell", lambda: "make room" in self.logs())
            # What still fits into pages that are there may have been written.
            self.assertLess(self.progress(), self.records())
        finally:
            self.disk_is_full.unlink()
        self.await_all()
        self.stop(process)
        self.check()

    def test_lost_rows_are_named_and_accepted_on_demand(self):
        feed = self.feed("journey")
        choice = random.Random(1)
        for number in range(40):
            feed.row(number, 1, choice)
        feed.flush()
        self.run_to_end("--init-schema")
        for number in range(40):
            feed.row(number, 2, choice)
        feed.flush()
        delete_records(BOOTSTRAP, feed.topic, {0: 15})
        said = self.run_to_end(code=78)
        self.assertIn("partition 0: records 10 to 14", said)
        self.assertIn("--accept-loss", said)
        self.assertIn("--accept-loss", self.run_to_end("--accept-loss"))
        versions = dict(self.sql("SELECT journey_id, row_version FROM journeys"))
        old = {name for name, version in versions.items() if version == "1"}
        self.assertEqual(old, {f"journey-{number}" for number in range(0, 20, 4)})

    def test_what_is_wrong_with_the_tables_is_told(self):
        feed = self.feed("journey")
        feed.many(10, 5)
        feed.flush()
        self.assertIn("--init-schema", self.run_to_end(code=78))
        self.run_to_end("--init-schema")
        self.sql("ALTER TABLE journeys DROP tier CASCADE")
        self.assertIn("lacks tier", self.run_to_end(code=78))
        self.sql("ALTER TABLE journeys ADD tier text")
        self.run_to_end()

    def test_a_column_that_is_dropped_meanwhile_is_named(self):
        feed = self.feed("journey")
        feed.many(10, 5)
        feed.flush()
        process = self.start("--init-schema")
        self.await_all()
        self.sql("ALTER TABLE journeys DROP tier CASCADE")
        feed.many(100, 5, seed=2)
        feed.flush()
        self.assertEqual(process.wait(LIMIT_S), 78, self.logs())
        self.assertIn("--print-ddl", self.logs())
        self.sql("ALTER TABLE journeys ADD tier text")
        self.run_to_end()
        self.assertEqual(self.progress(), self.records())


if __name__ == "__main__":
    PROGRAM, FULL_DISK = sys.argv.pop(1), sys.argv.pop(1)
    unittest.main(verbosity=2)
