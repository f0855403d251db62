"""Views of experience, ends and repeats against hand-computed answers: 30 contacts are enough for
a mean, 29 are not; thin and deleted ones are in none; what does not compare has a row of its own."""

import unittest

import warehouse
from warehouse import row


def contacts(count, prefix, **given):
    return [row("contacts", f"{prefix}{number}", **({"formula": "experience"} | given)) for number in range(count)]


def journeys(count, prefix, **given):
    return [row("journeys", f"{prefix}{number}", **given) for number in range(count)]


class Experience(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.warehouse = warehouse.Warehouse()
        cls.addClassCleanup(cls.warehouse.close)
        cls.warehouse.migrate()

    def tearDown(self):
        self.warehouse.clear()

    def ask(self, columns, view, rest="ORDER BY 1"):
        return self.warehouse.sql(f"SELECT {columns} FROM {view} {rest}")

    def put_thirty(self, **given):
        """20 good and 10 bad of 4 impressions, half of them turns; mean score (20 x 0.5 - 10 x 0.25) / 30 = 0.25."""
        usual = {"impression_count": 4, "turn_count": 2, **given}
        self.warehouse.put("contacts", contacts(20, "good", score=0.5, score_affect=0.25, mean=0.125, opening=0.5, **usual | {"end": 1.0}))
        self.warehouse.put("contacts", contacts(10, "bad", score=-0.25, mean=-0.25, opening=-0.25, peak_negative=-0.75,
                                                **usual | {"end": -0.5}))

    MEANS = "mean_score, mean_score_affect, mean_valence, mean_opening, mean_end"

    def check_thirty(self, view, unit, group):
        """Of score_affect there are 20: not enough. valence (20/8 - 10/4) / 30 = 0; opening 0.25; end (20 - 5) / 30."""
        self.assertEqual(self.ask(f"tenant_id, business_date, {group}, sentiment_producer, formula", view),
                         [("acme", "2026-03-02", "x", "nlu", "experience")])
        self.assertEqual(self.ask(f"{unit}, thin_{unit}, scored_{unit}, score_sum", view), [("30", "0", "30", "7.5")])
        self.assertEqual(self.ask(self.MEANS, view), [("0.25", None, "0", "0.25", "0.5")])
        self.assertEqual(self.ask("negative_peaks, round(negative_peak_share::numeric, 6), turns, impressions", view),
                         [("10", "0.333333", "60", "120")])

    def test_by_queue(self):
        self.put_thirty(queue_id="x", sentiment_producer="nlu")
        self.check_thirty("experience_by_queue", "contacts", "queue_id")

    def test_by_touchpoint(self):
        self.put_thirty(touchpoint_id="x", sentiment_producer="nlu")
        self.check_thirty("experience_by_touchpoint", "contacts", "touchpoint_id")

    def test_by_agent_counts_legs_alone(self):
        self.put_thirty(agent_id="x", sentiment_producer="nlu", leg_no=1)
        self.warehouse.put("contacts", contacts(30, "whole", agent_id="x", sentiment_producer="nlu", score=-1.0))
        self.check_thirty("experience_by_agent", "legs", "agent_id")

    def test_by_queue_counts_whole_contacts_alone(self):
        self.put_thirty(queue_id="x", sentiment_producer="nlu")
        self.warehouse.put("contacts", contacts(30, "leg", queue_id="x", sentiment_producer="nlu", score=-1.0, leg_no=2))
        self.check_thirty("experience_by_queue", "contacts", "queue_id")

    def test_fewer_than_thirty_have_no_mean(self):
        for view, unit, given in (("experience_by_queue", "contacts", {}), ("experience_by_touchpoint", "contacts", {}),
                                  ("experience_by_agent", "legs", {"leg_no": 1})):
            few = {"score": 0.5, "score_affect": 0.5, "mean": 0.5, "opening": 0.5, "end": 0.5, "peak_negative": -0.5, **given}
            self.warehouse.put("contacts", contacts(29, "few", **few))
            self.assertEqual(self.ask(f"{unit}, scored_{unit}, score_sum, negative_peaks", view), [("29", "29", "14.5", "29")])
            self.assertEqual(self.ask(self.MEANS + ", negative_peak_share", view), [(None,) * 6])
            self.warehouse.put("contacts", contacts(30, "few", **few))
            self.assertEqual(self.ask(self.MEANS + ", negative_peak_share", view), [("0.5",) * 5 + ("1",)])
            self.warehouse.clear()

    def test_thin_ones_are_counted_apart(self):
        for view, unit, given in (("experience_by_queue", "contacts", {}), ("experience_by_touchpoint", "contacts", {}),
                                  ("experience_by_agent", "legs", {"leg_no": 1})):
            self.warehouse.put("contacts", contacts(30, "full", score=0.5, impression_count=3, **given) +
                               contacts(12, "thin", score=-1.0, peak_negative=-1.0, is_thin=True, impression_count=1, **given))
            self.assertEqual(self.ask(f"{unit}, thin_{unit}, scored_{unit}, score_sum, mean_score, negative_peaks, "
                                      "negative_peak_share, impressions", view),
                             [("42", "12", "30", "15", "0.5", "0", "0", "102")])
            self.warehouse.clear()

    def test_deleted_ones_are_gone(self):
        self.put_thirty(queue_id="x", sentiment_producer="nlu")
        self.warehouse.put("contacts", [row("contacts", "good0", row_version=2, is_deleted=True)])
        self.assertEqual(self.ask("contacts, mean_score", "experience_by_queue"), [("29", None)])

    def test_what_does_not_compare_is_apart(self):
        kinds = [{"sentiment_producer": "nlu"}, {"sentiment_producer": "asr"}, {}, {"formula": "mean"},
                 {"queue_id": "y"}, {"tenant_id": "b"}, {"business_date": "2026-03-03"}]
        for number, kind in enumerate(kinds):
            self.warehouse.put("contacts", contacts(1 + number, f"{number}/", **kind))
        counted = self.ask("contacts, tenant_id, business_date, queue_id, sentiment_producer, formula", "experience_by_queue",
                           "ORDER BY 1")
        self.assertEqual(counted, [("1", "acme", "2026-03-02", None, "nlu", "experience"),
                                   ("2", "acme", "2026-03-02", None, "asr", "experience"),
                                   ("3", "acme", "2026-03-02", None, None, "experience"),
                                   ("4", "acme", "2026-03-02", None, None, "mean"),
                                   ("5", "acme", "2026-03-02", "y", None, "experience"),
                                   ("6", "b", "2026-03-02", None, None, "experience"),
                                   ("7", "acme", "2026-03-03", None, None, "experience")])

    def test_days_add_up(self):
        """20 of 0.5 on one day and 20 of 0.25 on the next: no mean of either, 0.375 of both."""
        self.warehouse.put("contacts", contacts(20, "a", score=0.5, business_date="2026-03-02") +
                           contacts(20, "b", score=0.25, business_date="2026-03-03"))
        self.assertEqual(self.ask("mean_score", "experience_by_queue"), [(None,), (None,)])
        self.assertEqual(self.ask("enough(sum(score_sum) / sum(scored_contacts), sum(scored_contacts)::bigint)",
                                  "experience_by_queue", ""), [("0.375",)])

    def test_ends_above_the_mean(self):
        """Of 32 judged ones 16 end above, 8 at the mean, 8 below: 24 / 32. Without an end or a mean none is judged."""
        self.warehouse.put("journeys", journeys(16, "above", end_grade="final", mean=0.0, **{"end": 0.5}) +
                           journeys(8, "at", end_grade="final", mean=0.25, **{"end": 0.25}) +
                           journeys(8, "below", end_grade="provisional", mean=0.5, **{"end": 0.25}) +
                           journeys(5, "thin", is_thin=True, mean=0.0, **{"end": 1.0}) +
                           journeys(3, "no_end", mean=0.0) + journeys(2, "no_mean", **{"end": 0.0}) +
                           journeys(4, "gone", is_deleted=True, mean=0.0, **{"end": 1.0}))
        view = "journeys_ending_above_mean"
        self.assertEqual(self.ask("journeys, thin_journeys, provisional_journeys", view), [("42", "5", "8")])
        self.assertEqual(self.ask("judged_journeys, ending_above_mean, ending_above_mean_share", view), [("32", "24", "0.75")])

    def test_ends_of_fewer_than_thirty_have_no_share(self):
        self.warehouse.put("journeys", journeys(29, "few", mean=0.0, **{"end": 0.5}))
        self.assertEqual(self.ask("judged_journeys, ending_above_mean, ending_above_mean_share", "journeys_ending_above_mean"),
                         [("29", "29", None)])

    def test_repeats(self):
        """10 journeys of 4 contacts, 2 of them repeats, and 30 of one: 20 / 70 contacts, 10 / 40 journeys."""
        self.warehouse.put("journeys", journeys(10, "often", contact_count=4, repeat_contacts=2, end_grade="final") +
                           journeys(30, "once", contact_count=1, end_grade="provisional") +
                           journeys(5, "gone", contact_count=9, repeat_contacts=8, is_deleted=True))
        self.assertEqual(self.ask("journeys, provisional_journeys, contacts, repeat_contacts, "
                                  "round(repeat_contact_share::numeric, 6), journeys_with_repeat, journeys_with_repeat_share",
                                  "repeat_contact_rate"),
                         [("40", "30", "70", "20", "0.285714", "10", "0.25")])

    def test_repeats_of_fewer_than_thirty_have_no_share(self):
        """29 contacts in 10 journeys, then one more: enough contacts, too few journeys."""
        columns = "contacts, repeat_contact_share, journeys_with_repeat_share"
        self.warehouse.put("journeys", journeys(9, "three", contact_count=3, repeat_contacts=1) +
                           [row("journeys", "last", contact_count=2)])
        self.assertEqual(self.ask(columns, "repeat_contact_rate"), [("29", None, None)])
        self.warehouse.put("journeys", [row("journeys", "last", row_version=2, contact_count=3)])
        self.assertEqual(self.ask(columns, "repeat_contact_rate"), [("30", "0.3", None)])


if __name__ == "__main__":
    unittest.main()
