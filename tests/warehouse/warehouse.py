"""A warehouse for tests: the shipped migrations in a private PostgreSQL, and rows put into it as a
sink does, by key and version."""

import pathlib
import sys

from with_postgres import Postgres

ROOT = pathlib.Path(__file__).resolve().parents[2]
MIGRATIONS = ROOT / "processors" / "warehouse" / "schema"
sys.path.insert(0, str(ROOT / "proto" / "peakend" / "bi"))

import row_messages  # noqa: E402, the folder has to be known first.

MESSAGES = {message.table: message for message in row_messages.read()}
SCHEMA = "bi"
PRIOR = {"string": None, "int64": 0, "int32": 0, "double": 0.0, "bool": False}


def literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"


def columns(table):
    return [field.name for field in MESSAGES[table].fields] + [name for name, _ in row_messages.DELIVERY]


def row(table, key, **given):
    """Version 1 of a row in which nothing is filled but what every row has, and what is given."""
    message = MESSAGES[table]
    made = {field.name: None if field.is_nullable else PRIOR[field.type] for field in message.fields}
    made |= {name: 0 for name, _ in row_messages.DELIVERY}
    made |= {message.key: key, "row_version": 1, "amend_reason": "new", "tenant_id": "acme", "customer_key": "c",
             "business_date": "2026-03-02", "source_topic": "interaction-events"}
    unknown = set(given) - set(made)
    if unknown:
        raise KeyError(f"{table} has no {', '.join(sorted(unknown))}")
    return made | given


def from_message(table, message, offset):
    """The row of a table, of a message as JSON: empty text is NULL where the column may be NULL."""
    made = {field.name: None if field.is_nullable and message[field.name] == "" else message[field.name]
            for field in MESSAGES[table].fields}
    return made | {"published_at_ms": message["detected_at_ms"], "row_partition": message["source_partition"], "row_offset": offset}


class Warehouse:
    """Owns its server; close() ends it. `sql` text may name tables without their schema."""

    def __init__(self, **settings):
        self.server = Postgres(**settings)
        try:
            self.server.start()
        except BaseException:
            self.server.close()
            raise

    def close(self):
        self.server.close()

    def sql(self, text):
        return self.server.psql(f"SET search_path = {SCHEMA};\n{text}")

    def migrate(self):
        """Each migration that is not recorded yet, in a transaction of its own. Returns how many."""
        self.server.psql(f"""CREATE SCHEMA IF NOT EXISTS {SCHEMA}; SET search_path = {SCHEMA};
            CREATE TABLE IF NOT EXISTS schema_migration (version integer PRIMARY KEY, name text NOT NULL,
              applied_at timestamptz NOT NULL DEFAULT now());""")
        known = {int(version) for version, in self.sql("SELECT version FROM schema_migration")}
        new = [path for path in sorted(MIGRATIONS.glob("*.sql")) if int(path.name[:3]) not in known]
        for path in new:
            self.server.psql(f"""BEGIN; CREATE SCHEMA IF NOT EXISTS {SCHEMA}; SET LOCAL search_path = {SCHEMA};
                {path.read_text()}
                INSERT INTO schema_migration (version, name) VALUES ({int(path.name[:3])}, '{path.stem}'); COMMIT;""")
        return len(new)

    def put(self, table, rows):
        """Versioned upsert: an older or equal version than the one that is there changes nothing."""
        key, names = MESSAGES[table].key, ", ".join(f'"{name}"' for name in columns(table))
        changes = ", ".join(f'"{name}" = excluded."{name}"' for name in columns(table))
        statements = []
        for made in rows:
            values = ", ".join(literal(made[name]) for name in columns(table))
            statements.append(f"INSERT INTO {table} AS t ({names}) VALUES ({values}) ON CONFLICT ({key}, business_date) "
                              f"DO UPDATE SET {changes} WHERE excluded.row_version > t.row_version;")
            if table == "journeys":
                statements.append(f"INSERT INTO journey_revision ({names}) VALUES ({values}) ON CONFLICT DO NOTHING;")
        self.sql("\n".join(["BEGIN;", *statements, "COMMIT;"]))

    def clear(self):
        self.sql("TRUNCATE journey_revision, " + ", ".join(MESSAGES))
