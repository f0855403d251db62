"""The tables hold what the row messages say: columns, keys and partitions; and migrations that are
applied again change nothing."""

import unittest

import warehouse
from warehouse import MESSAGES, SCHEMA, row, row_messages
from with_postgres import SqlError

FACTS = [*MESSAGES, "journey_revision"]


def described(table):
    """What a table's columns must be, by its message."""
    message = MESSAGES["journeys" if table == "journey_revision" else table]
    fields = [(field.name, field.sql_type, "YES" if field.is_nullable else "NO") for field in message.fields]
    return fields + [(name, kind, "NO") for name, kind in row_messages.DELIVERY]


def all_filled(table):
    """A row whose columns all hold something that a table with wrong types would refuse or change."""
    filled = {"string": "x'\\y", "int64": 2**63 - 1, "int32": 2**31 - 1, "double": 0.1 + 0.2, "bool": True}
    made = {field.name: filled[field.type] for field in MESSAGES[table].fields}
    return row(table, **{**made, "key": made.pop(MESSAGES[table].key), "business_date": "2026-03-02"})


class Tables(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.warehouse = warehouse.Warehouse()
        cls.addClassCleanup(cls.warehouse.close)
        cls.applied = cls.warehouse.migrate()

    def test_columns_are_the_fields_in_their_order(self):
        for table in FACTS:
            columns = self.warehouse.sql(f"""SELECT column_name, data_type, is_nullable FROM information_schema.columns
                WHERE table_schema = '{SCHEMA}' AND table_name = '{table}' ORDER BY ordinal_position""")
            self.assertEqual(columns, described(table), table)

    def test_a_row_comes_back_as_it_was(self):
        for table in MESSAGES:
            made = all_filled(table)
            self.warehouse.put(table, [made])
            names = warehouse.columns(table)
            text, = self.warehouse.sql("SELECT " + ", ".join(f'"{name}"' for name in names) + f" FROM {table}")
            expected = {True: "t", False: "f"}
            self.assertEqual(text, tuple(expected.get(made[name], str(made[name])) if isinstance(made[name], bool)
                                         else str(made[name]) for name in names), table)
        self.warehouse.clear()

    def test_keys_hold_the_date(self):
        for table in FACTS:
            key = MESSAGES["journeys" if table == "journey_revision" else table].key
            rest = ["row_version"] if table == "journey_revision" else []
            keys = self.warehouse.sql(f"""SELECT a.attname FROM pg_index AS i, unnest(i.indkey) WITH ORDINALITY AS k (n, at),
                pg_attribute AS a WHERE i.indrelid = '{table}'::regclass AND i.indisprimary AND a.attrelid = i.indrelid
                AND a.attnum = k.n ORDER BY k.at""")
            self.assertEqual([name for name, in keys], [key, *rest, "business_date"], table)

    def test_days_become_partitions(self):
        for table in FACTS:
            self.warehouse.sql(f"""CREATE TABLE {table}_20260302 PARTITION OF {table}
                FOR VALUES FROM ('2026-03-02') TO ('2026-03-03')""")
        self.warehouse.put("journeys", [row("journeys", "on", business_date="2026-03-02"),
                                        row("journeys", "before", business_date="2026-03-01"),
                                        row("journeys", "after", business_date="2026-03-03")])
        for table in ("journeys", "journey_revision"):
            self.assertEqual(self.warehouse.sql(f"SELECT journey_id FROM {table}_20260302"), [("on",)])
            self.assertEqual(self.warehouse.sql(f"SELECT journey_id FROM {table}_default ORDER BY 1"),
                             [("after",), ("before",)])
        self.warehouse.clear()
        for table in FACTS:
            self.warehouse.sql(f"DROP TABLE {table}_20260302")

    def test_a_deleted_row_fits_with_nothing_else_filled(self):
        for table in MESSAGES:
            self.warehouse.put(table, [row(table, "gone", row_version=2, is_deleted=True, amend_reason="identity")])
            self.assertEqual(self.warehouse.sql(f"SELECT is_deleted FROM {table}"), [("t",)])
        self.warehouse.clear()

    def test_what_every_row_has_is_never_missing(self):
        for table in MESSAGES:
            for name in (MESSAGES[table].key, "tenant_id", "customer_key", "business_date", "row_version"):
                missing = row(table, "k") | {name: None}
                with self.assertRaisesRegex(SqlError, f'null value in column "{name}"'):
                    self.warehouse.put(table, [missing])

    def test_migrations_apply_once(self):
        self.assertEqual(self.applied, len(list(warehouse.MIGRATIONS.glob("*.sql"))))
        catalog = "SELECT relname, relkind, relnatts FROM pg_class WHERE relnamespace = 'bi'::regnamespace ORDER BY 1"
        before = self.warehouse.sql(catalog)
        self.warehouse.put("journeys", [row("journeys", "kept")])
        self.assertEqual(self.warehouse.migrate(), 0)
        self.assertEqual(self.warehouse.sql(catalog), before)
        self.assertEqual(self.warehouse.sql("SELECT journey_id FROM journeys"), [("kept",)])
        self.warehouse.clear()

    def test_migrations_are_numbered_without_a_gap_and_say_what_for(self):
        paths = sorted(warehouse.MIGRATIONS.glob("*.sql"))
        self.assertEqual([path.name[:4] for path in paths], [f"{number:03}_" for number in range(1, len(paths) + 1)])
        for path in paths:
            self.assertTrue(path.read_text().startswith("-- "), path.name)

    def test_nothing_names_its_schema(self):
        """Two warehouses in one database, whoever runs a query with whatever search_path."""
        self.warehouse.server.psql("CREATE SCHEMA other; SET search_path = other;" + "\n".join(
            path.read_text() for path in sorted(warehouse.MIGRATIONS.glob("*.sql"))))
        self.warehouse.put("journeys", [row("journeys", "here")])
        for schema, count in (("bi", "1"), ("other", "0")):
            found = self.warehouse.server.psql(f"""SELECT (SELECT count(*) FROM {schema}.journey_latest),
                (SELECT count(*) FROM {schema}.journey_as_of(now())), (SELECT count(*) FROM {schema}.repeat_contact_rate)""")
            self.assertEqual(found, [(count,) * 3])
        self.warehouse.clear()

    def test_dates_of_forty_years(self):
        rows = self.warehouse.sql("""SELECT * FROM dim_date
            WHERE date IN ('2015-01-01', '2024-02-29', '2026-11-28', '2027-01-01', '2054-12-31') ORDER BY 1""")
        self.assertEqual(rows, [("2015-01-01", "2015", "1", "1", "1", "4", "f"), ("2024-02-29", "2024", "1", "2", "9", "4", "f"),
                                ("2026-11-28", "2026", "4", "11", "48", "6", "t"),
                                ("2027-01-01", "2027", "1", "1", "53", "5", "f"),
                                ("2054-12-31", "2054", "4", "12", "53", "4", "f")])

    def test_every_view_and_function_has_its_question(self):
        self.assertEqual(self.warehouse.sql("""SELECT relname FROM pg_class WHERE relnamespace = 'bi'::regnamespace
            AND relkind = 'v' AND coalesce(obj_description(oid, 'pg_class'), '') !~ '[?]$'
            UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'bi'::regnamespace
            AND obj_description(oid, 'pg_proc') IS NULL"""), [])


if __name__ == "__main__":
    unittest.main()
