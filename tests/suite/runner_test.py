"""What the suite's runner works out by itself, without a cluster."""

import pathlib
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "benchmarks" / name) for name in ("runner", "suite", "peers")]

import cluster  # noqa: E402
import drain  # noqa: E402
import load  # noqa: E402
import process  # noqa: E402
import watch as watches  # noqa: E402
import waterfall  # noqa: E402
import words  # noqa: E402
from catalogue import SUITE  # noqa: E402
from job import correctness, values  # noqa: E402
from live import Played  # noqa: E402
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


class Cost(unittest.TestCase):
    def test_a_program_costs_what_it_took_itself(self):
        busy = [sys.executable, "-c", "import time\nwhile time.process_time() < 1: pass"]
        with ThreadPoolExecutor(2) as pool:
            busy, idle = pool.map(process.run, (busy, ["cat"]))
        self.assertGreaterEqual(busy.cpu_s, 1)
        self.assertLess(idle.cpu_s, 1)

    def test_what_a_program_says_and_how_it_ends_are_told(self):
        ended = process.run(["sh", "-c", "echo out; echo err >&2; exit 7"])
        self.assertEqual(ended[:3], (7, "out\n", "err\n"))


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
        drain.compare(drain.Variant("x", load.Load(1, 1), goal=goal), made, result("base", 10.0))
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


def watched(lag, every_s=1.0, p99=None):
    found = watches.Watch(None)
    found._rows = [(at * every_s, 100.0, behind, 0.5, 50.0 + at, p99) for at, behind in enumerate(lag)]
    return found


class Watching(unittest.TestCase):
    def test_growth_is_told_of_the_time_that_is_asked_for(self):
        found = watched([0] * 10 + [100 * second for second in range(10)])
        self.assertAlmostEqual(found.slope("lag", 10, 19), 100)
        self.assertAlmostEqual(found.slope("lag", 0, 9), 0)
        self.assertAlmostEqual(found.slope("rss_mb", 0, 19), 1)

    def test_a_column_is_as_it_was_seen_last(self):
        found = watched([5, None, 7])
        self.assertEqual((found.at("lag", 1.5), found.at("lag", 2), found.at("lag", -1)), (5, 7, None))

    def test_the_report_has_a_title_for_each_column(self):
        self.assertLessEqual(set(watches.COLUMNS), set(words.SERIES))

    def test_a_percentile_is_of_the_alerts_between_two_looks(self):
        page = 'peakend_alert_latency_seconds_bucket{{kind="x",le="0.01"}} {}\n' \
               'peakend_alert_latency_seconds_bucket{{kind="x",le="0.1"}} {}\n' \
               'peakend_alert_latency_seconds_bucket{{kind="x",le="+Inf"}} {}\n'
        before, after = (watches.buckets(page.format(*counts)) for counts in ((1000, 1000, 1000), (1000, 1100, 1100)))
        self.assertAlmostEqual(watches.p99_ms(before, after), 99.1)
        self.assertIsNone(watches.p99_ms(before, watches.buckets(page.format(1001, 1001, 1001))), "too few")
        self.assertIsNone(watches.p99_ms(before, watches.buckets(page.format(0, 50, 50))), "another process")
        self.assertIsNone(watches.p99_ms(before, watches.buckets(page.format(1000, 1000, 1100))), "beyond the last bound")


def played(lag, p99_us=None, rate=1000, seconds=None):
    latency = {"alert_latency_us": {"count": 9, "p99": p99_us}} if p99_us else {}
    manifest = {"delivery": {"offered_rate": rate, "achieved_rate": rate} | latency, "content": {"records": 1}}
    return Played(None, watched(lag), manifest, {}, 0, 5, load.Load(rate, seconds or len(lag) - 1), "")


class Borne(unittest.TestCase):
    def test_a_lag_that_stands_is_borne(self):
        self.assertEqual(played([300] * 20).not_borne(), "")

    def test_a_lag_that_grows_is_not(self):
        self.assertIn("grew by 20", played([20 * second for second in range(20)]).falls_behind())

    def test_neither_is_one_of_seconds(self):
        self.assertIn("2,500 events were behind", played([2500] * 20).falls_behind())

    def test_what_came_before_the_warm_up_ended_does_not_count(self):
        self.assertEqual(played([900, 700, 500, 300, 100] + [0] * 15).not_borne(), "")

    def test_a_lag_that_goes_when_the_load_has_ended_was_there(self):
        self.assertIn("grew by 100", played([100 * second for second in range(20)] + [0] * 5, seconds=19).falls_behind())

    def test_late_alerts_are_not_borne_though_the_worker_keeps_up(self):
        self.assertEqual(played([0] * 20, p99_us=1_500_000).falls_behind(), "")
        self.assertIn("1,500 ms", played([0] * 20, p99_us=1_500_000).not_borne())


class Waterfall(unittest.TestCase):
    def test_the_parts_add_up_to_the_whole(self):
        found = waterfall.parts(consumed=900, decoded=200, engine=5000, untied=7000, unsaved=7500, whole=9000)
        self.assertEqual(sum(part["ns"] for part in found), 9000)
        self.assertEqual([part["ns"] for part in found], [900, 200, 4800, 1100, 500, 1500])

    def test_what_is_too_small_to_be_seen_is_nothing(self):
        found = waterfall.parts(consumed=900, decoded=200, engine=5000, untied=7000, unsaved=6900, whole=9000)
        self.assertEqual(found[4]["ns"], 0)


class Cluster(unittest.TestCase):
    def test_the_client_is_told_what_the_configuration_says(self):
        config = "kafka: {bootstrap_servers: a:1, security_protocol: ssl, ssl_ca_file: ca.pem, group_id: g, properties: {x.y: 1}}"
        self.assertEqual(cluster.client_of(config, ["kafka.bootstrap_servers=b:2", "kafka.properties.z=3", "worker.x=1"]),
                         {"bootstrap.servers": "b:2", "security.protocol": "ssl", "ssl.ca.location": "ca.pem", "x.y": "1",
                          "z": "3"})

    def test_a_password_is_read_from_its_file(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("secret\n")
            file.flush()
            found = cluster.client_of(f"kafka: {{sasl_password_file: {file.name}}}", [])
        self.assertEqual(found, {"sasl.password": "secret"})

    def test_what_cannot_be_read_is_said(self):
        for config, words_of_it in (("kafka: [", "no configuration"), ("kafka: {sasl_password_file: /nowhere}", "/nowhere"),
                                    ("a word", "no configuration")):
            with self.assertRaisesRegex(ValueError, words_of_it):
                cluster.client_of(config, [])


class Catalogue(unittest.TestCase):
    def test_each_benchmark_has_a_name_of_its_own_and_asks_in_both_languages(self):
        self.assertEqual(len({bench.name for bench in SUITE}), len(SUITE))
        for bench in SUITE:
            self.assertTrue(bench.question.endswith("?") and bench.question_zh.endswith("？"), bench.name)


if __name__ == "__main__":
    unittest.main()
