"""The arithmetic of compare.py: slope, percentiles, difference of outputs. Pure."""

import collections
import math
import statistics

WARM_UP = 1_000_000


def slope(lines, warm_up=WARM_UP):
    """What an event costs once the engine is warm, from a peer's lines in order.

    Between the first line at or after `warm_up` events and the last one: every second
    in between counts, so a peer gains nothing from where its lines fall. Returns None
    where there are no two such lines.
    """
    warm = [line for line in lines if line["events"] >= warm_up]
    if len(warm) < 2 or warm[-1]["events"] <= warm[0]["events"]:
        return None
    events = warm[-1]["events"] - warm[0]["events"]
    wall_s = warm[-1]["wall_s"] - warm[0]["wall_s"]
    return {"cpu_per_million": (warm[-1]["cpu_s"] - warm[0]["cpu_s"]) / events * 1e6,
            "events_per_s": events / wall_s if wall_s > 0 else None}


def percentile(values, share):
    """The smallest value that `share` (0 to 1) of all are not above; None of none."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def latency(milliseconds):
    """count, p50, p90, p99 and max; None of none."""
    if not milliseconds:
        return None
    return {"count": len(milliseconds), "p50": percentile(milliseconds, 0.5), "p90": percentile(milliseconds, 0.9),
            "p99": percentile(milliseconds, 0.99), "max": max(milliseconds)}


def difference(expected, got):
    """Both are lists of (key, record), records comparable and hashable.

    Records count as often as they occur, so one that is written twice is unexpected
    once. `disordered` counts the keys whose records are right but in another order.
    """
    wanted, found = collections.Counter(expected), collections.Counter(got)
    lost, unexpected = wanted - found, found - wanted
    wrong_keys = {key for key, _ in lost} | {key for key, _ in unexpected}
    return {"expected": len(expected), "got": len(got), "lost": lost.total(), "unexpected": unexpected.total(),
            "disordered": _disordered(expected, got, wrong_keys)}


def _disordered(expected, got, wrong_keys):
    wanted, found = _by_key(expected), _by_key(got)
    return sum(1 for key, records in wanted.items() if key not in wrong_keys and records != found[key])


def _by_key(records):
    sequences = collections.defaultdict(list)
    for key, record in records:
        sequences[key].append(record)
    return sequences


def sum_of_differences(differences):
    return {name: sum(one[name] for one in differences)
            for name in ("expected", "got", "lost", "unexpected", "disordered")}


def is_right(total):
    return total["lost"] == total["unexpected"] == total["disordered"] == 0


def median_and_range(values):
    """(median, least, most) of those that are not None; None of none."""
    present = [value for value in values if value is not None]
    if not present:
        return None
    return statistics.median(present), min(present), max(present)
