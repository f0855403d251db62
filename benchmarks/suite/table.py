"""A table as a value, and as aligned text, Markdown, or JSON rows. Pure.

Wide characters (Chinese) take two columns of a terminal and are aligned as such.
"""

import unicodedata
from typing import NamedTuple


class Table(NamedTuple):
    """`rows` are lists of texts as long as `head`; the columns whose numbers are in `right`
    are aligned to the right. `notes` are sentences below it."""
    head: list
    rows: list
    right: frozenset = frozenset()
    notes: tuple = ()


def width(text):
    return sum(0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
               for sign in text)


def as_text(table):
    sizes = [max(width(row[at]) for row in [table.head, *table.rows]) for at in range(len(table.head))]
    lines = [_line(row, sizes, table.right) for row in [table.head, *table.rows]]
    return "\n".join([*lines, *table.notes]) + "\n"


def _line(row, sizes, right):
    cells = []
    for at, (cell, size) in enumerate(zip(row, sizes)):
        space = " " * (size - width(cell))
        cells.append(space + cell if at in right else cell + space)
    return "  ".join(cells).rstrip()


def as_markdown(table):
    rule = ["---:" if at in table.right else "---" for at in range(len(table.head))]
    lines = ["| " + " | ".join(_escaped(cell) for cell in row) + " |" for row in [table.head, rule, *table.rows]]
    return "\n".join(lines) + "\n" + "".join(f"\n{_escaped(note)}\n" for note in table.notes)


def _escaped(cell):
    return (cell.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("`", "\\`")
            .replace("\n", " "))
