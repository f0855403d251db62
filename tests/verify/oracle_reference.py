"""Runs the reference over a whole log."""

from collections import Counter

from oracle_partition import Partition


class Reference:
    """What the log implies: outputs, and what becomes of each input record."""

    def __init__(self, log, policy, limits, ends):
        self.expected = []
        self.outcomes = {}  # by partition: {offset: outcome}
        self.open = {}  # by partition: ids of journeys that go on
        inputs = log.inputs()
        if log.malformed:
            inputs.setdefault(0, [])
        for number, records in inputs.items():
            partition = Partition(number, log.names["input"], policy, limits)
            for record in log.malformed if number == 0 else ():
                partition.set_aside("rejected", record, "invalid_json", "ingest")
                partition.outcomes[record.offset] = "rejected"
            for record in records:
                partition.process(record)
            if ends:
                partition.finish()
            self.expected += partition.expected
            self.outcomes[number] = partition.outcomes
            self.open[number] = partition.open_journeys()

    def counts(self, number, below):
        return Counter(outcome for offset, outcome in self.outcomes[number].items() if offset < below)
