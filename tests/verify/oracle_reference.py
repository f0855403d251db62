"""Runs the reference over a whole log."""

from collections import Counter

from oracle_fixpoint import Facts
from oracle_ingest import Refused, decode
from oracle_partition import Partition
from oracle_post import Post

NOWHERE = float("inf")


class Reference:
    """What the log implies: outputs, and what becomes of each input record."""

    def __init__(self, log, policy, limits, ends, watched=None):
        """`watched`: by partition, who looks at its state on the way (Part.reach)."""
        self.expected = []
        self.outcomes = {}  # by partition: {offset: outcome}
        self.open = {}  # by partition: ids of journeys that go on
        self.post = Post() if policy.identities else None
        self.policy, self.limits = policy, limits
        inputs = log.inputs()
        if log.malformed:
            inputs.setdefault(0, [])
        for number in watched or ():
            inputs.setdefault(number, [])
        self.partitions = {number: Partition(number, log.names["input"], policy, limits, self.post)
                           for number in sorted(inputs)}
        if self.post is not None:
            self.run_together(inputs, watched or {})
        for number, partition in self.partitions.items():
            for record in log.malformed if number == 0 else ():
                partition.set_aside("rejected", record, "invalid_json", "ingest")
                partition.outcomes[record.offset] = "rejected"
            if self.post is None:
                self.run(partition, inputs[number], (watched or {}).get(number))
            if ends:
                partition.finish()
            self.expected += partition.expected
            self.outcomes[number] = partition.outcomes
            self.open[number] = partition.open_journeys()

    def run(self, partition, records, watcher):
        for record in self.steps(partition, records, watcher):
            partition.process(record)

    def run_together(self, inputs, watched):
        """Each partition in the order of its log, and no record before the one that caused it."""
        ways = {number: self.steps(self.partitions[number], records, watched.get(number))
                for number, records in inputs.items()}
        waiting = {number: next(way, None) for number, way in ways.items()}
        while any(waiting.values()):
            ready = [number for number, record in waiting.items() if record and not self.comes_too_early(record)]
            # Where nothing is ready, somebody's record was never sent: the post says so.
            for number in ready or [number for number, record in waiting.items() if record][:1]:
                self.partitions[number].process(waiting[number])
                waiting[number] = next(ways[number], None)

    @staticmethod
    def steps(partition, records, watcher):
        """The records, each when the one before has been processed; the watcher looks in between."""
        stop = NOWHERE if watcher is None else -1
        for record in records:
            if record.offset >= stop:
                stop = watcher.reach(partition, record.offset)
            yield record
        if watcher is not None:
            watcher.reach(partition, NOWHERE)

    def comes_too_early(self, record):
        """What it brings is not sent yet."""
        try:
            event, _ = decode(record, self.limits)
        except Refused:
            return False
        identity = event.control.identity
        if not event.HasField("control") or identity.WhichOneof("kind") in (None, "unmerge"):
            return False
        return not self.post.has(event.tenant_id, event.customer.customer_id, identity)

    def facts(self, log):
        """What the producers' records say, wherever they stand."""
        facts = Facts(self.policy, self.limits)
        for records in log.inputs().values():
            facts.read(records)
        return facts

    def counts(self, number, below):
        return Counter(outcome for offset, outcome in self.outcomes[number].items() if offset < below)
