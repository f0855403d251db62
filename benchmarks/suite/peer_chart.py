"""What engines cost beside each other, as bars with their ranges; also as a file of its own, for a README.
Pure.

Medians are drawn, since a bar stands for all repeats; the whisker goes from the least to the most.
"""

import pathlib
import re

import metrics
import repeats
import report_tables
import svg

ROW, BAR = 34, 20
STYLE = pathlib.Path(__file__).resolve().parent / "page.css"


def peers(results, words, ids):
    """Figures (caption, svg): one of each benchmark that runs other engines, and each metric of `DRAWN` there."""
    figures = []
    groups = metrics.groups([one for one in results
                             if one["verdict"] == "OK" and one["bench"].startswith(report_tables.PEERS)])
    for bench in dict.fromkeys(bench for bench, _ in groups):
        engines = {variant: metrics.by_metric(runs) for (name, variant), runs in groups.items() if name == bench}
        metric = next((metric for values in engines.values() for metric in values if metric.name in DRAWN), None)
        rows = sorted(((repeats.spread(values[metric]), variant) for variant, values in engines.items()
                       if metric in values), key=lambda row: row[0].middle)
        if len(rows) > 1:
            figures.append((f"{bench}: {words.metric(metric)}", _bars(bench, metric, rows, words, ids)))
    return figures


# Of each benchmark the first that its results have.
DRAWN = ("CPU", "latency p99", "recovery")


def _bars(bench, metric, rows, words, ids):
    left = min(200, 16 + max(svg.text_width(variant) for _, variant in rows))
    x = svg.Scale(0, max(found.most for found, _ in rows), left, svg.WIDTH - 90)
    base = report_tables.base_of([variant for _, variant in rows])
    parts = []
    for at, (found, variant) in enumerate(rows):
        y = 8 + at * ROW
        ours = variant == base
        parts.append(svg.text(left - 8, y + 15, svg.shortened(variant, left - 10), "end", "name" if ours else ""))
        parts.append(f'<rect x="{x.at(0):g}" y="{y}" width="{max(1.0, x.at(found.middle) - x.at(0)):g}" '
                     f'height="{BAR}" class="bar {"c0" if ours else "c1"}"/>')
        parts += [svg.line(x.at(found.least), y + BAR / 2, x.at(found.most), y + BAR / 2, kind)
                  for kind in ("halo", "whisker")]
        parts.append(svg.text(x.at(found.most) + 6, y + 15, metrics.short(found.middle)))
    said = words("desc_bars", names="; ".join(f"{variant} {metrics.range_text([found.least, found.middle, found.most])}"
                                              for found, variant in rows))
    parts.append(svg.text(left, 8 + len(rows) * ROW + 12, words.metric(metric), "start", "tick"))
    return svg.drawing(ids, f"{bench}: {metric.name}", said, 28 + ROW * len(rows), parts)


def standalone(drawing):
    """The same as a file: it says what it is, and holds the page's colours, light and dark."""
    colours = re.match(r"(?s).*?(:root \{.*?\} \})", STYLE.read_text(encoding="utf-8")).group(1)
    rules = ("svg { background: var(--paper); font-family: system-ui, sans-serif; } text { font-size: 14px; fill: var(--ink); }"
             " .tick { fill: var(--soft); } .name { font-weight: 600; } .bar.c0 { fill: var(--c0); }"
             " .bar.c1 { fill: var(--c1); } .halo { stroke: var(--paper); stroke-width: 6; }"
             " .whisker { stroke: var(--ink); stroke-width: 2; }")
    return drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace(
        "<title", f"<style>{colours} {rules}</style><title", 1) + "\n"
