#!/usr/bin/env python3
"""Measures peakend, on this machine or on a cluster of yours.

Each benchmark says what it asks, and refuses a figure when the outputs were wrong: each
run's are compared, record for record, with those of the engine in memory. One JSON file
a run; `report` makes a page of them.

  peakend bench NAME...          these benchmarks; without a name all but vs
  peakend bench vs               other engines at one job
  peakend bench report FOLDER    one HTML page, or Markdown
  peakend bench compare A B      is B faster than A? by a rank test
  peakend bench plan             cores, partitions and memory for a rate

Examples
  peakend bench --list
  peakend bench --smoke                          does everything run? 90 seconds, no figures
  peakend bench disorder dups --rounds 5
  peakend bench sustain lat-load --config peakend.yaml --policy policy.yaml --profile load.yaml
                                                 your cluster, rules and load; topics bench-* are made and removed
  peakend bench sustain lat-load --against kafka:9092
  peakend bench report build/bench --output report.html
  peakend bench sustain calibration              what the planner must know
  peakend bench plan --rate 20000 --contacts 50000 --slo 250ms

What comes after sustain in the same call takes the rate that it found; else that of --borne, or
5,000 events/s.

Exit codes: 0 all runs are ok, 1 some are not, 64 wrong call, 69 no broker, 74 cannot write,
130 interrupted.
"""

import os
import shlex
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "suite"), os.path.join(HERE, "..", "peers")]

import command_line  # noqa: E402

BUILD = os.path.join(HERE, "..", "..", "build", "release")
OTHERS = {"report": "suite/report.py", "compare": "suite/compare.py", "plan": "suite/plan.py", "vs": "peers/compare.py"}
INTERRUPTED, UNAVAILABLE = 130, 69
SMOKE_AT_ONCE = 4


def main(argv):
    if argv and argv[0] in OTHERS:
        program = os.path.join(HERE, "..", OTHERS[argv[0]])
        os.execv(sys.executable, [sys.executable, "-B", program, *argv[1:]])
    options = _parse(argv)
    if options.list:
        print("\n".join(f"{bench.name:<20}  {bench.question}" for bench in _suite()))
        return command_line.OK
    return _run(options, argv)


def _suite():
    from catalogue import SUITE
    return SUITE


def _parse(argv):
    parser = command_line.Parser(__doc__)
    parser.prog = "peakend bench"
    parser.add_argument("names", metavar="NAME", nargs="*")
    parser.add_argument("--list", action="store_true", help="the benchmarks and their questions")
    parser.add_argument("--smoke", action="store_true", help="small: does everything run, are outputs right?")
    parser.add_argument("--borne", type=float, metavar="RATE", help="events/s that sustain found before, not to run it again")
    parser.add_argument("--rounds", type=int, metavar="N", help="instead of each benchmark's own")
    parser.add_argument("--against", metavar="HOST:PORT", help="a cluster of yours, instead of a broker here")
    parser.add_argument("--config", metavar="FILE", help="your configuration: where Kafka is, and how workers run")
    parser.add_argument("--policy", metavar="FILE", help="your policy, instead of the built-in one")
    parser.add_argument("--profile", metavar="FILE", help="your load (or a preset), instead of telco-peak")
    parser.add_argument("-X", metavar="NAME=VALUE", dest="settings", action="append", default=[], help="a setting, as in run")
    parser.add_argument("--results", metavar="FOLDER", help="where results go (build/bench/DATE)")
    parser.add_argument("--build", metavar="FOLDER", default=os.environ.get("PEAKEND_BENCH_BUILD", BUILD),
                        help="the programs (those beside peakend)")
    options = parser.parse_args(argv)
    known = [bench.name for bench in _suite()]
    for name in options.names:
        if name not in known:
            parser.error(f"no benchmark '{name}'; there are: {', '.join(known)}, vs")
    if options.borne is not None and not 100 <= options.borne <= 10_000_000:
        parser.error("--borne: from 100 to 10,000,000 events/s")
    for flag, path in (("--config", options.config), ("--policy", options.policy)):
        if path and not os.path.isfile(path):
            parser.error(f"{flag}: there is no file {path}")
    if options.rounds is not None and not 1 <= options.rounds <= 100:
        parser.error("--rounds: from 1 to 100")
    return options


def _command(argv):
    """The call, to repeat it; where it puts results is nobody's concern."""
    kept, skip = [], False
    for word in argv:
        if not skip and word.split("=")[0] not in ("--results", "--build"):
            kept.append(word)
        skip = word in ("--results", "--build")
    return shlex.join(["peakend", "bench", *kept])


def _chosen(options):
    wanted = [bench for bench in _suite() if bench.name in options.names or not options.names]
    # By its name also what a smoke run would leave out.
    return [bench for bench in wanted if bench.smoke or not options.smoke or options.names]


def _run(options, argv):
    import time
    from stage import Failed, Stage, Wishes
    wishes = Wishes(options.against, options.config, options.policy, options.profile, tuple(options.settings))
    folder = options.results or os.path.join(HERE, "..", "..", "build", "bench", time.strftime("%Y%m%dT%H%M%S"))
    bad = []
    try:
        with Stage(os.path.abspath(options.build), os.path.abspath(folder), options.smoke, wishes, _command(argv)) as stage:
            stage.sustainable = options.borne
            bad += _all(stage, _chosen(options), options)
            print(stage.folder)
    except KeyboardInterrupt:
        print("interrupted: what was measured until then is kept, and nothing of the run that was under way",
              file=sys.stderr)
        return INTERRUPTED
    except Failed as failure:
        print(f"peakend bench: {failure}", file=sys.stderr)
        return UNAVAILABLE
    for problem in bad:
        print(problem, file=sys.stderr)
    return command_line.WRONG if bad else command_line.OK


def _all(stage, benches, options):
    if not options.smoke:
        return [problem for bench in benches for problem in _bench(stage, bench, options)]
    # Most of a short run is waiting, and it has no figure that a neighbour could spoil.
    stage.bootstrap()
    with ThreadPoolExecutor(SMOKE_AT_ONCE) as pool:
        try:
            return [problem for found in pool.map(lambda bench: _bench(stage, bench, options), benches)
                    for problem in found]
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            stage.end_processes()  # Whoever waits for them ends as well.
            raise


def _bench(stage, bench, options):
    """Runs all rounds and keeps their results; returns what is wrong."""
    from result import WriteFailed, is_clean
    from stage import Failed
    stage.say(f"{bench.name}: {bench.question}\n  {stage.command}")
    kept, bad = {}, []
    for repeat in range(1, (1 if stage.smoke else options.rounds or bench.rounds) + 1):
        try:
            for result in bench.run(stage, bench, repeat, kept):
                stage.keep(result)
                if not is_clean(result.get("correctness")):
                    bad.append(f"{bench.name} {result['variant']}: the outputs are wrong: {result['correctness']}")
        except (Failed, WriteFailed) as failure:
            bad.append(f"{bench.name}: {failure}")
            stage.say(f"  {bad[-1]}")
            break
    return bad


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
