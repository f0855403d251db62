"""The job under test as its cluster sees it: topics, group, committed offsets, and the oracle's verdict."""

import json
import pathlib
import subprocess
import sys

from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from broker import ROOT
from deadline import wait_for

PARTITIONS = 4
AHEAD_MS = 5000
ORACLE = ROOT / "tests/verify/peakend_verify.py"
POLICY = pathlib.Path(__file__).resolve().parent / "policy.yaml"
# The oracle's name of each topic, and the configuration's.
TOPICS = {"input": "interaction_events", "alerts": "moment_alerts", "moments": "moments", "journeys": "journeys",
          "rejected": "rejected_records", "late": "late_events", "state": "customer_state"}
# Small segments, so that the changelog is compacted under the workers' eyes.
COMPACTED = {"cleanup.policy": "compact", "segment.bytes": "1048576", "min.cleanable.dirty.ratio": "0.01",
             "max.compaction.lag.ms": "5000", "segment.ms": "5000", "delete.retention.ms": "60000"}


class Job:
    def __init__(self, bootstrap, prefix):
        self.bootstrap = bootstrap
        self.prefix = prefix
        self.names = {role: f"{prefix}-{name.replace('_', '-')}" for role, name in TOPICS.items()}
        self.consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": prefix, "enable.auto.commit": False,
                                  "log_level": 0})

    def create_topics(self):
        admin = AdminClient({"bootstrap.servers": self.bootstrap})
        made = admin.create_topics([
            NewTopic(name, PARTITIONS, 1, config=COMPACTED if role == "state" else {})
            for role, name in self.names.items()])
        for future in made.values():
            future.result(30)
        # The controller's word comes before the broker's metadata.
        wait_for(lambda: set(self.names.values()) <= set(admin.list_topics(timeout=10).topics), 30, "the new topics")

    def delete_topics(self):
        AdminClient({"bootstrap.servers": self.bootstrap}).delete_topics(list(self.names.values()))

    def settings(self, bootstrap):
        """-X settings that all workers share."""
        return {"kafka.bootstrap_servers": bootstrap, "kafka.group_id": self.prefix, "policy.file": POLICY,
                **{f"topics.{TOPICS[role]}": name for role, name in self.names.items()},
                # A flipped bit may put an event ahead, whose journey would stay open for as long.
                "ingest.max_time_ahead": f"{AHEAD_MS}ms", "kafka.session_timeout": "6s",
                "kafka.transaction_timeout": "4s", "admin.port": 0, "log.format": "json"}

    def committed(self):
        """By partition; empty = the broker does not say."""
        places = [TopicPartition(self.names["input"], number) for number in range(PARTITIONS)]
        try:
            return {place.partition: max(0, place.offset) for place in self.consumer.committed(places, timeout=3)}
        except KafkaException:
            return {}

    def wait_until_committed(self, ends, seconds, what):
        """Returns the seconds it took. Raises Late."""
        seen = {}

        def reached():
            seen.update(self.committed())
            return seen and all(seen[number] >= end for number, end in ends.items())
        return wait_for(reached, seconds, f"{what}: commits up to {ends}")

    def judge(self, result_file):
        """The oracle's result; its text stands beside it. None = it could not read the topics."""
        arguments = [ORACLE, "--bootstrap", self.bootstrap, "--group", self.prefix, "--policy", POLICY, "--max-time-ahead-ms", AHEAD_MS,
                     "--json", result_file]
        for role, name in self.names.items():
            arguments += [f"--{role}-topic", name]
        with open(result_file.with_suffix(".txt"), "wb") as out:
            ended = subprocess.run([sys.executable, "-B", *map(str, arguments)], stdout=out, stderr=out, timeout=600,
                                   check=False)
        if ended.returncode not in (0, 1):
            return None
        return json.loads(result_file.read_text())
