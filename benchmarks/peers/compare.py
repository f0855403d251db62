#!/usr/bin/env python3
"""Runs one written job (benchmarks/peers/README.md) on several engines, and judges what they wrote.

Three questions, each a kind of run, or all of them after each other with --all:

  (neither)       what does an event cost? CPU-seconds per million events after the first
                  million, events a second and per core, memory
  --latency RATE  how soon can an alert be read, at RATE events a second?
  --kill          how soon is it back after kill -9, and is anything lost or doubled?

Engines that are not built yet are built first (benchmarks/peers/build.sh: the Java ones
need a JDK and fetch 230 MB once). Without --bootstrap the local broker (./dev kafka up) is
taken where it runs, else one is started on a free port and stopped and removed in the end.

One result file per run and a table at the end; `peakend bench report FOLDER` makes a page
of them. A run whose output differs from the reference's is FAILED and has no figure.

Examples
  peakend bench vs                                              five engines, 4 million events each
  peakend bench vs --all --rounds 5                             cost, latency and kill -9: hours
  peakend bench vs --peers consume,peakend,naive --rounds 3     nothing of Java
  peakend bench vs --peers peakend,flink --latency 5000
  peakend bench vs --peers peakend,flink --kill --bootstrap kafka:9092

Exit codes: 0 every run is ok, 1 some are not, or an engine cannot be built, 64 wrong call,
69 no broker, 74 cannot write, 130 interrupted.
"""

import os
import sys

import peer_table

# Behind our own, where other modules have names of theirs.
sys.path.append(os.path.join(peer_table.ROOT, "benchmarks", "suite"))

import command_line  # noqa: E402
import peer_build  # noqa: E402

UNAVAILABLE, INTERRUPTED = 69, 130
USUAL = ("consume", "peakend", "naive", "kafka-streams", "flink")
USUAL_RATE = 5000
EVENTS = 4_000_000
COST, LATENCY, KILL = "throughput", "latency", "kill"


def parse(arguments):
    parser = command_line.Parser(__doc__, "peakend bench vs")
    amount = command_line.amount
    parser.add_argument("--bootstrap", metavar="HOST:PORT", help="a broker of yours; topics named peer-* are made there, and "
                        "removed but for the input")
    parser.add_argument("--peers", metavar="NAMES", help="with commas, of: " + ", ".join(peer_table.PEERS)
                        + f" ({','.join(USUAL)})")
    parser.add_argument("--all", action="store_true", help="cost, then latency, then kill -9")
    parser.add_argument("--latency", type=amount, metavar="RATE",
                        help=f"an open loop at RATE events a second (with --all {USUAL_RATE})")
    parser.add_argument("--kill", action="store_true", help="kill -9 in the middle, and restart")
    parser.add_argument("--events", type=amount, metavar="N", help="input of a run (4,000,000; of latency what its time takes)")
    parser.add_argument("--rounds", type=int, metavar="N", default=1, help="every engine once in each round (1)")
    parser.add_argument("--rate", type=amount, metavar="N", default=0,
                        help="of kill -9: write the input meanwhile, so many events a second, instead of before")
    parser.add_argument("--seconds", type=float, metavar="N", default=60, help="of latency: measured time (60)")
    parser.add_argument("--warm-up-seconds", type=float, metavar="N", default=30, help="of latency: before that (30)")
    parser.add_argument("--no-build", action="store_true", help="build nothing: an engine that is not there ends it")
    parser.add_argument("--results", metavar="FOLDER", default=os.path.join(peer_table.BUILD, "results"),
                        help="where results go (build/peers/results)")
    options = parser.parse_args(arguments)
    _check(parser, options)
    return options


def _check(parser, options):
    chosen = options.peers.split(",") if options.peers is not None else list(USUAL)
    for peer in chosen:
        if peer not in peer_table.PEERS:
            parser.error(f"no peer '{peer}'; there are: {', '.join(peer_table.PEERS)}")
    if options.latency is not None and options.kill and not options.all:
        parser.error("--kill and --latency are two kinds of run; --all makes both, and what an event costs")
    for name, fits in (("events", options.events is None or 1000 <= options.events <= 1e9),
                       ("rounds", 1 <= options.rounds <= 100), ("rate", options.rate <= 1e7),
                       ("latency", options.latency is None or 1 <= options.latency <= 1e7),
                       ("seconds", 1 <= options.seconds <= 86_400),
                       ("warm-up-seconds", 0 <= options.warm_up_seconds <= 86_400)):
        if not fits:
            parser.error(f"--{name} is out of its range")
    if options.rate and not (options.kill or options.all):
        parser.error("--rate goes with --kill; --latency takes its own")
    options.benches = ([COST, LATENCY, KILL] if options.all else [KILL] if options.kill
                       else [LATENCY] if options.latency is not None else [COST])
    options.latency = options.latency or USUAL_RATE
    judged = [peer for peer in chosen if peer not in peer_table.FLOORS]
    # A floor writes nothing that could come back or be late.
    options.peers = {bench: chosen if bench == COST else judged for bench in options.benches}
    if not all(options.peers.values()):
        parser.error(f"{chosen[0]} writes nothing that could come back or be late")


def rows(options):
    """{name: row of the table} of all that will run; of latency with settings of their own."""
    return {f"{peer} ({bench})": peer_table.row(peer, bench == LATENCY)
            for bench, peers in options.peers.items() for peer in peers}


def say(text):
    print(text, file=sys.stderr, flush=True)


def main(arguments):
    options = parse(arguments)
    try:
        peer_build.make_ready(rows(options).values(), not options.no_build, say)
    except peer_build.NotBuilt as why:
        say(f"peakend bench vs: {why}")
        return command_line.WRONG
    except KeyboardInterrupt:
        say("interrupted while building: nothing was measured")
        return INTERRUPTED
    # Only now: what is imported needs the programs that were just looked for.
    import peer_rounds
    return peer_rounds.run(options, say)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
