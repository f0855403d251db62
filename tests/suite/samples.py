"""Invented results for the tests of benchmarks/suite: plausible, and measured nowhere."""

import math
import pathlib
import random
import sys

SUITE = pathlib.Path(__file__).resolve().parents[2] / "benchmarks" / "suite"
sys.path.insert(0, str(SUITE))

ENV = {"cpu": "Example CPU 3000", "cores": 8, "memory_mb": 33_000, "kernel": "6.1.0", "governor": "performance",
       "loadavg": [0.1, 3.2], "steal": 0.0, "git": {"sha": "0123456789abcdef0123456789abcdef01234567", "dirty": False},
       "flags": "-O3 -DNDEBUG", "versions": {"kafka": "4.0.0"}}
CLEAN = {"expected": 1000, "got": 1000, "lost": 0, "dup": 0, "unexpected": 0, "late_dropped": 3,
         "late_dropped_expected": 3, "wrong_order": 0}


def result(bench="latency", variant="half load", repeat=1, **keys):
    made = {"schema": "peakend.benchmark.result/1", "run_id": f"{bench}-{variant}-{repeat}-made-up", "bench": bench,
            "variant": variant, "question": "How soon can an alert be read?", "repeat": repeat,
            "params": {"rate": 10000}, "seed": 7, "workload_hash": "ab12", "env": dict(ENV), "correctness": dict(CLEAN),
            "verdict": "OK", "command": f"peakend-bench {bench} --repeat {repeat}"}
    made.update(keys)
    return made


def latency(scale=1.0):
    shares = (0.5, 0.75, 0.9, 0.99, 0.999, 0.9999)
    values = [scale * 2.0 * (1 + 0.9 * math.log10(1 / (1 - share))) for share in shares]
    lines = ["       Value   Percentile   TotalCount 1/(1-Percentile)", ""]
    lines += [f"{value:12.3f} {share:2.12f} {int(share * 100_000):10d} {1 / (1 - share):14.2f}"
              for value, share in zip(values, shares)]
    lines += [f"{values[-1] * 1.2:12.3f} 1.000000000000     100000", "#[Mean    =        2.1, StdDeviation = 1.0]"]
    sent = [value * 0.55 for value in values]
    names = ("p50", "p90", "p99", "p999", "p9999")
    pick = [0, 2, 3, 4, 5]
    return {"intended": {name: round(values[at], 3) for name, at in zip(names, pick)} | {"count": 100_000},
            "actual_send": {name: round(sent[at], 3) for name, at in zip(names, pick)} | {"count": 100_000},
            "negative_count": 0, "hgrm": {"intended": "\n".join(lines)}}


def series(seconds=180, kill_at=70):
    draw = random.Random(5)
    rate, lag, p99, cpu, rss = [], [], [], [], []
    for t in range(seconds):
        down = kill_at <= t < kill_at + 4
        behind = max(0, 80_000 - (t - kill_at - 4) * 4_000) if t >= kill_at + 4 else 0
        rate.append(0 if down else round(20_000 + draw.gauss(0, 200) + (4_000 if behind else 0)))
        lag.append(20_000 * (t - kill_at) if down else behind + abs(round(draw.gauss(300, 80))))
        p99.append(None if down else round(12 + abs(draw.gauss(0, 2)) + behind / 20, 2))
        cpu.append(0 if down else round(0.9 + draw.gauss(0, 0.03) + (0.3 if behind else 0), 3))
        rss.append(0 if down else round(410 + t * 0.02 + draw.gauss(0, 1), 1))
    return {"t": list(range(seconds)), "columns": {"rate": rate, "lag": lag, "p99_ms": p99, "cpu": cpu, "rss_mb": rss},
            "marks": [{"t": kill_at, "label": "kill -9"}, {"t": kill_at + 4, "label": "restart"},
                      {"t": 130, "label": "rebalance +1"}]}


def all_kinds():
    """Five repeats of every kind of result that the report has a section for, one VOID and
    one FAILED run."""
    draw = random.Random(3)
    made = []
    for repeat in range(1, 6):
        near = 1 + draw.gauss(0, 0.03)
        for share, scale in ((50, 1.0), (80, 1.7), (95, 4.2)):
            found = latency(scale * near)
            p99 = found["intended"]["p99"]
            made.append(result("lat-load", f"{share} % load", repeat, latency=found, params={"load": share},
                               offered_rate=share * 400.0, achieved_rate=share * 400.0, goal=[
                {"name": "alert latency p99", "goal": f"≤ {15 if share == 50 else 30} ms", "measured": p99,
                 "unit": "ms", "met": p99 <= (15 if share == 50 else 30)}]))
        made.append(result("sustain", "4 partitions", repeat, question="How many events a second, for ever?",
                           question_zh="每秒能持续处理多少事件?", params={"partitions": 4},
                           cpu={"per_million": 1.4 * near}, rss={"max": 430 * near}, curve=[
            {"offered_rate": rate, "achieved_rate": min(rate, 92_000.0), "p99": 6 + 30 / max(0.02, 1 - rate / 95_000),
             "sustained": rate <= 90_000, "lag_slope": 0.0} for rate in range(10_000, 110_000, 10_000)],
            goal=[{"name": "CPU of a million events", "goal": "≤ 1.5 s", "measured": 1.4 * near, "unit": "s", "met": 1.4 * near <= 1.5}]))
        for count, efficiency in ((1, 1), (2, 0.97), (4, 0.9), (8, 0.78)):
            made.append(result("parts", f"{count} partitions", repeat, params={"partitions": count},
                               achieved_rate=30_000.0 * count * efficiency * near))
        for peer, cost, rss, p99 in (("peakend", 1.5, 120, 20), ("naive", 2.4, 90, 24), ("kafka-streams", 11, 900, 140),
                                     ("flink", 14, 1300, 1100)):
            made.append(result("vs-throughput", peer, repeat, cpu={"per_million": cost * near * (1 + repeat / 100)},
                               achieved_rate=1e6 / cost / near, rss={"max": rss * near}))
            made.append(result("vs-latency", peer, repeat, latency={"intended": {"p50": p99 * near / 3,
                                                                                 "p99": p99 * near}}))
        made.append(result("engine", "profile", repeat, cost=[
            {"part": part, "ns": ns * near} for part, ns in
            (("consume", 310), ("decode", 120), ("state", 260), ("sentiment", 540), ("detect", 90), ("produce", 180))]))
        made.append(result("recover", "kill -9", repeat, series=series() if repeat == 1 else None, figures={
            "back after": {"value": 4.1 * near, "unit": "s", "better": "lower"}}))
    made.append(result("lat-load", "50 % load", 6, verdict="VOID", void_reason="the host took 4 % of the time"))
    wrong = {"expected": 1000, "got": 998, "lost": 2, "dup": 0, "unexpected": 0}
    made.append(result("dups", "5 %", 1, verdict="FAILED", correctness=wrong, goal=[
        {"name": "duplicate alerts", "goal": "0", "measured": None, "met": False}]))
    return [{name: value for name, value in one.items() if value is not None or name in ("seed", "correctness")}
            for one in made]
