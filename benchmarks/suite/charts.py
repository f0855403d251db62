"""The charts of a report as inline SVG: each takes results and words, and returns figures
(caption, svg), none where no result has what it shows. Pure.

Only OK runs are drawn. A line is always one real run, the one whose figure is the worst
of the middle three repeats; never an average of runs that nobody saw.
"""

import metrics
import repeats
import spectrum
import svg

MOST_LINES = 6
LEFT, RIGHT, TOP = 62, svg.WIDTH - 16, 40


def usable(results, key):
    return [result for result in results if result["verdict"] == "OK" and result.get(key)]


def headline(runs, value, higher_is_better=False):
    """The run whose value is the worst of the middle three; None where none has one."""
    known = [(value(run), run) for run in runs]
    known = [(found, run) for found, run in known if found is not None]
    if not known:
        return None
    worst = repeats.worst_of_middle_three([found for found, _ in known], higher_is_better)
    return next(run for found, run in known if found == worst)


def by_bench(groups):
    """{bench: [(variant, runs)]}"""
    found = {}
    for (bench, variant), runs in groups.items():
        found.setdefault(bench, []).append((variant, runs))
    return found


def capacity_of(result):
    """The highest rate that was sustained; 0 where none was."""
    return max((point["offered_rate"] for point in result["curve"] if point["sustained"]), default=0)


def capacity(results, words, ids):
    figures = []
    for bench, variants in by_bench(metrics.groups(usable(results, "curve"))).items():
        lines = [(variant, headline(runs, capacity_of, True)) for variant, runs in variants[:MOST_LINES]]
        points = [point for _, run in lines for point in run["curve"] if point.get("p99")]
        if not points:
            continue
        x = svg.scale_of([point["offered_rate"] for point in points], LEFT, RIGHT)
        y = svg.scale_of([point["p99"] for point in points], 250, TOP, log=True)
        parts = svg.axes(x, y, words("offered"), words("p99_axis"))
        for at, (_, run) in enumerate(lines):
            parts += _capacity_line(run, x, y, at)
        said = [words("capacity_is", variant=variant, rate=metrics.range_text([capacity_of(run) for run in runs]))
                for variant, runs in variants]
        key, height = svg.legend([(f"line c{at}", at, said[at]) for at in range(len(lines))], 310)
        figures.append((bench + _more(variants, words), svg.drawing(
            ids, f"{words('capacity')}: {bench}", "; ".join(said), 310 + height, parts + key)))
    return figures


def _capacity_line(run, x, y, colour):
    points = sorted((point for point in run["curve"] if point.get("p99")), key=lambda point: point["offered_rate"])
    places = [(x.at(point["offered_rate"]), y.at(point["p99"])) for point in points]
    parts = [svg.path(places, f"line c{colour}")]
    found = capacity_of(run)
    if found:
        parts.append(svg.line(x.at(found), y.start, x.at(found), y.end, f"mark c{colour}"))
    return parts + [svg.marker(colour if point["sustained"] else "cross", *place, f"dot c{colour}")
                    for point, place in zip(points, places)]


def _p99(result):
    return (result["latency"].get("intended") or {}).get("p99")


def latency(results, words, ids):
    figures = []
    for bench, variants in by_bench(metrics.groups(usable(results, "latency"))).items():
        lines = [(variant, headline(runs, _p99)) for variant, runs in variants]
        lines = [(variant, spectrum.points(run["latency"], "intended"), spectrum.points(run["latency"], "actual_send"))
                 for variant, run in lines if run is not None]
        lines = [line for line in lines if len(line[1]) > 1]
        if lines:
            figures.append((bench + _more(lines, words), _spectrum(bench, lines[:MOST_LINES], words, ids)))
    return figures


