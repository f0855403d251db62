"""What follows from one input, worked out once for all the changelogs that are held against it.

Damage to a changelog leaves the input alone, and what follows from the input takes nearly all of
the time: the reference runs once, its partitions are kept as they were wherever a changelog asks,
and each changelog looks at those.
"""

import copy

from oracle_reference import NOWHERE, Reference


class Recorder:
    """Keeps a partition as it was before each of `stops`."""

    def __init__(self, stops):
        self.stops = sorted(stops, reverse=True)
        self.kept = {}

    def reach(self, partition, offset):
        due = [stop for stop in self.stops if stop <= offset]
        if due:
            # Neither the policy nor an output that is out changes any more.
            shared = {id(part): part for part in (partition.policy, partition.expected, partition.outcomes)}
            as_it_is = copy.deepcopy(partition, shared)
            self.kept.update(dict.fromkeys(due, as_it_is))
            del self.stops[-len(due):]
        return self.stops[-1] if self.stops else NOWHERE


class Rerun:
    """Takes the place of Reference."""

    def __init__(self):
        self.runs = {}  # by what it follows from: (Reference, {partition: {offset: as it was before}})

    def __call__(self, log, policy, limits, ends, watched):
        key = (policy.stamp, repr(vars(limits)), ends, repr(log.topics["input"]), repr(log.malformed))
        reference, kept = self.runs.get(key, (None, {}))
        missing = {number: Recorder(set(part.plan()) - kept.get(number, {}).keys()) for number, part in watched.items()}
        if reference is None or any(recorder.stops for recorder in missing.values()):
            reference = Reference(log, policy, limits, ends, missing)
            for number, recorder in missing.items():
                kept.setdefault(number, {}).update(recorder.kept)
            self.runs[key] = reference, kept
        for number, part in watched.items():
            for stop in sorted(part.plan()):
                part.reach(kept[number][stop], stop)
        return reference
