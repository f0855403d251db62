"""Logs of several partitions, to which what their steps send each other is appended."""

from collections import deque
from itertools import groupby

from oracle_ingest import Limits
from oracle_messages import InteractionEvent
from oracle_parcels import MOST_BYTES
from oracle_partition import Partition
from oracle_post import Post, kind_of
from oracle_records import NAMES, Record, murmur2


def key_of(event):
    return f"{event.tenant_id}/{event.customer.customer_id}".encode()


class Logs:
    """Partitions that read their logs whenever they are told to."""

    def __init__(self, policy, count, most_bytes=MOST_BYTES, limits=None, now_ms=0):
        """`now_ms`: timestamp of what is appended."""
        self.limits = limits or Limits()
        self.now_ms = now_ms
        self.most_bytes = most_bytes  # of a piece
        self.post = Post()
        self.partitions = [Partition(number, NAMES["input"], policy, self.limits, self.post) for number in range(count)]
        self.logs = [[] for _ in range(count)]
        self.read = [0] * count  # records of each
        self.came = deque()  # partitions of what was appended, in order
        self.sent = 0  # records, of all
        self.outgoing = [[] for _ in range(count)]  # by sender: what stands in no log yet

    def place_of(self, event):
        """The partition of its customer's key."""
        return (murmur2(key_of(event)) & 0x7FFFFFFF) % len(self.logs)

    def append(self, event):
        value = event.SerializeToString(deterministic=True)
        self.add(self.place_of(event), Record(NAMES["input"], 0, 0, self.now_ms, key_of(event), value, ()))

    def add(self, number, record):
        log = self.logs[number]
        log.append(record._replace(partition=number, offset=len(log)))
        self.came.append(number)

    def waiting(self):
        """Partitions that have not read all of their logs."""
        return [number for number, log in enumerate(self.logs) if self.read[number] < len(log)]

    def step(self, number):
        """Reads one record of a partition."""
        self.partitions[number].process(self.logs[number][self.read[number]])
        self.read[number] += 1
        for sent in self.post.sent[self.sent:]:
            self.outgoing[number] += self.events_of(sent)
        self.sent = len(self.post.sent)

    def deliver(self, number):
        """Appends the next record that a partition sent; others may come in between."""
        self.append(self.outgoing[number].pop(0))

    def events_of(self, sent):
        """The records of what was sent; several of a part that is cut."""
        kind, made = kind_of(sent), []
        for piece in sent.parcel.pieces(self.most_bytes) if sent.parcel else [None]:
            event = InteractionEvent(tenant_id=sent.tenant)
            event.customer.customer_id = sent.to
            event.control.identity.CopyFrom(sent.identity)
            if piece is not None:
                getattr(event.control.identity, kind).CopyFrom(piece)
            made.append(event)
        if kind == "hand_back":
            made[-1].control.identity.hand_back.last = True
        return made

    def drain(self):
        """Until nobody has anything to say any more, in the order in which records came."""
        while self.came:
            number = self.came.popleft()
            if self.read[number] == len(self.logs[number]):
                continue  # somebody has read on
            self.step(number)
            while self.outgoing[number]:
                self.deliver(number)

    def finish(self):
        """Time goes to infinity."""
        for partition in self.partitions:
            partition.finish()


def complete(log, policy, limits, count, now_ms):
    """Adds to the records of a file what customers tell each other: after each line, until all has been said."""
    logs = Logs(policy, count, limits=limits, now_ms=now_ms)
    lines = sorted(log.topics["input"], key=lambda record: (record.offset, record.partition))
    for _, records in groupby(lines, key=lambda record: record.offset):
        for record in records:
            logs.add(record.partition, record)
        logs.drain()
    log.topics["input"] = [record for one in logs.logs for record in one]
