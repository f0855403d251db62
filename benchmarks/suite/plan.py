#!/usr/bin/env python3
"""Plans a deployment: cores, partitions, memory, Kafka traffic and disk for a rate.

Everything follows from what this machine was measured to do, by one call of

  peakend bench sustain lat-load calibration

`calibration` alone would do; beside it, `sustain` tells what one worker bears and what an
event costs at each rate, and `lat-load` how late alerts are under more of it. Without
--calibration the newest one below build/bench is taken. The output shows each formula
with its numbers, and how far the model is off from a run that it does not know.

  --rate        events a second in the busiest minute
  --contacts    customers in a contact, or in a journey that can still change, at once
  --customers   customers known besides, idle
  --slo         the p99 of the time from when an event was due to its readable alert

Examples
  plan.py --rate 20000 --contacts 50000 --slo 250ms
  plan.py --rate 20k --contacts 50k --customers 5M --slo 300ms --retention 3d
  plan.py --rate 20k --contacts 50k --slo 250ms --calibration build/bench/20261128T061500
  plan.py --rate 20k --contacts 50k --slo 250ms --check build/bench/20261128T061500/lat-load-50-20ms-1.json
  plan.py --rate 20k --contacts 50k --slo 200ms --commit-interval 20ms
  plan.py --rate 20k --contacts 50k --slo 250ms --calibration benchmarks/results/2026-11-28-suite --other-machine

Exit codes: 0 planned, 1 the objective cannot be met, or the calibration is not to be
used, 64 wrong call, 66 nothing to read.
"""

import math
import os
import sys

import command_line
import machine
import plan_calibration
import plan_curve
import plan_model
from metrics import short
from table import Table, as_text

NEWEST = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "build", "bench"))


def explained(found, demand, plan):
    """The plan as a table: what, how much, and the formula with the numbers put in."""
    known = found.known()
    calibration = found.calibration
    open_bytes, idle_bytes = calibration["bytes_per_open"], calibration["bytes_per_idle"]
    changelog = calibration.get("changelog_bytes_per_event", 0)
    rows = [
        ["a worker takes, at most", f"{short(plan.most_each)} /s", _most(known, demand, plan)],
        ["worker threads", str(plan.workers), f"{short(demand.rate)} /s / {short(plan.most_each)} /s, rounded up"],
        ["each of them takes", f"{short(plan.each)} /s", f"{short(demand.rate)} /s / {plan.workers}"
         + (f", {100 * plan.each / known.borne:.0f} % of what one bears" if known.borne else "")],
        ["alert latency p99", f"{short(plan.p99_ms)} ms", _latency(known, plan)],
        ["processor time", f"{short(plan.cpu_us)} µs an event", _cost(known, plan)],
        ["cores", str(plan.cores),
         f"{short(demand.rate)} /s x {short(plan.cpu_us)} µs / {demand.bound:g}, rounded up"],
        ["partitions", str(plan.partitions), f"{plan.workers} x {demand.growth:g}, room to grow"],
        ["memory", f"{short(plan.memory_mb)} MB",
         f"({plan.workers} x {short(calibration['rss_base_mb'])} MB + {short(demand.open_customers)} x "
         f"{short(open_bytes)} B + {short(demand.idle_customers)} x {short(idle_bytes)} B) x {demand.margin:g}"],
        ["Kafka, read", f"{short(plan.kafka_in)} MB/s",
         f"{short(demand.rate)} /s x {short(calibration['bytes_in_per_event'])} B"],
        ["Kafka, written", f"{short(plan.kafka_out)} MB/s",
         f"{short(demand.rate)} /s x ({short(calibration['bytes_out_per_event'])} + {short(changelog)} changelog) B"],
        ["Kafka, on its disks", f"{short(plan.replicated)} MB/s",
         f"({short(plan.kafka_in)} + {short(plan.kafka_out)}) x {demand.replicas} replicas"],
        ["Kafka, disk", f"{short(plan.disk_gb)} GB",
         f"input and output for {short(demand.retention_s / 3600)} h, and a record a customer, x {demand.replicas}"]]
    return Table(["what", "how much", "from"], rows, frozenset({1}), _notes(found, known, plan))


def _most(known, demand, plan):
    if plan.limited_by == "bound":
        return f"{demand.bound:g} x {short(known.borne)} /s, which one bears for long; the objective allows more"
    if plan.limited_by == "measured":
        return "the last load whose latency was measured; the objective allows more"
    return f"there p99 reaches the objective of {short(demand.slo_ms)} ms"


def _latency(known, plan):
    low, high = plan_curve.around(known.latency, plan.each)
    text = f"as measured at {short(low.x)} /s"
    if plan.each < low.x:
        text = f"as at {short(low.x)} /s, the least that was measured"
    elif low.x != high.x:
        text = (f"{short(math.exp(low.y))} ms at {short(low.x)} /s and {short(math.exp(high.y))} ms at "
                f"{short(high.x)} /s, between them by the logarithm")
    measured_ms = known.calibration["commit_interval_ms"]
    longer = plan.commit_ms - measured_ms
    if longer:
        share = plan_model.COMMIT_SHARE if longer > 0 else plan_model.SHORTER_SHARE
        text += f"; {'+' if longer > 0 else '-'} {share:g} x {short(abs(longer))} ms for the commit interval"
    return text


def _cost(known, plan):
    low, high = plan_curve.around(known.busy, plan.each)
    if low.x == high.x:
        return f"{low.y:.2f} cores busy at {short(low.x)} /s" + (", as with less" if plan.each < low.x else "")
    return (f"{low.y:.2f} cores busy at {short(low.x)} /s and {high.y:.2f} at {short(high.x)} /s, "
            f"in proportion between them")


