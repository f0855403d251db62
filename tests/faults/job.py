"""The job under test as its cluster sees it: topics, group, committed offsets, and the oracle's verdict."""

import json
import pathlib
import subprocess
import sys
import time

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic

from broker import ROOT
from deadline import Late, wait_for

PARTITIONS = 4
AHEAD_MS = 5000
ORACLE = ROOT / "tests/verify/peakend_verify.py"
POLICY = pathlib.Path(__file__).resolve().parent / "policy.yaml"
# The oracle's name of each topic, and the configuration's.
TOPICS = {"input": "interaction_events", "alerts": "moment_alerts", "moments": "moments", "journeys": "journeys",
          "cards": "opening_cards", "statistics": "touchpoint_statistics", "rejected": "rejected_records", "late": "late_events", "state": "customer_state"}
# Small segments, so that the changelog is compacted under the workers' eyes.
COMPACTED = {"cleanup.policy": "compact", "segment.bytes": "1048576", "min.cleanable.dirty.ratio": "0.01",
             "max.compaction.lag.ms": "5000", "segment.ms": "5000", "delete.retention.ms": "60000"}
# Room for what customers write each other of the largest event.
ROOMY = {"max.message.bytes": str((1 << 20) + 4096)}

REQUEST_S = 10
BATCH = 10_000
ORACLE_RECORDS_S = 500  # input records that the oracle gets through in a second, at the least


class Job:
    def __init__(self, bootstrap, prefix, policy=POLICY):
        self.bootstrap = bootstrap
        self.prefix = prefix
        self.policy = policy
        self.names = {role: f"{prefix}-{name.replace('_', '-')}" for role, name in TOPICS.items()}
        self.consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": prefix, "enable.auto.commit": False,
                                  "log_level": 0})

    def create_topics(self, changelog=None):
        """`changelog`: settings of the state topic beside COMPACTED."""
        admin = AdminClient({"bootstrap.servers": self.bootstrap})
        settings = {"input": ROOMY, "state": {**COMPACTED, **(changelog or {})}}
        made = admin.create_topics([NewTopic(name, PARTITIONS, 1, config=settings.get(role, {}))
                                    for role, name in self.names.items()])
        for future in made.values():
            future.result(30)
        # The controller's word comes before the broker's metadata.
        wait_for(lambda: set(self.names.values()) <= set(admin.list_topics(timeout=10).topics), 30, "the new topics")

    def delete_topics(self):
        AdminClient({"bootstrap.servers": self.bootstrap}).delete_topics(list(self.names.values()))

    def settings(self, bootstrap):
        """-X settings that all workers share."""
        return {"kafka.bootstrap_servers": bootstrap, "kafka.group_id": self.prefix, "policy.file": self.policy,
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

    def set_changelog(self, settings):
        """Settings of the state topic beside COMPACTED; those of an earlier call are forgotten."""
        wanted = ConfigResource("topic", self.names["state"], set_config={**COMPACTED, **settings})
        admin = AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 0})
        for future in admin.alter_configs([wanted]).values():
            future.result(30)

    def edges(self, role):
        """(first offset, offset behind the last record) of each partition."""
        return {number: self.consumer.get_watermark_offsets(TopicPartition(self.names[role], number), timeout=REQUEST_S)
                for number in range(PARTITIONS)}

    def has_read_all(self):
        """Nothing stands in the input, at this moment, that the job has not taken in."""
        committed = self.committed()
        return len(committed) == PARTITIONS and not any(True for _ in self.records("input", since=committed))

    def records(self, role, most=None, since=None):
        """Committed records that a topic has now; `most` = only so many of each partition, `since` = from offsets on.

        Generates (partition, offset, key). Records that come meanwhile end it: where there
        are always some, a reader never finds itself at the end.
        """
        reader = Consumer({"bootstrap.servers": self.bootstrap, "group.id": self.prefix, "enable.auto.commit": False,
                           "enable.partition.eof": True, "auto.offset.reset": "earliest", "log_level": 0})
        ends = {number: end for number, (_, end) in self.edges(role).items()}
        left = dict.fromkeys(ends, most)
        try:
            reader.assign([TopicPartition(self.names[role], number, (since or {}).get(number, OFFSET_BEGINNING))
                           for number in left])
            heard = time.monotonic()
            while left:
                messages = reader.consume(BATCH, timeout=0.1)
                if messages:
                    heard = time.monotonic()
                elif time.monotonic() - heard > REQUEST_S:
                    raise Late(f"records of {self.names[role]}: nothing came for {REQUEST_S} s")
                for message in messages:
                    number, error = message.partition(), message.error()
                    if error is not None and error.code() != KafkaError._PARTITION_EOF:
                        raise KafkaException(error)
                    if number not in left:
                        continue
                    if error is not None or left[number] == 0 or message.offset() >= ends[number]:
                        del left[number]
                        continue
                    left[number] = left[number] and left[number] - 1
                    yield number, message.offset(), message.key()
        finally:
            reader.close()

    def judge(self, result_file, inputs=0):
        """The oracle's result on `inputs` records; its text stands beside it. None = it could not read the topics."""
        arguments = [ORACLE, "--bootstrap", self.bootstrap, "--group", self.prefix, "--policy", self.policy,
                     "--max-time-ahead-ms", AHEAD_MS, "--json", result_file]
        for role, name in self.names.items():
            arguments += [f"--{role}-topic", name]
        with open(result_file.with_suffix(".txt"), "wb") as out:
            ended = subprocess.run([sys.executable, "-B", *map(str, arguments)], stdout=out, stderr=out,
                                   timeout=600 + inputs / ORACLE_RECORDS_S, check=False)
        if ended.returncode not in (0, 1):
            return None
        return json.loads(result_file.read_text())
