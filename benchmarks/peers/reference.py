#!/usr/bin/env python3
"""What the peers must write, worked out by one plain loop over the input.

It shares no code with any peer. As a program it reads a topic and prints what it
counts:

  reference.py --bootstrap HOST:PORT --input TOPIC
"""

import argparse
import math
import sys

from job_messages import Alert, Journey

SILENCE_MS = 1_800_000
ALERT_BELOW = -0.4
RECOVER_ABOVE = -0.2


def milli(value):
    """Halves go up, in every language the same."""
    return math.floor(value * 1000 + 0.5)


class _State:
    __slots__ = ("start_ms", "last_ms", "count", "sum", "worst", "best", "tail", "alerted")

    def __init__(self, event):
        self.start_ms = event.occurred_ms
        self.count = 0
        self.sum = 0
        self.worst = self.best = event.valence_milli
        self.alerted = False

    def add(self, event):
        valence = event.valence_milli / 1000
        self.tail = valence if self.count == 0 else 0.75 * self.tail + 0.25 * valence
        self.count += 1
        self.sum += event.valence_milli
        self.worst = min(self.worst, event.valence_milli)
        self.best = max(self.best, event.valence_milli)
        self.last_ms = event.occurred_ms

    def score(self):
        return 0.1 * (self.worst / 1000) + 0.9 * self.tail


class Reference:
    """Takes the events of each customer in order; `alerts` and `journeys` hold the
    records in the order in which they are due."""

    def __init__(self):
        self._customers = {}
        self.alerts = []
        self.journeys = []

    def apply(self, event):
        state = self._customers.get(event.customer)
        if state is not None and event.occurred_ms - state.last_ms > SILENCE_MS:
            self.journeys.append(_journey(event.customer, state))
            state = None
        if state is None:
            state = self._customers[event.customer] = _State(event)
        state.add(event)
        score = state.score()
        if not state.alerted and score < ALERT_BELOW:
            self.alerts.append(_alert(event, state, score))
            state.alerted = True
        elif state.alerted and score > RECOVER_ABOVE:
            state.alerted = False


def _journey(customer, state):
    return Journey(customer=customer, start_ms=state.start_ms, end_ms=state.last_ms, count=state.count,
                   sum_milli=state.sum, worst_milli=state.worst, best_milli=state.best, tail_milli=milli(state.tail),
                   score_milli=milli(state.score()))


def _alert(event, state, score):
    return Alert(id=f"{event.customer}/{state.start_ms}/score", customer=event.customer, at_ms=event.occurred_ms,
                 score_milli=milli(score), worst_milli=state.worst, tail_milli=milli(state.tail), rule="score",
                 cause_event=event.id)


def of_topic(bootstrap, topic):
    from broker import Broker
    from job_messages import Event

    reference = Reference()
    event = Event()
    for value in Broker(bootstrap).committed_values(topic):
        event.ParseFromString(value)
        reference.apply(event)
    return reference


def main():
    parser = argparse.ArgumentParser(description="What the peers must write, counted.")
    parser.add_argument("--bootstrap", required=True)
    parser.add_argument("--input", required=True)
    arguments = parser.parse_args()
    reference = of_topic(arguments.bootstrap, arguments.input)
    print(f"alerts {len(reference.alerts)}, journeys {len(reference.journeys)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
