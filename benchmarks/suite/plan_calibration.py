"""What was measured of a machine, read from the files of the suite, for plan.py.

A calibration alone knows a few loads. What the same call of `peakend bench` measured
beside it, in the same folder, on the same commit and machine, adds to it: `sustain` what
one worker bears and what an event costs at each rate, `lat-load` further latencies, and
`calibration` itself a run at a rate between. By this run the model's error is told: a plan
goes by all there is, and the error is that of a model which was made without the run.
"""

import os
import re
from typing import NamedTuple, Optional

import machine
import plan_model
from result import read_folder

# As in the runner: a lag that grows by more of the rate than that is not borne.
MOST_SLOPE = 0.01
BEGAN = re.compile(r"\d{8}T\d{6}Z$")


class Unusable(ValueError):
    """Something is there and cannot serve; the text says why."""


class Neighbour(NamedTuple):
    """A result beside the calibration, and what it adds to the curves."""
    file: str
    run: dict
    loads: list


class Found(NamedTuple):
    """`path` is the calibration's file; `borne` is what one worker bears, None where nobody looked."""
    path: str
    calibration: dict
    neighbours: list
    borne: Optional[float]

    def known(self, without=None):
        """All that was measured, except by the run `without`."""
        loads = [load for one in self.neighbours if without is None or one.run["run_id"] != without["run_id"]
                 for load in one.loads]
        return plan_model.measured(self.calibration, loads, self.borne)

    def check(self):
        """The neighbour that was made to hold the model against, or None."""
        return next((one for one in self.neighbours if one.run["bench"] == "calibration"), None)


def find(place, env, other_machine):
    """The newest calibration in `place`, a folder or one file. Raises Unusable and
    FileNotFoundError."""
    path, run = _newest(place)
    calibration = run["calibration"]
    if not calibration["alert_latency"]:
        raise Unusable(f"{path}: calibration.alert_latency: has no load")
    for key in ("workers", "cpu_us_per_event"):
        if calibration[key] <= 0:
            raise Unusable(f"{path}: calibration.{key}: must be more than 0")
    if any(load["rate"] <= 0 for load in calibration["alert_latency"]):
        raise Unusable(f"{path}: calibration.alert_latency: a rate must be more than 0")
    if not other_machine and not machine.same_machine(run["env"], env):
        theirs = run["env"]
        raise Unusable(f"{path}: measured on another machine ({theirs['cpu']} x {theirs['cores']}, this one is "
                       f"{env['cpu']} x {env['cores']}); --other-machine plans with it all the same")
    return _with_neighbours(path, run)


def one_run(path):
    """The one result in the file at `path`. Raises Unusable and FileNotFoundError."""
    folder = read_folder(path)
    if len(folder.results) != 1:
        raise Unusable("; ".join(folder.broken[:3]) or f"{path}: {len(folder.results)} results, one is wanted")
    run = folder.results[0][1]
    if run["verdict"] != "OK":
        raise Unusable(f"{path}: {_verdict(run)}")
    return run


def _verdict(run):
    return f"the run is {run['verdict']}" + (f": {run['void_reason']}" if "void_reason" in run else "")


def _newest(place):
    if os.path.isfile(place):
        run = one_run(place)
        if run.get("calibration") is None:
            raise Unusable(f"{place}: calibration: is missing")
        return place, run
    runs = read_folder(place).results
    good = [(path, run) for path, run in runs if run.get("calibration") is not None and run["verdict"] == "OK"]
    if good:
        return max(good, key=lambda pair: (_began(pair[1]), pair[0]))
    void = [f"{path}: {_verdict(run)}" for path, run in runs if run.get("calibration") is not None]
    raise Unusable("; ".join(void[-3:]) or f"{place}: no calibration in it; one is made by `peakend bench sustain "
                   "lat-load calibration`")


def _began(run):
    told = BEGAN.search(run["run_id"])
    return told.group() if told else ""


def _with_neighbours(path, run):
    neighbours, borne = [], None
    for file, other in read_folder(os.path.dirname(path) or ".").results:
        if (other["run_id"] == run["run_id"] or other["verdict"] != "OK" or other["env"]["git"] != run["env"]["git"]
                or not machine.same_machine(other["env"], run["env"])):
            continue
        if other["bench"] == "sustain" and other.get("curve"):
            borne = _borne(other)
            neighbours.append(Neighbour(file, other, [
                plan_model.Load(rate, point.get("p99"), point.get("per_million")) for point in other["curve"]
                if point["sustained"] and (rate := point.get("achieved_rate", point["offered_rate"])) > 0]))
        elif (other["bench"] in ("lat-load", "calibration") and other.get("calibration") is None
              and _goes_with(run["calibration"], other)):
            neighbours.append(Neighbour(file, other, [plan_model.Load(
                other["offered_rate"] / other["params"]["workers"], other["latency"]["intended"]["p99"],
                other["cpu"]["per_million"])]))
    return Found(path, run["calibration"], neighbours, borne)


def _borne(run):
    told = (run.get("figures") or {}).get("sustainable rate")
    return told["value"] if told else max((point["offered_rate"] for point in run["curve"] if point["sustained"]),
                                          default=None)


def _goes_with(calibration, run):
    """With the same commit interval, borne, and with all that a load tells."""
    told = ("offered_rate" in run and run["params"].get("workers") and (run.get("cpu") or {}).get("per_million")
            and ((run.get("latency") or {}).get("intended") or {}).get("p99"))
    return bool(told and run["params"].get("commit_interval_ms") == calibration["commit_interval_ms"]
                and (run.get("lag") or {}).get("slope", 0) <= MOST_SLOPE * run["offered_rate"])
