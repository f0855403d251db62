"""Rows of chance: the same for the same seed, of the types that the messages have, and through the
views the same answers as a plain count in Python gives."""

import collections
import datetime
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import unittest

import seed_rows
import warehouse
from warehouse import MESSAGES

TYPES = {"string": str, "int64": int, "int32": int, "double": (float, int), "bool": bool}


def seeded(seed, journeys=400):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-B", seed_rows.__file__, "--journeys", str(journeys), "--days", "2", "--seed", str(seed), folder],
                       check=True, stdout=subprocess.DEVNULL)
        return {table: [json.loads(line) for line in pathlib.Path(folder, f"{table}.ndjson").read_text().splitlines()]
                for table in MESSAGES}


def mean(values):
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if len(known) >= 30 else None


class Seeded(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rows = seeded(1)
        cls.warehouse = warehouse.Warehouse(fsync="off")
        cls.addClassCleanup(cls.warehouse.close)
        cls.warehouse.migrate()
        for table, rows in cls.rows.items():
            cls.warehouse.put(table, [warehouse.from_message(table, row, offset) for offset, row in enumerate(rows)])
        cls.latest = {table: cls.newest(table) for table in MESSAGES}

    @classmethod
    def newest(cls, table):
        newest = {}
        for row in cls.rows[table]:
            key = row[MESSAGES[table].key]
            if key not in newest or newest[key]["row_version"] < row["row_version"]:
                newest[key] = row
        return [row for row in newest.values() if not row["is_deleted"]]

    def test_the_seed_alone_decides(self):
        self.assertEqual(seeded(1), self.rows)
        self.assertNotEqual(seeded(2), self.rows)

    def test_rows_are_as_the_messages_say(self):
        for table, rows in self.rows.items():
            self.assertEqual([row["detected_at_ms"] for row in rows], sorted(row["detected_at_ms"] for row in rows))
            dates = {}
            for row in rows:
                self.assertEqual(list(row), [field.name for field in MESSAGES[table].fields])
                for field in MESSAGES[table].fields:
                    if row[field.name] is not None or not field.is_optional:
                        self.assertIsInstance(row[field.name], TYPES[field.type], f"{table}.{field.name}")
                datetime.date.fromisoformat(row["business_date"])
                self.assertEqual(dates.setdefault(row[MESSAGES[table].key], row["business_date"]), row["business_date"])

    def check(self, query, expected):
        """Rows as text against tuples whose last parts may be floats or None."""
        found = {tuple(row[:-1]): row[-1] for row in self.warehouse.sql(query)}
        self.assertEqual(set(found), set(expected))
        for key, value in expected.items():
            if value is None or found[key] is None:
                self.assertEqual((found[key], value), (None, None), key)
            else:
                self.assertAlmostEqual(float(found[key]), value, places=9, msg=str(key))

    def test_experience(self):
        for view, unit, by in (("experience_by_queue", "contacts", "queue_id"), ("experience_by_touchpoint", "contacts", "touchpoint_id"),
                               ("experience_by_agent", "legs", "agent_id")):
            groups = collections.defaultdict(list)
            for row in self.latest["contacts"]:
                if (row["leg_no"] > 0) == (unit == "legs"):
                    groups[row["tenant_id"], row["business_date"], row[by] or None, row["sentiment_producer"] or None].append(row)
            expected = {(*group, str(len(rows)), str(sum(row["is_thin"] for row in rows))):
                        mean([row["end"] for row in rows if not row["is_thin"]]) for group, rows in groups.items()}
            self.check(f"SELECT tenant_id, business_date, {by}, sentiment_producer, {unit}, thin_{unit}, mean_end FROM {view}", expected)

    def test_precision(self):
        groups = collections.defaultdict(list)
        for row in self.latest["alerts"]:
            groups[row["tenant_id"], row["business_date"], row["rule"]].append(row["was_actionable"])
        expected = {(*group, str(len(said))): mean(said) for group, said in groups.items()}
        self.check("SELECT tenant_id, business_date, rule, alerts, actionable_share FROM alert_precision", expected)

    def test_response(self):
        """percentile_cont is the inclusive quantile of Python's statistics."""
        groups = collections.defaultdict(list)
        for row in self.latest["alerts"]:
            taken = row["time_to_acknowledge_ms"]
            groups[row["tenant_id"], row["urgency"], row["severity"]] += [taken] if taken is not None and not row["is_stale"] else []
        expected = {(*group, str(len(times))): statistics.quantiles(times, n=10, method="inclusive")[8] if len(times) >= 30 else None
                    for group, times in groups.items()}
        self.check("""SELECT tenant_id, urgency, severity, acknowledged, acknowledge_p90_ms
            FROM alert_response_between('2026-03-01', '2026-04-01')""", expected)

    def test_score_against_answers(self):
        groups = collections.defaultdict(list)
        for row in self.latest["journeys"]:
            if row["survey_score"] is not None and not row["is_thin"]:
                groups[row["tenant_id"]].append((row["score"], row["survey_score"]))
        self.assertTrue(any(len(pairs) >= 30 for pairs in groups.values()))
        self.check("""SELECT tenant_id, compared_journeys, score_correlation FROM score_vs_csat_between('2026-03-01', '2026-04-01')
                      WHERE rated_journeys > 0""",
                   {(tenant, str(len(pairs))): statistics.correlation(*zip(*pairs)) if len(pairs) >= 30 else None
                    for tenant, pairs in groups.items()})


if __name__ == "__main__":
    unittest.main()
