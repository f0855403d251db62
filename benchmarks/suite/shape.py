"""What a result is made of: its keys, their units, and what contradicts itself.

Units, unless a name says another: time in seconds, latencies in milliseconds, rates
in events per second, memory in MB (10^6 bytes), lag in events. Percentiles are keys
p50, p90, p99, p999, p9999. A number that was not measured is null or left out.
"""

import difflib
import math

SCHEMA = "peakend.benchmark.result/1"
VERDICTS = ("OK", "FAILED", "VOID")
PERCENTILES = ("p50", "p90", "p95", "p99", "p999", "p9999", "max")
MOST_POINTS = 100_000
SHOWN = 40


def _kind(value):
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    return {str: "text", list: "a list", dict: "an object"}.get(type(value), "a number")


def number(value, key):
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return [f"{key}: expected a number, got {_kind(value)}"]
    return [] if math.isfinite(value) else [f"{key}: expected a finite number"]


def amount(value, key):
    """A number that cannot be negative."""
    return number(value, key) or ([f"{key}: cannot be negative"] if value < 0 else [])


def count(value, key):
    whole = amount(value, key)
    return whole or ([] if float(value).is_integer() else [f"{key}: expected a whole number"])


def text(value, key):
    return [] if isinstance(value, str) else [f"{key}: expected text, got {_kind(value)}"]


def words(value, key):
    return text(value, key) or ([] if value.strip() else [f"{key}: is empty"])


def flag(value, key):
    return [] if isinstance(value, bool) else [f"{key}: expected true or false, got {_kind(value)}"]


def anything(value, key):
    return [] if isinstance(value, dict) else [f"{key}: expected an object, got {_kind(value)}"]


def one_of(*choices):
    return lambda value, key: [] if value in choices else [
        f"{key}: expected {' or '.join(choices)}, got {repr(value)[:SHOWN]}"]


def maybe(check):
    return lambda value, key: [] if value is None else check(value, key)


def either(first, second):
    return lambda value, key: [] if not first(value, key) else second(value, key)


def many(check, most=MOST_POINTS):
    def checked(value, key):
        if not isinstance(value, list):
            return [f"{key}: expected a list, got {_kind(value)}"]
        if len(value) > most:
            return [f"{key}: {len(value)} entries, {most} is the most"]
        return [problem for at, one in enumerate(value) for problem in check(one, f"{key}[{at}]")]
    return checked


def each(check):
    """An object of any keys, each of which holds the same."""
    return lambda value, key: anything(value, key) or [
        problem for name, one in value.items() for problem in check(one, f"{key}.{name}")]


def fields(required, optional=None):
    """An object of known keys; a key that is misspelt is told its nearest name."""
    known = {**required, **(optional or {})}

    def checked(value, key):
        problems = anything(value, key or "result")
        if problems:
            return problems
        prefix = f"{key}." if key else ""
        problems = [f"{prefix}{name}: is missing" for name in required if name not in value]
        for name, one in value.items():
            if name in known:
                problems += known[name](one, prefix + name)
            else:
                near = difflib.get_close_matches(str(name), known, 1)
                problems.append(f"{prefix}{str(name)[:SHOWN]}: no such key" + (f", is it {near[0]}?" if near else ""))
        return problems
    return checked


def _percentiles(**extra):
    return fields({}, {**{name: maybe(number) for name in PERCENTILES}, **extra})


LATENCY = fields({"intended": _percentiles(count=count)},
                 {"actual_send": _percentiles(count=count), "negative_count": count,
                  "hgrm": fields({}, {"intended": text, "actual_send": text})})
GOAL = fields({"name": words, "goal": words, "measured": maybe(either(number, text)), "met": maybe(flag)},
              {"unit": text})
SERIES = fields({"t": many(number), "columns": each(many(maybe(number)))},
                {"marks": many(fields({"t": number, "label": words}), 1000)})
CURVE = many(fields({"offered_rate": amount, "sustained": flag},
                    {"achieved_rate": amount, "p99": maybe(amount), "lag_slope": number, "per_million": amount}), 1000)
CALIBRATION = fields(
    {"cpu_us_per_event": amount, "bytes_in_per_event": amount, "bytes_out_per_event": amount, "rss_base_mb": amount,
     "bytes_per_open": amount, "bytes_per_idle": amount, "commit_interval_ms": amount, "workers": count,
     "alert_latency": many(fields({"rate": amount, "p99": amount}, {"p50": amount}), 100)},
    {"worker_cpu_us_per_event": amount, "changelog_bytes_per_event": amount, "bytes_per_record": amount})
