"""A verdict is given only where the figures carry it, and what is not comparable is refused."""

import contextlib
import io
import json
import pathlib
import random
import tempfile
import unittest

import samples
import compare
import metrics
import result as results
import table


def runs(values, **keys):
    return [samples.result(repeat=at + 1, run_id=f"run {random.random()}", cpu={"per_million": value}, **keys)
            for at, value in enumerate(values)]


SLOW, FAST = [10.0, 11, 12, 13, 14], [5.0, 6, 7, 8, 9]


class Compare(unittest.TestCase):
    def only(self, a, b):
        found = compare.compare(a, b)
        self.assertEqual(found.refused, [])
        self.assertEqual(len(found.rows), 1)
        return found.rows[0]

    def test_verdicts(self):
        cases = ((SLOW, FAST, "faster", True), (FAST, SLOW, "slower", True), (SLOW, SLOW, "no difference shown", False),
                 (SLOW[:4], FAST, "too few repeats", True), (SLOW, [9.5, 9.8, 12.5, 13.5, 15], "no difference shown", False))
        for a, b, verdict, apart in cases:
            row = self.only(runs(a), runs(b))
            self.assertEqual((row.verdict, row.apart), (verdict, apart))

    def test_more_is_better_of_a_rate(self):
        a = [samples.result(repeat=at, achieved_rate=value) for at, value in enumerate(FAST)]
        b = [samples.result(repeat=at, achieved_rate=value) for at, value in enumerate(SLOW)]
        row = self.only(a, b)
        self.assertEqual((row.verdict, round(row.ratio, 3)), ("faster", round(12 / 7, 3)))

    def test_memory_is_more_or_less(self):
        a = [samples.result(repeat=at, rss={"max": value}) for at, value in enumerate(FAST)]
        b = [samples.result(repeat=at, rss={"max": value}) for at, value in enumerate(SLOW)]
        self.assertEqual(self.only(a, b).verdict, "more")
        self.assertEqual(self.only(b, a).verdict, "less")

    def test_a_ratio_to_zero_is_none(self):
        self.assertIsNone(self.only(runs([0.0] * 5), runs(FAST)).ratio)

    def test_what_differs_is_refused_by_name(self):
        cases = (({"params": {"rate": 9}}, "params rate"), ({"workload_hash": "cd"}, "workload_hash"),
                 ({"env": {**samples.ENV, "cpu": "Other"}}, "machine Example CPU 3000 x 8 (performance) and Other"),
                 ({"env": {**samples.ENV, "cores": 4}}, "machine Example CPU 3000 x 8"))
        for keys, why in cases:
            found = compare.compare(runs(SLOW), runs(FAST, **keys))
            self.assertEqual(found.rows, [])
            self.assertIn(why, found.refused[0])
            self.assertIn("not comparable", found.refused[0])

    def test_another_kernel_or_build_is_compared(self):
        env = {**samples.ENV, "kernel": "6.12", "flags": "-O2", "git": {"sha": "ff", "dirty": True}}
        self.only(runs(SLOW), runs(FAST, env=env))

    def test_void_and_failed_runs_do_not_count(self):
        void = results.void(runs([0.1])[0], "the load was late")
        failed = results.judged(runs([0.1], correctness={"expected": 1, "got": 0, "lost": 1, "dup": 0,
                                                         "unexpected": 0})[0])
        found = compare.compare(runs(SLOW) + [void], runs(FAST) + [failed])
        self.assertEqual(found.rows[0].a, SLOW)
        self.assertEqual(found.rows[0].b, FAST)
        self.assertEqual(found.refused, ["latency / half load: run 1 of A is VOID: the load was late",
                                         "latency / half load: run 1 of B is FAILED"])

    def test_a_void_run_of_another_machine_hinders_nothing(self):
        void = results.void(runs([0.1], env={**samples.ENV, "cpu": "Other"})[0], "late")
        self.assertEqual(len(compare.compare(runs(SLOW) + [void], runs(FAST)).rows), 1)
        self.assertIn("latency / half load: no usable run in A", compare.compare([void], runs(FAST)).refused)

    def test_one_side_is_missing(self):
        found = compare.compare(runs(SLOW), [])
        self.assertEqual(found, ([], ["latency / half load: no usable run in B"]))


class Table(unittest.TestCase):
    TABLE = table.Table(["name", "n"], [["提醒", "1"], ["a|<b>`", "200"]], frozenset({1}), ("A note.",))

    def test_columns_are_aligned(self):
        self.assertEqual(table.as_text(self.TABLE), "name      n\n提醒      1\na|<b>`  200\nA note.\n")

    def test_markdown_is_escaped(self):
        self.assertEqual(table.as_markdown(self.TABLE).splitlines()[3], "| a\\|&lt;b>\\` | 200 |")

    def test_numbers_for_readers(self):
        for value, text in ((0, "0"), (1234567, "1,234,567"), (12.345, "12.3"), (1.5, "1.5"), (0.012345, "0.0123"),
                            (99.96, "100"), (-2.345, "-2.35"), (None, "–"), ("text", "text"), (1e-12, "0")):
            self.assertEqual(metrics.short(value), text)


class Main(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.a, self.b = pathlib.Path(place.name, "a"), pathlib.Path(place.name, "b")
        for folder, values in ((self.a, FAST), (self.b, SLOW)):
            for one in runs(values):
                results.write(one, folder)

    def call(self, *words):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = compare.main([str(word) for word in words])
            except SystemExit as end:
                code = end.code
        return code, out.getvalue(), err.getvalue()

    def test_text(self):
        code, out, _ = self.call(self.a, self.b)
        self.assertEqual(code, 0)
        self.assertIn("1.714  apart   0.0079  slower", out)
        self.assertIn("1 tests at p = 0.05: about 0.05 of them", out)

    def test_json(self):
        code, out, _ = self.call(self.a, self.b, "--format", "json")
        self.assertEqual((code, json.loads(out)["rows"][0]["verdict"]), (0, "slower"))

    def test_a_gate(self):
        self.assertEqual(self.call(self.a, self.b, "--fail-on", "slower")[0], 1)
        self.assertEqual(self.call(self.b, self.a, "--fail-on", "slower")[0], 0)

    def test_wrong_calls(self):
        self.assertEqual(self.call(self.a)[0], 64)
        self.assertEqual(self.call(self.a, self.b, "--form", "json")[0], 64)
        self.assertEqual(self.call(self.a, self.a / "none")[0], 66)
        code, _, err = self.call(self.a, self.b, "--bench", "other")
        self.assertEqual((code, err), (1, "nothing was comparable\n"))

    def test_help_shows_examples(self):
        code, out, _ = self.call("--help")
        self.assertEqual(code, 0)
        self.assertIn("Examples\n  compare.py before/ after/", out)


if __name__ == "__main__":
    unittest.main()
