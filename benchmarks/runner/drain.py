"""Benchmarks that read a backlog: the whole input lies there before the worker starts.

A benchmark is a list of variants; the first is the base that the others are compared with
in the same round. What is told of each is CPU seconds per million records (whole process),
records a second, the most memory, and whether the outputs were right.
"""

from typing import NamedTuple, Optional

import load as loads
from job import Job, broker_cpu_s, correctness
from stage import PARTITIONS, look

# Before that a worker joins its group, and connects.
FIRST_SHARE = 0.05


class Goal(NamedTuple):
    """Of a variant against the base: `least` of its throughput per CPU second, or `most` times its CPU."""
    name: str
    least: Optional[float] = None
    most: Optional[float] = None


class Variant(NamedTuple):
    name: str
    load: loads.Load
    settings: tuple = ()
    partitions: int = PARTITIONS
    policy: Optional[str] = None
    goal: Optional[Goal] = None


def written(stage, load, partitions, kept):
    """A job that holds the input of `load`, written once: (job, manifest). `kept` remembers."""
    key = (load, partitions)
    if key not in kept:
        holder = Job(stage, f"input-{load.preset}", partitions=partitions)
        kept[key] = holder, loads.write(stage, load, holder)
    return kept[key]


def read_all(stage, job, records):
    """Runs `job` until all `records` are taken and committed; what that cost."""
    broker_before = broker_cpu_s(stage)
    try:
        job.start()
        seen = job.wait_until_taken(records)
        cpu_s, rss_mb = job.stop()
    finally:
        job.end()
    return {"cpu_s": cpu_s, "rss_mb": rss_mb, "rate": rate_of(seen), "broker_s": broker_cpu_s(stage) - broker_before}


def rate_of(seen):
    """Records a second, from [(time, records)] as they rose; None of too few looks."""
    last = seen[-1]
    first = next((point for point in seen if point[1] > FIRST_SHARE * last[1]), last)
    return (last[1] - first[1]) / (last[0] - first[0]) if last[0] > first[0] else None


def round_of(stage, bench, variants, repeat, kept):
    """One run of each variant: a list of results."""
    made = [_one(stage, bench, variant, repeat, kept) for variant in variants]
    base = made[0]
    for variant, result in zip(variants[1:], made[1:]):
        compare(variant, result, base)
    return made


def _one(stage, bench, variant, repeat, kept):
    stage.say(f"{bench.name} {variant.name}, round {repeat}")
    holder, manifest = written(stage, variant.load, variant.partitions, kept)
    job = Job(stage, f"{bench.name}-{variant.name}", variant.settings, variant.partitions, policy=variant.policy,
              read=holder)
    before = look()
    records = manifest["content"]["records"]
    cost = read_all(stage, job, records)
    after = look()
    judged = job.judge()
    result = stage.result(bench, variant.name, before, repeat, after=after, seed=variant.load.seed,
                          workload_hash=manifest["content"]["digest"],
                          params={"records": records, "partitions": variant.partitions,
                                  "settings": " ".join(variant.settings).replace(stage.work, "WORK"), **dict(variant.load.knobs)})
    result["correctness"] = correctness(judged)
    result["cpu"] = {"sut_s": cost["cpu_s"], "broker_s": cost["broker_s"],
                     "per_million": cost["cpu_s"] * 1e6 / records}
    if cost["rate"]:
        result["achieved_rate"] = cost["rate"]
    result["rss"] = {"max": cost["rss_mb"]}
    result["figures"] = {
        "engine alone": {"value": judged["engine_cpu_s"] * 1e6 / records, "unit": "CPU-s/M", "better": "lower"},
        "outputs per record": {"value": judged["expected"] / records, "unit": "records", "better": "lower"}}
    return result


def compare(variant, result, base):
    """Adds to a result its ratios to the base of the same round, and the variant's goal."""
    of_base = result["cpu"]["per_million"] / base["cpu"]["per_million"]
    result["ratios"] = {f"cpu_vs_{base['variant']}": of_base}
    if "achieved_rate" in result and "achieved_rate" in base:
        result["ratios"][f"rate_vs_{base['variant']}"] = result["achieved_rate"] / base["achieved_rate"]
    if variant.goal is None:
        return
    if variant.goal.least is not None:
        told, text, met = 1 / of_base, f"≥ {variant.goal.least:g}", 1 / of_base >= variant.goal.least
    else:
        told, text, met = of_base, f"≤ {variant.goal.most:g}", of_base <= variant.goal.most
    result["goal"] = [{"name": variant.goal.name, "goal": text, "measured": told, "unit": "x", "met": met}]
