#!/usr/bin/env python3
"""Plans a deployment: cores, partitions, memory, Kafka traffic and disk for a rate.

Everything follows from a calibration: a result of the suite that holds `calibration`
(processor time and bytes of an event, memory of a customer, alert latency at several
loads), measured on the kind of machine that will be used. plan_model.py tells the model
and what it leaves out; the output shows each formula with its numbers. --check holds the
model against a second measured run and says how far it is off.

  --rate        events a second in the busiest minute
  --contacts    customers in a contact, or in a journey that can still change, at once
  --customers   customers known besides, idle
  --slo         the p99 of the time from an event to its readable alert

Examples
  plan.py --rate 20000 --contacts 50000 --slo 250ms --calibration calibration.json
  plan.py --rate 20k --contacts 50k --customers 5M --slo 200ms --calibration c.json --retention 3d
  plan.py --rate 20k --contacts 50k --slo 250ms --calibration c.json --check measured.json
  plan.py --rate 20k --contacts 50k --slo 250ms --calibration c.json --commit-interval 20ms --other-machine

Exit codes: 0 planned, 1 the objective cannot be met, or the calibration is not to be
used, 64 wrong call, 66 nothing to read.
"""

import math
import sys

import command_line
import machine
import plan_model
from metrics import short
from result import read_folder
from table import Table, as_text


class Unusable(ValueError):
    """The file is there and cannot serve; the text says why."""


def calibration_of(path, env, other_machine):
    """The calibration in the file at `path`. Raises Unusable and FileNotFoundError."""
    run = _one_run(path)
    if run.get("calibration") is None:
        raise Unusable(f"{path}: calibration: is missing")
    if not run["calibration"]["alert_latency"]:
        raise Unusable(f"{path}: calibration.alert_latency: has no load")
    for key in ("workers", "cpu_us_per_event"):
        if run["calibration"][key] <= 0:
            raise Unusable(f"{path}: calibration.{key}: must be more than 0")
    if not other_machine and not machine.same_machine(run["env"], env):
        theirs = run["env"]
        raise Unusable(f"{path}: measured on another machine ({theirs['cpu']} x {theirs['cores']}, this one is "
                       f"{env['cpu']} x {env['cores']}); --other-machine plans with it all the same")
    return run["calibration"]


def _one_run(path):
    folder = read_folder(path)
    if len(folder.results) != 1:
        raise Unusable("; ".join(folder.broken[:3]) or f"{path}: {len(folder.results)} results, one is wanted")
    run = folder.results[0][1]
    if run["verdict"] != "OK":
        why = f": {run['void_reason']}" if "void_reason" in run else ""
        raise Unusable(f"{path}: the run is {run['verdict']}{why}")
    return run


