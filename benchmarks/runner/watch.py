"""Looks at a job once a second while a load plays: lag, memory, processor time, how late alerts are.

A thread of its own; it stops with the block it watches over.
"""

import threading
import time

from confluent_kafka import Consumer, KafkaException, TopicPartition

import repeats

EVERY_S = 1.0
ANSWER_S = 5
COLUMNS = ("rate", "lag", "cpu", "rss_mb", "p99_ms")
LATENCY = "peakend_alert_latency_seconds_bucket{"
# Of fewer alerts a second there is no 99th percentile.
LEAST_ALERTS = 20


class Watch:
    def __init__(self, job):
        self._job = job
        self._began = time.monotonic()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._rows = []
        self.marks = []

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stopped.set()
        self._thread.join()

    def now(self):
        """Seconds since it began."""
        return time.monotonic() - self._began

    def mark(self, label):
        self.marks.append({"t": round(self.now(), 2), "label": label})

    def lag(self):
        """Records that are written and not committed, as it was last seen; None before that."""
        return self._rows[-1][2] if self._rows else None

    def series(self):
        """Of a result: time, records committed a second, lag, processors used, MB, and the p99 of the alerts
        since the look before, by the worker's own histogram (from an event's time at the broker)."""
        columns = {name: [row[1 + at] for row in self._rows] for at, name in enumerate(COLUMNS)}
        return {"t": [row[0] for row in self._rows], "columns": columns, "marks": self.marks}

    def slope(self, name, since_s, until_s):
        """By how much a column grew a second between two times; 0 of too few looks."""
        points = self._points(name, since_s, until_s)
        found = repeats.line([t for t, _ in points], [value for _, value in points]) if len(points) > 2 else None
        return found.slope if found else 0.0

    def at(self, name, time_s):
        """A column as it was last seen at a time; None before the first look."""
        points = self._points(name, 0, time_s)
        return points[-1][1] if points else None

    def values(self, name, since_s, until_s):
        return [value for _, value in self._points(name, since_s, until_s)]

    def most(self, name, since_s=0, until_s=float("inf")):
        return max((value for _, value in self._points(name, since_s, until_s)), default=None)

    def _points(self, name, since_s, until_s):
        column = 1 + COLUMNS.index(name)
        return [(row[0], row[column]) for row in self._rows
                if since_s <= row[0] <= until_s and row[column] is not None]

    def _follow(self):
        positions = _Positions(self._job)
        before, counts = (self.now(), 0, 0.0), {}
        while not self._stopped.wait(EVERY_S):
            done, lag = positions.look()
            cpu, at = self._job.process.cpu_s(), self.now()
            spent = at - before[0]
            # Less than before after a restart: the new process has spent nothing yet.
            self._rows.append((round(at, 2), max(0.0, round((done - before[1]) / spent, 1)), lag,
                               max(0.0, round((cpu - before[2]) / spent, 3)), self._job.process.rss_mb(),
                               p99_ms(counts, now := buckets(self._job.metrics()))))
            before, counts = (at, done, cpu), now or counts
        positions.close()


def buckets(page):
    """{upper bound in seconds: alerts up to it, ever} of a page of metrics."""
    found = {}
    for line in page.splitlines():
        if line.startswith(LATENCY):
            bound = float(line.split('le="')[1].split('"')[0].replace("+Inf", "inf"))
            found[bound] = found.get(bound, 0) + float(line.rsplit(" ", 1)[1])
    return found


def p99_ms(before, after):
    """Of the alerts between two looks, within the resolution of the buckets; None of too few, after a
    restart, or beyond the last bound."""
    bounds = sorted(after)
    new = [after[bound] - before.get(bound, 0) for bound in bounds]
    if not new or new[-1] < LEAST_ALERTS or min(new) < 0:
        return None
    wanted, lower, below = 0.99 * new[-1], 0.0, 0.0
    for bound, count in zip(bounds, new):
        if count >= wanted:
            share = (wanted - below) / (count - below) if count > below else 1.0
            return None if bound == float("inf") else round((lower + share * (bound - lower)) * 1000, 1)
        lower, below = bound, count
    return None


class _Positions:
    """What the job has committed of its input, and where that ends."""

    def __init__(self, job):
        # Read committed, the broker would make it wait while a transaction holds offsets.
        self._consumer = Consumer(job.stage.client() | {"group.id": job.name, "enable.auto.commit": False,
                                                        "isolation.level": "read_uncommitted"})
        self._partitions = [TopicPartition(job.input, partition) for partition in range(job.partitions)]
        self._done = 0

    def look(self):
        """(records committed, records behind them or None while nobody answers)."""
        try:
            self._done = sum(max(0, found.offset) for found in
                             self._consumer.committed(self._partitions, timeout=ANSWER_S))
            return self._done, max(0, sum(self._consumer.get_watermark_offsets(partition, ANSWER_S)[1]
                                          for partition in self._partitions) - self._done)
        except (KafkaException, TypeError):
            return self._done, None

    def close(self):
        self._consumer.close()
