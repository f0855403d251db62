"""One run of one peer, of three kinds, each judged by the reference.

A run makes its own topics and folder, named by itself, and leaves neither. What a
run returns is the result of README.md, without what compare.py knows better.
"""

import os
import shutil
import time

import figures
import peer_table
import reference
from job_messages import Alert, Event, Journey
from live_input import LiveInput
from peer_process import PeerProcess

LOOK_EVERY_S = 0.2
STALL_S = 240
FIRST_SHARE = 0.1
DRAIN_S = 0.3
VOID_LATE_SHARE = 0.1


class Failed(Exception):
    """The peer did not do the job; the text says how."""


class Run:
    """`row` is a row of peer_table; `name` is the run's, and marks all its topics. A floor
    has no outputs."""

    def __init__(self, broker, row, name, folder, events, is_floor=False):
        self.broker = broker
        self.name = name
        self.events = events
        self.is_floor = is_floor
        self.state_dir = os.path.join(folder, name)
        self.input = None
        self.alerts, self.journeys = f"{name}-alerts", f"{name}-journeys"
        self._row = row
        self._log = os.path.join(folder, name + ".log")
        self.process = None
        self.live_input = None

    def __enter__(self):
        shutil.rmtree(self.state_dir, ignore_errors=True)
        os.makedirs(self.state_dir)
        self.broker.create(self.alerts, self.journeys)
        return self

    def __exit__(self, *_):
        if self.process is not None and not self.process.ended():
            self.process.kill()
        if self.live_input is not None:
            self.live_input.end()
        shutil.rmtree(self.state_dir, ignore_errors=True)
        self.broker.delete_naming(self.name)

    def command(self):
        return peer_table.command(self._row, {
            "bootstrap": self.broker.bootstrap, "input": self.input, "alerts": self.alerts,
            "journeys": self.journeys, "state-dir": self.state_dir, "events": self.events, "name": self.name})

    def start(self):
        self.process = PeerProcess(self.command(), self._log)
        self.process.start()

    def write_input(self, rate):
        """Begins to write the input at `rate`, once the peer has shown by the first
        events that it is up: its start is no part of what is measured."""
        first = int(self.events * FIRST_SHARE)
        self.live_input = LiveInput(self.broker, self.input, self.events, rate, first)
        self.wait_until_committed(first)
        self.live_input.go()

    def wait_until_committed(self, events, meanwhile=lambda: time.sleep(LOOK_EVERY_S)):
        """Until the group has committed `events`; `meanwhile` is called between looks."""
        group = self.broker.group(self.name, self.input)
        try:
            before, moved = -1, time.monotonic()
            while (done := group.committed()) < events:
                if self.process.ended():
                    raise Failed(f"ended by itself after {done} committed events, see {os.path.basename(self._log)}")
                if done > before:
                    before, moved = done, time.monotonic()
                elif time.monotonic() - moved > STALL_S:
                    raise Failed(f"no progress for {STALL_S} s at {done} committed events")
                meanwhile()
        finally:
            group.close()

    def stop(self):
        """Ends it in good order; returns the most memory it had, in MB."""
        rss_mb, wrong = self.process.stop()
        if wrong:
            raise Failed(wrong)
        return rss_mb

    def difference(self, expected):
        return figures.sum_of_differences([
            figures.difference(keyed(expected.alerts), self._written(self.alerts, Alert)),
            figures.difference(keyed(expected.journeys), self._written(self.journeys, Journey))])

    def _written(self, topic, kind):
        return keyed(kind.FromString(value) for value in self.broker.committed_values(topic))


def keyed(records):
    return [(record.customer, record.SerializeToString(deterministic=True)) for record in records]


def throughput(run, topic, expected):
    """The whole input lies there before the peer starts."""
    return {**_cost(run, topic), "correctness": run.difference(expected)}


def floor(run, topic):
    """The same of a row of peer_table.FLOORS: nothing that it wrote could be right."""
    return {**_cost(run, topic), "correctness": None}


