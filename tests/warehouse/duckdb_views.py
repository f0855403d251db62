"""The warehouse's views in DuckDB, over rows in files: the same text of the views as PostgreSQL has.

Needs the package duckdb. Of PostgreSQL's functions only `enough` and `share` are there.
"""

import re

import duckdb

from warehouse import MESSAGES, MIGRATIONS

VIEWS = ("006_latest_views.sql", "007_experience_views.sql", "008_outcome_views.sql")
TYPES = {"text": "VARCHAR", "bigint": "BIGINT", "integer": "INTEGER", "double precision": "DOUBLE", "boolean": "BOOLEAN",
         "date": "DATE"}
MACROS = """CREATE MACRO enough(value, n) AS CASE WHEN n >= 30 THEN value END;
CREATE MACRO share(part, whole) AS CASE WHEN whole >= 30 THEN part::DOUBLE / whole END;"""
# Each function stands before its comment.
FUNCTION = re.compile(r"^CREATE FUNCTION .*?^COMMENT ON FUNCTION .*?;$", re.MULTILINE | re.DOTALL)


def _table(message, path):
    """The newest version of each key, as the sink has it in its table."""
    types = ", ".join(f"'{field.name}': '{TYPES[field.sql_type]}'" for field in message.fields)
    columns = ", ".join(f"""nullif("{field.name}", '') AS "{field.name}\"""" if field.is_nullable and field.type == "string"
                        else f'"{field.name}"' for field in message.fields)
    return f"""CREATE TABLE {message.table} AS
        SELECT {columns}, 0::BIGINT AS published_at_ms, 0 AS row_partition, 0::BIGINT AS row_offset
          FROM read_json('{path}', format = 'newline_delimited', columns = {{{types}}})
       QUALIFY row_number() OVER (PARTITION BY {message.key} ORDER BY row_version DESC) = 1"""


def connect(folder):
    """A database in memory, of folder/<table>.ndjson: one row message a line, in any order of versions."""
    database = duckdb.connect()
    database.execute("SET TimeZone = 'UTC'")
    for message in MESSAGES.values():
        database.execute(_table(message, folder / f"{message.table}.ndjson"))
    add_views(database)
    return database


def add_views(database):
    """Over its tables, which are named as the warehouse's."""
    database.execute(MACROS)
    for name in VIEWS:
        database.execute(FUNCTION.sub("", (MIGRATIONS / name).read_text()))
