"""A plan meets its own objective by its own formula, follows what it is asked, and refuses
what it cannot know."""

import contextlib
import io
import itertools
import json
import pathlib
import tempfile
import unittest

import samples
import command_line
import plan
import plan_model
from plan_model import Demand, Impossible

BASE_MS, SERVICE_MS = 2.0, 3.0


def calibration(base=BASE_MS, service=SERVICE_MS, loads=(10_000, 40_000, 70_000), **keys):
    """Of workers that behave exactly as the model: 10 µs an event, one worker."""
    made = {"cpu_us_per_event": 12.0, "worker_cpu_us_per_event": 10.0, "bytes_in_per_event": 350.0,
            "bytes_out_per_event": 40.0, "changelog_bytes_per_event": 160.0, "bytes_per_record": 200.0,
            "rss_base_mb": 80.0, "bytes_per_open": 2000.0, "bytes_per_idle": 300.0, "commit_interval_ms": 20.0,
            "workers": 1}
    made["alert_latency"] = [{"rate": rate, "p99": base + 0.99 * 20 + service / (1 - rate * 10 / 1e6)} for rate in loads]
    return {**made, **keys}


DEMAND = Demand(rate=200_000, open_customers=50_000, idle_customers=1_000_000, slo_ms=60)


class Fit(unittest.TestCase):
    def test_what_made_the_latencies_is_found_again(self):
        found = plan_model.fit(calibration())
        self.assertAlmostEqual(found.base_ms, BASE_MS)
        self.assertAlmostEqual(found.service_ms, SERVICE_MS)

    def test_one_load_leaves_no_base(self):
        found = plan_model.fit(calibration(base=0, loads=(50_000,)))
        self.assertEqual((found.base_ms, found.loads), (0, 1))
        self.assertAlmostEqual(found.service_ms, SERVICE_MS)

    def test_nothing_is_below_zero(self):
        for points in itertools.product((0, 5, 25, 90), repeat=3):
            loads = [{"rate": 20_000.0 * (at + 1), "p99": float(p99)} for at, p99 in enumerate(points)]
            found = plan_model.fit(calibration(alert_latency=loads))
            self.assertGreaterEqual(min(found.base_ms, found.service_ms), 0)

    def test_a_load_beyond_saturation_does_not_count(self):
        loads = calibration()["alert_latency"] + [{"rate": 120_000, "p99": 9000}]
        self.assertEqual(plan_model.fit(calibration(alert_latency=loads)).loads, 3)
        with self.assertRaises(Impossible):
            plan_model.fit(calibration(alert_latency=loads[-1:]))


class Plan(unittest.TestCase):
    def test_the_objective_is_met_and_one_worker_less_would_not_do(self):
        for rate, slo, bound in itertools.product((100, 5e4, 2e5, 1e6, 3.3e6), (26, 30, 60, 500), (0.3, 0.7, 0.95)):
            found = plan_model.plan(calibration(), DEMAND._replace(rate=rate, slo_ms=slo, bound=bound))
            with self.subTest(rate=rate, slo=slo, bound=bound):
                self.assertLessEqual(found.p99_ms, slo + 1e-6)
                self.assertLessEqual(found.utilisation, bound + 1e-9)
                if found.workers > 1:
                    busy = plan_model.utilisation(calibration(), rate, found.workers - 1)
                    late = plan_model.p99_ms(found.fit, found.commit_ms, busy) > slo - 1e-6
                    self.assertTrue(late or busy > bound - 1e-9)

    def test_more_is_never_cheaper(self):
        plans = [plan_model.plan(calibration(), DEMAND._replace(rate=rate)) for rate in range(1000, 900_000, 7001)]
        for name in ("workers", "cores", "partitions", "kafka_in", "kafka_out", "disk_gb", "memory_mb"):
            values = [getattr(one, name) for one in plans]
            self.assertEqual(values, sorted(values))

    def test_figures_by_hand(self):
        found = plan_model.plan(calibration(), DEMAND)
        self.assertEqual((found.workers, found.cores, found.partitions, found.limited_by), (3, 4, 6, "bound"))
        self.assertAlmostEqual(found.memory_mb, (80 + 100 + 300) * 1.25)
        self.assertAlmostEqual(found.kafka_in, 70)
        self.assertAlmostEqual(found.kafka_out, 40)
        self.assertAlmostEqual(found.replicated, 330)
        self.assertAlmostEqual(found.disk_gb, ((70 + 8) * 604_800 / 1e3 + 1_050_000 * 200 / 1e9) * 3)

    def test_what_cannot_be_met_says_what_would(self):
        with self.assertRaisesRegex(Impossible, "24 ms cannot be met at any load: idle workers already take 24.8 ms, "
                                                "19.8 of them the commit interval; a commit interval of 17 ms would do"):
            plan_model.plan(calibration(), DEMAND._replace(slo_ms=24))
        plan_model.plan(calibration(), DEMAND._replace(slo_ms=24, commit_ms=17))
        with self.assertRaisesRegex(Impossible, "a shorter commit interval does not help"):
            plan_model.plan(calibration(), DEMAND._replace(slo_ms=4))

    def test_advice_is_never_wrong(self):
        for slo in range(7, 25):
            try:
                plan_model.plan(calibration(), DEMAND._replace(slo_ms=slo))
            except Impossible as why:
                words = str(why).split()
                if "would" in words:
                    commit = float(words[words.index("would") - 2])
                    plan_model.plan(calibration(), DEMAND._replace(slo_ms=slo, commit_ms=commit))