def _spectrum(bench, lines, words, ids):
    shares = [share for _, due, sent in lines for share, _ in due + sent]
    values = [value for _, due, sent in lines for _, value in due + sent]
    x = svg.Scale(1, max(20, 1 / (1 - max(shares))) * 1.1, LEFT, RIGHT, True)
    y = svg.scale_of(values, 250, TOP, log=min(values) > 0 and max(values) > 20 * min(values))
    ticks = [(size, name) for size, name in ((2, "50"), (10, "90"), (100, "99"), (1000, "99.9"), (1e4, "99.99"),
                                             (1e5, "99.999")) if size <= x.high]
    parts = svg.axes(x, y, words("percentile_axis") + ", %", words("latency_axis"), x_ticks=ticks)
    entries = []
    for at, (variant, due, sent) in enumerate(lines):
        parts.append(svg.path(_places(sent, x, y), f"line dashed c{at}"))
        parts.append(svg.path(_places(due, x, y), f"line c{at}"))
        parts += [svg.marker(at, *place, f"dot c{at}") for place in _places(due, x, y)[:40:max(1, len(due) // 6)]]
        entries.append((f"line c{at}", at, f"{variant} – {words('corrected')}"))
        if sent:
            entries.append((f"line dashed c{at}", None, f"{variant} – {words('uncorrected')}"))
    key, height = svg.legend(entries, 310)
    description = words("desc_lines", x=words("percentile_axis"), y=words("latency_axis"), names="; ".join(
        f"{variant} p99 {_near(due, 0.99)} ms" for variant, due, _ in lines))
    return svg.drawing(ids, f"{words('spectrum')}: {bench}", description, 310 + height, parts + key)


def _places(points, x, y):
    return [(x.at(1 / (1 - share)), y.at(value)) for share, value in points]


def _near(points, share):
    return metrics.short(next((value for at, value in points if at >= share), points[-1][1]))


def _rate(result):
    return capacity_of(result) if result.get("curve") else result.get("achieved_rate")


def scaling(results, words, ids):
    """Of the benchmark `parts`, whose runs tell params.partitions."""
    rates = {}
    for result in results:
        count = result["params"].get("partitions")
        if result["verdict"] == "OK" and result["bench"] == "parts" and _is_count(count) and _rate(result):
            rates.setdefault(count, []).append(_rate(result))
    if len(rates) < 2:
        return []
    counts = sorted(rates)
    one = repeats.median(rates[counts[0]]) / counts[0]
    y = svg.scale_of([rate for group in rates.values() for rate in group] + [one * counts[-1]], 250, TOP)
    step = (RIGHT - LEFT) / len(counts)
    middles = [LEFT + step * (at + 0.5) for at in range(len(counts))]
    x = svg.Scale(0, 1, LEFT, RIGHT)
    parts = svg.axes(x, y, words("partitions"), words("rate_axis"), x_ticks=[])
    said = []
    for count, middle in zip(counts, middles):
        found = repeats.spread(rates[count])
        share = f"{100 * found.middle / (one * count):.0f} %"
        said.append(f"{count}: {metrics.range_text(rates[count])}, {share}")
        parts.append(f'<rect x="{middle - step * 0.28:g}" y="{y.at(found.middle):g}" width="{step * 0.56:g}" '
                     f'height="{y.start - y.at(found.middle):g}" class="bar c0"/>')
        parts += [svg.line(middle, y.at(found.least), middle, y.at(found.most), kind) for kind in ("halo", "whisker")]
        parts.append(svg.text(middle, y.start + 20, str(count), "middle", "tick"))
        parts.append(svg.text(middle, y.start - 8, share, "middle", "in-bar"))
    ideal = [(middle, y.at(one * count)) for count, middle in zip(counts, middles)]
    parts.append(svg.path(ideal, "line dashed c1"))
    parts += [svg.marker(1, *place, "dot c1") for place in ideal]
    key, height = svg.legend([("line dashed c1", 1, words("ideal"))], 310)
    return [("parts", svg.drawing(ids, words("scaling"), words("desc_bars", names="; ".join(said)), 310 + height,
                                  parts + key))]


def _is_count(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 1


def _total(result):
    return sum(part["ns"] for part in result["cost"])


def cost(results, words, ids):
    figures = []
    for (bench, variant), runs in metrics.groups(usable(results, "cost")).items():
        run = headline(runs, _total)
        if _total(run) > 0:
            figures.append((f"{bench} – {variant}", _waterfall(f"{bench} – {variant}", run["cost"], words, ids)))
    return figures


def _waterfall(name, parts, words, ids):
    total = sum(part["ns"] for part in parts)
    rows = [(part["part"], part["ns"]) for part in parts]
    left = min(190, 16 + max(svg.text_width(row) for row, _ in [*rows, (words("total"), 0)]))
    x = svg.Scale(0, total, left, svg.WIDTH - 120)
    drawn, begin = [], 0
    for at, (row, ns) in enumerate([*rows, (words("total"), total)]):
        y = 8 + at * 30
        last = at == len(rows)
        begin = 0 if last else begin
        drawn.append(svg.text(left - 8, y + 16, svg.shortened(row, left - 10), "end", "name" if last else ""))
        drawn.append(f'<rect x="{x.at(begin):g}" y="{y}" width="{max(1.0, x.at(ns) - x.at(0)):g}" height="22" '
                     f'class="bar {"c0" if last else "c1"}"/>')
        drawn.append(svg.text(x.at(begin + ns) + 6, y + 16, f"{metrics.short(ns)} ns"
                              + ("" if last else f" · {100 * ns / total:.0f} %")))
        begin += ns
        if at < len(rows) - 1:
            drawn.append(svg.line(x.at(begin), y + 22, x.at(begin), y + 30, "axis"))
    said = words("desc_bars", names="; ".join(f"{row} {metrics.short(ns)} ns" for row, ns in rows))
    return svg.drawing(ids, f"{words('cost')}: {name}", said, 16 + 30 * (len(rows) + 1), drawn)


def _more(lines, words):
    return "" if len(lines) <= MOST_LINES else " – " + words("more", count=len(lines) - MOST_LINES)