def explained(calibration, demand, plan):
    """The plan as a table: what, how much, and the formula with the numbers put in."""
    fit, worker = plan.fit, plan_model.worker_us(calibration)
    commit = plan_model.COMMIT_SHARE * plan.commit_ms
    share = 100 * commit / plan.p99_ms if plan.p99_ms else 0
    open_bytes, idle_bytes = calibration["bytes_per_open"], calibration["bytes_per_idle"]
    changelog = calibration.get("changelog_bytes_per_event", 0)
    room = f"{short(demand.slo_ms)} - {short(fit.base_ms)} - {short(commit)}"
    bound = (f"1 - {short(fit.service_ms)} / ({room}), "
             "from the objective" if plan.limited_by == "objective"
             else f"bound {demand.bound:g}; the objective allows more")
    rows = [
        ["utilisation, most", f"{plan.most_utilisation:.2f}", bound],
        ["worker threads", str(plan.workers),
         f"{short(demand.rate)} /s x {short(worker)} µs / {plan.most_utilisation:.2f}, rounded up"],
        ["cores", str(plan.cores),
         f"{plan.workers} x {short(calibration['cpu_us_per_event'])} µs / {short(worker)} µs, rounded up"],
        ["utilisation", f"{plan.utilisation:.2f}", f"{short(demand.rate)} /s x {short(worker)} µs / {plan.workers}"],
        ["alert latency p99", f"{short(plan.p99_ms)} ms",
         f"{short(fit.base_ms)} + 0.99 x {short(plan.commit_ms)} + {short(fit.service_ms)} / "
         f"(1 - {plan.utilisation:.2f}); the commit interval is {share:.0f} % of it"],
        ["partitions", str(plan.partitions), f"{plan.workers} x {demand.growth:g}, room to grow"],
        ["memory", f"{short(plan.memory_mb)} MB",
         f"({short(calibration['rss_base_mb'])} + {short(demand.open_customers)} x {short(open_bytes)} B + "
         f"{short(demand.idle_customers)} x {short(idle_bytes)} B) x {demand.margin:g}"],
        ["Kafka, read", f"{short(plan.kafka_in)} MB/s",
         f"{short(demand.rate)} /s x {short(calibration['bytes_in_per_event'])} B"],
        ["Kafka, written", f"{short(plan.kafka_out)} MB/s",
         f"{short(demand.rate)} /s x ({short(calibration['bytes_out_per_event'])} + {short(changelog)} changelog) B"],
        ["Kafka, on its disks", f"{short(plan.replicated)} MB/s",
         f"({short(plan.kafka_in)} + {short(plan.kafka_out)}) x {demand.replicas} replicas"],
        ["Kafka, disk", f"{short(plan.disk_gb)} GB",
         f"input and output for {short(demand.retention_s / 3600)} h, and a record a customer, x {demand.replicas}"]]
    notes = (f"The latency is fitted to {fit.loads} measured load{'s' if fit.loads > 1 else ''}"
             + (": with one load the part that does not grow is taken as 0." if fit.loads == 1 else "."),
             "Without the brokers' own cores and memory; keys are taken as evenly spread.")
    return Table(["what", "how much", "from"], rows, frozenset({1}), notes)


def checked(found):
    """The model's errors as a table; it says so where the run tells nothing to hold it against."""
    rows = [[error.what, f"{short(error.predicted) if math.isfinite(error.predicted) else 'saturated'} {error.unit}",
             f"{short(error.measured)} {error.unit}",
             f"{error.percent:+.0f} %" if math.isfinite(error.percent) else "–"] for error in found]
    notes = () if rows else ("The run tells neither cpu.per_million, nor latency with params.workers, nor "
                             "rss with params.open_customers.",)
    return Table(["check", "model", "measured", "model is off by"], rows, frozenset({1, 2, 3}), notes)


def _parse(argv):
    parser = command_line.Parser(__doc__)
    amount, ms = command_line.amount, command_line.milliseconds
    parser.add_argument("--rate", type=amount, required=True)
    parser.add_argument("--contacts", type=amount, required=True)
    parser.add_argument("--customers", type=amount, default=0)
    parser.add_argument("--slo", type=ms, required=True)
    parser.add_argument("--calibration", metavar="FILE", required=True)
    parser.add_argument("--check", metavar="FILE", help="a second run to hold the model against")
    parser.add_argument("--commit-interval", type=ms, help="another one than the calibration's")
    parser.add_argument("--bound", type=float, default=0.7, help="utilisation of a worker, at most (0.7)")
    parser.add_argument("--growth", type=float, default=2, help="partitions for each worker (2)")
    parser.add_argument("--margin", type=float, default=1.25, help="memory beyond the model's (1.25)")
    parser.add_argument("--retention", type=ms, default=7 * 86_400_000, help="of input and output (7d)")
    parser.add_argument("--replicas", type=int, default=3, help="of each Kafka topic (3)")
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
        calibration = calibration_of(options.calibration, machine.environment(look, look), options.other_machine)
        demand = _demand(options)
        print(as_text(explained(calibration, demand, plan_model.plan(calibration, demand))), end="")
        if options.check:
            print("\n" + as_text(checked(plan_model.errors(calibration, _one_run(options.check)))), end="")
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return command_line.NO_INPUT
    except (Unusable, plan_model.Impossible) as error:
        print(error, file=sys.stderr)
        return command_line.WRONG
    return command_line.OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
