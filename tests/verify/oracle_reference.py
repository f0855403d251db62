"""Runs the reference over a whole log."""

from collections import Counter

from oracle_partition import Partition

NOWHERE = float("inf")


class Reference:
    """What the log implies: outputs, and what becomes of each input record."""

    def __init__(self, log, policy, limits, ends, watched=None):
        """`watched`: by partition, who looks at its state on the way (Part.reach)."""
        self.expected = []
        self.outcomes = {}  # by partition: {offset: outcome}
        self.open = {}  # by partition: ids of journeys that go on
        inputs = log.inputs()
        if log.malformed:
            inputs.setdefault(0, [])
        for number in watched or ():
            inputs.setdefault(number, [])
        for number, records in sorted(inputs.items()):
            partition = Partition(number, log.names["input"], policy, limits)
            for record in log.malformed if number == 0 else ():
                partition.set_aside("rejected", record, "invalid_json", "ingest")
                partition.outcomes[record.offset] = "rejected"
            self.run(partition, records, (watched or {}).get(number))
            if ends:
                partition.finish()
            self.expected += partition.expected
            self.outcomes[number] = partition.outcomes
            self.open[number] = partition.open_journeys()

    @staticmethod
    def run(partition, records, watcher):
        stop = NOWHERE if watcher is None else -1
        for record in records:
            if record.offset >= stop:
                stop = watcher.reach(partition, record.offset)
            partition.process(record)
        if watcher is not None:
            watcher.reach(partition, NOWHERE)

    def counts(self, number, below):
        return Counter(outcome for offset, outcome in self.outcomes[number].items() if offset < below)
