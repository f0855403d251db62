"""The topics of a job, read from a cluster as a reader of committed records sees them."""

import ctypes
import time

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition

from oracle_records import DataError, Log, Record

REQUEST_S = 10
QUIET_S = 60  # a broker that sends nothing for so long is given up
BATCH = 10_000


class Cluster:
    """Reads without joining any group; `group` only names whose offsets are asked for."""

    def __init__(self, bootstrap, group, properties, names):
        self.names = names
        self.config = {"bootstrap.servers": bootstrap, "group.id": group, "enable.auto.commit": False,
                       "enable.partition.eof": True, "auto.offset.reset": "error",
                       **dict(text.split("=", 1) for text in properties)}

    def consumer(self, isolation):
        return Consumer({**self.config, "isolation.level": isolation})

    def partitions(self, consumer):
        """(role, topic, partition) of everything that is read."""
        found = []
        known = consumer.list_topics(timeout=REQUEST_S).topics
        for role, name in self.names.items():
            if role == "state" and name not in known:
                continue  # a job may keep none
            topic = consumer.list_topics(name, timeout=REQUEST_S).topics[name]
            if topic.error is not None:
                raise DataError(f"topic {name}: {topic.error}")
            found += [(role, name, number) for number in sorted(topic.partitions)]
        return found

    def wait_until_stable(self, seconds):
        """Waits until no transaction is open; returns where one still is, in words."""
        committed, plain = self.consumer("read_committed"), self.consumer("read_uncommitted")
        try:
            places = self.partitions(plain)
            deadline = time.monotonic() + seconds
            while True:
                unstable = []
                for _, name, number in places:
                    place = TopicPartition(name, number)
                    # The end first: what is written in between makes only the stable offset larger.
                    end = plain.get_watermark_offsets(place, timeout=REQUEST_S)[1]
                    stable = committed.get_watermark_offsets(place, timeout=REQUEST_S)[1]
                    if stable < end:
                        unstable.append(f"{name}/{number}: last stable offset {stable}, end {end}")
                if not unstable or time.monotonic() >= deadline:
                    return unstable
                committed.poll(0.2)
        except KafkaException as error:
            raise DataError(f"the cluster: {error.args[0].str()}") from error
        finally:
            committed.close()
            plain.close()

    def read(self):
        """All topics from their beginnings to their last stable offsets."""
        consumer = self.consumer("read_committed")
        try:
            places = self.partitions(consumer)
            log = Log(self.names)
            # A job may be at work: the outputs of what was committed before are there, and
            # those that are there were caused by what is committed afterwards.
            log.committed = self.committed(consumer, places)
            log.has_state = any(role == "state" for role, _, _ in places)
            log.trimmed = self.trimmed(consumer, places)
            # The state first: the outputs that it speaks of are read after it.
            self.drain(consumer, [place for place in places if place[0] == "state"], log)
            self.drain(consumer, [place for place in places if place[0] not in ("input", "state")], log)
            log.committed_after = self.committed(consumer, places)
            self.drain(consumer, [place for place in places if place[0] == "input"], log)
        except KafkaException as error:
            raise DataError(f"the cluster: {error.args[0].str()}") from error
        finally:
            consumer.close()
        for records in log.topics.values():
            records.sort(key=lambda record: (record.partition, record.offset))
        return log

    @staticmethod
    def committed(consumer, places):
        inputs = [TopicPartition(name, number) for role, name, number in places if role == "input"]
        return {place.partition: max(0, place.offset)
                for place in consumer.committed(inputs, timeout=REQUEST_S)}

    @staticmethod
    def trimmed(consumer, places):
        return {(role, number) for role, name, number in places if role != "state"
                and consumer.get_watermark_offsets(TopicPartition(name, number), timeout=REQUEST_S)[0] > 0}

    @staticmethod
    def drain(consumer, places, log):
        roles = {name: role for role, name, _ in places}
        consumer.assign([TopicPartition(name, number, OFFSET_BEGINNING) for _, name, number in places])
        ended = set()
        heard = time.monotonic()
        while len(ended) < len(places):
            messages = consumer.consume(BATCH, timeout=0.5)
            if messages:
                heard = time.monotonic()
            elif time.monotonic() - heard > QUIET_S:
                raise DataError(f"the cluster sent nothing for {QUIET_S} s")
            for message in messages:
                error = message.error()
                if error is None:
                    log.add(roles[message.topic()], record_of(message))
                elif error.code() == KafkaError._PARTITION_EOF:
                    ended.add((message.topic(), message.partition()))
                elif not error.retriable():
                    raise DataError(f"{message.topic()}: {error.str()}")


def record_of(message):
    kind, timestamp = message.timestamp()
    headers = tuple((name, value) for name, value in message.headers() or ())
    for _, value in headers:
        if value is None:
            # python3-confluent-kafka 1.7 gives a None away that it does not own; after
            # enough null header values the interpreter would end.
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(None))
    return Record(message.topic(), message.partition(), message.offset(), max(0, timestamp) if kind else 0,
                  message.key(), message.value(), headers)
