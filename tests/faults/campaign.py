#!/usr/bin/python3
"""Runs peakend jobs on a real Apache Kafka, does them harm, and holds what they wrote
against the independent reference (tests/verify).

  F1   kill -9 of workers               F5  a stranger takes a worker's transactional id
  F1b  death at a named point           F6  10,000 bad records at a time
  F2   broker restart, broker kill -9   F9  delays, half-open and lost connections, late
  F3   join, leave, bounce                  requests (EndTxn above all), lost answers
  F4   SIGSTOP beyond the session       F8   damaged, lost and old snapshots
  F14a rolling change of program        F14b changelog compacted and cut during a restore
  F14c input lost that is still needed  F16  time to be back after kill -9, many customers

A campaign is one job with up to 22 faults; its draws follow from its seed, its moments
from the machine. In each third one customers are linked by identities. F14c and F16 have
jobs of their own. The amount soak is F15: one job, a random fault each minute, and memory
watched. F14 means F14a, F14b and F14c.

Times of F16 and the slope of memory are held against goals, and are never a violation.
A policy that changes between restarts is not among the faults: the oracle knows one
policy for a whole job.

Examples
  campaign.py --amount commit                     a few minutes, before a commit
  campaign.py --amount nightly --seed 7 --result nightly.json
  campaign.py --amount nightly --seed 7 --result nightly.json     goes on where it stopped
  campaign.py --amount nightly --seed 7 --campaign 12             that one again
  campaign.py --amount commit --only F4,F9
  campaign.py --amount commit --only F14 --previous old/peakend   its outputs must be equal
  campaign.py --amount soak --minutes 120 --result soak.json
  campaign.py --amount commit --only F16 --customers 1000000

Exit codes: 0 nothing found, 1 a violation or a hang, 64 wrong call.
"""

import argparse
import json
import pathlib
import random
import shutil
import signal
import sys
import time

from broker import ROOT, Broker, Gone
from crowd import Crowd
from linked_job import LinkedJob
from lost_input_job import LostInputJob
from soak import Soak
from stage import Programs, Stage
from tally import ALONE, AMOUNTS, CUSTOMERS, FEW_CUSTOMERS, Tally, expand, plan

TRIES = 3
FIGURES = ("figures", "against_goals", "longest_pause_s", "rss_mib_per_hour", "rss_mib_per_hour_of_the_spared")


class Parser(argparse.ArgumentParser):
    def error(self, message):
        print(f"campaign: {message}; --help shows examples", file=sys.stderr)
        sys.exit(64)


def parser():
    made = Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--amount", choices=AMOUNTS, default="commit")
    made.add_argument("--seed", type=int, help="default: another one each time; it is printed")
    made.add_argument("--only", default="", metavar="F1,F9", help="these kinds of faults only")
    made.add_argument("--campaign", type=int, metavar="N", help="this one of the plan only")
    made.add_argument("--result", "--resume", type=pathlib.Path, metavar="FILE", dest="result",
                      help="what was found, as JSON; an existing one is gone on with")
    made.add_argument("--limit", type=float, metavar="SECONDS", help="begin no campaign after this time")
    made.add_argument("--program", type=pathlib.Path, default=ROOT / "build/release/peakend")
    made.add_argument("--crashing", type=pathlib.Path, default=ROOT / "build/release/tests/faults/peakend_crashing")
    made.add_argument("--previous", type=pathlib.Path, metavar="PROGRAM",
                      help="what F14a changes to and back from (default: the crashing one)")
    made.add_argument("--minutes", type=float, default=120, help="of a soak (%(default)s)")
    made.add_argument("--customers", type=int, metavar="N",
                      help=f"of F16 ({', '.join(f'{amount} {count}' for amount, count in CUSTOMERS.items())})")
    made.add_argument("--folder", type=pathlib.Path, default=ROOT / ".run/faults",
                      help="for the logs of what was found (%(default)s)")
    return made


