"""A condition on business_date reaches the partitions through every view and function, so that a
report over days costs the same whether one year is there or ten; and each lookup has its index."""

import datetime
import json
import unittest

import warehouse
from warehouse import MESSAGES, row

FIRST = datetime.date(2025, 2, 1)
DAYS = [FIRST + datetime.timedelta(days=day) for day in range(400)]
SEASON = DAYS[100:140]  # From 2025-05-12 on: enough for the other tables, and ten times as quick to make.
FACTS = {table: DAYS if table in ("contacts", "journeys") else SEASON for table in [*MESSAGES, "journey_revision"]}
# Which tables each view reads.
VIEWS = {"touchpoint_latest": 1, "moment_latest": 1, "contact_latest": 1, "leg_latest": 1, "journey_latest": 1,
         "alert_latest": 1, "promise_latest": 1, "survey_latest": 1, "experience_by_queue": 1, "experience_by_agent": 1,
         "experience_by_touchpoint": 1, "journeys_ending_above_mean": 1, "repeat_contact_rate": 1, "alert_precision": 1,
         "alert_response": 1, "promise_kept_rate": 1, "survey_evidence": 2, "score_vs_csat": 2}
PERIOD = "'2025-06-01', '2025-06-08'"


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


class Pruning(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # A thousand tables, and none that has to outlive a crash.
        cls.warehouse = warehouse.Warehouse(fsync="off", max_locks_per_transaction="1000")
        cls.addClassCleanup(cls.warehouse.close)
        cls.warehouse.migrate()
        for table, days in FACTS.items():
            cls.warehouse.sql("BEGIN;" + "\n".join(
                f"CREATE TABLE {table}_{day:%Y%m%d} PARTITION OF {table} FOR VALUES FROM ('{day}') TO ('{day + datetime.timedelta(days=1)}');"
                for day in days) + "COMMIT;")

    def plan(self, query):
        (told,), = self.warehouse.sql(f"EXPLAIN (FORMAT JSON) {query}")
        return list(nodes(json.loads(told)[0]["Plan"]))

    def read(self, query):
        return sorted(node["Relation Name"] for node in self.plan(query) if "Relation Name" in node)

    def test_the_list_of_views_is_complete(self):
        found = self.warehouse.sql("SELECT viewname FROM pg_views WHERE schemaname = 'bi' ORDER BY 1")
        self.assertEqual([name for name, in found], sorted(VIEWS))

    def test_a_day_reads_one_partition_of_each_table(self):
        for view, tables in VIEWS.items():
            read = self.read(f"SELECT * FROM {view} WHERE business_date = '2025-06-01'")
            self.assertEqual(len(read), tables, f"{view}: {read}")
            self.assertTrue(all(name.endswith("_20250601") for name in read), read)

    def test_a_week_reads_seven(self):
        queries = {view: (f"{view} WHERE business_date >= '2025-06-01' AND business_date < '2025-06-08'", tables)
                   for view, tables in VIEWS.items()}
        queries |= {"alert_response_between": (f"alert_response_between({PERIOD})", 1),
                    "score_vs_csat_between": (f"score_vs_csat_between({PERIOD})", 2),
                    "journey_as_of": ("journey_as_of('2025-07-01') WHERE business_date >= '2025-06-01' "
                                      "AND business_date < '2025-06-08'", 1)}
        for name, (query, tables) in queries.items():
            self.assertEqual(len(self.read(f"SELECT * FROM {query}")), 7 * tables, name)

    def test_without_a_date_all_are_read(self):
        """The check itself: it would see a view that is not pruned."""
        self.assertEqual(len(self.read("SELECT * FROM experience_by_queue")), len(DAYS) + 1)

    def test_each_index_serves_its_lookup(self):
        """On a table that is large enough for an index, of one day."""
        self.warehouse.sql("BEGIN; SET LOCAL synchronous_commit = off;" + "".join(
            self.many(table, key, number) for table, key, number in (
                ("contacts", "row_id", "CASE WHEN n % 2 = 0 THEN 0 ELSE 1 END"), ("journeys", "journey_id", None),
                ("moments", "moment_id", None), ("alerts", "alert_id", None), ("promises", "promise_key", None))) +
            "COMMIT; ANALYZE contacts, journeys, moments, alerts, promises;")
        self.addCleanup(self.warehouse.clear)
        lookups = {"journeys_customer": "journey_latest WHERE customer_key = 'v7'",
                   "contacts_journey": "leg_latest WHERE journey_id = 'v7'",
                   "moments_journey": "moment_latest WHERE journey_id = 'v7'",
                   "contacts_queue": "experience_by_queue WHERE queue_id = 'v7'",
                   "contacts_agent": "experience_by_agent WHERE agent_id = 'v7'",
                   "alerts_rule": "alert_precision WHERE rule = 'v7'",
                   "alerts_journey": "alert_latest WHERE journey_id = 'v7'",
                   "promises_journey": "promise_latest WHERE journey_id = 'v7'"}
        of_day = {"journeys_customer": "customer_key", "contacts_queue": "queue_id", "contacts_agent": "agent_id",
                  "alerts_rule": "rule"}
        defined = [name for name, in self.warehouse.sql("""SELECT relname FROM pg_class
            WHERE relkind = 'I' AND relnamespace = 'bi'::regnamespace AND relname NOT LIKE '%_pkey' ORDER BY 1""")]
        self.assertEqual(defined, sorted(lookups))
        for index, query in lookups.items():
            used = [node["Index Name"] for node in self.plan(f"SELECT * FROM {query} AND business_date = '2025-06-01'")
                    if "Index Name" in node]
            column = of_day.get(index, "journey_id")
            self.assertEqual(used, [f"{index.partition('_')[0]}_20250601_{column}_idx"], query)

    def many(self, table, key, leg):
        """20,000 rows of one day, of which 40 share a journey, a customer, a queue, an agent, a rule."""
        made = row(table, "k", business_date="2025-06-01")
        names = [name for name in warehouse.columns(table) if name != key]
        shared = {"customer_key", "journey_id", "queue_id", "agent_id", "rule"} - {key}
        values = ["'v' || n / 40" if name in shared else leg if name == "leg_no" else warehouse.literal(made[name])
                  for name in names]
        return (f"INSERT INTO {table} ({key}, " + ", ".join(f'"{name}"' for name in names) + ") SELECT 'k' || n, " +
                ", ".join(values) + " FROM generate_series(1, 20000) AS n;")


if __name__ == "__main__":
    unittest.main()
