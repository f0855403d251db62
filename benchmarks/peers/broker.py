"""What compare.py wants of a Kafka broker: topics, writing, reading, offsets of a group."""

import time

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

PARTITIONS = 4
ANSWER_S = 30
BATCH = 5000
# Errors only: a broker that has just started lets its clients wait, and they warn of it.
QUIET = {"log_level": 3}


class Broker:
    """One cluster. Calls raise KafkaException or TimeoutError; nothing is kept open. `client` is what
    the client must know besides, such as certificates."""

    def __init__(self, bootstrap, client=None):
        self.bootstrap = bootstrap
        self._client = QUIET | (client or {}) | {"bootstrap.servers": bootstrap}

    def create(self, *topics):
        wanted = [NewTopic(topic, num_partitions=PARTITIONS, replication_factor=1) for topic in topics]
        admin = self._admin()  # The answers end with it.
        for created in admin.create_topics(wanted).values():
            created.result(ANSWER_S)
        # Created is not yet known everywhere: a client that asks too early is told so.
        deadline = time.monotonic() + ANSWER_S
        while not _led(admin.list_topics(timeout=ANSWER_S).topics, topics):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{', '.join(topics)}: no leader after {ANSWER_S} s")
            time.sleep(0.05)

    def delete_naming(self, run):
        """Deletes the topics that have `run` in their name: a peer's own are named by it."""
        admin = self._admin()
        topics = [topic for topic in admin.list_topics(timeout=ANSWER_S).topics if run in topic]
        if topics:
            for deleted in admin.delete_topics(topics, operation_timeout=ANSWER_S).values():
                deleted.result(ANSWER_S)

    def producer(self, linger_ms):
        # The Java clients' partitioner: an engine may assume that its own finds the key.
        return Producer(self._client | {"enable.idempotence": True, "linger.ms": linger_ms,
                         "partitioner": "murmur2_random", "queue.buffering.max.messages": 1_000_000,
                         "compression.type": "lz4"})

    def committed_messages(self, topic):
        """Yields every message of `topic` up to its present end, read committed."""
        reader = self._consumer("reader", {"enable.partition.eof": True})
        try:
            reader.assign([TopicPartition(topic, p, OFFSET_BEGINNING) for p in range(PARTITIONS)])
            ended = set()
            deadline = time.monotonic() + ANSWER_S
            while len(ended) < PARTITIONS:
                messages = reader.consume(BATCH, 1.0)
                if messages:
                    deadline = time.monotonic() + ANSWER_S
                elif time.monotonic() > deadline:
                    raise TimeoutError(f"{topic}: no answer for {ANSWER_S} s")
                for message in messages:
                    if message.error() is None:
                        yield message
                    elif message.error().code() == KafkaError._PARTITION_EOF:
                        ended.add(message.partition())
                    else:
                        raise KafkaException(message.error())
        finally:
            reader.close()

    def committed_values(self, topic):
        for message in self.committed_messages(topic):
            yield message.value()

    def messages(self, topic):
        """How many `topic` holds or held; None where there is no such topic."""
        if topic not in self._admin().list_topics(timeout=ANSWER_S).topics:
            return None
        reader = self._consumer("reader", {})
        try:
            return sum(reader.get_watermark_offsets(TopicPartition(topic, p), ANSWER_S)[1] for p in range(PARTITIONS))
        finally:
            reader.close()

    def group(self, group, topic):
        # Read committed, the broker would make it wait while a transaction holds offsets.
        return Group(self._consumer(group, {"isolation.level": "read_uncommitted"}), topic)

    def follower(self, *topics):
        """A consumer of the committed records of `topics` from their beginning."""
        follower = self._consumer("follower", {"fetch.wait.max.ms": 5})
        follower.assign([TopicPartition(topic, p, OFFSET_BEGINNING) for topic in topics for p in range(PARTITIONS)])
        return follower

    def _admin(self):
        return AdminClient(self._client)

    def _consumer(self, group, more):
        return Consumer(self._client | {"group.id": group, "enable.auto.commit": False,
                         "isolation.level": "read_committed", **more})


def _led(known, topics):
    return all(topic in known and len(known[topic].partitions) == PARTITIONS
               and all(partition.leader >= 0 for partition in known[topic].partitions.values()) for topic in topics)


class Group:
    """Looks at what a group has committed of a topic, without joining it."""

    def __init__(self, consumer, topic):
        self._consumer = consumer
        self._partitions = [TopicPartition(topic, p) for p in range(PARTITIONS)]

    def committed(self):
        """Events that are done, over all partitions."""
        return sum(max(0, found.offset) for found in self._consumer.committed(self._partitions, timeout=ANSWER_S))

    def close(self):
        self._consumer.close()
