#!/usr/bin/env python3
"""From events to answers: a real Kafka, `peakend run`, `peakend sink postgres` and a real PostgreSQL,
each of which dies in the middle; `peakend reconcile` then finds no difference.

    PEAKEND_TEST_KAFKA=HOST:PORT pipeline_test.py PROGRAM
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from confluent_kafka import Consumer, KafkaError, TopicPartition
from row_messages import KINDS, table_of
from with_postgres import Postgres

LIMIT_S = 120
PARTITIONS = 4
DAY_MS = 86_400_000
PROGRAM = ""
BOOTSTRAP = os.environ.get("PEAKEND_TEST_KAFKA", "")
TOPICS = ("interaction_events", "moment_alerts", "moments", "journeys", "rejected_records", "late_events",
          "customer_state", "opening_cards", "touchpoint_statistics", *(f"bi_{kind}" for kind in KINDS))
POLICY = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "policies" / "default.yaml"
LINKS = "\nidentities:\n  - {type: customer}\n"


def await_(what, condition):
    deadline = time.monotonic() + LIMIT_S
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} took longer than {LIMIT_S} s")
        time.sleep(0.02)


class Job:
    """Topics, a worker, a sink and their settings, all with names of their own."""

    def __init__(self, postgres, folder):
        self.postgres, self.folder = postgres, pathlib.Path(folder)
        self.own = f"pipeline-{os.getpid()}-{time.time_ns()}"
        self.running = []
        self.policy = self.folder / "policy.yaml"
        self.policy.write_text(POLICY.read_text() + LINKS)
        self.input = f"{self.own}-interaction_events"
        settings = [f"kafka.bootstrap_servers={BOOTSTRAP}", f"kafka.group_id={self.own}", "kafka.session_timeout=6s",
                    "kafka.transaction_timeout=5s", "admin.enabled=false", "bi.time_zone=Asia/Shanghai",
                    *(f"topics.{topic}={self.own}-{topic}" for topic in TOPICS),
                    *(f"topics.{topic}.partitions={PARTITIONS}" for topic in TOPICS),
                    *(f"bi.{kind}.enabled=true" for kind in KINDS)]
        self.settings = [part for setting in settings for part in ("-X", setting)]
        self.group = Consumer({"bootstrap.servers": BOOTSTRAP, "group.id": self.own, "enable.auto.commit": False})

    def run(self, *command, given=None, code=0):
        done = subprocess.run([PROGRAM, *command, *self.settings], input=given, capture_output=True, text=True,
                              timeout=LIMIT_S)
        if done.returncode != code:
            raise AssertionError(f"{command[:2]} ended with {done.returncode}: {done.stderr[-2000:]}{done.stdout[-2000:]}")
        return done.stdout + done.stderr

    def start(self, *command):
        with open(self.folder / f"log{len(self.running)}", "wb") as log:
            self.running.append(subprocess.Popen([PROGRAM, *command, *self.settings], stdout=log, stderr=log))
        return self.running[-1]

    def worker(self):
        return self.start("run", "--policy", str(self.policy), "-X", f"kafka.group_instance_id={self.own}-w")

    def sink_flags(self):
        return "--postgres", self.postgres.conninfo, "--group", f"{self.own}-sink"

    def sink(self):
        return self.start("sink", "postgres", *self.sink_flags(), "--batch-rows", "500", "--batch-wait", "50ms")

    def produce(self, events):
        self.run("produce", "-", given="".join(json.dumps(event) + "\n" for event in events))

    def committed(self):
        """By partition."""
        places = [TopicPartition(self.input, number) for number in range(PARTITIONS)]
        return [max(0, place.offset) for place in self.group.committed(places, timeout=10)]

    def end(self):
        places = [TopicPartition(self.input, number) for number in range(PARTITIONS)]
        return sum(self.group.get_watermark_offsets(place, timeout=10)[1] for place in places)

    def left(self):
        """Whether records are left for the worker; what ends a transaction is none, and has an offset, too."""
        reader = Consumer({"bootstrap.servers": BOOTSTRAP, "group.id": f"{self.own}-reader", "enable.auto.commit": False,
                           "enable.partition.eof": True, "isolation.level": "read_committed"})
        try:
            reader.assign([TopicPartition(self.input, number, offset) for number, offset in enumerate(self.committed())])
            ended = 0
            while ended < PARTITIONS:
                message = reader.poll(10)
                if message is None or message.error() is None:
                    return True
                ended += message.error().code() == KafkaError._PARTITION_EOF
            return False
        finally:
            reader.close()

    def await_worker(self, share=None):
        """Until it is through with all of the input, or with a share of it."""
        def through():
            for process in self.running:
                if process.poll() not in (None, 0, -signal.SIGKILL):
                    raise AssertionError(self.logs())
            return not self.left() if share is None else sum(self.committed()) >= self.end() * share
        await_("the worker", through)

    def kill(self, process):
        process.kill()
        process.wait()

    def stop(self, process):
        process.send_signal(signal.SIGTERM)
        if process.wait(LIMIT_S) != 0:
            raise AssertionError(self.logs())

    def close(self):
        for process in self.running:
            if process.poll() is None:
                self.kill(process)
        self.group.close()

    def logs(self):
        return "\n".join(path.read_text(errors="replace")[-3000:] for path in sorted(self.folder.glob("log*")))

    def sql(self, statement):
        return self.postgres.psql(f"SET search_path TO peakend; {statement}")


def event(name, at_ms, customer, contact, **payload):
    return {"event_id": name, "source": "test", "occurred_at_ms": at_ms, "customer": {"customer_id": customer},
            "contact": {"contact_id": contact}, "channel": "CHANNEL_CHAT", "queue": {"id": "billing"},
            "direction": "DIRECTION_INBOUND", "initiation": "INITIATION_CUSTOMER", **payload}


def turn(name, at_ms, customer, contact, score, **more):
    said = {"role": "CUSTOMER", "sentiment": {"score": score, "producer": "lens"}}
    return event(name, at_ms, customer, contact, turn=said, **more)


class Pipeline(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not BOOTSTRAP:
            raise AssertionError("PEAKEND_TEST_KAFKA names no broker; `./dev kafka up` starts one")
        cls.postgres = Postgres()
        cls.addClassCleanup(cls.postgres.close)
        cls.postgres.start()

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="peakend-pipeline-")
        self.addCleanup(folder.cleanup)
        self.postgres.psql("DROP SCHEMA IF EXISTS peakend CASCADE")
        self.job = Job(self.postgres, folder.name)
        self.addCleanup(self.job.close)
        self.job.run("topics", "create")
        self.now_ms = int(time.time() * 1000)

    def let_time_pass(self, name):
        """An event of today in each partition: whatever was days ago is over."""
        self.job.produce([turn(f"{name}{i}", int(time.time() * 1000), f"{name}-{i}", f"{name}{i}", 0.1)
                          for i in range(16 * PARTITIONS)])

    def day_of_events(self, days_ago, seed):
        """What a contact center saw, as a file."""
        path = self.job.folder / f"day{seed}.ndjson"
        start = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.now_ms / 1000 - days_ago * 86_400))
        subprocess.run([PROGRAM, "load", "--preset", "bank", "--rate", "60", "--duration", "10m", "--start", start,
                        "--seed", str(seed), "--out", str(path), "--manifest", str(path) + ".json", "-q"], check=True,
                       timeout=LIMIT_S)
        return path

    def settle(self):
        """The worker is through, and so is the sink; then nothing may differ."""
        self.job.await_worker()
        self.job.run("sink", "postgres", *self.job.sink_flags(), "--exit-at-end")
        return self.job.run("reconcile", "--postgres", self.postgres.conninfo)

    def test_nothing_is_lost_or_doubled_whoever_dies(self):
        job = self.job
        job.run("produce", str(self.day_of_events(12, seed=1)))
        job.run("sink", "postgres", *job.sink_flags(), "--init-schema", "--exit-at-end")
        sink = job.sink()
        for part in (0.2, 0.5, 0.8):
            worker = job.worker()
            job.await_worker(part)
            job.kill(worker)
            job.kill(sink)
            sink = job.sink()
        worker = job.worker()
        self.let_time_pass("later")
        # The database dies while rows arrive, and comes back.
        await_("a row", lambda: job.sql("SELECT count(*) FROM touchpoints") != [("0",)])
        self.postgres.kill()
        job.await_worker()
        self.postgres.start()
        job.kill(sink)
        said = self.settle()
        job.stop(worker)
        for kind in KINDS:
            with self.subTest(kind):
                rows = int(job.sql(f"SELECT count(*) FROM {table_of(kind)}")[0][0])
                self.assertIn(str(rows), said)
                if kind != "promise":  # the bank of the load promises nothing
                    self.assertGreater(rows, 0)
        self.assertEqual(job.sql("SELECT count(*) FROM dead_letter"), [("0",)])

    def test_a_late_survey_and_a_link_of_customers_change_rows_that_were_delivered(self):
        job, then = self.job, self.now_ms - 5 * DAY_MS
        job.produce([turn("a1", then, "rated", "k1", -0.6), turn("b1", then, "known", "k2", 0.5),
                     turn("c1", then + 3_600_000, "~web:7", "k3", -0.8)])
        self.let_time_pass("first")
        job.run("sink", "postgres", *job.sink_flags(), "--init-schema", "--exit-at-end")
        worker = job.worker()
        self.settle()
        latest = "SELECT contact_count, row_version FROM journey_latest WHERE customer_key = '{}' AND started_at_ms = {}"
        keys = dict(job.sql("SELECT event_id, customer_key FROM touchpoints WHERE event_id IN ('a1', 'b1', 'c1')"))
        self.assertEqual(job.sql(latest.format(keys["b1"], then)), [("1", "1")])
        job.produce([
            event("s1", then + DAY_MS, "rated", "k1", survey={
                "kind": "CSAT", "status": "ANSWERED", "raw": 2, "raw_min": 1, "raw_max": 5, "for_contact_id": "k1"}),
            turn("login", int(time.time() * 1000), "~web:7", "k4", 0.2) | {"customer": {
                "customer_id": "~web:7", "identities": [{"type": "customer", "value": "known"}]}}])
        self.settle()
        with self.subTest("a late survey"):
            self.assertEqual(job.sql(
                f"SELECT survey_score, row_version FROM journey_latest WHERE customer_key = '{keys['a1']}'"), [("0.25", "2")])
            self.assertEqual(job.sql(
                "SELECT row_version, amend_reason, survey_score IS NULL FROM journey_revision "
                f"WHERE customer_key = '{keys['a1']}' ORDER BY row_version"), [("1", "new", "t"), ("2", "survey", "f")])
            self.assertEqual(job.sql("SELECT status, score, contact_id FROM survey_latest"), [("answered", "0.25", "k1")])
        # Records that customers write each other take a commit each.
        await_("the link", lambda: self.settle() and job.sql(latest.format(keys["b1"], then)) == [("2", "2")])
        with self.subTest("a link of customers"):
            self.assertEqual(job.sql(
                f"SELECT amend_reason, contact_count FROM journey_revision WHERE customer_key = '{keys['b1']}' "
                f"AND started_at_ms = {then} ORDER BY row_version"), [("new", "1"), ("identity", "2")])
            self.assertEqual(job.sql(
                f"SELECT row_version, is_deleted, amend_reason FROM journey_revision WHERE customer_key = '{keys['c1']}' "
                "ORDER BY row_version"), [("1", "f", "new"), ("2", "t", "identity")])
            self.assertEqual(job.sql(f"SELECT count(*) FROM journey_latest WHERE customer_key = '{keys['c1']}'"), [("0",)])
        job.stop(worker)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main(verbosity=2)
