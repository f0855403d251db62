"""The events of a campaign: a seeded feed that goes on while faults happen.

Times are today's, so that the same seed makes the same events at other times.
"""

import json
import pathlib
import sys
import threading
import time

from confluent_kafka import KafkaException, Producer
from google.protobuf import json_format

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "verify"))
from oracle_messages import InteractionEvent
from random_events import Day

STEP_S = 0.02
FASTER_POISON = 5
PROMISES_KEPT = 100
PEOPLE = 100_000  # then the first ones come back
REPEATED_FROM = 3000  # a feed repeats what it sent within the last few seconds
# How far behind an event comes, in ms; what is behind by more than 5 s is late.
LATENESS = [100, 300, 900, 1_100, 2_500, 4_000, 4_900, 5_000, 5_100, 9_000]


class LiveDay(Day):
    """Random events of customers who come and go, at the time of asking."""

    def __init__(self, seed, people):
        super().__init__(seed)
        self.people = people
        self.ticks = False
        self.contacts = 6
        self.count = 0

    def move(self, now_ms):
        self.at_ms = now_ms
        first = now_ms // 100  # a customer leaves, and another comes, ten times a second
        self.customers = [f"p{(first + n) % self.people}" for n in range(60)]
        # Only the latest are ever looked at, and a soak makes a million.
        del self.promises.made[:-PROMISES_KEPT]

    def good(self):
        rng = self.rng
        if self.made and rng.random() < 0.05:
            return rng.choice(self.made)
        at_ms = self.at_ms - (rng.choice(LATENESS) if rng.random() < 0.2 else rng.choice([0, 0, 1, 7]))
        self.count += 1
        made = {"event_id": f"e{self.count}", "occurred_at_ms": at_ms,
                "customer": {"customer_id": rng.choice(self.customers)}, "channel": rng.choice([1, 2, 3, 0, 77])}
        self.decorate(made)
        self.fill(made)
        event = json_format.ParseDict(made, InteractionEvent())
        key = f"{event.tenant_id}/{event.customer.customer_id}".encode()
        record = (key, event.SerializeToString(), [])
        self.made.append(record)
        if len(self.made) > REPEATED_FROM:
            del self.made[:REPEATED_FROM // 2]
        return record

    def poison(self):
        """A record that is no event, or hardly one."""
        rng = self.rng
        key, value, _ = self.good()
        flipped = bytearray(value)
        flipped[rng.randrange(len(flipped))] ^= 1 << rng.randrange(8)
        key, value = rng.choice([
            (key, value[:rng.randrange(len(value))]), (key, bytes(flipped)), (key, rng.randbytes(rng.randrange(60))),
            (key, b""), (key, None), (None, None), (None, value), (b"", value), (key + b"0", value), (b"\xff/", value),
            (key, b'{"event_id":"e1"}'), (key, value + b"\x00"), (key, bytes(value) * 2), self.json_poison()])
        headers = rng.choice([[], [], [("trace", b"\x00\xff")], [("a", None), ("a", b""), ("", b"x")]])
        return key, value, headers

    def json_poison(self):
        made = self.bad()
        try:
            event = json_format.ParseDict(json.loads(made), InteractionEvent())
        except (json.JSONDecodeError, json_format.ParseError, AttributeError):
            return b"/p0", made.encode()
        return f"{event.tenant_id}/{event.customer.customer_id}".encode(), event.SerializeToString()


class Feed(threading.Thread):
    """Appends what `next` returns at `rate` a second until `stop`, whatever becomes of the broker."""

    def __init__(self, bootstrap, topic, rate):
        super().__init__(daemon=True)
        self.topic = topic
        self.rate = rate
        self.sent = 0
        self.poisoned = 0
        self.is_quiet = False
        self.not_sent = 0
        self.ends = {}  # by partition: the offset behind the last record that was stored
        self.stopping = threading.Event()
        # Not idempotent: librdkafka 2.0.2 loses count at a broker's restart and ends. What
        # is stored twice is one more duplicate of a feed.
        self.producer = Producer({"bootstrap.servers": bootstrap, "partitioner": "murmur2_random", "linger.ms": 5,
                                  "acks": "all", "message.timeout.ms": 300_000,
                                  "reconnect.backoff.max.ms": 500, "log_level": 0})

    def next(self):
        """Key, value and headers of one more record."""
        raise NotImplementedError

    def rate_now(self):
        return self.rate

    def move(self, now_ms):
        """What comes next is of this time."""

    def run(self):
        begin = time.monotonic()
        due = 0.0
        while not self.stopping.is_set():
            now = time.monotonic()
            # What could not be sent during an outage is not made up for.
            due = min(due + (now - begin) * (0 if self.is_quiet else self.rate_now()), self.rate)
            begin = now
            self.move(int(time.time() * 1000))
            while due >= 1:
                due -= 1
                self.send(*self.next())
            self.producer.poll(0)
            time.sleep(STEP_S)

    def send(self, key, value, headers):
        try:
            self.producer.produce(self.topic, value, key, headers=headers, on_delivery=self.stored)
            self.sent += 1
        except BufferError:
            self.producer.poll(0.1)
        except KafkaException:
            self.not_sent += 1

    def stored(self, error, message):
        if error is not None:
            self.not_sent += 1
            return
        place = message.partition()
        self.ends[place] = max(self.ends.get(place, 0), message.offset() + 1)

    def quiet(self, is_quiet):
        self.is_quiet = is_quiet

    def stop(self):
        self.stopping.set()
        if self.is_alive():
            self.join()
        self.producer.flush(60)


class Load(Feed):
    """The random events of a seed, and poison."""

    def __init__(self, bootstrap, topic, seed, rate, people=PEOPLE):
        super().__init__(bootstrap, topic, rate)
        self.day = self.day_of(seed, people)
        self.to_poison = 0

    def day_of(self, seed, people):
        return LiveDay(seed, people)

    def rate_now(self):
        return self.rate * (FASTER_POISON if self.to_poison > 0 else 1)

    def move(self, now_ms):
        self.day.move(now_ms)

    def next(self):
        if self.to_poison > 0 and self.day.rng.random() < 0.8 or self.day.rng.random() < 0.005:
            self.to_poison -= self.to_poison > 0
            self.poisoned += 1
            return self.day.poison()
        return self.day.good()

    def poison(self, count):
        self.to_poison += count
