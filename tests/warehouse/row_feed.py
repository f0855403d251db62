"""Rows with a known outcome: what is written to a row topic, and what its table must hold then."""

import random

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from row_messages import ROWS, columns_of, erased

PARTITIONS = 4


def make_row(kind, number, version, choice):
    """A row whose every field says which one it is."""
    row = ROWS[kind]()
    for field in row.DESCRIPTOR.fields:
        if field.containing_oneof is not None and choice.random() < 0.2:
            continue
        if field.cpp_type == field.CPPTYPE_STRING:
            if choice.random() < 0.8:
                setattr(row, field.name, f"{field.name[:8]} {number % 20} 你好 \"\\'")
        elif field.cpp_type == field.CPPTYPE_DOUBLE:
            setattr(row, field.name, choice.randrange(-800, 800) / 8)
        elif field.cpp_type == field.CPPTYPE_BOOL:
            setattr(row, field.name, choice.random() < 0.5)
        else:
            setattr(row, field.name, choice.randrange(2**31))
    setattr(row, row.DESCRIPTOR.fields[0].name, f"{kind}-{number}")
    row.row_version = version
    row.is_deleted = False
    row.business_date = f"2026-02-{1 + number % 28:02}"
    row.tenant_id = "acme"
    row.customer_key = f"customer {number // 3}"
    return row


class Feed:
    """One row topic: writes to it, and keeps what must come of it."""

    def __init__(self, bootstrap, topic, kind):
        self.topic = topic
        self.kind = kind
        self.rows = {}       # key -> columns
        self.revisions = {}  # (key, version) -> columns
        self.dead = 0
        self.ends = [0] * PARTITIONS
        admin = AdminClient({"bootstrap.servers": bootstrap})  # Must outlive its answers.
        admin.create_topics([NewTopic(topic, PARTITIONS, 1)])[topic].result(30)
        # Idempotent, else a retry could change the order, on which the outcome depends.
        self._producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 20, "enable.idempotence": True})

    def _send(self, number, key, value):
        partition = number % PARTITIONS
        while True:
            try:
                self._producer.produce(self.topic, key=key, value=value, partition=partition)
                break
            except BufferError:
                self._producer.poll(0.1)
        self._producer.poll(0)
        self.ends[partition] += 1

    def row(self, number, version, choice):
        row = make_row(self.kind, number, version, choice)
        columns = columns_of(row)
        key = next(iter(columns.values()))
        self._send(number, key, row.SerializeToString())
        if key not in self.rows or self.rows[key]["row_version"] < version:
            self.rows[key] = columns
        self.revisions.setdefault((key, version), columns)

    def tombstone(self, number):
        key = f"{self.kind}-{number}"
        self._send(number, key, None)
        row = ROWS[self.kind]()
        if key in self.rows:
            self.rows[key] = erased(self.rows[key], row)
        for place in self.revisions:
            if place[0] == key:
                self.revisions[place] = erased(self.revisions[place], row)

    def broken(self, number, value=b"\xff\xff"):
        self._send(number, f"{self.kind}-broken-{number}", value)
        self.dead += 1

    def many(self, count, keys, seed=1):
        """`count` rows of `keys` keys: versions in no order, some twice, a tombstone now and then."""
        choice = random.Random(seed)
        for _ in range(count):
            number = choice.randrange(keys)
            if choice.random() < 0.002:
                self.tombstone(number)
            else:
                self.row(number, choice.randrange(1, 6), choice)

    def flush(self):
        assert self._producer.flush(60) == 0