ENV = fields({"cpu": words, "cores": count, "kernel": words, "governor": words, "loadavg": many(amount, 2),
              "steal": amount, "git": fields({"sha": words, "dirty": flag}), "flags": text},
             {"memory_mb": maybe(amount), "versions": each(text)})
CORRECTNESS = fields({"expected": count, "got": count, "lost": count, "dup": count, "unexpected": count},
                     {"late_dropped": count, "late_dropped_expected": count, "wrong_order": count,
                      "dup_allowed": flag})

# What a run that is not right may not tell.
FIGURES = {
    "achieved_rate": amount, "lag": fields({}, {"series": many(number), "slope": number, "end": amount}),
    "latency": LATENCY,
    "cpu": fields({}, {"sut_s": amount, "driver_s": amount, "broker_s": amount, "per_million": amount}),
    "rss": fields({}, {"start": amount, "max": amount, "slope": number}), "ratios": each(amount),
    "figures": each(fields({"value": number, "unit": text, "better": one_of("higher", "lower")})),
    "series": SERIES, "cost": many(fields({"part": words, "ns": amount}), 100), "curve": CURVE,
    "calibration": CALIBRATION}
RESULT = fields(
    {"schema": one_of(SCHEMA), "run_id": words, "bench": words, "variant": words, "question": words, "repeat": count,
     "params": anything, "seed": maybe(count), "workload_hash": text, "env": ENV, "command": words,
     "correctness": maybe(CORRECTNESS), "verdict": one_of(*VERDICTS)},
    {**{name: maybe(check) for name, check in FIGURES.items()},
     "question_zh": words, "void_reason": words, "broker": maybe(each(maybe(either(text, number)))),
     "offered_rate": maybe(amount), "driver_lateness": maybe(_percentiles()), "warmup_s": maybe(amount),
     "measured_s": maybe(amount), "goal": many(GOAL, 100)})


def is_clean(correctness):
    """0 lost, 0 unexpected, 0 out of order, 0 duplicates (unless the guarantee allows
    them) and as many late records dropped as expected. True where nothing was checked."""
    if correctness is None:
        return True
    zeros = ["lost", "unexpected", "wrong_order"] + ([] if correctness.get("dup_allowed") else ["dup"])
    if any(correctness.get(name, 0) != 0 for name in zeros):
        return False
    wanted = correctness.get("late_dropped_expected")
    return wanted is None or correctness.get("late_dropped", 0) == wanted


def validate(result, file=""):
    """The problems, each with file and key; none of a right result. Never raises."""
    problems = RESULT(result, "")
    if not problems:
        problems = [problem for rule in (_counts_agree, _verdict_agrees, _series_agrees, _percentiles_rise)
                    for problem in rule(result)]
    return [f"{file}: {problem}" if file else problem for problem in problems]


def _counts_agree(result):
    seen = result["correctness"]
    if seen is None or seen["got"] == seen["expected"] - seen["lost"] + seen["dup"] + seen["unexpected"]:
        return []
    return ["correctness.got: is not expected - lost + dup + unexpected"]


def _verdict_agrees(result):
    problems = []
    clean = is_clean(result["correctness"])
    if not clean and result["verdict"] != "FAILED":
        problems.append("verdict: the output was not right, so it is FAILED")
    if result["verdict"] == "FAILED":
        problems += [f"{name}: a failed run has no figures" for name in FIGURES if result.get(name) is not None]
    if (result["verdict"] == "VOID") != ("void_reason" in result):
        problems.append("void_reason: belongs to a VOID run, and to no other")
    return problems


def _series_agrees(result):
    series = result.get("series")
    if not series:
        return []
    times = series["t"]
    problems = [f"series.columns.{name}: {len(column)} values for {len(times)} times"
                for name, column in series["columns"].items() if len(column) != len(times)]
    if any(later < earlier for earlier, later in zip(times, times[1:])):
        problems.append("series.t: goes back in time")
    return problems


def _percentiles_rise(result):
    problems = []
    for name in ("intended", "actual_send"):
        found = ((result.get("latency") or {}).get(name)) or {}
        known = [key for key in PERCENTILES if found.get(key) is not None]
        problems += [f"latency.{name}.{high}: is less than {low}"
                     for low, high in zip(known, known[1:]) if found[high] < found[low]]
    return problems
