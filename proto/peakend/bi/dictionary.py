#!/usr/bin/env python3
"""Prints the dictionary of BI columns, made from the comments of the row messages.

    proto/peakend/bi/dictionary.py > docs/bi-columns.md
"""

import row_messages

# Fields 1 to 12 are the same in all messages; those whose comment is equal everywhere are told once.
SHARED = range(1, 13)

HEAD = """# Columns of the BI rows

Made by `proto/peakend/bi/dictionary.py` from the comments in `proto/peakend/bi/v1`; not to be edited by hand.
How rows, versions and deletions work, and which view answers which question: [bi.md](bi.md).

Types are those of PostgreSQL. In the row messages text is `string`, `bigint` is `int64`, `integer` is `int32`, and a
`date` is a string `YYYY-MM-DD`. Text that is empty in a message is NULL in a table where the column may be NULL. Times
(`*_at_ms`, `*_until_ms`) are milliseconds since 1970-01-01 UTC; durations (`*_ms`) are milliseconds. A column named
`end` must be quoted: `"end"`.
"""

REVISION = """## journey_revision

Every version of every journey, never changed: what a report said at an earlier time. Columns as in
[journeys](#journeys). Key: `journey_id` and `row_version`. Filled from the topic `peakend.bi.journey.v1`.
"""

DELIVERY_MEANINGS = {
    "published_at_ms": "Timestamp of the row's own record on its topic, UTC.",
    "row_partition": "Partition of that record.",
    "row_offset": "Offset of that record.",
}


def table(rows):
    lines = ["| column | type | nullable | meaning |", "|---|---|---|---|"]
    for name, kind, nullable, meaning in rows:
        meaning = meaning.replace("|", "\\|").replace("\n\n", " ")
        lines.append(f"| `{name}` | {kind} | {'yes' if nullable else ''} | {meaning} |")
    return "\n".join(lines)


def rows_of(fields):
    return [(field.name, field.sql_type, field.is_nullable, field.comment) for field in fields]


def is_told_once(messages, number):
    """Whether field `number` has the same name and comment in all messages."""
    return len({(message.fields[number - 1].name, message.fields[number - 1].comment) for message in messages}) == 1


def section(message, once):
    told = [field for field in message.fields if field.number not in once]
    return "\n".join([
        f"## {message.table}", "", message.comment, "",
        f"Message `peakend.bi.v1.{message.name}`. Tables are partitioned by `business_date`, a day each. Beside these it has "
        "the [columns of all tables](#columns-of-all-tables).", "", table(rows_of(told)), ""])


def dictionary(messages):
    once = {number for number in SHARED if is_told_once(messages, number)}
    shared = rows_of([field for field in messages[0].fields if field.number in once])
    shared += [(name, kind, False, DELIVERY_MEANINGS[name]) for name, kind in row_messages.DELIVERY]
    parts = [HEAD, "## Columns of all tables\n\n" + table(shared) + "\n"]
    for message in messages:
        parts.append(section(message, once))
        if message.table == "journeys":
            parts.append(REVISION)
    return "\n".join(parts)


if __name__ == "__main__":
    print(dictionary(row_messages.read()), end="")
