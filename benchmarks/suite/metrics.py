"""The figures of results by name, and results by what they are repeats of. Pure.

A metric is one number of a result with a unit and a better side. Those of VOID and
FAILED runs are not told by any function here.
"""

from typing import NamedTuple

import repeats

# A figure that is told to fewer digits than this looks alike where it is not.
DIGITS = 3


class Metric(NamedTuple):
    """`higher` tells whether more is better; `speed` whether it is a matter of time."""
    name: str
    unit: str
    higher: bool
    speed: bool


KNOWN = (
    (("achieved_rate",), Metric("rate", "ev/s", True, True)),
    (("cpu", "per_million"), Metric("CPU", "CPU-s/M", False, True)),
    (("latency", "intended", "p50"), Metric("latency p50", "ms", False, True)),
    (("latency", "intended", "p99"), Metric("latency p99", "ms", False, True)),
    (("latency", "intended", "p999"), Metric("latency p99.9", "ms", False, True)),
    (("latency", "actual_send", "p99"), Metric("p99 from actual send", "ms", False, True)),
    (("lag", "end"), Metric("lag at the end", "events", False, True)),
    (("rss", "max"), Metric("memory, most", "MB", False, False)))
SPEED_UNITS = ("ns", "µs", "us", "ms", "s", "min", "CPU-s/M", "ns/op")


def of_result(result):
    """{Metric: value} of an OK result; {} of another."""
    if result["verdict"] != "OK":
        return {}
    found = {}
    for path, metric in KNOWN:
        value = result
        for key in path:
            value = (value or {}).get(key)
        if value is not None:
            found[metric] = value
    for name, value in (result.get("ratios") or {}).items():
        found[Metric(name.replace("_", " "), "x", False, True)] = value
    for name, one in (result.get("figures") or {}).items():
        speed = one["unit"] in SPEED_UNITS or one["unit"].endswith("/s")
        found[Metric(name, one["unit"], one["better"] == "higher", speed)] = one["value"]
    return found


def groups(results):
    """{(bench, variant): repeats}, in the order in which they first come."""
    found = {}
    for result in results:
        found.setdefault((result["bench"], result["variant"]), []).append(result)
    return found


def by_metric(group):
    """{Metric: values} over the OK runs of a group."""
    found = {}
    for result in group:
        for metric, value in of_result(result).items():
            found.setdefault(metric, []).append(value)
    return found


def short(value):
    """A number for readers: three digits, thousands apart, never 1.2e+05."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    size = abs(value)
    if size >= 100:
        return f"{value:,.0f}"
    decimals = 2 if size < 10 else 1
    if 0 < size < 1:
        decimals = min(9, DIGITS - 1 - _exponent(size))
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _exponent(size):
    return int(f"{size:e}".split("e")[1])


def range_text(values):
    """"median (least – most)"; of equal values or only one just that."""
    if not values:
        return "–"
    found = repeats.spread(values)
    least, most = short(found.least), short(found.most)
    return short(found.middle) if least == most else f"{short(found.middle)} ({least} – {most})"