def _notes(found, known, plan):
    beside = ", ".join(os.path.basename(one.file) for one in found.neighbours)
    loads = len(known.latency)
    notes = [f"From {found.path}" + (f" and, beside it, {beside}" if beside else "") + ".",
             f"{loads} load{'s' if loads > 1 else ''}, {short(known.latency[0].x)} to {short(known.latency[-1].x)} "
             "events/s of one worker. The curves never fall: points that do are put together by their median."]
    if len(known.busy) == 1:
        notes.append("What an event costs was measured at one load only: `sustain` in the same call of peakend bench "
                     "tells it by rate.")
    if known.borne is None:
        notes.append("Nobody looked for what one worker bears for long: the last measured load is taken as the most.")
    notes.append("Without the brokers' own cores and memory; keys are taken as evenly spread.")
    if plan.commit_ms < known.calibration["commit_interval_ms"]:
        notes.append("A shorter commit interval costs more for each event: that is not in it.")
    return tuple(notes)


def checked(found, file, known_to_plan):
    """The model's errors as a table; it says so where the run tells nothing to hold it against."""
    rows = [[error.what, f"{short(error.predicted)} {error.unit}" if math.isfinite(error.predicted)
             else "beyond what was measured", f"{short(error.measured)} {error.unit}",
             f"{error.percent:+.0f} %" if math.isfinite(error.percent) else "–"] for error in found]
    notes = (f"Measured in {file}" + (": the model was made without it here, and with it above."
                                      if known_to_plan else ", which the model does not know."),) if rows else (
        "The run tells neither cpu.per_million nor latency with params.workers and offered_rate, nor rss with "
        "params.open_customers.",)
    return Table(["check", "model", "measured", "model is off by"], rows, frozenset({1, 2, 3}), notes)


def _check(found, file):
    """The text of the check by `file`, else by the run that calibration made for it; "" without one."""
    if file is not None:
        run = plan_calibration.one_run(file)
    else:
        neighbour = found.check()
        if neighbour is None:
            return ""
        file, run = neighbour.file, neighbour.run
    known_to_plan = any(one.run["run_id"] == run["run_id"] for one in found.neighbours)
    return "\n" + as_text(checked(plan_model.errors(found.known(without=run), run), file, known_to_plan))


def _parse(argv):
    parser = command_line.Parser(__doc__)
    amount, ms = command_line.amount, command_line.milliseconds
    parser.add_argument("--rate", type=amount, metavar="N", required=True,
                        help="events a second in the busiest minute, as 20000 or 20k")
    parser.add_argument("--contacts", type=amount, metavar="N", required=True,
                        help="customers at once in a contact, or in a journey that can still change")
    parser.add_argument("--customers", type=amount, metavar="N", default=0, help="known besides, and idle (0)")
    parser.add_argument("--slo", type=ms, metavar="TIME", required=True,
                        help="p99 of the time from when an event was due to its readable alert, as 250ms")
    parser.add_argument("--calibration", metavar="FOLDER", default=NEWEST,
                        help="results of peakend bench, or one file; the newest calibration below it is taken (build/bench)")
    parser.add_argument("--check", metavar="FILE",
                        help="a run to hold the model against, instead of the one that calibration made for it")
    parser.add_argument("--commit-interval", type=ms, metavar="TIME", help="another one than the calibration's")
    parser.add_argument("--bound", type=float, default=0.7, metavar="SHARE",
                        help="of what a worker bears, and of the cores, at most (0.7)")
    parser.add_argument("--growth", type=float, metavar="N", default=2, help="partitions for each worker (2)")
    parser.add_argument("--margin", type=float, metavar="N", default=1.25, help="memory beyond the model's (1.25)")
    parser.add_argument("--retention", type=ms, metavar="TIME", default=7 * 86_400_000, help="of input and output (7d)")
    parser.add_argument("--replicas", type=int, metavar="N", default=3, help="of each Kafka topic (3)")
    parser.add_argument("--other-machine", action="store_true", help="take a calibration of another machine")
    options = parser.parse_args(argv)
    for name, fits in (("rate", options.rate > 0), ("slo", options.slo > 0), ("bound", 0 < options.bound < 1),
                       ("growth", 1 <= options.growth <= 1000), ("margin", 1 <= options.margin <= 100),
                       ("replicas", 1 <= options.replicas <= 100), ("rate", options.rate <= 1e9),
                       ("contacts", options.contacts <= 1e12), ("customers", options.customers <= 1e12)):
        if not fits:
            parser.error(f"--{name} is out of its range")
    return options


def _demand(options):
    return plan_model.Demand(options.rate, options.contacts, options.customers, options.slo, options.commit_interval,
                             options.bound, options.growth, options.margin, options.retention / 1000, options.replicas)


def main(argv):
    options = _parse(argv)
    look = machine.look()
    try:
        found = plan_calibration.find(options.calibration, machine.environment(look, look), options.other_machine)
        demand = _demand(options)
        plan = plan_model.plan(found.known(), demand)
        print(as_text(explained(found, demand, plan)), end="")
        print(_check(found, options.check), end="")
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        if options.calibration == NEWEST:
            print("nothing was measured here yet: peakend bench sustain lat-load calibration", file=sys.stderr)
        return command_line.NO_INPUT
    except (plan_calibration.Unusable, plan_model.Impossible) as error:
        print(error, file=sys.stderr)
        return command_line.WRONG
    return command_line.OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
