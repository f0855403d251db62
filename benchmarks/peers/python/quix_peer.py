"""The peers' job on Quix Streams: exactly once, state in RocksDB and a changelog.

Quix Streams is taken because it can do all of the job: outputs, changelog and offsets
go into one Kafka transaction. It has no choice of a store: it is RocksDB.
"""

import argparse
import json
import math
import os
import resource
import struct
import sys
import time

from quixstreams import Application
from quixstreams.state.rocksdb.options import RocksDBOptions

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from job_messages import Alert, Event, Journey

LINE_EVERY = 500_000
SILENCE_MS = 1_800_000
ALERT_BELOW = -0.4
RECOVER_ABOVE = -0.2

# start_ms, last_ms, count, sum, worst, best, tail, alerted. Quix Streams would write
# JSON: a fixed record is shorter and costs less.
STATE = struct.Struct(">qqIiiid?")
KEY = b"j"  # bytes are left as they are


def milli(value):
    """Halves go up, in every language the same."""
    return math.floor(value * 1000 + 0.5)


class CostLines:
    """Prints a line of JSON each 500,000 events and at the last one."""

    def __init__(self, last):
        self._last = last
        self._events = 0
        self._started = time.monotonic()

    def count(self):
        self._events += 1
        if self._events % LINE_EVERY == 0 or self._events == self._last:
            usage = resource.getrusage(resource.RUSAGE_SELF)
            with open("/proc/self/statm") as file:
                rss_mb = int(file.read().split()[1]) * resource.getpagesize() / 1e6
            print(json.dumps({"events": self._events, "wall_s": round(time.monotonic() - self._started, 3),
                              "cpu_s": round(usage.ru_utime + usage.ru_stime, 3), "rss_mb": round(rss_mb, 1)}),
                  flush=True)


class JourneyRule:
    """One event after the other; Quix Streams hands out the customer's own state."""

    def __init__(self, lines):
        self._lines = lines
        self._event = Event()

    def __call__(self, value, state):
        """Returns the records to write: (is an alert, its bytes)."""
        event = self._event
        event.ParseFromString(value)
        outputs = []
        kept = state.get(KEY)
        occurred_ms, valence_milli = event.occurred_ms, event.valence_milli
        valence = valence_milli / 1000
        fresh = kept is None
        if not fresh:
            start, last, count, total, worst, best, tail, alerted = STATE.unpack(kept)
            if occurred_ms - last > SILENCE_MS:
                outputs.append((False, self._journey(start, last, count, total, worst, best, tail)))
                fresh = True
        if fresh:
            start, count, total, worst, best, tail, alerted = (
                occurred_ms, 0, 0, valence_milli, valence_milli, valence, False)
        else:
            tail = 0.75 * tail + 0.25 * valence
            worst, best = min(worst, valence_milli), max(best, valence_milli)
        score = 0.1 * (worst / 1000) + 0.9 * tail
        if not alerted and score < ALERT_BELOW:
            outputs.append((True, self._alert(start, worst, tail, score)))
            alerted = True
        elif alerted and score > RECOVER_ABOVE:
            alerted = False
        state.set(KEY, STATE.pack(start, occurred_ms, count + 1, total + valence_milli, worst, best, tail, alerted))
        self._lines.count()
        return outputs

    def _journey(self, start, last, count, total, worst, best, tail):
        return Journey(customer=self._event.customer, start_ms=start, end_ms=last, count=count, sum_milli=total,
                       worst_milli=worst, best_milli=best, tail_milli=milli(tail),
                       score_milli=milli(0.1 * (worst / 1000) + 0.9 * tail)).SerializeToString()

    def _alert(self, start, worst, tail, score):
        event = self._event
        return Alert(id=f"{event.customer}/{start}/score", customer=event.customer, at_ms=event.occurred_ms,
                     score_milli=milli(score), worst_milli=worst, tail_milli=milli(tail), rule="score",
                     cause_event=event.id).SerializeToString()


def application(options):
    return Application(
        broker_address=options.bootstrap, consumer_group=options.name, auto_offset_reset="earliest",
        processing_guarantee="exactly-once", commit_interval=options.commit_ms / 1000, state_dir=options.state_dir,
        # The state is bytes already.
        rocksdb_options=RocksDBOptions(dumps=bytes, loads=bytes),
        consumer_extra_config={
            "fetch.wait.max.ms": 10, "queued.min.messages": 1_000_000,
            # One that comes back under its old name takes its partitions at once.
            "group.instance.id": options.name, "check.crcs": False},
        # A stable id fences off what a killed process left open; its end would else be
        # waited for.
        producer_extra_config={"transactional.id": options.name, "transaction.timeout.ms": 10_000, "linger.ms": 20,
                               "compression.type": "lz4", "queue.buffering.max.messages": 1_000_000},
        loglevel="WARNING")


def main():
    parser = argparse.ArgumentParser(description="The peers' job on Quix Streams.")
    for option in ("bootstrap", "input", "alerts", "journeys", "state-dir"):
        parser.add_argument("--" + option, required=True)
    parser.add_argument("--events", type=int, required=True)
    parser.add_argument("--name", default="quix")
    parser.add_argument("--commit-ms", type=int, default=100)
    options = parser.parse_args()
    app = application(options)
    as_bytes = {"key_serializer": "bytes", "value_serializer": "bytes"}
    alerts, journeys = app.topic(options.alerts, **as_bytes), app.topic(options.journeys, **as_bytes)
    events = app.dataframe(app.topic(options.input, key_deserializer="bytes", value_deserializer="bytes"))
    outputs = events.apply(JourneyRule(CostLines(options.events)), stateful=True, expand=True)
    outputs[outputs.apply(lambda output: output[0])].apply(lambda output: output[1]).to_topic(alerts)
    outputs[outputs.apply(lambda output: not output[0])].apply(lambda output: output[1]).to_topic(journeys)
    app.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
