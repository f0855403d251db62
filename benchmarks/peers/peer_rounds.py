"""The rounds of a comparison: every engine once in each, each run judged and kept."""

import os
import time

from confluent_kafka import KafkaException

import command_line
import comparison_table
import environment
import figures
import input_events
import peer_run
import peer_table
import reference
import result_file
from broker import Broker
from live_input import LiveInput, WriterFailed
from local_broker import LocalBroker, NoBroker

SCHEMA = 1
UNAVAILABLE, INTERRUPTED = 69, 130
COST, LATENCY, KILL = "throughput", "latency", "kill"
# What is counted is after the first million, between two lines of a peer, which come each half million.
LEAST_EVENTS = figures.WARM_UP + 500_000
TITLES = {COST: "What an event costs", LATENCY: "How soon an alert can be read", KILL: "Back after kill -9"}


def run(options, say):
    """Measures what `options` of compare.py ask for and prints the tables; returns the exit code."""
    kept, local = [], LocalBroker(options.bootstrap, say)
    try:
        result_file.make_folder(options.results)
        with local:
            broker = Broker(local.bootstrap)
            for bench in options.benches:
                found = Part(options, bench, broker, say).results(kept)
                heading = f"### {TITLES[bench]}\n\n" if len(options.benches) > 1 else ""
                print(f"{heading}{comparison_table.markdown(bench, found)}\n", flush=True)
    except KeyboardInterrupt:
        say(f"interrupted: {len(kept)} whole result{'' if len(kept) == 1 else 's'} in {options.results}, and nothing of "
            "the run that was under way")
        return INTERRUPTED
    except result_file.WriteFailed as failure:
        say(f"peakend bench vs: {failure}; {len(kept)} whole results are kept")
        return command_line.NO_OUTPUT
    except NoBroker as failure:
        say(f"peakend bench vs: no broker: {failure}")
        return UNAVAILABLE
    except (KafkaException, TimeoutError) as failure:
        why = failure.args[0].str() if isinstance(failure, KafkaException) else failure
        say(f"peakend bench vs: the broker at {local.bootstrap}: {why}")
        return UNAVAILABLE
    except WriterFailed as failure:
        say(f"peakend bench vs: {failure}")
        return command_line.WRONG
    except OSError as error:
        # Logs and state lie beside the results: a disk that is full is full for them as well.
        say(f"peakend bench vs: {error.filename or options.results}: {error.strerror}; {len(kept)} whole results are kept")
        return command_line.NO_OUTPUT
    return command_line.OK if all(result["verdict"] == "ok" for result in kept) else command_line.WRONG


class Part:
    """One kind of run: `bench` is throughput, latency or kill."""

    def __init__(self, options, bench, broker, say):
        self._options = options
        self._bench = bench
        self._broker = broker
        self._say = say
        self._rate = options.latency if bench == LATENCY else options.rate if bench == KILL else 0
        self._events = (int(self._rate * (options.seconds + options.warm_up_seconds))
                        if bench == LATENCY and (options.events is None or options.all)
                        else int(options.events or input_events.EVENTS))
        self._topic = self._expected = None

    def results(self, kept):
        """Of all rounds, in order; each is appended to `kept` when its file is whole."""
        if not self._rate:
            self._topic = ready_input(self._broker, self._events, self._say)
            self._expected = reference.of_topic(self._broker.bootstrap, self._topic)
            self._say(f"due: {len(self._expected.alerts)} alerts, {len(self._expected.journeys)} journeys")
        if self._bench == COST and self._events < LEAST_EVENTS:
            self._say(f"fewer than {LEAST_EVENTS:,} events: outputs are judged, and there is no figure of cost")
        peers, found = self._options.peers[self._bench], []
        for number in range(1, self._options.rounds + 1):
            # Another one is first in every round: what a round does to the machine falls on all.
            shift = (number - 1) % len(peers)
            for peer in peers[shift:] + peers[:shift]:
                self._say(f"{self._bench}, round {number} of {self._options.rounds}: {peer}")
                found.append(self._result(peer, number))
                kept.append(found[-1])
        return found

    def _result(self, peer, number):
        name = f"peer-{int(time.time()):x}-{peer}-{number}"
        row = peer_table.row(peer, self._bench == LATENCY)
        floor = peer in peer_table.FLOORS
        before = environment.snapshot()
        with peer_run.Run(self._broker, row, name, self._options.results, self._events, floor) as run:
            found = self._judged(run)
            # As it is called from the repository: where that lies is nobody's business.
            command = " ".join(run.command()).replace(peer_table.ROOT + os.sep, "")
        empty = {"cpu_per_million": None, "events_per_s": None, "rss_mb": None, "latency": None, "recovery_s": None,
                 "correctness": None, "reason": None}
        result = {"schema": SCHEMA, "bench": self._bench, "peer": peer, "floor": floor, "round": number,
                  "options": {"rate": self._rate, "row": row}, "events": self._events, **empty, **found,
                  "command": command, "environment": environment.between(before, environment.snapshot())}
        result_file.write(os.path.join(self._options.results, f"{self._bench}-{name}.json"), result)
        self._say(f"  {result['verdict']}" + (f": {result['reason']}" if result["reason"] else ""))
        return result

    def _judged(self, run):
        """The result's figures and verdict; figures only where the output is right."""
        try:
            found = self._one_run(run)
        except (peer_run.Failed, WriterFailed) as failure:
            return {"verdict": "FAILED", "reason": str(failure)}
        if run.is_floor:
            return {**found, "verdict": "ok"}
        if not figures.is_right(found["correctness"]):
            return {"verdict": "FAILED", "reason": "the output is not the reference's",
                    "correctness": found["correctness"]}
        void = found.pop("void", None)
        return {**found, "verdict": "VOID", "reason": void} if void else {**found, "verdict": "ok"}

    def _one_run(self, run):
        if self._bench == LATENCY:
            return peer_run.latency(run, self._rate, self._options.warm_up_seconds)
        if self._bench == KILL:
            return peer_run.kill(run, self._topic, self._expected, self._rate)
        if run.is_floor:
            return peer_run.floor(run, self._topic)
        return peer_run.throughput(run, self._topic, self._expected)


def ready_input(broker, events, say):
    """The topic with the input, written unless it is there from an earlier call."""
    topic = f"peer-input-{events}-{input_events.SEED}"
    found = broker.messages(topic)
    if found == events:
        return topic
    if found is not None:
        broker.delete_naming(topic)
        time.sleep(2)  # The broker deletes behind our back.
    broker.create(topic)
    say(f"writing {events:,} events to {topic}")
    writer = LiveInput(broker, topic, events)
    try:
        writer.schedule()
    finally:
        writer.end()
    return topic
