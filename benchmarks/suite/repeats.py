"""Arithmetic on the repeats of one measurement: middle, range, interval, difference. Pure.

Repeats of a benchmark are few (5 to 20), seldom normal and have a long tail to one
side. So: medians and ranges rather than means and deviations, a rank test rather than
a t test, and as headline not the best run but the worst of the middle three.

Every function takes finite numbers in any order. An empty list is a ValueError, except
where a function says what it returns then.
"""

import itertools
import math
import random
from typing import NamedTuple

# Beyond that the exact distribution of U takes longer than a reader waits, and the
# normal approximation is good to the third digit.
EXACT_UP_TO = 20
RESAMPLES = 2_000


class Spread(NamedTuple):
    """Of `count` repeats: least <= middle <= most."""
    middle: float
    least: float
    most: float
    count: int


def median(values):
    """The middle one; of an even number the mean of the two in the middle."""
    ordered = _ordered(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def spread(values):
    return Spread(median(values), min(values), max(values), len(values))


def worst_of_middle_three(values, higher_is_better):
    """The headline of repeats: one lucky and one unlucky run do not count.

    Of an even number the middle three lie to the worse side; of fewer than three
    values it is the worst one.
    """
    from_best = sorted(_ordered(values), reverse=higher_is_better)
    return from_best[min(len(from_best) - 1, len(from_best) // 2 + 1)]


def percentile(values, share):
    """The smallest value that a `share` (0 to 1) of all values do not exceed."""
    if not 0 <= share <= 1:
        raise ValueError(f"a share is 0 to 1, not {share}")
    ordered = _ordered(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def bootstrap_interval(values, confidence=0.95, seed=1):
    """(low, high) of the median, by the percentile method: the same for the same arguments.

    Of fewer than five values it says little more than the range.
    """
    ordered = _ordered(values)
    draw = random.Random(seed)
    medians = [median(draw.choices(ordered, k=len(ordered))) for _ in range(RESAMPLES)]
    rest = (1 - confidence) / 2
    return percentile(medians, rest), percentile(medians, 1 - rest)


def apart(one, other):
    """Do the ranges not even touch? A claim "N times faster" needs that."""
    return max(one) < min(other) or max(other) < min(one)


class RankTest(NamedTuple):
    """`u` counts the pairs in which the first is greater, ties half; `p` is two-sided."""
    u: float
    p: float
    exact: bool


def mann_whitney(first, second):
    """Do the two differ in their location? p is exact for up to 20 values each without
    ties, else the normal approximation with correction for ties and continuity. Where
    all values are equal p is 1."""
    first, second = _ordered(first), _ordered(second)
    both = first + second
    u = sum((a > b) + (a == b) / 2 for a, b in itertools.product(first, second))
    if len(set(both)) == len(both) and max(len(first), len(second)) <= EXACT_UP_TO:
        return RankTest(u, _exact_p(round(u), len(first), len(second)), True)
    return RankTest(u, _normal_p(u, first, second), False)


def least_p(first_count, second_count):
    """The smallest p that so many repeats can show at all."""
    return min(1.0, 2 / math.comb(first_count + second_count, first_count))


def _exact_p(u, m, n):
    ways = _ways_to_u(m, n)
    total = math.comb(m + n, m)
    below, above = sum(ways[:u + 1]), sum(ways[u:])
    return min(1.0, 2 * min(below, above) / total)


def _ways_to_u(m, n):
    """At u: how many orders of m and n values give that U. The coefficients of the Gaussian
    binomial, one factor (1 - q^(n+i)) / (1 - q^i) after the other."""
    ways = [1] + [0] * (m * n)
    for i in range(1, m + 1):
        for at in range(m * n, n + i - 1, -1):
            ways[at] -= ways[at - n - i]
        for at in range(i, m * n + 1):
            ways[at] += ways[at - i]
    return ways


def _normal_p(u, first, second):
    m, n = len(first), len(second)
    total = m + n
    both = sorted(first + second)
    tied = sum(size ** 3 - size for size in (len(list(group)) for _, group in itertools.groupby(both)))
    variance = m * n / 12 * (total + 1 - tied / (total * (total - 1))) if total > 1 else 0
    if variance <= 0:
        return 1.0
    distance = max(0.0, abs(u - m * n / 2) - 0.5)
    return math.erfc(distance / math.sqrt(2 * variance))


class Line(NamedTuple):
    """y = at_zero + slope * x."""
    slope: float
    at_zero: float


def line(xs, ys):
    """Least squares; None where fewer than two different xs leave the slope open."""
    if len(xs) != len(ys):
        raise ValueError(f"{len(xs)} xs and {len(ys)} ys")
    if len(set(xs)) < 2:
        return None
    middle_x, middle_y = math.fsum(xs) / len(xs), math.fsum(ys) / len(ys)
    slope = (math.fsum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys))
             / math.fsum((x - middle_x) ** 2 for x in xs))
    return Line(slope, middle_y - slope * middle_x)


def explained(xs, ys):
    """R²: the share of the variance of `ys` that their line explains. None where there is no line, or
    all `ys` are the same."""
    found = line(xs, ys)
    middle = math.fsum(ys) / len(ys) if ys else 0
    total = math.fsum((y - middle) ** 2 for y in ys)
    if found is None or total == 0:
        return None
    return 1 - math.fsum((y - found.slope * x - found[1]) ** 2 for x, y in zip(xs, ys)) / total


def _ordered(values):
    if not values:
        raise ValueError("no values")
    return sorted(values)
