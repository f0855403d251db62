"""What happened over time: one panel a column, one below the other on one axis, with marks
where the run was disturbed. Pure.

Each panel is an <svg> of its own coordinates inside the drawing: page.js zooms by giving
it a smaller view. Without scripts it shows the whole run.
"""

import metrics
import svg

MOST_POINTS = 600
MOST_RUNS = 12
LEFT, RIGHT, PANEL, GAP, TOP = 62, svg.WIDTH - 12, 84, 40, 34


def series(results, words, ids):
    """Figures (caption, svg): one run of each variant, the first that is OK."""
    figures = []
    for (bench, variant), runs in metrics.groups(results).items():
        run = next((run for run in runs if run["verdict"] == "OK" and _is_drawable(run.get("series"))), None)
        if run is not None:
            figures.append((f"{bench} – {variant} ({words('run')} {run['repeat']})",
                            _panels(f"{bench} – {variant}", run["series"], words, ids)))
    return figures[:MOST_RUNS]


def _is_drawable(found):
    return bool(found) and len(found["t"]) > 1 and found["t"][-1] > found["t"][0] and any(
        value is not None for column in found["columns"].values() for value in column)


def _panels(name, found, words, ids):
    times = found["t"]
    x = svg.Scale(times[0], times[-1], LEFT, RIGHT)
    columns = [(column, values) for column, values in found["columns"].items()
               if any(value is not None for value in values)]
    marks = [mark for mark in found.get("marks", []) if times[0] <= mark["t"] <= times[-1]]
    parts, top, said = [], TOP + 20 * _rows(marks, x), []
    parts += _mark_labels(marks, x)
    for at, (column, values) in enumerate(columns):
        parts += _panel(words.series(column), times, values, marks, x, top + 4, at % svg.COLOURS)
        known = [value for value in values if value is not None]
        said.append(f"{words.series(column)} {metrics.short(min(known))} – {metrics.short(max(known))}")
        top += PANEL + GAP
    bottom = top - GAP + 6
    parts.append(svg.line(LEFT, bottom, RIGHT, bottom, "axis"))
    ticks = "".join(svg.text(x.at(tick), bottom + 19, svg.short_number(tick), "middle", "tick") for tick in x.ticks(8))
    parts.append(f'<g class="times" data-y="{bottom + 19}">{ticks}</g>')
    parts.append(svg.text(RIGHT, bottom + 38, words("seconds"), "end", "name"))
    events = ", ".join(f"{mark['label']} {svg.short_number(mark['t'])} s" for mark in marks)
    description = words("desc_series", seconds=svg.short_number(times[-1] - times[0]),
                        names="; ".join([*said, *([events] if events else [])]))
    drawn = svg.drawing(ids, f"{words('series')}: {name}", description, bottom + 46, parts)
    buttons = "".join(f'<button type="button" data-do="{do}">{svg.escape(words(key))}</button>' for do, key in (
        ("in", "zoom_in"), ("out", "zoom_out"), ("left", "left"), ("right", "right_side"), ("all", "reset")))
    return (f'<div class="zoom" data-from="{times[0]}" data-to="{times[-1]}" data-left="{LEFT}" data-right="{RIGHT}">'
            f'{drawn}<p class="buttons" hidden>{buttons}</p></div>')


def _panel(title, times, values, marks, x, top, colour):
    y = svg.scale_of([value for value in values if value is not None], PANEL, 0)
    parts = [svg.text(4, top - 10, title, "start", "name")]
    for tick in y.ticks(3):
        parts.append(svg.line(LEFT, top + y.at(tick), RIGHT, top + y.at(tick), "grid"))
        parts.append(svg.text(LEFT - 6, top + y.at(tick) + 5, svg.short_number(tick), "end", "tick"))
    inside = [svg.line(x.at(mark["t"]) - LEFT, 0, x.at(mark["t"]) - LEFT, PANEL, "event") for mark in marks]
    places = [None if value is None else (round(x.at(t) - LEFT, 1), y.at(value))
              for t, value in thinned(times, values, MOST_POINTS)]
    inside.append(svg.path(places, f"line thin c{colour}"))
    parts.append(f'<svg class="panel" x="{LEFT}" y="{top}" width="{RIGHT - LEFT}" height="{PANEL}" '
                 f'viewBox="0 0 {RIGHT - LEFT} {PANEL}" preserveAspectRatio="none">' + "".join(inside) + "</svg>")
    return parts


def _spans(marks, x):
    """Where each label goes: (x, row, anchor, text), so that none covers another."""
    ends, found = [], []
    for mark in sorted(marks, key=lambda mark: mark["t"]):
        words = svg.shortened(f"{mark['label']} {svg.short_number(mark['t'])} s", 220)
        width, at = svg.text_width(words), x.at(mark["t"])
        right = at + width > RIGHT
        begin = at - width if right else at
        row = next((row for row, end in enumerate(ends) if end < begin), len(ends))
        ends[row:row + 1] = [at if right else at + width + 8]
        found.append((at, row, "end" if right else "start", words, mark["t"]))
    return found


def _rows(marks, x):
    return max((span[1] + 1 for span in _spans(marks, x)), default=0)


def _mark_labels(marks, x):
    return [svg.text(at, 18 + row * 20, words, anchor, "label", f' data-t="{t}"')
            for at, row, anchor, words, t in _spans(marks, x)]


def thinned(times, values, most):
    """At most `most` pairs (t, value): of every bucket the least and the most, in order, so
    that no peak is lost. A gap (None) stays where its bucket has nothing else."""
    whole = list(zip(times, values))
    if len(whole) <= most:
        return whole
    size, found = 2 * len(times) / most, []
    for bucket in range(most // 2):
        pairs = whole[int(bucket * size):int((bucket + 1) * size)]
        known = [pair for pair in pairs if pair[1] is not None]
        if not known:
            found += pairs[:1]
            continue
        low, high = min(known, key=lambda pair: pair[1]), max(known, key=lambda pair: pair[1])
        found += sorted({low, high})
    return found
