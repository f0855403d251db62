#!/usr/bin/env python3
"""Makes a report of a folder of results: one HTML file that needs nothing else.

It can be sent by mail, opened without a network and printed; scripts are needed only to
zoom. Goals, other engines, capacity, latency, runs over time, scaling, cost, all
figures, correctness, machine and commands: what no result tells is left out. The
results themselves are inside.

Examples
  report.py results/ --output report.html
  report.py results/ --lang zh --output report.zh.html
  report.py results/ --markdown > report.md                   for a pull request
  report.py results/ more/ --bench lat-load --output latency.html
  report.py results/ --bench vs-throughput --chart --output peers.svg

Exit codes: 0 written, 64 wrong call, 66 nothing to read, 74 cannot write.
"""

import os
import sys
import tempfile

import command_line
import peer_chart
import report_tables
from page import Ids, page, summary
from result import read_folder
from table import as_markdown
from words import LANGUAGES, Words


def markdown(results, broken, words):
    """The tables of the report; what is drawn there stands in its figures here."""
    parts = [f"## {words('title')}\n"] + [f"{sentence}\n" for sentence in summary(results, words)]

    def add(key, table, lead=""):
        if table:
            parts.append(f"### {words(key)}\n\n" + (f"{lead}\n\n" if lead else "") + as_markdown(table))
    add("questions", report_tables.questions(results, words))
    add("goals", report_tables.goals(results, words), words("goals_lead"))
    for bench, base, table in report_tables.peers(results, words):
        parts.append(f"### {words('peers')}: {bench}\n\n{words('peers_lead', base=base)}\n\n" + as_markdown(table))
    add("figures", report_tables.figures(results, words), words("figures_lead"))
    add("correctness", report_tables.correctness(results, words), words("correctness_lead"))
    add("excluded", report_tables.excluded(results, broken, words), words("excluded_lead"))
    add("disclosure", report_tables.disclosure(results, words))
    add("commands", report_tables.commands(results, words))
    return "\n".join(parts)


def _parse(argv):
    parser = command_line.Parser(__doc__)
    parser.add_argument("folders", metavar="FOLDER", nargs="+", help="results: folders or files")
    parser.add_argument("--output", metavar="FILE", help="where to (standard output)")
    parser.add_argument("--lang", choices=LANGUAGES, default="en")
    parser.add_argument("--markdown", action="store_true", help="tables only, as Markdown")
    parser.add_argument("--chart", action="store_true", help="only the first chart of other engines, as SVG")
    parser.add_argument("--bench", action="append", help="only that benchmark; may be repeated")
    return parser.parse_args(argv)


def main(argv):
    options = _parse(argv)
    results, broken = [], []
    for name in options.folders:
        try:
            folder = read_folder(name)
        except FileNotFoundError as error:
            print(error, file=sys.stderr)
            return command_line.NO_INPUT
        known = {result["run_id"] for result in results}
        results += [result for _, result in folder.results if result["run_id"] not in known
                    and (not options.bench or result["bench"] in options.bench)]
        broken += folder.broken
    print("".join(f"skipped {problem}\n" for problem in broken), end="", file=sys.stderr)
    if options.chart:
        charts = peer_chart.peers(results, Words(options.lang), Ids())
        if not charts:
            print("no result is of two engines that did their job", file=sys.stderr)
            return command_line.NO_INPUT
        text = peer_chart.standalone(charts[0][1])
    else:
        text = (markdown if options.markdown else page)(results, broken, Words(options.lang))
    if options.output is None:
        sys.stdout.write(text)
        return command_line.OK
    try:
        _replace(options.output, text)
    except OSError as error:
        print(f"cannot write {options.output}: {error.strerror}", file=sys.stderr)
        return command_line.NO_OUTPUT
    return command_line.OK


def _replace(path, text):
    # Whole or not at all: a report that ends in the middle looks like a short one.
    handle, part = tempfile.mkstemp(prefix=".", suffix=".part", dir=os.path.dirname(path) or ".")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(part, 0o644)
        os.replace(part, path)
    except OSError:
        os.unlink(part)
        raise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
