#!/usr/bin/env python3
"""Writes the input of the peers' job to a topic, as fast as it can or at a rate.

  input_writer.py --bootstrap HOST:PORT --topic TOPIC --events N [--rate R --first K]

At a rate it is an open loop: event i is due at start + i / rate, whatever became of
those before; a stall makes later ones late, never rarer. Each event carries in
recorded_ms when it was due. The first K are written at once and belong to no
schedule, which starts when a line comes on standard input: by then the peer is up.
At the end it prints one line of JSON: events and seconds of the schedule, start_ms,
and how late its events were in ms (p50, p90, p99, max).
"""

import argparse
import itertools
import json
import sys
import time

import figures
import input_events
from broker import Broker

FAST_LINGER_MS = 20
# 0 would make a request of every event, and the broker the bottleneck.
RATE_LINGER_MS = 2
LONGEST_SLEEP_S = 0.05
SHORTEST_SLEEP_S = 0.0005
FLUSH_S = 120


class _Writer:
    """Counts what the broker refused: an input with a hole would be worth nothing."""

    def __init__(self, producer, topic):
        self._producer = producer
        self._topic = topic
        self.failed = 0

    def write(self, event):
        value, key = event.SerializeToString(), event.customer
        while True:
            try:
                self._producer.produce(self._topic, value, key, on_delivery=self._delivered)
                return
            except BufferError:
                self._producer.poll(0.1)

    def poll(self):
        self._producer.poll(0)

    def _delivered(self, error, _message):
        self.failed += error is not None

    def finish(self):
        left = self._producer.flush(FLUSH_S)
        if left or self.failed:
            raise RuntimeError(f"{left + self.failed} events did not reach the topic")


def write_all(writer, events):
    for index, event in enumerate(events):
        writer.write(event)
        if index % 1000 == 0:
            writer.poll()


def write_at_rate(writer, events, rate):
    """Returns (start in ms since 1970, lateness of each event in ms)."""
    start, start_ms = time.monotonic(), time.time() * 1000
    late_ms = []
    for index, event in enumerate(events):
        due = index / rate
        now = time.monotonic() - start
        while now < due:
            writer.poll()
            time.sleep(min(max(due - now, SHORTEST_SLEEP_S), LONGEST_SLEEP_S))
            now = time.monotonic() - start
        event.recorded_ms = int(start_ms + due * 1000)
        writer.write(event)
        late_ms.append((now - due) * 1000)
    return start_ms, late_ms


def main():
    parser = argparse.ArgumentParser(description="Writes the input of the peers' job.")
    parser.add_argument("--bootstrap", required=True)
    parser.add_argument("--topic", required=True)
    parser.add_argument("--events", type=int, default=input_events.EVENTS)
    parser.add_argument("--customers", type=int, help="default: one for 20 events")
    parser.add_argument("--seed", type=int, default=input_events.SEED)
    parser.add_argument("--rate", type=float, default=0, help="events a second; 0 = as fast as possible")
    parser.add_argument("--first", type=int, default=0, help="so many at once, before the rate")
    arguments = parser.parse_args()
    producer = Broker(arguments.bootstrap).producer(RATE_LINGER_MS if arguments.rate else FAST_LINGER_MS)
    writer = _Writer(producer, arguments.topic)
    events = input_events.events(arguments.events, arguments.customers, arguments.seed)
    write_all(writer, itertools.islice(events, arguments.first))
    if arguments.first:
        writer.finish()
        sys.stdin.readline()
    began = time.monotonic()
    start_ms, late_ms = time.time() * 1000, []
    if arguments.rate:
        start_ms, late_ms = write_at_rate(writer, events, arguments.rate)
    else:
        write_all(writer, events)
    seconds = time.monotonic() - began
    writer.finish()
    print(json.dumps({"events": arguments.events - arguments.first, "seconds": seconds, "start_ms": start_ms,
                      "late_ms": figures.latency(late_ms)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
