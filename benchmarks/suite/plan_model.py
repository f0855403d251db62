"""How much machine a rate needs: the arithmetic of plan.py. Pure.

Worker threads. An event costs c µs of processor time in all threads of the process, w of
them in its worker thread. n workers at rate r are busy for the share u = r w / n.

Latency. An alert can be read when the transaction that holds it is committed: the p99 of
that wait is 0.99 of the commit interval T. What comes on top grows with the queue, as in
M/G/1, with 1 / (1 - u):

  p99(u) = b + 0.99 T + s / (1 - u)

b and s are fitted, neither below 0, to the p99 that the calibration measured at its
loads; of one load alone b is 0. The objective L turns it round: u may be at most
1 - s / (L - b - 0.99 T), and never more than the bound (0.7), which leaves room for
bursts and for catching up after a restart.

Memory is base + open x bytes of an open customer + idle x bytes of an idle one, times a
margin. Kafka carries rate x bytes; disk is rate x bytes x retention x replicas, and of
the compacted changelog one record a customer.

What the model leaves out: keys that are not spread evenly (one partition is busier than
the mean), bursts within a second, the brokers' own processors, and that a shorter commit
interval costs more per event. `errors` tells how far it is off against a measured run.
"""

import math
from typing import NamedTuple, Optional

import repeats

COMMIT_SHARE = 0.99


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


class Fit(NamedTuple):
    """b and s of the head, in ms; `loads` points stand behind it."""
    base_ms: float
    service_ms: float
    loads: int


class Impossible(ValueError):
    """No number of machines meets the demand; the text says why and what would."""


class Plan(NamedTuple):
    """Times in ms, memory in MB, traffic in MB/s, disk in GB. `kafka_out` is what peakend
    writes, changelog included; `replicated` what the brokers write for both."""
    fit: Fit
    commit_ms: float
    most_utilisation: float
    limited_by: str
    workers: int
    cores: int
    utilisation: float
    p99_ms: float
    partitions: int
    memory_mb: float
    kafka_in: float
    kafka_out: float
    replicated: float
    disk_gb: float


def worker_us(calibration):
    return calibration.get("worker_cpu_us_per_event", calibration["cpu_us_per_event"])


def utilisation(calibration, rate, workers):
    return rate * worker_us(calibration) / 1e6 / workers


def fit(calibration):
    """Raises Impossible where no measured load is below saturation."""
    commit = COMMIT_SHARE * calibration["commit_interval_ms"]
    xs, ys = [], []
    for load in calibration["alert_latency"]:
        busy = utilisation(calibration, load["rate"], calibration["workers"])
        if busy < 1:
            xs.append(1 / (1 - busy))
            ys.append(load["p99"] - commit)
    if not xs:
        raise Impossible("the calibration has no latency at a load that its workers bear")
    found = repeats.line(xs, ys)
    if found is not None and found.slope >= 0 and found.at_zero >= 0:
        return Fit(found.at_zero, found.slope, len(xs))
    if found is not None and found.slope < 0:
        return Fit(max(0.0, math.fsum(ys) / len(ys)), 0.0, len(xs))
    through_zero = math.fsum(x * y for x, y in zip(xs, ys)) / math.fsum(x * x for x in xs)
    return Fit(0.0, max(0.0, through_zero), len(xs))


def p99_ms(found, commit_ms, busy):
    """Of workers that are busy for the share `busy`; infinite from 1 on."""
    return math.inf if busy >= 1 else found.base_ms + COMMIT_SHARE * commit_ms + found.service_ms / (1 - busy)


def most_utilisation(found, commit_ms, demand):
    """(share, "objective" or "bound"). Raises Impossible."""
    room = demand.slo_ms - found.base_ms - COMMIT_SHARE * commit_ms
    if room <= found.service_ms:
        shortest = (demand.slo_ms - found.base_ms - found.service_ms / (1 - demand.bound / 2)) / COMMIT_SHARE
        advice = (f"a commit interval of {math.floor(shortest)} ms would do" if shortest >= 1
                  else "a shorter commit interval does not help")
        raise Impossible(f"{demand.slo_ms:g} ms cannot be met at any load: idle workers already take "
                         f"{p99_ms(found, commit_ms, 0):.1f} ms, {COMMIT_SHARE * commit_ms:.1f} of them the commit "
                         f"interval; {advice}")
    by_objective = 1 - found.service_ms / room
    return min((by_objective, "objective"), (demand.bound, "bound"))


def memory_mb(calibration, open_customers, idle_customers):
    return (calibration["rss_base_mb"] + open_customers * calibration["bytes_per_open"] / 1e6
            + idle_customers * calibration["bytes_per_idle"] / 1e6)


def plan(calibration, demand):
    """REQUIRES: a valid calibration (shape.CALIBRATION). Raises Impossible."""
    commit_ms = calibration["commit_interval_ms"] if demand.commit_ms is None else demand.commit_ms
    found = fit(calibration)
    most, limited_by = most_utilisation(found, commit_ms, demand)
    workers = max(1, math.ceil(round(utilisation(calibration, demand.rate, 1) / most, 9)))
    busy = utilisation(calibration, demand.rate, workers)
    per_worker = calibration["cpu_us_per_event"] / worker_us(calibration) if worker_us(calibration) else 1
    changelog = calibration.get("changelog_bytes_per_event", 0)
    kafka_in = demand.rate * calibration["bytes_in_per_event"] / 1e6
    alerts_out = demand.rate * calibration["bytes_out_per_event"] / 1e6
    kafka_out = alerts_out + demand.rate * changelog / 1e6
    record = calibration.get("bytes_per_record", 0)
    kept = (kafka_in + alerts_out) * demand.retention_s / 1e3
    compacted = (demand.open_customers + demand.idle_customers) * record / 1e9
    return Plan(found, commit_ms, most, limited_by, workers, math.ceil(round(workers * per_worker, 9)), busy,
                p99_ms(found, commit_ms, busy), max(1, math.ceil(workers * demand.growth)),
                memory_mb(calibration, demand.open_customers, demand.idle_customers) * demand.margin, kafka_in,
                kafka_out, (kafka_in + kafka_out) * demand.replicas, (kept + compacted) * demand.replicas)


class Error(NamedTuple):
    """`percent` above 0: the model said more than was measured."""
    what: str
    unit: str
    predicted: float
    measured: float
    percent: float


def errors(calibration, run):
    """The model against `run`, a valid result measured otherwise; of what it tells: CPU, p99
    (params.workers and offered_rate), memory (params.open_customers, idle_customers)."""
    found = fit(calibration)
    params = run["params"]
    rate, workers = run.get("offered_rate"), params.get("workers")
    commit_ms = params.get("commit_interval_ms", calibration["commit_interval_ms"])
    pairs = [("processor time", "CPU-s/M", calibration["cpu_us_per_event"], (run.get("cpu") or {}).get("per_million"))]
    if rate and workers:
        busy = utilisation(calibration, rate, workers)
        pairs.append(("alert latency p99", "ms", p99_ms(found, commit_ms, busy),
                      ((run.get("latency") or {}).get("intended") or {}).get("p99")))
    if "open_customers" in params:
        pairs.append(("memory", "MB", memory_mb(calibration, params["open_customers"], params.get("idle_customers", 0)),
                      (run.get("rss") or {}).get("max")))
    return [Error(what, unit, predicted, measured, 100 * (predicted / measured - 1))
            for what, unit, predicted, measured in pairs if measured]
