"""DuckDB over files and PostgreSQL behind a versioned upsert give the same answers through the same views.

Run it by with_packages.py, which brings the package duckdb.
"""

import json
import math
import pathlib
import subprocess
import sys
import tempfile
import unittest

import duckdb_views
import seed_rows
import warehouse
from warehouse import MESSAGES


BOOLEANS = {True: "t", False: "f"}


def text(value):
    """As psql shows it."""
    if value is None or isinstance(value, bool):
        return BOOLEANS.get(value)
    return str(value)


def same(one, other):
    """Sums of the same numbers in another order differ in their last digits."""
    if one == other or None in (one, other):
        return one == other
    try:
        return math.isclose(float(one), float(other), rel_tol=1e-9, abs_tol=1e-12)
    except ValueError:
        return False


class SameAnswers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        subprocess.run([sys.executable, "-B", seed_rows.__file__, "--journeys", "800", "--days", "2", folder], check=True,
                       stdout=subprocess.DEVNULL)
        cls.duckdb = duckdb_views.connect(folder)
        cls.warehouse = warehouse.Warehouse(fsync="off")
        cls.addClassCleanup(cls.warehouse.close)
        cls.warehouse.migrate()
        for table in MESSAGES:
            lines = (folder / f"{table}.ndjson").read_text().splitlines()
            cls.warehouse.put(table, [warehouse.from_message(table, json.loads(line), at) for at, line in enumerate(lines)])

    def columns(self, view):
        found = self.warehouse.sql(f"""SELECT column_name, data_type FROM information_schema.columns
            WHERE table_schema = 'bi' AND table_name = '{view}' ORDER BY ordinal_position""")
        exact = [name for name, kind in found if kind != "double precision"]
        return exact, [name for name, kind in found if kind == "double precision"]

    def check(self, view, exact, rough):
        """Rows agree by their exact columns, and then in the others."""
        query = "SELECT " + ", ".join(f'"{name}"' for name in exact + rough) + f" FROM {view}"
        rows = [sorted(found, key=lambda row: [str(cell) for cell in row[:len(exact)]]) for found in (
            self.warehouse.sql(query), [tuple(map(text, row)) for row in self.duckdb.sql(query).fetchall()])]
        self.assertGreater(len(rows[0]), 0, view)
        self.assertEqual([row[:len(exact)] for row in rows[0]], [row[:len(exact)] for row in rows[1]], view)
        for one, other in zip(*rows):
            self.assertTrue(all(map(same, one, other)), f"{view}: {one} {other}")

    def test_every_view_of_answers(self):
        views = [name for name, in self.warehouse.sql("""SELECT viewname FROM pg_views WHERE schemaname = 'bi'
            AND viewname NOT LIKE '%latest' AND viewname <> 'survey_evidence'""")]
        self.assertEqual(len(views), 9)
        shown = 0
        for view in views:
            self.check(view, *self.columns(view))
            shown += sum(cell is not None for row in self.duckdb.sql(f"SELECT * FROM {view}").fetchall() for cell in row)
        self.assertGreater(shown, 1000)

    def test_every_latest_view(self):
        for message in MESSAGES.values():
            view = message.table[:-1] + "_latest"
            exact = [message.key, "row_version", "amend_reason", "business_date", "detected_at_ms"]
            self.check(view, exact, [field.name for field in message.fields if field.type == "double"])
        self.check("leg_latest", ["row_id", "row_version"], ["score", "end"])


if __name__ == "__main__":
    unittest.main()
