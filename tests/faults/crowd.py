"""The job of F16: very many customers, each of whom wrote once and left.

One event without a word in it makes one contact, one journey and one row of output. So
what must be there after any number of restarts can be counted, where the oracle would
take too long: as many customers, and as many journeys, as events were sent, each once.
"""

import re
import time

from confluent_kafka import Producer

from deadline import Late, wait_for
from load import Feed
from oracle_messages import InteractionEvent
from stage import Stage

RATE = 200
FILL_S = 600
ENDS_S = 60
KNOWN_S = 20
WRITTEN_WITHIN_S = 15  # the checkpoint interval and a little
SNAPSHOTS_S = 300
MOST_FOR_ORACLE = 20_000
QUEUE = 500_000
SAME_TIME = 500  # events in a row that are of one time
ROWLESS = ("alerts", "moments", "rejected", "late")
# The goals of the plan of tests, none of which is asserted.
GOALS = {"warm_s": 2, "cold_records_s": 500_000, "failover_s": 6 + 3}


class Strangers:
    """The events, made by putting a number and a time into the bytes of one."""

    def __init__(self):
        self.count = 0
        event = InteractionEvent(event_id=self.name(), occurred_at_ms=1 << 40, channel=1)
        event.customer.customer_id = self.name()
        time_bytes = self.varint(1 << 40)
        self.parts = re.split(re.escape(self.name()) + b"|" + re.escape(time_bytes), event.SerializeToString())
        self.at = time_bytes
        if self.next() != (b"/" + self.name(0), event.SerializeToString().replace(self.name(), self.name(0))):
            raise ValueError("an event's bytes are in another order than this file was written for")
        self.count = 0

    def name(self, number=99_999_999):
        return b"n%08d" % number

    @staticmethod
    def varint(number):
        made = bytearray()
        while number >= 128:
            made.append(number & 127 | 128)
            number >>= 7
        made.append(number)
        return bytes(made)

    def move(self, now_ms):
        self.at = self.varint(now_ms)

    def next(self):
        """Key and value of an event of somebody new."""
        name = self.name(self.count)
        self.count += 1
        first, second, third, rest = self.parts
        return b"/" + name, first + name + second + self.at + third + name + rest


class Trickle(Feed):
    """A few strangers a second, so that there is something to commit."""

    def __init__(self, bootstrap, topic, rate, strangers):
        super().__init__(bootstrap, topic, rate)
        self.strangers = strangers

    def move(self, now_ms):
        self.strangers.move(now_ms)

    def next(self):
        return *self.strangers.next(), []


