"""Views of alerts, promises and surveys against hand-computed answers: 30 opinions, times or answers
are enough for a figure, 29 are not, also where days are taken together."""

import unittest

import warehouse
from warehouse import row


def rows(table, count, prefix, **given):
    return [row(table, f"{prefix}{number}", **given) for number in range(count)]


class Outcomes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.warehouse = warehouse.Warehouse()
        cls.addClassCleanup(cls.warehouse.close)
        cls.warehouse.migrate()

    def tearDown(self):
        self.warehouse.clear()

    def put(self, *made):
        for table, *arguments in made:
            count, prefix, given = arguments
            self.warehouse.put(table, rows(table, count, prefix, **given))

    def ask(self, columns, view):
        return self.warehouse.sql(f"SELECT {columns} FROM {view} ORDER BY 1")

    PRECISION = "rule, alerts, interrupts, said, actionable, actionable_share, round(said_share::numeric, 3)"

    def test_precision_is_of_those_that_somebody_judged(self):
        self.put(("alerts", 24, "yes", {"rule": "peak", "was_actionable": True, "urgency": "interrupt"}),
                 ("alerts", 8, "no", {"rule": "peak", "was_actionable": False, "urgency": "list"}),
                 ("alerts", 8, "mute", {"rule": "peak", "urgency": "list"}),
                 ("alerts", 3, "gone", {"rule": "peak", "was_actionable": False, "is_deleted": True}),
                 ("alerts", 29, "few", {"rule": "wait", "was_actionable": True}))
        self.assertEqual(self.ask(self.PRECISION, "alert_precision"),
                         [("peak", "40", "24", "32", "24", "0.75", "0.800"), ("wait", "29", "0", "29", "29", None, None)])

    def test_precision_of_thirty_alerts_and_few_opinions(self):
        self.put(("alerts", 1, "yes", {"rule": "wait", "was_actionable": True}), ("alerts", 29, "mute", {"rule": "wait"}))
        self.assertEqual(self.ask(self.PRECISION, "alert_precision"), [("wait", "30", "0", "1", "1", None, "0.033")])

    TIMES = ("acknowledged, acknowledge_median_ms, acknowledge_p90_ms, resolved, close_median_ms, close_p90_ms, "
             "alerts, stale, expired")
    WHERE = "('2026-03-01', '2026-03-31')"

    def put_response(self, count, day):
        """Taken after 1000, 2000, ... count x 1000 ms, resolved after ten times that."""
        self.warehouse.put("alerts", [
            row("alerts", f"{day}/{number}", business_date=day, severity="critical", urgency="interrupt", state="resolved",
                time_to_acknowledge_ms=1000 * number, time_to_close_ms=10_000 * number) for number in range(1, count + 1)])

    def test_times_until_taken_and_resolved(self):
        """Of 1 to 31 s the median is 16 s, and 9 of 10 are within 1 + 0.9 x 30 = 28 s."""
        self.put_response(31, "2026-03-02")
        usual = {"severity": "critical", "urgency": "interrupt"}
        self.put(("alerts", 5, "stale", {"is_stale": True, "state": "resolved", "time_to_acknowledge_ms": 10**9,
                                         "time_to_close_ms": 10**9, **usual}),
                 ("alerts", 4, "expired", {"state": "expired", "time_to_close_ms": 10**9, **usual}),
                 ("alerts", 3, "open", {"state": "open", **usual}),
                 ("alerts", 2, "gone", {"is_deleted": True, "time_to_acknowledge_ms": 0, **usual}))
        expected = [("31", "16000", "28000", "31", "160000", "280000", "43", "5", "4")]
        self.assertEqual(self.ask(self.TIMES, "alert_response"), expected)
        self.assertEqual(self.ask(self.TIMES, f"alert_response_between{self.WHERE}"), expected)

    def test_times_of_fewer_than_thirty_are_none(self):
        self.put_response(29, "2026-03-02")
        expected = [("29", None, None, "29", None, None, "29", "0", "0")]
        self.assertEqual(self.ask(self.TIMES, "alert_response"), expected)
        self.assertEqual(self.ask(self.TIMES, f"alert_response_between{self.WHERE}"), expected)

    def test_times_of_days_together(self):
        """1 to 20 s twice: the median is 10.5 s; of 40 counted from 0 the 35th is 18 s, the 36th 19 s, and 0.9 x 39 is 35.1."""
        for day in ("2026-03-01", "2026-03-30"):
            self.put_response(20, day)
        for day in ("2026-02-28", "2026-03-31"):
            self.put_response(1, day)
        self.assertEqual(self.ask("acknowledged, acknowledge_median_ms", "alert_response"),
                         [("1", None), ("1", None), ("20", None), ("20", None)])
        self.assertEqual(self.ask("acknowledged, acknowledge_median_ms, acknowledge_p90_ms", f"alert_response_between{self.WHERE}"),
                         [("40", "10500", "18100")])

    def test_urgencies_and_severities_are_apart(self):
        self.put(("alerts", 1, "a", {"urgency": "list", "severity": "info"}), ("alerts", 2, "b", {"urgency": "list", "severity": "warning"}),
                 ("alerts", 3, "c", {"urgency": "interrupt", "severity": "warning"}))
        self.assertEqual(self.ask("alerts, urgency, severity", "alert_response"),
                         [("1", "list", "info"), ("2", "list", "warning"), ("3", "interrupt", "warning")])

    def test_promises_that_are_open_are_apart(self):
        self.put(("promises", 24, "kept", {"kind": "callback", "status": "kept"}),
                 ("promises", 8, "broken", {"kind": "callback", "status": "broken"}),
                 ("promises", 5, "open", {"kind": "callback", "status": "open"}),
                 ("promises", 9, "gone", {"kind": "callback", "status": "broken", "is_deleted": True}),
                 ("promises", 29, "few", {"kind": "refund", "status": "kept"}),
                 ("promises", 40, "all_open", {"kind": "visit", "status": "open"}))
        self.assertEqual(self.ask("kind, promises, kept, broken, open, kept_share", "promise_kept_rate"),
                         [("callback", "37", "24", "8", "5", "0.75"), ("refund", "29", "29", "0", "0", None),
                          ("visit", "40", "0", "0", "40", None)])

    FIGURES = ("survey_kind, offered, answered, response_share, rated_journeys, thin_journeys, compared_journeys, "
               "round(mean_survey_score::numeric, 6), mean_score, round(score_correlation::numeric, 6), "
               "round(mean_correlation::numeric, 6)")

    def put_rated(self, count, day="2026-03-02"):
        """Of each four the answers are 0, 0, 1, 1; the score agrees, the mean agrees with three: as 0, 1, 1, 1."""
        self.warehouse.put("journeys", [
            row("journeys", f"{day}/{number}", business_date=day, survey_kind="csat", survey_score=float(number % 4 >= 2),
                score=0.5 if number % 4 >= 2 else -0.5, mean=float(number % 4 >= 1)) for number in range(count)])

    def test_score_against_answers(self):
        """Of 32 the score's correlation is 1; the mean's (1/2 - 3/4 x 1/2) / (sqrt(3)/4 x 1/2) = 1 / sqrt(3).
        The six thin ones count only in what was answered: (16 + 6) / 38."""
        self.put_rated(32)
        self.put(("journeys", 6, "thin", {"survey_kind": "csat", "survey_score": 1.0, "score": -1.0, "mean": -1.0, "is_thin": True}),
                 ("journeys", 9, "unrated", {"score": -1.0, "mean": 1.0}),
                 ("journeys", 2, "gone", {"survey_kind": "csat", "survey_score": 0.0, "score": 1.0, "is_deleted": True}),
                 ("surveys", 80, "offered", {"kind": "csat", "status": "offered"}),
                 ("surveys", 30, "answered", {"kind": "csat", "status": "answered"}),
                 ("surveys", 10, "partial", {"kind": "csat", "status": "partial"}),
                 ("surveys", 7, "declined", {"kind": "csat", "status": "declined"}),
                 ("surveys", 5, "gone", {"kind": "csat", "status": "offered", "is_deleted": True}))
        expected = [("csat", "80", "40", "0.5", "38", "6", "32", "0.578947", "0", "1.000000", "0.577350")]
        self.assertEqual(self.ask(self.FIGURES, "score_vs_csat"), expected)
        self.assertEqual(self.ask(self.FIGURES, f"score_vs_csat_between{self.WHERE}"), expected)

    def test_fewer_than_thirty_have_no_figure(self):
        self.put_rated(29)
        self.put(("surveys", 29, "offered", {"kind": "csat", "status": "offered"}),
                 ("surveys", 29, "answered", {"kind": "csat", "status": "answered"}))
        expected = [("csat", "29", "29", None, "29", "0", "29", None, None, None, None)]
        self.assertEqual(self.ask(self.FIGURES, "score_vs_csat"), expected)
        self.assertEqual(self.ask(self.FIGURES, f"score_vs_csat_between{self.WHERE}"), expected)

    def test_both_correlations_are_over_the_same_journeys(self):
        """30 with both, and many that would change either, with one alone."""
        self.put_rated(30)
        self.put(("journeys", 50, "no_mean", {"survey_kind": "csat", "survey_score": 0.0, "score": 1.0, "mean": None}),
                 ("journeys", 50, "no_score", {"survey_kind": "csat", "survey_score": 0.0, "mean": 1.0, "score": None}))
        alone = "compared_journeys, round(score_correlation::numeric, 6), round(mean_correlation::numeric, 3)"
        for source in ("score_vs_csat", f"score_vs_csat_between{self.WHERE}"):
            (count, score, mean), = self.ask(alone, source)
            self.assertEqual((count, score), ("30", "1.000000"))
            self.assertGreater(float(mean), 0.5)

    def test_correlations_of_days_together(self):
        for day in ("2026-03-01", "2026-03-30"):
            self.put_rated(16, day)
        self.put_rated(4, "2026-03-31")
        self.assertEqual(self.ask("compared_journeys, score_correlation", "score_vs_csat"), [("4", None), ("16", None), ("16", None)])
        self.assertEqual(self.ask("compared_journeys, round(mean_correlation::numeric, 6)", f"score_vs_csat_between{self.WHERE}"),
                         [("32", "0.577350")])

    def test_a_feed_that_reports_no_offers_has_no_response_share(self):
        self.put(("surveys", 30, "offered", {"kind": "nps", "status": "offered"}),
                 ("surveys", 31, "answered", {"kind": "nps", "status": "answered"}))
        for source in ("score_vs_csat", f"score_vs_csat_between{self.WHERE}"):
            self.assertEqual(self.ask("offered, answered, response_share", source), [("30", "31", None)])


if __name__ == "__main__":
    unittest.main()
