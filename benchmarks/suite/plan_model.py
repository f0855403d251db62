"""How much machine a rate needs: the arithmetic of plan.py. Pure.

Everything is a function of r, the events a second of one worker thread, and goes through
what was measured at several r; plan_curve.py tells how.

Latency. p99(r) is the curve through the measured p99s, between two of them by its
logarithm, since a queue makes it grow by factors. It holds for the commit interval of the
calibration. A longer one adds 0.99 of the difference, what the p99 of waiting for a commit
grows by; of a shorter one only half the difference is counted, what the mean wait shrinks
by: measured, the tail shrank by less than its wait did.

Processor time. busy(r), the cores that a worker keeps busy, is the curve through
r x measured CPU of an event. Between two points that is a fixed part (polls, commits)
and one for each event, which is what makes an event dearer at a low rate.

Workers. r may be at most what the objective allows, p99(r) <= L; at most the bound (0.7)
of what one worker was seen to bear for long, which leaves room for bursts and for catching
up after a restart; and at most the last measured load, since nobody knows what comes
beyond. n = rate / r, rounded up; cores = n x busy(rate / n) / bound, rounded up.

Memory is n x base + open x bytes of an open customer + idle x bytes of an idle one, times
a margin. Kafka carries rate x bytes; disk is rate x bytes x retention x replicas, and of
the compacted changelog one record a customer.

What the model leaves out: keys that are not spread evenly (one partition is busier than
the mean), bursts within a second, the brokers' own processors, and that a shorter commit
interval costs more per event. `errors` tells how far it is off against a measured run.
"""

import math
from typing import NamedTuple, Optional

import plan_curve

COMMIT_SHARE = 0.99
SHORTER_SHARE = 0.5


class Demand(NamedTuple):
    """What is asked for. `rate` in events/s, > 0; `open_customers` have a contact or a journey
    that can still change, `idle_customers` are known besides; `slo_ms` bounds the p99 of
    the alert latency. `commit_ms` None: the calibration's."""
    rate: float
    open_customers: float
    idle_customers: float
    slo_ms: float
    commit_ms: Optional[float] = None
    bound: float = 0.7
    growth: float = 2
    margin: float = 1.25
    retention_s: float = 7 * 86_400
    replicas: int = 3


class Load(NamedTuple):
    """A live run at `rate` events/s of each worker, within what it bears. Of `p99_ms` (at the
    calibration's commit interval) and `cpu_us`, for an event, one may be None."""
    rate: float
    p99_ms: Optional[float]
    cpu_us: Optional[float]


class Measured(NamedTuple):
    """What is known of the machine. `latency` is the logarithm of the p99 in ms and `busy` cores,
    each a curve over the events/s of one worker; `borne` the most of them that one bore for
    long, None where nobody looked."""
    calibration: dict
    latency: list
    busy: list
    borne: Optional[float]


class Impossible(ValueError):
    """No number of machines meets the demand; the text says why and what would."""


class Plan(NamedTuple):
    """Times in ms, memory in MB, traffic in MB/s, disk in GB; `most_each` and `each` are events/s
    of a worker. `kafka_out` is what peakend writes, changelog included; `replicated` what
    the brokers write for both."""
    commit_ms: float
    most_each: float
    limited_by: str
    workers: int
    each: float
    p99_ms: float
    cpu_us: float
    cores: int
    partitions: int
    memory_mb: float
    kafka_in: float
    kafka_out: float
    replicated: float
    disk_gb: float


def measured(calibration, loads=(), borne=None):
    """REQUIRES: a valid calibration (shape.CALIBRATION) with a load. `loads` are further runs of
    the same machine, commit and load."""
    each = [(load["rate"] / calibration["workers"], load["p99"]) for load in calibration["alert_latency"]]
    p99s = each + [(load.rate, load.p99_ms) for load in loads if load.p99_ms is not None]
    # The calibration's cost is that of its last load.
    costs = [(max(rate for rate, _ in each), calibration["cpu_us_per_event"])]
    costs += [(load.rate, load.cpu_us) for load in loads if load.cpu_us is not None]
    latency = plan_curve.rising([(rate, math.log(max(p99, 1e-3))) for rate, p99 in p99s])
    return Measured(calibration, latency, _busy(costs), borne)


def _busy(costs):
    # An event gets no dearer by more of them, and a worker not idler: both hold of the curve.
    falling = [plan_curve.Point(point.x, -point.y) for point in plan_curve.rising([(rate, -us) for rate, us in costs])]
    curve, most = [], 0.0
    for rate, us in falling:
        most = max(most, rate * us / 1e6)
        curve.append(plan_curve.Point(rate, most))
    return curve


def cpu_us(known, each):
    """Of an event, at `each` events/s of a worker. Beyond the last measured load as there."""
    last = known.busy[-1]
    return (plan_curve.at(known.busy, each) / each if each <= last.x else last.y / last.x) * 1e6


