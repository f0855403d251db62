"""What the suite's runner works out by itself, without a cluster."""

import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "benchmarks" / name) for name in ("runner", "suite", "peers")]

import drain  # noqa: E402
import load  # noqa: E402
from catalogue import SUITE  # noqa: E402
from job import correctness, values  # noqa: E402
from shape import is_clean  # noqa: E402

JUDGED = {"expected": 10, "got": 10, "lost": 0, "dup": 0, "unexpected": 0, "wrong_order": 0, "late_dropped": 2, "left": 0}


class Knobs(unittest.TestCase):
    def test_a_knob_is_turned_and_the_profile_kept(self):
        profile = {"feed": {"disorder": 0, "losses": 1}}
        self.assertEqual(load.turned(profile, {"feed.disorder": 0.1}), {"feed": {"disorder": 0.1, "losses": 1}})
        self.assertEqual(profile["feed"]["disorder"], 0)

    def test_a_knob_that_is_not_there_is_named(self):
        with self.assertRaisesRegex(KeyError, "feed.disordre"):
            load.turned({"feed": {"disorder": 0}}, {"feed.disordre": 1})

    def test_loads_with_equal_knobs_are_one_load(self):
        once = load.Load(1, 2).turned(feed__disorder=0.1).turned(text__share=0)
        self.assertEqual(once, load.Load(1, 2).turned(text__share=0, feed__disorder=0.1))


class Rate(unittest.TestCase):
    def test_the_start_of_a_worker_is_no_part_of_its_rate(self):
        self.assertEqual(drain.rate_of([(0.0, 0), (5.0, 1000), (6.0, 2000), (7.0, 3000)]), 1000)

    def test_too_few_looks_make_no_rate(self):
        self.assertIsNone(drain.rate_of([(0.0, 0), (1.0, 50)]))


def result(variant, per_million):
    return {"variant": variant, "cpu": {"per_million": per_million}}


class Goals(unittest.TestCase):
    def compare(self, goal, per_million):
        made = result("x", per_million)
        drain._compare(drain.Variant("x", load.Load(1, 1), goal=goal), made, result("base", 10.0))
        return made

    def test_throughput_is_the_inverse_of_cost(self):
        made = self.compare(drain.Goal("throughput", least=0.85), 12.5)
        self.assertEqual(made["ratios"], {"cpu_vs_base": 1.25})
        self.assertEqual((made["goal"][0]["measured"], made["goal"][0]["met"]), (0.8, False))

    def test_a_bound_on_cost(self):
        self.assertTrue(self.compare(drain.Goal("cost", most=1.05), 10.4)["goal"][0]["met"])
        self.assertFalse(self.compare(drain.Goal("cost", most=1.05), 10.6)["goal"][0]["met"])


class Judged(unittest.TestCase):
    def test_equal_outputs_are_clean(self):
        self.assertTrue(is_clean(correctness(JUDGED)))

    def test_whatever_differs_is_not(self):
        for wrong in ({"got": 9, "lost": 1}, {"got": 11, "dup": 1}, {"got": 11, "unexpected": 1}, {"wrong_order": 2},
                      {"left": 3}):
            self.assertFalse(is_clean(correctness(JUDGED | wrong)), wrong)

    def test_input_that_was_left_is_lost(self):
        found = correctness(JUDGED | {"left": 3})
        self.assertEqual((found["lost"], found["expected"], found["got"]), (3, 13, 10))


class Metrics(unittest.TestCase):
    def test_samples_are_found_by_the_beginning_of_their_line(self):
        page = "# TYPE a counter\na{x=\"1\"} 2\na{x=\"2\"} 3\nab 7\n"
        self.assertEqual(values(page, "a{"), [2.0, 3.0])
        self.assertEqual(values("", "a{"), [])


class Catalogue(unittest.TestCase):
    def test_each_benchmark_has_a_name_of_its_own_and_asks_in_both_languages(self):
        self.assertEqual(len({bench.name for bench in SUITE}), len(SUITE))
        for bench in SUITE:
            self.assertTrue(bench.question.endswith("?") and bench.question_zh.endswith("？"), bench.name)


if __name__ == "__main__":
    unittest.main()
