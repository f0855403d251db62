"""Parts of inline SVG: text that is safe, scales with readable ticks, a frame with axes. Pure.

Colours are classes of page.css, so that one drawing serves light, dark and paper. What a
colour tells is also told by a marker, a dash or a word.
"""

import html
import math
import re
from typing import NamedTuple

WIDTH = 520
COLOURS = 6
LETTER = 7.4  # Pixels that a letter of the 14 pixel font takes, about.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def escape(text):
    return html.escape(_FORBIDDEN.sub("\ufffd", str(text)), quote=True)


def text_width(text):
    return sum(LETTER * (1.9 if ord(sign) > 0x2e7f else 1) for sign in text)


def shortened(text, width):
    if text_width(text) <= width:
        return text
    while text and text_width(text) > width - LETTER:
        text = text[:-1]
    return text + "…"


class Scale(NamedTuple):
    """From a value between `low` and `high` to a pixel between `start` and `end`. REQUIRES:
    low < high, and 0 < low of a logarithmic one."""
    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def at(self, value):
        if self.log:
            share = (math.log(max(value, self.low)) - math.log(self.low)) / (math.log(self.high) - math.log(self.low))
        else:
            share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self, about=5):
        return _log_ticks(self.low, self.high) if self.log else _linear_ticks(self.low, self.high, about)


def scale_of(values, start, end, from_zero=True, log=False):
    """A scale with some room above; also of no, one or equal values."""
    values = [value for value in values if math.isfinite(value) and not (log and value <= 0)] or [1]
    low, high = min(values), max(values)
    if log:
        return Scale(low / 1.2, high * 1.3, start, end, True)
    if from_zero and low >= 0:
        low = 0
    room = (high - low) * 0.08 or abs(high) * 0.1 or 1
    return Scale(low if low == 0 else low - room, high + room, start, end)


def _linear_ticks(low, high, about):
    raw = (high - low) / about
    power = 10 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * 0.99)
    first = math.ceil(low / step)
    return [round(at * step, 12) for at in range(first, math.floor(high / step * (1 + 1e-12)) + 1)]


def _log_ticks(low, high):
    factors = (1,) if high / low > 1000 else (1, 2, 5)
    found = [factor * 10.0 ** power for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
             for factor in factors]
    return [tick for tick in found if low <= tick <= high]


def short_number(value):
    """Of a tick: 20k, 1.5M, 0.05."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.6g}{letter}"
    return f"{value:.6g}"


def text(x, y, words, anchor="start", kind="", extra=""):
    cls = f' class="{kind}"' if kind else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{cls}{extra}>{escape(words)}</text>'


def line(x1, y1, x2, y2, kind):
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" class="{kind}"/>'


def path(points, kind):
    """Through points (x, y); None between them is a gap."""
    words, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        words.append(f"{pen}{point[0]:g} {point[1]:g}")
        pen = "L"
    return f'<path d="{"".join(words)}" class="{kind}" fill="none"/>' if words else ""


def marker(shape, x, y, kind):
    """Shapes 0 to 5 differ without colour; "cross" is what was not sustained."""
    if shape == "cross":
        return f'<path d="M{x - 5:g} {y - 5:g}l10 10m0 -10l-10 10" class="{kind} cross" fill="none"/>'
    outlines = (None, "m0 -5l5 5l-5 5l-5 -5z", "m-4 -4l8 0l0 8l-8 0z", "m0 -5l5 9l-10 0z", "m0 5l5 -9l-10 0z",
                "m-2 -5l4 0l0 10l-4 0z")
    outline = outlines[shape % len(outlines)]
    if outline is None:
        return f'<circle cx="{x:g}" cy="{y:g}" r="4" class="{kind}"/>'
    return f'<path d="M{x:g} {y:g}{outline}" class="{kind}"/>'


def drawing(ids, title, description, height, parts):
    """The whole <svg>, which tells a screen reader what it shows."""
    name = ids()
    return (f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-labelledby="{name}-t {name}-d">'
            f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(description)}</desc>'
            + "".join(parts) + "</svg>")


def axes(x, y, x_label, y_label, x_ticks=None, y_ticks=None):
    """Grid, tick labels and names of the axes. Ticks are pairs (value, text); default: the
    scales' own. The name of y stands above it, which is readable without turning."""
    x_ticks = [(tick, short_number(tick)) for tick in x.ticks()] if x_ticks is None else x_ticks
    y_ticks = [(tick, short_number(tick)) for tick in y.ticks()] if y_ticks is None else y_ticks
    parts = []
    for tick, words in y_ticks:
        parts.append(line(x.start, y.at(tick), x.end, y.at(tick), "grid"))
        parts.append(text(x.start - 6, y.at(tick) + 5, words, "end", "tick"))
    for tick, words in x_ticks:
        parts.append(line(x.at(tick), y.start, x.at(tick), y.start + 5, "axis"))
        parts.append(text(x.at(tick), y.start + 20, words, "middle", "tick"))
    parts.append(line(x.start, y.start, x.end, y.start, "axis"))
    parts.append(text(x.end, y.start + 38, x_label, "end", "name"))
    parts.append(text(4, y.end - 18, y_label, "start", "name"))
    return parts


def legend(entries, y):
    """`entries` are (class, shape or None, text). Returns (parts, height)."""
    parts, x, row = [], 8, 0
    for kind, shape, words in entries:
        words = shortened(words, WIDTH - 60)
        size = 34 + text_width(words) + 10
        if x > 8 and x + size > WIDTH:
            x, row = 8, row + 1
        middle = y + row * 21
        if "line" in kind.split():
            parts.append(line(x, middle, x + 26, middle, kind))
        if shape is not None:
            parts.append(marker(shape, x + 13, middle, kind.replace("line", "dot").replace(" dashed", "")))
        parts.append(text(x + 32, middle + 5, words))
        x += size
    return parts, (row + 1) * 21