def _shift_ms(known, commit_ms):
    longer = commit_ms - known.calibration["commit_interval_ms"]
    return longer * (COMMIT_SHARE if longer >= 0 else SHORTER_SHARE)


def p99_ms(known, commit_ms, each):
    """Infinite beyond the last measured load."""
    if each > known.latency[-1].x:
        return math.inf
    on_curve = math.exp(plan_curve.at(known.latency, each)) + _shift_ms(known, commit_ms)
    return max(on_curve, COMMIT_SHARE * commit_ms)


def most_each(known, commit_ms, demand):
    """(events/s of a worker, "objective", "bound" or "measured"). Raises Impossible."""
    at_curve = demand.slo_ms - _shift_ms(known, commit_ms)
    within = (plan_curve.furthest(known.latency, math.log(at_curve))
              if at_curve > 0 and COMMIT_SHARE * commit_ms <= demand.slo_ms else None)
    if within is None:
        raise Impossible(_why_impossible(known, commit_ms, demand))
    found = [(within, "objective")] if within < known.latency[-1].x else []
    found += [(known.latency[-1].x, "measured")]
    found += [(demand.bound * known.borne, "bound")] if known.borne is not None else []
    return min(found)


def _why_impossible(known, commit_ms, demand):
    first, measured_ms = known.latency[0], known.calibration["commit_interval_ms"]
    room = demand.slo_ms - math.exp(first.y)
    longest = min(measured_ms + room / (COMMIT_SHARE if room >= 0 else SHORTER_SHARE), demand.slo_ms / COMMIT_SHARE)
    # A hair less, since the logarithm and back is not exact.
    advice = (f"a commit interval of {math.floor(longest - 1e-6)} ms would do" if longest - 1e-6 >= 1
              else "a shorter commit interval does not help")
    return (f"{demand.slo_ms:g} ms cannot be met at any load: at {first.x:,.0f} events/s, the least that was measured, "
            f"alerts already take {p99_ms(known, commit_ms, first.x):.1f} ms, {COMMIT_SHARE * commit_ms:.1f} of them "
            f"the commit interval; {advice}")


def memory_mb(calibration, workers, open_customers, idle_customers):
    return (workers * calibration["rss_base_mb"] + open_customers * calibration["bytes_per_open"] / 1e6
            + idle_customers * calibration["bytes_per_idle"] / 1e6)


def plan(known, demand):
    """Raises Impossible."""
    calibration = known.calibration
    commit_ms = calibration["commit_interval_ms"] if demand.commit_ms is None else demand.commit_ms
    most, limited_by = most_each(known, commit_ms, demand)
    workers = max(1, math.ceil(round(demand.rate / most, 9)))
    each = min(demand.rate / workers, most)
    cost = cpu_us(known, each)
    changelog = calibration.get("changelog_bytes_per_event", 0)
    kafka_in = demand.rate * calibration["bytes_in_per_event"] / 1e6
    alerts_out = demand.rate * calibration["bytes_out_per_event"] / 1e6
    kafka_out = alerts_out + demand.rate * changelog / 1e6
    record = calibration.get("bytes_per_record", 0)
    kept = (kafka_in + alerts_out) * demand.retention_s / 1e3
    compacted = (demand.open_customers + demand.idle_customers) * record / 1e9
    return Plan(commit_ms, most, limited_by, workers, each, p99_ms(known, commit_ms, each), cost,
                max(1, math.ceil(round(demand.rate * cost / 1e6 / demand.bound, 9))),
                max(1, math.ceil(workers * demand.growth)),
                memory_mb(calibration, workers, demand.open_customers, demand.idle_customers) * demand.margin, kafka_in,
                kafka_out, (kafka_in + kafka_out) * demand.replicas, (kept + compacted) * demand.replicas)


class Error(NamedTuple):
    """`percent` above 0: the model said more than was measured."""
    what: str
    unit: str
    predicted: float
    measured: float
    percent: float


def errors(known, run):
    """The model against `run`, a valid result measured otherwise; of what it tells: CPU and p99
    (params.workers and offered_rate), memory (params.open_customers, idle_customers)."""
    params = run["params"]
    rate, workers = run.get("offered_rate"), params.get("workers")
    commit_ms = params.get("commit_interval_ms", known.calibration["commit_interval_ms"])
    pairs = []
    if rate and workers:
        pairs = [("processor time", "CPU-s/M", cpu_us(known, rate / workers), (run.get("cpu") or {}).get("per_million")),
                 ("alert latency p99", "ms", p99_ms(known, commit_ms, rate / workers),
                  ((run.get("latency") or {}).get("intended") or {}).get("p99"))]
    if "open_customers" in params:
        pairs.append(("memory", "MB", memory_mb(known.calibration, workers or 1, params["open_customers"],
                                                params.get("idle_customers", 0)), (run.get("rss") or {}).get("max")))
    return [Error(what, unit, predicted, value, 100 * (predicted / value - 1))
            for what, unit, predicted, value in pairs if value]
