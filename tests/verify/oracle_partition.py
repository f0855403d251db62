"""The reference run: one partition's log in offset order -> what must come out of it."""

import heapq

from oracle_baselines import Baselines
from oracle_budget import Budget
from oracle_contacts import END_OF_TIME
from oracle_customer import Customer
from oracle_facts import ACTED, Fact
from oracle_identities import Identities
from oracle_ingest import Refused, decode
from oracle_member import Member
from oracle_notices import Board
from oracle_statistics import Statistics
from oracle_switch import stated_policy, switch

UNSET = -2**63 // 4


class Expected:
    """An output that the log implies. `offset` is the input record that causes it."""

    __slots__ = ("topic", "partition", "offset", "key", "message", "original", "headers")

    def __init__(self, topic, partition, offset, key, message=None, original=None, headers=()):
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.key = key
        self.message = message
        self.original = original  # a record that was set aside
        self.headers = headers


class Partition:
    """Clock, customers, waking times and statistics of one input partition."""

    def __init__(self, number, topic, policy, limits, post=None):
        """`post`: where the partitions find what they tell each other (oracle_post.py); None = identities link nobody."""
        self.number = number
        self.topic = topic
        self.policy = policy
        self.limits = limits
        self.now = UNSET
        self.offset = -1
        self.customers = {}
        self.budget = Budget(policy)
        self.board = Board(policy.windows)
        self.baselines = Baselines(policy)
        self.statistics = Statistics(number, policy, self.emit)
        self.wakes = []  # (time, key); those that moved are passed over
        self.expected = []
        self.outcomes = {}  # by offset
        self.policies = {}  # that were stated and counted, by offset
        self.identities = Identities(self, post) if post is not None and policy.identities else None

    @property
    def watermark(self):
        return self.now - self.policy.windows.max_out_of_orderness

    def write(self, topic, key, message):
        message.source.topic = self.topic
        message.source.partition = self.number
        message.source.offset = self.offset
        message.source.SetInParent()
        self.emit(topic, key, message)

    def emit(self, topic, key, message):
        """Of rows that do not tell what caused them."""
        self.expected.append(Expected(topic, self.number, self.offset, key, message))

    def set_aside(self, topic, record, reason, stage, field=""):
        headers = list(record.headers or ())
        for name, text in (("peakend.error.reason", reason), ("peakend.error.stage", stage),
                           ("peakend.error.field", field), ("peakend.source.topic", self.topic),
                           ("peakend.source.partition", record.partition), ("peakend.source.offset", record.offset),
                           ("peakend.source.timestamp", record.timestamp)):
            headers.append((name, str(text).encode()))
        self.expected.append(Expected(topic, self.number, record.offset, record.key, original=record,
                                      headers=headers))

    def process(self, record):
        self.offset = record.offset
        self.outcomes[record.offset] = self.take(record)
        self.budget.pass_record(record.offset)

    def take(self, record):
        try:
            event, payload = decode(record, self.limits)
        except Refused as refused:
            reason, field = refused.args
            self.set_aside("rejected", record, reason.lower(), "ingest", field)
            return "rejected"
        if payload == "control":
            if event.control.HasField("policy"):
                return self.take_policy(event.control.policy, record)
            if event.control.HasField("clock_tick") and record.timestamp > 0:
                self.advance(record.timestamp)
            elif event.control.HasField("notice"):
                self.board.post(event, record.offset, self.watermark)
            elif event.control.HasField("baseline"):
                self.baselines.post(event.control.baseline, record.offset)
            elif event.control.HasField("identity") and self.identities:
                return self.identities.take(event, record)
            return "applied"
        at = event.occurred_at_ms
        self.advance(min(at, record.timestamp) if record.timestamp > 0 else at)
        fact = self.fact_of(event, payload)
        key = (event.tenant_id, event.customer.customer_id)
        late = fact.at < self.watermark - self.policy.windows.allowed_lateness
        if self.identities:
            self.identities.say(event, key)
            if fact.kind is not None and self.identities.is_away(key):
                return self.identities.send_on(event, record, fact, late)
        if late:
            return self.too_late(record, fact, key)
        return self.apply(record, fact, key)

    def take_policy(self, stated, record):
        try:
            policy = stated_policy(stated, self.policy)
        except Refused as refused:
            reason, field = refused.args
            self.set_aside("rejected", record, reason.lower(), "ingest", field)
            return "rejected"
        if policy is not None:
            self.policies[record.offset] = stated
            switch(self, policy)
        return "applied"

    def fact_of(self, event, payload):
        """What an event means by what is announced and known here."""
        return Fact(event, payload, self.policy.phrases, self.board.about(event, self.watermark),
                    self.baselines.wait_of(event))

    def too_late(self, record, fact, key):
        if fact.kind is None:
            return "applied"
        if fact.kind == ACTED:  # it counts whenever it is heard of
            return self.apply(record, fact, key)
        customer = self.customers.get(key)
        if customer is not None and customer.knows(fact):
            return "duplicate"
        if customer is not None and customer.amends(fact, self.watermark):
            return self.apply(record, fact, key, is_news=False)
        self.set_aside("late", record, "late", "journey")
        return "late"

    def apply(self, record, fact, key, is_news=True):
        if fact.kind == ACTED and (key not in self.customers or self.customers[key].held is None):
            return "applied"  # of nobody who has alerts
        customer = self.customer(key)
        if customer.changed is not None and customer.forgotten(self.watermark):
            customer.lives.append(record.offset)
        outcome = customer.apply(fact, self.watermark, is_news)
        if outcome != "duplicate" and fact.kind is not None:
            customer.changed = record.offset
        self.schedule(customer, key)
        if outcome.endswith("_without_contact"):
            self.set_aside("late", record, outcome, "journey")
            return "late"
        return outcome

    def customer(self, key):
        """Who was never heard of begins here."""
        if key not in self.customers:
            kind = Member if self.identities else Customer
            self.customers[key] = kind(*key, self.policy, self.write, self.budget, self.statistics)
        return self.customers[key]

    def schedule(self, customer, key):
        if customer.wake not in (customer.scheduled, END_OF_TIME):
            heapq.heappush(self.wakes, (customer.wake, key))
        customer.scheduled = customer.wake

    def advance(self, time):
        """Does all that is due until then, each at its own time."""
        if time <= self.now:
            return
        before = self.watermark
        self.fire_due(time)
        if time != END_OF_TIME:  # there is nobody left to come back
            self.forget_idle(before)

    def forget_idle(self, before):
        """Once in a while of their memory, whoever has faded: a longer memory does not bring them back."""
        every = max(1, self.policy.windows.memory // 16)
        if before // every == self.watermark // every:
            return
        for customer in self.customers.values():
            if customer.forgotten(self.watermark):
                customer.forget()

    def fire_due(self, time):
        delay = self.policy.windows.max_out_of_orderness
        while self.wakes and self.wakes[0][0] < time - delay:
            wake, key = heapq.heappop(self.wakes)
            customer = self.customers[key]
            if customer.wake == wake:
                self.statistics.close(wake)
                self.now = wake + 1 + delay
                # At the end of the log there is no clock that would be ahead.
                customer.settle(self.watermark, self.now if time == END_OF_TIME else time)
                customer.changed = self.offset
                self.schedule(customer, key)
        self.now = time
        self.statistics.close(self.watermark)

    def open_journeys(self):
        """Ids of the journeys that go on at the end of the log."""
        return [customer.journey_id(span) for customer in self.customers.values() if customer.held
                for span in customer.held.journeys() if not span.ended(self.watermark, self.policy.windows)]

    def finish(self):
        """Time goes to infinity: everything closes, caused by no record."""
        self.offset = -1
        self.advance(END_OF_TIME)
