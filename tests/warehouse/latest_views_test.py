"""The latest views show the newest version of what is not deleted, with readable times, whatever
order versions come in."""

import unittest

import warehouse
from warehouse import MESSAGES, row

VIEWS = {"touchpoints": "touchpoint_latest", "moments": "moment_latest", "contacts": "contact_latest",
         "journeys": "journey_latest", "alerts": "alert_latest", "promises": "promise_latest",
         "surveys": "survey_latest"}


class Latest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.warehouse = warehouse.Warehouse()
        cls.addClassCleanup(cls.warehouse.close)
        cls.warehouse.migrate()

    def tearDown(self):
        self.warehouse.clear()

    def shown(self, table):
        return self.warehouse.sql(f"SELECT {MESSAGES[table].key}, row_version FROM {VIEWS[table]} ORDER BY 1")

    def put(self, table, *versions):
        """(key, version) or (key, version, True) where that one deletes it."""
        self.warehouse.put(table, [row(table, key, row_version=version, is_deleted=bool(deleted))
                                   for key, version, *deleted in versions])

    def test_the_highest_version_counts_in_any_order(self):
        for table in VIEWS:
            self.put(table, ("up", 1), ("up", 2), ("down", 3), ("down", 2), ("same", 7), ("same", 7))
            self.assertEqual(self.shown(table), [("down", "3"), ("same", "7"), ("up", "2")], table)

    def test_deleted_rows_are_gone_until_a_newer_version(self):
        for table in VIEWS:
            self.put(table, ("gone", 1), ("gone", 2, True), ("gone", 1), ("back", 2, True), ("back", 3),
                     ("marked_first", 5, True), ("marked_first", 4))
            self.assertEqual(self.shown(table), [("back", "3")], table)

    def test_contacts_and_legs_are_apart(self):
        self.warehouse.put("contacts", [row("contacts", "k"), row("contacts", "k:1", leg_no=1), row("contacts", "k:2", leg_no=2),
                                        row("contacts", "d:1", leg_no=1, is_deleted=True)])
        self.assertEqual(self.warehouse.sql("SELECT row_id FROM contact_latest"), [("k",)])
        self.assertEqual(self.warehouse.sql("SELECT row_id FROM leg_latest ORDER BY 1"), [("k:1",), ("k:2",)])

    def test_every_time_is_readable_to_the_millisecond(self):
        """1772409600123 ms is 2026-03-02 00:00:00.123 UTC."""
        for table, view in [*VIEWS.items(), ("contacts", "leg_latest")]:
            times = [name for name in warehouse.columns(table) if name.endswith("_ms") and ("_at_" in name or "until" in name)]
            given = {name: 1772409600123 for name in times}
            self.warehouse.put(table, [row(table, "k", **given, **({"leg_no": 1} if view == "leg_latest" else {}))])
            names = ", ".join(name.removesuffix("_ms") for name in times)
            self.assertEqual(self.warehouse.sql(f"SELECT {names} FROM {view}"),
                             [("2026-03-02 00:00:00.123+00",) * len(times)], view)
            self.warehouse.clear()

    def test_a_time_that_is_unknown_is_null(self):
        self.warehouse.put("journeys", [row("journeys", "k")])
        self.assertEqual(self.warehouse.sql("SELECT started_at, survey_at FROM journey_latest"), [(None, None)])


if __name__ == "__main__":
    unittest.main()
