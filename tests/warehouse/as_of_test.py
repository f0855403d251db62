"""journey_as_of tells what was known at a time, as a naive reading of all versions does."""

import datetime
import random
import unittest

import warehouse
from warehouse import row

BEGIN = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.timezone.utc)


def at(minutes, ms=0):
    return int(BEGIN.timestamp() * 1000) + minutes * 60_000 + ms


class AsOf(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.warehouse = warehouse.Warehouse()
        cls.addClassCleanup(cls.warehouse.close)
        cls.warehouse.migrate()

    def tearDown(self):
        self.warehouse.clear()

    def known(self, minutes, ms="0"):
        moment = (BEGIN + datetime.timedelta(minutes=minutes)).isoformat()
        return self.warehouse.sql(f"""SELECT journey_id, row_version, survey_score
            FROM journey_as_of(timestamptz '{moment}' + interval '{ms} milliseconds') ORDER BY 1""")

    def test_a_survey_and_a_link_of_customers_later(self):
        """Ended, answered a day later, and part of another customer's journey after two days."""
        self.warehouse.put("journeys", [
            row("journeys", "j", row_version=1, detected_at_ms=at(0)),
            row("journeys", "j", row_version=2, detected_at_ms=at(1440), survey_score=0.25, amend_reason="survey"),
            row("journeys", "j", row_version=3, detected_at_ms=at(2880), is_deleted=True, amend_reason="identity"),
            row("journeys", "host", row_version=9, detected_at_ms=at(2880), survey_score=0.25, customer_key="h")])
        self.assertEqual(self.known(-1), [])
        self.assertEqual(self.known(1), [("j", "1", None)])
        self.assertEqual(self.known(1441), [("j", "2", "0.25")])
        self.assertEqual(self.known(2881), [("host", "9", "0.25")])
        self.assertEqual(self.warehouse.sql("SELECT journey_id, row_version FROM journey_latest"), [("host", "9")])
        self.assertEqual(self.warehouse.sql("SELECT count(*) FROM journey_revision"), [("4",)])

    def test_the_millisecond_counts(self):
        self.warehouse.put("journeys", [row("journeys", "j", detected_at_ms=at(0, 5))])
        self.assertEqual([len(self.known(0, ms)) for ms in ("4", "4.999", "5", "5.001")], [0, 0, 1, 1])

    def test_versions_that_come_in_disorder(self):
        self.warehouse.put("journeys", [row("journeys", "j", row_version=version, detected_at_ms=at(version))
                                        for version in (3, 1, 2, 2)])
        self.assertEqual([self.known(minutes)[0][1] for minutes in (1, 2, 3)], ["1", "2", "3"])

    def test_any_history(self):
        """Against the highest version of each journey that was recorded until then, seeded."""
        draw = random.Random(8)
        made = [row("journeys", f"j{draw.randrange(12):02}", row_version=version, is_deleted=draw.random() < 0.2,
                    detected_at_ms=at(draw.randrange(100))) for version in range(1, 120)]
        self.warehouse.put("journeys", made)
        for minutes in range(-1, 101, 5):
            newest = {}
            for one in made:
                if one["detected_at_ms"] <= at(minutes):
                    newest[one["journey_id"]] = one
            expected = [(key, str(one["row_version"]), None) for key, one in sorted(newest.items()) if not one["is_deleted"]]
            self.assertEqual(self.known(minutes), expected)


if __name__ == "__main__":
    unittest.main()