class Errors(unittest.TestCase):
    def run_of(self, **keys):
        made = dict(params={"workers": 2, "open_customers": 10_000, "idle_customers": 0, "commit_interval_ms": 20},
                    offered_rate=100_000.0, cpu={"per_million": 10.0}, rss={"max": 125.0},
                    latency={"intended": {"p99": 27.8}})
        return samples.result(**{**made, **keys})

    def test_the_model_is_held_against_what_was_measured(self):
        found = {error.what: round(error.percent, 1) for error in plan_model.errors(calibration(), self.run_of())}
        self.assertEqual(found, {"processor time": 20.0, "alert latency p99": 0.0, "memory": -20.0})

    def test_what_the_run_does_not_tell_is_not_checked(self):
        found = plan_model.errors(calibration(), self.run_of(params={}, cpu=None))
        self.assertEqual(found, [])
        self.assertIn("The run tells neither", plan.as_text(plan.checked(found)))

    def test_a_saturated_prediction_is_a_word(self):
        found = plan_model.errors(calibration(), self.run_of(offered_rate=300_000.0))
        self.assertIn("saturated ms", plan.as_text(plan.checked(found)))


class Main(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = pathlib.Path(place.name)

    def call(self, made, *words, machine_words=("--other-machine",)):
        path = self.folder / "c.json"
        path.write_text(json.dumps(made))
        return self.raw("--rate", "200k", "--contacts", "50k", "--slo", "60ms", "--calibration", path, *machine_words,
                        *words)

    def raw(self, *words):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = plan.main([str(word) for word in words])
            except SystemExit as end:
                code = end.code
        return code, out.getvalue(), err.getvalue()

    def test_formulas_show_their_numbers(self):
        code, out, _ = self.call(samples.result(calibration=calibration()))
        self.assertEqual(code, 0)
        for part in ("200,000 /s x 10 µs / 0.70, rounded up", "2 + 0.99 x 20 + 3 / (1 - 0.67); the commit interval is",
                     "(80 + 50,000 x 2,000 B + 0 x 300 B) x 1.25", "200,000 /s x (40 + 160 changelog) B"):
            self.assertIn(part, out)

    def test_a_check_states_the_error(self):
        other = self.folder / "other.json"
        other.write_text(json.dumps(samples.result(cpu={"per_million": 10.0})))
        code, out, _ = self.call(samples.result(calibration=calibration()), "--check", other)
        self.assertEqual(code, 0)
        self.assertRegex(out, r"processor time +12 CPU-s/M +10 CPU-s/M +\+20 %")

    def test_what_is_refused(self):
        lost = {"expected": 2, "got": 1, "lost": 1, "dup": 0, "unexpected": 0}
        cases = ((samples.result(calibration=calibration(), verdict="VOID", void_reason="late"), "the run is VOID: late"),
                 (samples.result(verdict="FAILED", correctness=lost), "the run is FAILED"),
                 (samples.result(), "calibration: is missing"),
                 (samples.result(calibration=calibration(workers=0)), "calibration.workers: must be more than 0"),
                 (samples.result(calibration=calibration(alert_latency=[])), "alert_latency: has no load"),
                 (samples.result(calibration={"workers": 1}), "calibration.cpu_us_per_event: is missing"))
        for made, why in cases:
            code, out, err = self.call(made)
            self.assertEqual((code, out), (1, ""))
            self.assertIn(why, err)

    def test_another_machine_is_refused_unless_told(self):
        code, _, err = self.call(samples.result(calibration=calibration()), machine_words=())
        self.assertEqual(code, 1)
        self.assertIn("measured on another machine (Example CPU 3000 x 8", err)

    def test_wrong_calls(self):
        made = samples.result(calibration=calibration())
        for words in (("--slo", "fast"), ("--rate", "0"), ("--bound", "1"), ("--rate", "-5"), ("--replicas", "0")):
            self.assertEqual(self.call(made, *words)[0], 64, words)
        self.assertEqual(self.raw("--rate", "1", "--contacts", "1", "--slo", "1s", "--calibration", "/no/file")[0], 66)
        self.assertEqual(self.call(made, "--slo", "3ms")[0], 1)


class Amounts(unittest.TestCase):
    def test_durations_and_amounts(self):
        for text, value in (("50ms", 50), ("1.5s", 1500), ("7d", 604_800_000), ("2us", 0.002)):
            self.assertEqual(command_line.milliseconds(text), value)
        for text, value in (("20000", 20_000), ("20k", 20_000), ("1.5M", 1_500_000), ("1_000", 1000)):
            self.assertEqual(command_line.amount(text), value)


if __name__ == "__main__":
    unittest.main()