class Progress:
    """One line on a terminal that is written over; elsewhere a line for each campaign."""

    def __init__(self, title):
        self.title = title
        self.live = sys.stdout.isatty()
        self.begin = time.monotonic()

    def say(self, what):
        if self.live:
            print(f"\r{self.title}: {what}, {time.monotonic() - self.begin:.0f} s\033[K", end="", flush=True)

    def end(self, result):
        kinds = {}
        for name, *_ in result["faults"]:
            kinds[name] = kinds.get(name, 0) + 1
        verdict = "ok" if result["ok"] else "VIOLATED"
        print(f"{chr(13) if self.live else ''}{self.title}: {verdict}, {result['seconds']} s, "
              f"{result.get('input', 0)} records in, {result.get('outputs', 0)} out, "
              + " ".join(f"{name}x{count}" for name, count in sorted(kinds.items())), flush=True)
        for name in FIGURES:
            if name in result:
                print(f"  {name}: {json.dumps(result[name])}", flush=True)
        for violation in result["violations"]:
            print(f"  {violation[:900]}", flush=True)


def run_one_or_again(number, names, options, broker):
    for _ in range(TRIES):
        try:
            return run_one(number, names, options, broker)
        except Gone as gone:
            print(f"campaign {number} does not count: {gone}", flush=True)
            broker.up()
    raise Gone(f"campaign {number}: the broker was ended {TRIES} times")


def is_linked(number, names, options):
    """Each third one of those that draw their faults; an older program may know of no identities."""
    return number % 3 == 1 and not set(names) & set(ALONE) and not ("F14a" in names and options.previous)


def job_for(number, names, options, seed, broker, folder):
    programs = Programs(options.program, options.crashing, options.previous or options.crashing)
    if "F15" in names:
        return Soak(seed, broker, programs, folder, options.minutes)
    if "F16" in names:
        return Crowd(seed, broker, programs, folder, options.customers or CUSTOMERS.get(options.amount, FEW_CUSTOMERS))
    kind = LostInputJob if "F14c" in names else LinkedJob if is_linked(number, names, options) else Stage
    return kind(seed, broker, programs, folder)


def run_one(number, names, options, broker):
    seed = f"{options.seed}/{number}"
    folder = options.folder / f"{options.amount}-{options.seed}-{number}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    progress = Progress(f"campaign {number}, seed {seed}")
    result = job_for(number, names, options, seed, broker, folder).run(names, progress.say)
    progress.end(result)
    if result["ok"]:
        shutil.rmtree(folder)
    else:
        print(f"  logs: {folder}; again: tests/faults/campaign.py --amount {options.amount} --seed {options.seed} "
              f"{f'--only {options.only} ' if options.only else ''}--campaign {number}", flush=True)
    return result


def main(arguments):
    made = parser()
    options = made.parse_args(arguments)
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(1_000_000)
    try:
        only = expand(sorted(filter(None, options.only.split(","))))
        campaigns = plan(options.amount, options.seed, only)
        tally = Tally(options.result, options.amount, options.seed, only)
    except ValueError as error:
        made.error(str(error))
    print(f"{options.amount}, seed {options.seed}: {sum(map(len, campaigns))} faults in {len(campaigns)} campaigns",
          flush=True)
    # An end from outside takes workers and broker along, also for a job in the background.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(130))
    broker = Broker()
    begin = time.monotonic()
    try:
        broker.up()
        for number, names in enumerate(campaigns):
            if tally.has(number) or options.campaign not in (None, number):
                continue
            if options.limit and time.monotonic() - begin > options.limit:
                break
            tally.add(number, run_one_or_again(number, names, options, broker))
    finally:
        broker.down()
    summary = tally.summary()
    print(json.dumps(summary))
    if summary["violations"]:
        print(f"the broker's log and data: {broker.folder}")
        return 1
    shutil.rmtree(broker.folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
