"""Curves through measured points, which never fall. Pure.

What is measured scatters, and what it stands for does not: more load is never sooner.
Points that already rise are met exactly. A run of points that falls is put together and
has their median, so that one stall among several runs moves little. Between two points
the curve is a straight line, and before the first one it is level. Nothing is told
beyond the last one: a queue that saturates gives no sign of it before.
"""

from typing import NamedTuple

import repeats


class Point(NamedTuple):
    x: float
    y: float


def rising(points):
    """The nearest points that never fall, by the sum of distances; one for each x, in their
    order. REQUIRES: at least one (x, y)."""
    blocks = []
    for x in sorted({x for x, _ in points}):
        blocks.append(([x], [y for other, y in points if other == x]))
        while len(blocks) > 1 and repeats.median(blocks[-2][1]) > repeats.median(blocks[-1][1]):
            xs, ys = blocks.pop()
            blocks[-1] = (blocks[-1][0] + xs, blocks[-1][1] + ys)
    return [Point(x, repeats.median(ys)) for xs, ys in blocks for x in xs]


def around(curve, x):
    """The two points between which x lies; the same one twice at a point, before the first
    and beyond the last."""
    before = max((point for point in curve if point.x <= x), default=curve[0])
    after = min((point for point in curve if point.x >= x), default=curve[-1])
    return (after, after) if x <= curve[0].x else (before, after)


def at(curve, x):
    low, high = around(curve, x)
    if low.x == high.x:
        return low.y
    return low.y + (high.y - low.y) * (x - low.x) / (high.x - low.x)


def furthest(curve, y):
    """The largest x whose value is at most y; None where even the first one is more."""
    if curve[0].y > y:
        return None
    within = [point for point in curve if point.y <= y]
    low, beyond = within[-1], curve[len(within):]
    if not beyond:
        return low.x
    return low.x + (beyond[0].x - low.x) * (y - low.y) / (beyond[0].y - low.y)