def _cost(run, topic):
    run.input = topic
    run.start()
    run.wait_until_committed(run.events)
    rss_mb = run.stop()
    lines = run.process.lines()
    slope = figures.slope(lines) or {"cpu_per_million": None, "events_per_s": None}
    return {**slope, "rss_mb": max([rss_mb or 0] + [line["rss_mb"] for line in lines])}


def kill(run, topic, expected, rate):
    """kill -9 when half is committed, and a restart at once. At a rate the input is
    written meanwhile, to a topic of the run's own, and `expected` is not used."""
    run.input = _own_input(run) if rate else topic
    follower = run.broker.follower(run.alerts, run.journeys)
    try:
        run.start()
        if rate:
            run.write_input(rate)
        run.wait_until_committed(run.events // 2, lambda: follower.consume(10_000, LOOK_EVERY_S))
        run.process.kill()
        _drain(follower)
        restarted = time.monotonic()
        run.process.start()
        recovery_s = _first_output(run, follower, restarted)
    finally:
        follower.close()
    run.wait_until_committed(run.events)
    rss_mb = run.stop()
    if rate:
        run.live_input.schedule()
        expected = reference.of_topic(run.broker.bootstrap, run.input)
    return {"recovery_s": recovery_s, "rss_mb": rss_mb, "correctness": run.difference(expected)}


def _own_input(run):
    topic = f"{run.name}-input"
    run.broker.create(topic)
    return topic


def _drain(follower):
    """What was committed before the kill is no sign of life after it."""
    while follower.consume(10_000, DRAIN_S):
        pass


def _first_output(run, follower, restarted):
    while time.monotonic() - restarted < STALL_S:
        message = follower.poll(0.05)
        if message is not None and message.error() is None:
            return time.monotonic() - restarted
        if run.process.ended():
            raise Failed("ended by itself after the restart")
    raise Failed(f"no new output committed {STALL_S} s after the restart")


def latency(run, rate, warm_up_s):
    """An open loop at `rate`: milliseconds from when an event was due until a reader of
    committed records has its alert. The log's append time would be earlier than that:
    before the commit nobody can read what was appended."""
    run.input = _own_input(run)
    follower = run.broker.follower(run.alerts)
    received = []
    try:
        run.start()
        run.write_input(rate)
        run.wait_until_committed(run.events, lambda: _receive(follower, received))
        _receive(follower, received, 2.0)
    finally:
        follower.close()
    rss_mb = run.stop()
    schedule = run.live_input.schedule()
    expected, due_ms = _reference_and_due(run)
    from_ms = schedule["start_ms"] + warm_up_s * 1000
    late = [at_ms - due for at_ms, cause in received if (due := due_ms[cause]) >= from_ms]
    result = {"latency": figures.latency(late), "rss_mb": rss_mb, "correctness": run.difference(expected)}
    return {**result, "void": _void(result["latency"], schedule, rate), "writer": schedule}


def _receive(follower, received, patience_s=LOOK_EVERY_S):
    deadline = time.monotonic() + patience_s
    while (left := deadline - time.monotonic()) > 0:
        message = follower.poll(left)
        if message is not None and message.error() is None:
            received.append((time.time() * 1000, Alert.FromString(message.value()).cause_event))


def _reference_and_due(run):
    expected, due_ms, event = reference.Reference(), {}, Event()
    for value in run.broker.committed_values(run.input):
        event.ParseFromString(value)
        expected.apply(event)
        due_ms[event.id] = event.recorded_ms
    return expected, due_ms


def _void(found, schedule, rate):
    """Why the figures are worth nothing, or None: a late writer measures itself."""
    if found is None:
        return "no alert after the warm-up"
    if schedule["late_ms"]["p99"] > VOID_LATE_SHARE * found["p99"]:
        return f"the writer was late: p99 {schedule['late_ms']['p99']:.1f} ms"
    achieved = schedule["events"] / schedule["seconds"]
    return f"the writer reached {achieved:.0f} events/s only" if achieved < 0.995 * rate else None
