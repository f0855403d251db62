"""What `peakend bench warehouse` works out by itself, and that it tells wrong tables from right ones."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "benchmarks" / name) for name in ("runner", "suite", "peers")]

import database  # noqa: E402
import delay  # noqa: E402
import kafka_connect  # noqa: E402
import row_topics  # noqa: E402
import sinks  # noqa: E402
from shape import is_clean  # noqa: E402
from stage import Failed  # noqa: E402

RIGHT = {"expected": 10, "got": 10, "lost": 0, "dup": 0, "unexpected": 0}
TABLE = {"missing": 0, "stale": 0, "different": 0, "extra": 0, "lost": 0, "expired": 0, "dead_letters": 0, "lag": 0}


class Delays(unittest.TestCase):
    LOOKS = [(10.0, {0: 0}), (10.5, {0: 3}), (11.0, {0: 3, 1: 5}), (12.0, {0: 4, 1: 5})]

    def test_a_row_counts_from_the_first_answer_that_has_passed_it(self):
        for row, expected in (((0, 0, 10_000), 500), ((0, 2, 10_000), 500), ((0, 3, 10_000), 2000), ((1, 4, 10_900), 100)):
            self.assertAlmostEqual(delay.delays_ms(self.LOOKS, [row])[0], expected, msg=str(row))

    def test_a_row_that_nobody_saw_is_no_figure(self):
        for row in ((0, 4, 0), (2, 0, 0)):
            with self.assertRaisesRegex(Failed, "never seen"):
                delay.delays_ms(self.LOOKS, [row])

    def test_quantiles_are_of_the_whole(self):
        found = delay.quantiles(list(range(100, 0, -1)))
        self.assertEqual((found["p50"], found["p99"], found["max"], found["count"]), (51, 100, 100, 100))
        self.assertEqual(delay.quantiles([7])["p99"], 7)


class Reconciled(unittest.TestCase):
    def test_no_difference_is_clean(self):
        self.assertTrue(is_clean(delay.with_rows(RIGHT, {"tables": [TABLE, TABLE]})))

    def test_whatever_reconcile_finds_is_not(self):
        for name in ("missing", "stale", "different", "extra", "lost", "dead_letters", "lag"):
            found = delay.with_rows(RIGHT, {"tables": [TABLE, TABLE | {name: 2}]})
            self.assertFalse(is_clean(found), name)
            self.assertEqual(found["got"], found["expected"] - found["lost"] + found["unexpected"], name)


class Cost(unittest.TestCase):
    def test_what_was_spent_is_told_of_the_time_that_is_asked_for(self):
        looks = [(0, 1.0, 10.0), (10, 2.0, 30.0), (20, 2.0, 40.0)]
        for times, expected in (((0, 10), (1.0, 20.0)), ((5, 15), (0.5, 15.0)), ((-5, 99), (1.0, 30.0)), ((12, 12), (0, 0))):
            self.assertEqual(database.spent(looks, *times), expected, times)

    def test_a_server_costs_what_its_children_cost_also_when_they_have_ended(self):
        # The kernel tells whole ticks, and rounds down.
        busy = "import time\nwhile time.process_time() < 0.35: pass\n"
        parent = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {busy!r}])\nprint('.', flush=True)\nsys.stdin.read()"
        with subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
            running.stdout.readline()
            self.assertIn(running.pid, database.children(os.getpid()))
            self.assertGreaterEqual(database.tree_s(running.pid, []), 0.3)
            running.stdin.close()

    def test_a_ratio_is_to_an_output_that_was_right(self):
        ours, other = ({"correctness": RIGHT, "cpu": {"per_million": cost},
                        "figures": {"PostgreSQL": {"value": 10.0}, "CPU, start and all": {"value": cost + 1}}}
                       for cost in (4.0, 20.0))
        self.assertEqual(sinks.ratios(other, ours), {"cpu_vs_peakend sink postgres": 4.0, "with_PostgreSQL": 2.0})
        wrong = ours | {"correctness": RIGHT | {"got": 9, "lost": 1}}
        self.assertEqual((sinks.ratios(wrong, ours), sinks.ratios(other, wrong)), ({}, {}))


class Rows(unittest.TestCase):
    def test_a_value_for_kafka_connect_has_each_field_with_its_type(self):
        from row_messages import ROWS
        descriptor = ROWS["journey"].DESCRIPTOR
        value = json.loads(row_topics.connect_prefix(descriptor) + '{"journey_id":"j"}' + "}")
        fields = {field["field"]: (field["type"], field["optional"]) for field in value["schema"]["fields"]}
        self.assertEqual(list(fields), [field.name for field in descriptor.fields])
        self.assertEqual((fields["journey_id"], fields["row_version"], fields["score"], fields["is_deleted"]),
                         (("string", False), ("int64", False), ("double", True), ("boolean", False)))
        self.assertEqual(value["payload"], {"journey_id": "j"})

    def test_the_key_of_each_topic_is_its_rows_first_field(self):
        from row_messages import ROWS
        for kind in row_topics.KINDS:
            self.assertEqual(kafka_connect.key_column(kind), ROWS[kind].DESCRIPTOR.fields[0].name)


class Tables(unittest.TestCase):
    COLUMNS = [("id", True), ("row_version", False), ("note", True)]
    TOPICS = row_topics.RowTopics({}, {}, {}, {}, dict.fromkeys(row_topics.KINDS, COLUMNS))

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.database = database.Database(folder.name)
        cls.addClassCleanup(cls.database.close)

    def setUp(self):
        for schema in (sinks.REFERENCE, sinks.MEASURED):
            self.database.empty(schema)
            self.database.sql(f"CREATE SCHEMA {schema}")
            for table in sinks.TABLES.values():
                self.database.sql(f"CREATE TABLE {schema}.{table} (id text, row_version bigint, note text)")
                self.database.sql(f"INSERT INTO {schema}.{table} VALUES ('a', 1, NULL), ('b', 2, 'x'), ('c', 1, 'y')")

    def found(self, *changes):
        for change in changes:
            self.database.sql(f"SET search_path = {sinks.MEASURED}; {change}")
        return sinks.compared(self.database, self.TOPICS)

    def test_equal_tables_are_clean_and_empty_text_may_be_null(self):
        found = self.found("UPDATE contacts SET note = '' WHERE id = 'a'")
        self.assertEqual(found, {"expected": 6, "got": 6, "lost": 0, "dup": 0, "unexpected": 0})

    def test_whatever_differs_is_found(self):
        for change, lost, unexpected in (("DELETE FROM contacts WHERE id = 'a'", 1, 0),
                                         ("UPDATE journeys SET row_version = 1 WHERE id = 'b'", 1, 1),
                                         ("UPDATE journeys SET note = 'z' WHERE id = 'c'", 1, 1),
                                         ("INSERT INTO contacts VALUES ('a', 1, NULL)", 0, 1)):
            with self.subTest(change):
                self.setUp()
                found = self.found(change)
                self.assertEqual((found["lost"], found["unexpected"]), (lost, unexpected))
                self.assertEqual(found["got"], found["expected"] - lost + unexpected)
                self.assertFalse(is_clean(found))

    def test_commits_say_when_rows_came(self):
        self.database.empty(sinks.MEASURED)
        self.database.sql(f"CREATE SCHEMA {sinks.MEASURED}; CREATE TABLE {sinks.MEASURED}.contacts (id text)")
        self.assertIsNone(self.database.commits(sinks.MEASURED, ["contacts"]))
        for values in ("('a'), ('b')", "('c')"):
            self.database.sql(f"INSERT INTO {sinks.MEASURED}.contacts VALUES {values}")
        first, last, rows = self.database.commits(sinks.MEASURED, ["contacts"])
        self.assertLess(first, last)
        self.assertEqual(rows, 2)


if __name__ == "__main__":
    unittest.main()
