"""What rows of statistics and evidence of random days speak of: what was measured, and in which hours."""

from collections import Counter

MEASURED = ("queue_wait", "first_response", "next_response")
SUMS = ("contacts", "negative_peaks", "positive_peaks", "left", "waits", "waits_met", "gaps", "scored", "ended_above_mean")


class Measured:
    """A part of the census (random_census.py)."""

    def __init__(self):
        self.statistics = Counter()  # sums of fields; rows that say something
        self.hours = Counter()  # (basis, cause, whether in open hours), of evidence
        self.closed = Counter()  # causes of what came to nothing in open hours
        self.learned = Counter()  # kinds of baselines

    def read_statistics(self, value):
        self.statistics["rows"] += 1
        for name, content in value.items():
            if name in SUMS:
                self.statistics[name] += int(content)  # 64 bits may be texts in JSON
            elif content:
                self.statistics[name] += 1
        self.statistics["below zero"] += int(value.get("gap_sum", 0)) < 0
        self.statistics["several"] += int(value.get("contacts", 0)) > 1
        self.statistics["missed"] += int(value.get("waits", 0)) > int(value.get("waits_met", 0)) > 0
        sketch = value.get("answered_after", {})
        self.statistics["of an age"] += max(sketch.get("buckets", [0])) > 32 + 16 * 22
        self.statistics["twice"] += any(int(count) > 1 for count in sketch.get("counts", ()))

    def read_measured(self, evidence):
        if evidence["cause"] in MEASURED:
            self.hours[evidence["basis"], evidence["cause"], "calendar" in evidence] += 1
            self.closed[evidence["cause"]] += "calendar" in evidence and evidence.get("actual", 0) == 0

    def read_baseline(self, baseline):
        cells = baseline.get("cells", [])
        keys = [tuple(cell.get(name) for name in ("tenant_id", "queue_id", "channel", "hour")) for cell in cells]
        self.learned["empty" if not cells else "twice a cell" if len(set(keys)) < len(keys) else "cells"] += 1
        self.learned["the same version"] += baseline["version"] == self.newest
        self.learned["an older version"] += baseline["version"] != self.newest and baseline["version"] in self.versions
        self.newest = baseline["version"]
        self.versions.add(self.newest)
