#!/usr/bin/env python3
"""Runs the peers' job (README.md beside) on several engines and judges what they wrote.

  compare.py --bootstrap HOST:PORT --peers naive,flink --events 4000000 --rounds 3
  compare.py --bootstrap HOST:PORT --peers naive --kill
  compare.py --bootstrap HOST:PORT --peers naive --latency 5000

One result file per run and a table at the end. A run whose output differs from the
reference's is FAILED and has no figure. Exit code 0 only when every run is ok.
"""

import argparse
import json
import os
import sys
import time

import comparison_table
import environment
import figures
import input_events
import peer_run
import peer_table
import reference
from broker import Broker
from live_input import LiveInput

SCHEMA = 1


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap", default="127.0.0.1:19092", help="a broker (127.0.0.1:19092)")
    parser.add_argument("--peers", default="naive", help="names with commas: " + ", ".join(peer_table.PEERS))
    parser.add_argument("--events", type=int, help="input of a run (4,000,000; with --latency what its time takes)")
    parser.add_argument("--rounds", type=int, default=1, help="every peer once in each round (1)")
    parser.add_argument("--kill", action="store_true", help="kill -9 in the middle, and restart")
    parser.add_argument("--rate", type=float, default=0, help="with --kill: write the input meanwhile, events a second")
    parser.add_argument("--latency", type=float, metavar="RATE", help="an open loop at RATE events a second")
    parser.add_argument("--seconds", type=float, default=60, help="with --latency: measured time (60)")
    parser.add_argument("--warm-up-seconds", type=float, default=30, help="with --latency: before that (30)")
    parser.add_argument("--results", default=os.path.join(peer_table.BUILD, "results"), help="folder for the results")
    options = parser.parse_args(arguments)
    options.peers = options.peers.split(",")
    for peer in options.peers:
        if peer not in peer_table.PEERS:
            parser.error(f"no peer '{peer}'; there are: {', '.join(peer_table.PEERS)}")
    if options.latency and options.kill:
        parser.error("--kill and --latency are two kinds of run")
    floors = [peer for peer in options.peers if peer in peer_table.FLOORS]
    if floors and (options.latency or options.kill):
        parser.error(f"{floors[0]} writes nothing that could come back or be late")
    if options.events is None:
        options.events = (int(options.latency * (options.seconds + options.warm_up_seconds)) if options.latency
                          else input_events.EVENTS)
    options.bench = "kill" if options.kill else "latency" if options.latency else "throughput"
    return options


def row_of(options, peer):
    return peer_table.LATENCY_PEERS.get(peer, peer_table.PEERS[peer]) if options.latency else peer_table.PEERS[peer]


def missing(options):
    rows = {peer: row_of(options, peer) for peer in options.peers}
    return [f"{peer}: no {peer_table.program(row)}" for peer, row in rows.items()
            if not os.path.exists(peer_table.program(row))]


def ready_input(broker, events):
    """The topic with the input, written unless it is there from an earlier call."""
    topic = f"peer-input-{events}-{input_events.SEED}"
    found = broker.messages(topic)
    if found == events:
        return topic
    if found is not None:
        broker.delete_naming(topic)
        time.sleep(2)  # The broker deletes behind our back.
    broker.create(topic)
    say(f"writing {events} events to {topic}")
    LiveInput(broker, topic, events).schedule()
    return topic


def one_run(options, run, topic, expected):
    if options.latency:
        return peer_run.latency(run, options.latency, options.warm_up_seconds)
    if options.kill:
        return peer_run.kill(run, topic, expected, options.rate)
    if run.is_floor:
        return peer_run.floor(run, topic)
    return peer_run.throughput(run, topic, expected)


def judged(options, run, topic, expected):
    """The result's figures and verdict; figures only where the output is right."""
    try:
        found = one_run(options, run, topic, expected)
    except peer_run.Failed as failure:
        return {"verdict": "FAILED", "reason": str(failure)}
    if run.is_floor:
        return {**found, "verdict": "ok"}
    if not figures.is_right(found["correctness"]):
        return {"verdict": "FAILED", "reason": "the output is not the reference's", "correctness": found["correctness"]}
    void = found.pop("void", None)
    return {**found, "verdict": "VOID", "reason": void} if void else {**found, "verdict": "ok"}


def result_of(options, broker, peer, number, topic, expected):
    name = f"peer-{int(time.time()):x}-{peer}-{number}"
    row = row_of(options, peer)
    before = environment.snapshot()
    floor = peer in peer_table.FLOORS
    with peer_run.Run(broker, row, name, options.results, options.events, floor) as run:
        found = judged(options, run, topic, expected)
        # As it is called from the repository: where that lies is nobody's business.
        command = " ".join(run.command()).replace(peer_table.ROOT + os.sep, "")
    empty = {"cpu_per_million": None, "events_per_s": None, "rss_mb": None, "latency": None, "recovery_s": None,
             "correctness": None, "reason": None}
    result = {"schema": SCHEMA, "bench": options.bench, "peer": peer, "floor": floor, "round": number,
              "options": {"rate": options.latency or options.rate, "row": row}, "events": options.events, **empty,
              **found, "command": command, "environment": environment.between(before, environment.snapshot())}
    with open(os.path.join(options.results, f"{options.bench}-{name}.json"), "w") as file:
        json.dump(result, file, indent=2)
    say(f"{peer} round {number}: {result['verdict']}" + (f": {result['reason']}" if result["reason"] else ""))
    return result


def say(text):
    print(text, file=sys.stderr, flush=True)


def main(arguments):
    options = parse(arguments)
    absent = missing(options)
    if absent:
        say("\n".join(absent + ["build them: benchmarks/peers/build.sh, and those in C++ by",
                                "  ninja -C build/release peakend_peer naive_peer consume_floor"]))
        return 1
    os.makedirs(options.results, exist_ok=True)
    broker = Broker(options.bootstrap)
    topic = expected = None
    if not options.latency and not options.rate:
        topic = ready_input(broker, options.events)
        expected = reference.of_topic(options.bootstrap, topic)
        say(f"due: {len(expected.alerts)} alerts, {len(expected.journeys)} journeys")
    results = []
    for number in range(1, options.rounds + 1):
        # Another one is first in every round: what a round does to the machine falls on all.
        shift = (number - 1) % len(options.peers)
        for peer in options.peers[shift:] + options.peers[:shift]:
            results.append(result_of(options, broker, peer, number, topic, expected))
    print(comparison_table.markdown(options.bench, results))
    return 0 if all(result["verdict"] == "ok" for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
