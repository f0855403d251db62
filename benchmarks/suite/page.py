"""A report as one HTML page that needs nothing else: no address, no font, no library. Pure.

Sections are left out where no result has what they show. What comes from results is
escaped; the page's own policy forbids it to load or send anything.
"""

import itertools
import json
import pathlib

import charts
import peer_chart
import report_tables
import series_chart
from svg import escape

FOLDER = pathlib.Path(__file__).resolve().parent
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
LONG = 40


class Ids:
    """Names that no other element of the page has."""

    def __init__(self):
        self._next = itertools.count(1)

    def __call__(self):
        return f"n{next(self._next)}"


def page(results, broken, words):
    """`results` are valid ones, ordered by bench, variant and repeat."""
    ids = Ids()
    tables, sections = report_tables, []

    def add(key, content, lead=None):
        if content:
            sections.append(_section(ids, words(key), words(key + "_lead") if lead is None else lead, content))

    def one(key, found):
        return _table(found, words(key)) if found else ""
    add("questions", one("questions", tables.questions(results, words)), "")
    add("goals", one("goals", tables.goals(results, words)))
    peers = tables.peers(results, words)
    add("peers", "".join(f"<h3>{escape(bench)}</h3>" + _table(found, bench) for bench, _, found in peers)
        + _figures(peer_chart.peers(results, words, ids)),
        words("peers_lead", base=", ".join(dict.fromkeys(base for _, base, _ in peers))))
    for key, draw in (("capacity", charts.capacity), ("spectrum", charts.latency), ("series", series_chart.series),
                      ("scaling", charts.scaling), ("cost", charts.cost)):
        add(key, _figures(draw(results, words, ids)))
    add("figures", one("figures", tables.figures(results, words)))
    add("correctness", one("correctness", tables.correctness(results, words)))
    add("excluded", one("excluded", tables.excluded(results, broken, words)))
    add("disclosure", one("disclosure", tables.disclosure(results, words))
        + one("commands", tables.commands(results, words)), "")
    return _whole(words, _head(results, words), sections, results)


def _whole(words, head, sections, results):
    language = {"en": "en", "zh": "zh-CN"}[words.language]
    style, script = ((FOLDER / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    # No "<" at all: neither "</script" nor "<!--" can end or change the element.
    data = json.dumps(results, ensure_ascii=False, indent=None).replace("<", "\\u003c")
    return "\n".join([
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(words('title'))}</title>\n<style>\n{style}</style>\n</head>\n<body>", head, "<main>",
        *sections,
        f'</main>\n<p class="soft">{escape(words("raw"))}</p>',
        f'<script type="application/json" id="results">{data}</script>',
        f"<script>\n{script}</script>\n</body>\n</html>\n"])


def summary(results, words):
    """The first sentences of a report, on page and in Markdown; warnings after the first."""
    verdicts = [result["verdict"] for result in results]
    met, goals = report_tables.goals_met(results)
    found = [words("summary", runs=len(results), ok=verdicts.count("OK"), void=verdicts.count("VOID"),
                   failed=verdicts.count("FAILED"), met=met, goals=goals) if results else words("empty")]
    if report_tables.machines(results) > 1:
        found.append(words("machines", count=report_tables.machines(results)))
    mixed = report_tables.mixed(results)
    if mixed:
        found.append(words("mixed", names=", ".join(mixed)))
    if any(result["env"]["git"]["dirty"] for result in results):
        found.append(words("dirty"))
    return found


def _head(results, words):
    first, *warnings = summary(results, words)
    return (f"<header><h1>{escape(words('title'))}</h1><p>{escape(first)}</p>"
            + "".join(f'<p class="warning">{escape(warning)}</p>' for warning in warnings) + "</header>")


def _section(ids, title, lead, content):
    name = ids()
    lead = f'<p class="soft">{escape(lead)}</p>' if lead else ""
    return f'<section aria-labelledby="{name}"><h2 id="{name}">{escape(title)}</h2>{lead}{content}</section>'


def _figures(found):
    drawn = "".join(f"<figure><figcaption>{escape(caption)}</figcaption>{drawing}</figure>"
                    for caption, drawing in found)
    return f'<div class="figures">{drawn}</div>' if drawn else ""


def _table(found, name):
    head = "".join(f'<th scope="col"{_kind(at, found)}>{escape(cell)}</th>' for at, cell in enumerate(found.head))
    rows = "".join("<tr>" + "".join(f"<td{_kind(at, found, cell)}>{escape(cell)}</td>" for at, cell in enumerate(row))
                   + "</tr>" for row in found.rows)
    head = f"<thead><tr>{head}</tr></thead>" if any(found.head) else ""
    # Reachable by keyboard, since it may have to be scrolled sideways.
    return (f'<div class="wide" role="region" tabindex="0" aria-label="{escape(name)}"><table>{head}'
            f"<tbody>{rows}</tbody></table></div>")


def _kind(at, found, cell=""):
    if at in found.right:
        return ' class="number"'
    return ' class="long"' if len(cell) > LONG else ""
