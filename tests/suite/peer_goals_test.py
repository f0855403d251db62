"""Goals beside other engines: of medians, the right way round, and of runs that count only."""

import unittest

import samples
import peer_goals
import report_tables
from words import Words


def runs(**costs):
    return [samples.result("vs-throughput", name.replace("_", "-"), at + 1, cpu={"per_million": cost})
            for name, values in costs.items() for at, cost in enumerate(values)]


def judged(results):
    return {goal.name: goal for goal in peer_goals.judge(results)}


class Goals(unittest.TestCase):
    def test_a_peer_must_take_so_many_times_ours(self):
        goal, = judged(runs(peakend=[1, 2, 9], kafka_streams=[13, 14, 15])).values()
        self.assertEqual((goal.goal, goal.measured, goal.met), ("≥ 7", 7, True))
        goal, = judged(runs(peakend=[1, 2, 9], kafka_streams=[13, 13, 15])).values()
        self.assertFalse(goal.met)

    def test_of_a_floor_ours_may_take_so_many_times_its(self):
        goal, = judged(runs(peakend=[1.8], consume=[1])).values()
        self.assertEqual((goal.goal, goal.measured, goal.met), ("≤ 1.9", 1.8, True))

    def test_an_engine_that_did_not_run_is_no_goal(self):
        self.assertEqual(peer_goals.judge(runs(peakend=[1])), [])
        self.assertEqual(peer_goals.judge(runs(kafka_streams=[1])), [])

    def test_a_void_run_counts_for_nothing(self):
        results = runs(peakend=[1], kafka_streams=[9])
        results[1] |= {"verdict": "VOID", "void_reason": "late"}
        self.assertEqual(peer_goals.judge(results), [])

    def test_the_report_tells_them_with_the_others(self):
        results = runs(peakend=[1], kafka_streams=[9], flink=[2])
        table = report_tables.goals(results, Words("en"))
        self.assertEqual([(row[3], row[4], row[5]) for row in table.rows], [("≥ 7", "9 x", "✓ yes"), ("≥ 2.3", "2 x", "✗ no")])
        self.assertEqual(report_tables.goals_met(results), (1, 2))


if __name__ == "__main__":
    unittest.main()