class Crowd(Stage):
    """One worker at work, another one's place beside it."""

    rate = RATE
    # Segments as large as its state is, not as small as elsewhere.
    changelog = {"segment.bytes": "16777216"}

    def __init__(self, seed, broker, programs, folder, customers):
        super().__init__(seed, broker, programs, folder)
        self.workers = 1
        self.customers = customers
        self.settings = {"worker.commit_interval": "50ms", "checkpoint.snapshot_interval": "1s"}
        self.strangers = Strangers()
        self.figures = []

    def new_load(self):
        return Trickle(self.broker.direct, self.job.names["input"], self.rate, self.strangers)

    def harm(self, names, say):
        say(f"{self.customers} customers come")
        self.fill()
        self.let_end()
        self.check_known("the crowd")
        worker = self.crew.slots[0].process
        self.counts["customers"] = self.customers
        self.counts["state_mib"] = round((worker.metric("peakend_state_bytes") or 0) / 2**20)
        self.counts["rss_mib"] = round(worker.resident_mib())
        super().harm(names, say)
        self.counts["figures"] = self.figures
        self.counts["against_goals"] = self.against_goals()

    def fill(self):
        """As fast as it goes, and the time until the worker has caught up."""
        self.hush()
        producer = Producer({"bootstrap.servers": self.broker.direct, "partitioner": "murmur2_random", "linger.ms": 20,
                             "queue.buffering.max.messages": QUEUE, "acks": "all", "log_level": 0})
        begin = time.monotonic()
        topic = self.job.names["input"]
        while self.strangers.count < self.customers:
            self.strangers.move(int(time.time() * 1000))
            for _ in range(min(SAME_TIME, self.customers - self.strangers.count)):
                key, value = self.strangers.next()
                while True:
                    try:
                        producer.produce(topic, value, key)
                        break
                    except BufferError:
                        producer.poll(0.1)
            producer.poll(0)
        if producer.flush(FILL_S) > 0:
            raise OSError("the crowd's events were not stored")
        self.counts["filled_s"] = round(time.monotonic() - begin, 1)
        ends = {number: end for number, (_, end) in self.job.edges("input").items()}
        self.job.wait_until_committed(ends, FILL_S, "the crowd's events")
        self.counts["processed_s"] = round(time.monotonic() - begin, 1)
        self.load.quiet(False)

    def hush(self):
        self.load.quiet(True)
        wait_for(lambda: len(self.load.producer) == 0, ENDS_S, "the last events")

    def let_end(self):
        """Until all journeys are over, so that the crowd is the idle state that most customers are."""
        self.hush()
        wait_for(lambda: self.crew.metric("peakend_journeys_open") == 0, ENDS_S, "the journeys' ends")
        self.load.quiet(False)

    def check_known(self, what):
        """Nobody of the crowd is forgotten, and nobody was made up."""
        self.hush()
        try:
            wait_for(lambda: self.crew.metric("peakend_customers") == self.strangers.count, KNOWN_S, "all customers")
        except Late:
            self.violations.append(f"F16 after {what} {self.crew.metric('peakend_customers')} customers are known, "
                                   f"{self.strangers.count} were there")
        self.load.quiet(False)

    def wait_for_snapshots(self, slot):
        """Until each partition has one that was begun when the changelog had caught up with the crowd.

        An earlier one would be as good, but all that the crowd did would have to be read after it.
        """
        written = 'peakend_snapshots_total{result="written"}'
        process = slot.process
        few = WRITTEN_WITHIN_S * self.rate
        wait_for(lambda: (process.metric("peakend_customers_unwritten") or 0) <= few, SNAPSHOTS_S, "the changelog")
        before = process.metric(written) or 0
        wait_for(lambda: (process.metric(written) or 0) > before + len(self.load.ends), SNAPSHOTS_S, "snapshots of all")

    def against_goals(self):
        """The worst of each, and whether the goal is reached: reported, never a violation."""
        if not self.figures:
            return {}
        worst = {"warm_s": max(one["warm"]["assigned_to_commit_s"] for one in self.figures),
                 "cold_records_s": min(one["cold"]["records_s"] for one in self.figures),
                 "failover_s": max(one["failover"]["death_to_commit_s"] for one in self.figures)}
        return {name: {"worst": value, "goal": GOALS[name],
                       "reached": value >= GOALS[name] if name == "cold_records_s" else value <= GOALS[name]}
                for name, value in worst.items()}

    def drain(self, say):
        if not self.is_lost():
            self.let_end()
        super().drain(say)

    def judge(self, say):
        if self.customers <= MOST_FOR_ORACLE:
            self.counts["judged_by"] = "the oracle"
            super().judge(say)
            return
        say("counting")
        self.counts["judged_by"] = "counts of journeys and customers"
        rows = [key for _, _, key in self.job.records("journeys")]
        self.counts["input"] = self.strangers.count
        self.counts["outputs"] = self.counts["journeys"] = len(rows)
        if len(set(rows)) != self.strangers.count:
            self.violations.append(f"F16 {len(set(rows))} journeys of {self.strangers.count} customers")
        if len(rows) != len(set(rows)):
            self.violations.append(f"F16 {len(rows) - len(set(rows))} rows of journeys are there twice")
        for role in ROWLESS:
            if (count := sum(1 for _ in self.job.records(role))) > 0:
                self.violations.append(f"F16 {count} records on {role}, which nothing explains")
