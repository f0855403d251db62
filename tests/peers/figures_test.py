#!/usr/bin/env python3
"""The arithmetic of benchmarks/peers/compare.py and what a result tells of its machine,
without a broker."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "benchmarks", "peers"))

import comparison_table
import environment
import figures
import peer_result  # Of the suite, which reads our results.
import shape


def line(events, wall_s, cpu_s):
    return {"events": events, "wall_s": wall_s, "cpu_s": cpu_s, "rss_mb": 1}


class SlopeTest(unittest.TestCase):
    def test_warm_up_does_not_count(self):
        lines = [line(500_000, 9, 20), line(1_000_000, 10, 22), line(1_500_000, 11, 23), line(2_000_000, 12, 24.5)]
        self.assertEqual(figures.slope(lines), {"cpu_per_million": 2.5, "events_per_s": 500_000})

    def test_no_figure_of_less_than_two_warm_lines(self):
        cases = {"nothing": [], "cold": [line(500_000, 1, 1)], "one": [line(500_000, 1, 1), line(1_000_000, 2, 2)],
                 "the same twice": [line(1_000_000, 1, 1), line(1_000_000, 2, 2)]}
        for name, lines in cases.items():
            with self.subTest(name):
                self.assertIsNone(figures.slope(lines))

    def test_no_time_is_no_rate(self):
        self.assertIsNone(figures.slope([line(1_000_000, 1, 1), line(2_000_000, 1, 2)])["events_per_s"])


class PercentileTest(unittest.TestCase):
    def test_is_a_value_that_occurs(self):
        values = list(range(100, 0, -1))
        for share, expected in ((0, 1), (0.01, 1), (0.5, 50), (0.9, 90), (0.99, 99), (1, 100)):
            with self.subTest(share):
                self.assertEqual(figures.percentile(values, share), expected)

    def test_few(self):
        self.assertIsNone(figures.percentile([], 0.5))
        self.assertEqual(figures.percentile([7], 0.5), 7)
        self.assertEqual(figures.percentile([7, 9], 0.99), 9)

    def test_latency_of_nothing(self):
        self.assertIsNone(figures.latency([]))
        self.assertEqual(figures.latency([3, 1, 2]), {"count": 3, "p50": 2, "p90": 3, "p99": 3, "max": 3})


class DifferenceTest(unittest.TestCase):
    def check(self, expected, got, lost, unexpected, disordered):
        found = figures.difference(expected, got)
        self.assertEqual((found["lost"], found["unexpected"], found["disordered"]), (lost, unexpected, disordered))
        self.assertEqual(figures.is_right(found), lost == unexpected == disordered == 0)

    def test_cases(self):
        a1, a2, b1 = ("a", 1), ("a", 2), ("b", 1)
        cases = {
            "nothing": ([], [], 0, 0, 0),
            "equal": ([a1, a2, b1], [a1, a2, b1], 0, 0, 0),
            "keys may be interleaved in any way": ([a1, a2, b1], [b1, a1, a2], 0, 0, 0),
            "lost": ([a1, a2], [a2], 1, 0, 0),
            "all lost": ([a1, a2], [], 2, 0, 0),
            "twice": ([a1], [a1, a1], 0, 1, 0),
            "due twice, once there": ([a1, a1], [a1], 1, 0, 0),
            "another": ([a1], [a2], 1, 1, 0),
            "under another key": ([a1], [b1], 1, 1, 0),
            "order inside a key": ([a1, a2, b1], [a2, a1, b1], 0, 0, 1),
            "order of a key that is wrong anyway": ([a1, a2], [a2, a1, a1], 0, 1, 0),
        }
        for name, case in cases.items():
            with self.subTest(name):
                self.check(*case)

    def test_sum(self):
        one = figures.difference([("a", 1)], [])
        other = figures.difference([("b", 1), ("b", 2)], [("b", 2), ("b", 1), ("c", 3)])
        self.assertEqual(figures.sum_of_differences([one, other]),
                         {"expected": 3, "got": 3, "lost": 1, "unexpected": 1, "disordered": 1})


class TableTest(unittest.TestCase):
    def result(self, peer, verdict="ok", cpu=None, round=1):
        return {"peer": peer, "floor": peer == "consume", "round": round, "verdict": verdict, "cpu_per_million": cpu,
                "events_per_s": None, "rss_mb": 70}

    def test_median_range_and_verdicts(self):
        results = [self.result("naive", cpu=2.0), self.result("flink", cpu=3.0), self.result("naive", cpu=1.0),
                   self.result("flink", "FAILED", cpu=0.1), self.result("naive", cpu=4.0)]
        rows = comparison_table.markdown("throughput", results).splitlines()[2:]
        self.assertEqual(rows, ["| naive | 2.00 (1.00 - 4.00) | - | - | 500,000 (250,000 - 1,000,000) | 70 | 3 of 3 |",
                                "| flink | 3.00 | - | - | 333,333 | 70 | 1 of 2, FAILED |"])

    def test_a_failed_run_has_no_figure(self):
        rows = comparison_table.markdown("throughput", [self.result("x", "FAILED", 1.0)]).splitlines()[2:]
        self.assertEqual(rows, ["| x | - | - | - | - | - | 0 of 1, FAILED |"])

    def test_a_cost_is_compared_with_the_floor_of_its_round(self):
        results = [self.result("naive", cpu=3.0, round=1), self.result("consume", cpu=1.0, round=1),
                   self.result("consume", cpu=2.0, round=2), self.result("naive", cpu=4.0, round=2),
                   self.result("naive", cpu=9.0, round=3), self.result("consume", "FAILED", round=3),
                   self.result("naive", "FAILED", round=4), self.result("consume", cpu=1.0, round=4)]
        rows = comparison_table.markdown("throughput", results).splitlines()[2:]
        self.assertEqual(rows, [
            "| naive | 4.00 (3.00 - 9.00) | 2.50 (2.00 - 3.00) | - | 250,000 (111,111 - 333,333) | 70 | 3 of 4, FAILED |",
            "| consume | 1.00 (1.00 - 2.00) | 1.00 | - | 1,000,000 (500,000 - 1,000,000) | 70 | floor, 3 of 4, FAILED |"])


class EnvironmentTest(unittest.TestCase):
    def test_the_suite_takes_processor_and_tree_over(self):
        before = environment.snapshot()
        told = environment.between(before, environment.snapshot())
        found = peer_result.from_peer(
            {"bench": "throughput", "peer": "x", "round": 1, "events": 1, "verdict": "ok", "command": "x",
             "environment": told}, "x.json")
        self.assertEqual(shape.validate(found), [])
        self.assertEqual((found["env"]["cpu"], found["env"]["git"]), (told["processor"], told["git"]))
        self.assertNotIn(peer_result.UNTOLD, (told["processor"], told["governor"], told["git"]["sha"]))


if __name__ == "__main__":
    unittest.main()
