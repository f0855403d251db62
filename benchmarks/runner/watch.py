"""Looks at a job once a second while a load plays: lag, memory, processor time, alerts.

A thread of its own; it stops with the block it watches over.
"""

import threading
import time

from confluent_kafka import Consumer, KafkaException, TopicPartition

import repeats

EVERY_S = 1.0
ANSWER_S = 5
COLUMNS = ("rate", "lag", "CPU", "memory")


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
        """Of a result: time, records committed a second, lag, processors used, MB."""
        columns = {name: [row[1 + at] for row in self._rows] for at, name in enumerate(COLUMNS)}
        return {"t": [row[0] for row in self._rows], "columns": columns, "marks": self.marks}

    def lag_slope(self, since_s):
        """Records a second by which the lag grew from `since_s` on; 0 of too few looks."""
        points = [(row[0], row[2]) for row in self._rows if row[0] >= since_s and row[2] is not None]
        found = repeats.line([t for t, _ in points], [lag for _, lag in points]) if len(points) > 2 else None
        return found.slope if found else 0.0

    def most(self, name):
        values = [row[1 + COLUMNS.index(name)] for row in self._rows]
        return max((value for value in values if value is not None), default=None)

    def _follow(self):
        positions = _Positions(self._job)
        before = (self.now(), 0, 0.0)
        while not self._stopped.wait(EVERY_S):
            done, lag = positions.look()
            cpu, at = self._job.process.cpu_s(), self.now()
            spent = at - before[0]
            # Less than before after a restart: the new process has spent nothing yet.
            self._rows.append((round(at, 2), max(0.0, round((done - before[1]) / spent, 1)), lag,
                               max(0.0, round((cpu - before[2]) / spent, 3)), self._job.process.rss_mb()))
            before = (at, done, cpu)
        positions.close()


class _Positions:
    """What the job has committed of its input, and where that ends."""

    def __init__(self, job):
        # Read committed, the broker would make it wait while a transaction holds offsets.
        self._consumer = Consumer({"bootstrap.servers": job.stage.bootstrap(), "group.id": job.name,
                                   "enable.auto.commit": False, "isolation.level": "read_uncommitted"})
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
