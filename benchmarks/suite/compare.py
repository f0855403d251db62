#!/usr/bin/env python3
"""Is B faster than A? Two sets of results side by side, metric by metric.

A and B are folders of results, or single files. Only runs that are OK count. For every
benchmark, variant and metric: median (least – most) of both, the ratio B / A, whether
the ranges are apart, the p of a two-sided Mann-Whitney test, and a verdict:

  faster, slower          p is at most 0.05 (of memory: less, more)
  no difference shown     it is not; that is not the same as "equal"
  too few repeats         fewer than 5 on one side

A ratio may be claimed only where the ranges are apart. Runs of another machine, with
other parameters or another workload are named and not compared.

Examples
  compare.py before/ after/
  compare.py before/ after/ --bench lat-load --format markdown
  compare.py before/ after/ --format json > difference.json
  compare.py before/ after/ --fail-on slower          for a gate: exit code 1

Exit codes: 0 compared, 1 nothing was comparable or --fail-on came true, 64 wrong call,
66 nothing to read.
"""

import json
import sys
from typing import NamedTuple, Optional

import command_line
import machine
import metrics
import repeats
from result import read_folder
from table import Table, as_markdown, as_text

LEAST_REPEATS = 5
ALPHA = 0.05
NO_DIFFERENCE, TOO_FEW = "no difference shown", "too few repeats"


class Row(NamedTuple):
    """One metric; `a` and `b` are the values of the repeats, `p` None of too few."""
    bench: str
    variant: str
    metric: metrics.Metric
    a: list
    b: list
    ratio: Optional[float]
    apart: bool
    p: Optional[float]
    verdict: str


class Comparison(NamedTuple):
    """`refused` are sentences on what was not compared and why."""
    rows: list
    refused: list


def compare(a, b):
    """`a` and `b` are lists of results, of any benchmarks."""
    rows, refused = [], []
    groups_a, groups_b = metrics.groups(a), metrics.groups(b)
    for key in dict.fromkeys([*groups_a, *groups_b]):
        name = " / ".join(key)
        usable = []
        for side, group in (("A", groups_a.get(key, [])), ("B", groups_b.get(key, []))):
            good = [result for result in group if result["verdict"] == "OK"]
            refused += [f"{name}: run {result['repeat']} of {side} is {result['verdict']}"
                        + (f": {result['void_reason']}" if "void_reason" in result else "")
                        for result in group if result["verdict"] != "OK"]
            usable.append(good)
        if not all(usable):
            refused.append(f"{name}: no usable run in {'A' if not usable[0] else 'B'}")
            continue
        why = differences(usable[0] + usable[1])
        if why:
            refused.append(f"{name}: not comparable: {'; '.join(why)}")
            continue
        rows += _rows(key, metrics.by_metric(usable[0]), metrics.by_metric(usable[1]))
    return Comparison(rows, refused)


def differences(results):
    """In what runs that should be repeats of one thing differ; [] where they do not."""
    first, found = results[0], []
    for result in results[1:]:
        if not machine.same_machine(first["env"], result["env"]):
            found.append(f"machine {_machine(first)} and {_machine(result)}")
        keys = sorted(key for key in {*first["params"], *result["params"]}
                      if first["params"].get(key) != result["params"].get(key))
        if keys:
            found.append(f"params {', '.join(keys)}")
        if first["workload_hash"] != result["workload_hash"]:
            found.append("workload_hash")
    return list(dict.fromkeys(found))


def _machine(result):
    env = result["env"]
    return f"{env['cpu']} x {env['cores']} ({env['governor']})"


def _rows(key, a, b):
    rows = []
    for metric in a:
        if metric not in b:
            continue
        middle_a, middle_b = repeats.median(a[metric]), repeats.median(b[metric])
        p = None
        if min(len(a[metric]), len(b[metric])) >= LEAST_REPEATS:
            p = repeats.mann_whitney(a[metric], b[metric]).p
        rows.append(Row(*key, metric, a[metric], b[metric], middle_b / middle_a if middle_a else None,
                        repeats.apart(a[metric], b[metric]), p, _verdict(metric, middle_a, middle_b, p)))
    return rows


def _verdict(metric, middle_a, middle_b, p):
    if p is None:
        return TOO_FEW
    if p > ALPHA or middle_a == middle_b:
        return NO_DIFFERENCE
    if metric.speed:
        return "faster" if (middle_b > middle_a) == metric.higher else "slower"
    return "more" if middle_b > middle_a else "less"


def table(comparison):
    rows = [[row.bench, row.variant, f"{row.metric.name} [{row.metric.unit}]", metrics.range_text(row.a),
             metrics.range_text(row.b), str(len(row.a)) + "+" + str(len(row.b)),
             "–" if row.ratio is None else f"{row.ratio:.3f}", "apart" if row.apart else "overlap",
             "–" if row.p is None else f"{row.p:.4f}", row.verdict] for row in comparison.rows]
    notes = list(comparison.refused)
    tested = sum(row.p is not None for row in comparison.rows)
    if tested:
        notes.append(f"{tested} tests at p = {ALPHA}: about {metrics.short(tested * ALPHA)} of them would find a "
                     "difference where there is none.")
    return Table(["bench", "variant", "metric", "A: median (range)", "B: median (range)", "runs", "B / A", "ranges",
                  "p", "verdict"], rows, frozenset({3, 4, 5, 6, 8}), tuple(notes))


def as_json(comparison):
    rows = [row._asdict() | {"metric": row.metric.name, "unit": row.metric.unit,
                             "better": "higher" if row.metric.higher else "lower"} for row in comparison.rows]
    return json.dumps({"rows": rows, "refused": comparison.refused}, indent=1, ensure_ascii=False) + "\n"


def _parse(argv):
    parser = command_line.Parser(__doc__)
    parser.add_argument("a", metavar="A", help="results from before: a folder or a file")
    parser.add_argument("b", metavar="B", help="results from after")
    parser.add_argument("--bench", help="only that benchmark, as lat-load or vs-latency")
    parser.add_argument("--format", choices=("text", "markdown", "json"), default="text")
    parser.add_argument("--fail-on", choices=("slower", "more"), help="exit code 1 where one verdict is that")
    return parser.parse_args(argv)


def main(argv):
    options = _parse(argv)
    sides = []
    for path in (options.a, options.b):
        try:
            folder = read_folder(path)
        except FileNotFoundError as error:
            print(error, file=sys.stderr)
            return command_line.NO_INPUT
        print("".join(f"skipped {problem}\n" for problem in folder.broken), end="", file=sys.stderr)
        sides.append([result for _, result in folder.results if options.bench in (None, result["bench"])])
    found = compare(*sides)
    write = {"text": lambda: as_text(table(found)), "markdown": lambda: as_markdown(table(found)),
             "json": lambda: as_json(found)}
    print(write[options.format](), end="")
    if not found.rows:
        print("nothing was comparable", file=sys.stderr)
        return command_line.WRONG
    return command_line.WRONG if options.fail_on in [row.verdict for row in found.rows] else command_line.OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
