"""`peakend bench` as a user runs it: all of it briefly, and interrupted.

usage: bench_smoke_test.py PEAKEND; the cluster is that of PEAKEND_TEST_KAFKA.
"""

import glob
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "benchmarks" / name) for name in ("runner", "suite", "peers")]

from catalogue import SUITE  # noqa: E402
from result import read_folder  # noqa: E402
from shape import is_clean  # noqa: E402

PROGRAM = sys.argv.pop(1)
LIMIT_S = 300
# Ends before the last record.
FORGETFUL_SINK = """#!/usr/bin/python3
import os, sys
words = sys.argv[1:]
at = words.index("--records") + 1
words[at] = str(int(words[at]) - 1)
os.execv("{program}", ["row_by_row", *words])
"""


def bench(*words, **more):
    return subprocess.run([PROGRAM, "bench", *words], capture_output=True, text=True, timeout=LIMIT_S, check=False, **more)


def against():
    return ["--against", os.environ["PEAKEND_TEST_KAFKA"]]


class Smoke(unittest.TestCase):
    def test_everything_runs_and_every_output_is_right(self):
        with tempfile.TemporaryDirectory() as folder:
            done = bench("--smoke", "--results", folder, *against())
            self.assertEqual(done.returncode, 0, done.stderr)
            found = read_folder(folder)
            self.assertEqual(found.broken, [])
            results = [result for _, result in found.results]
            self.assertEqual({result["bench"] for result in results}, {one.name for one in SUITE if one.smoke})
            for result in results:
                self.assertTrue(is_clean(result["correctness"]), result["run_id"])
                self.assertEqual(result["verdict"], "VOID", "a short run has no figure")
            page = os.path.join(folder, "report.html")
            self.assertEqual(bench("report", folder, "--output", page).returncode, 0)
            with open(page, encoding="utf-8") as file:
                self.assertNotRegex(file.read(), r"(src|href)\s*=\s*[\"']?(https?:)?//")

    def test_a_run_that_is_interrupted_leaves_no_worker_and_no_result(self):
        with tempfile.TemporaryDirectory() as folder:
            running = subprocess.Popen([PROGRAM, "bench", "soak", "--results", folder, *against()],
                                       stderr=subprocess.PIPE, text=True)
            # The load's own log is there once it plays.
            while not glob.glob(os.path.join(folder, "work", "*load*.log")):
                self.assertIsNone(running.poll())
                os.sched_yield()
            logs = glob.glob(os.path.join(folder, "work", "*.log"))
            self.assertTrue(logs)
            running.send_signal(signal.SIGINT)
            _, told = running.communicate(timeout=LIMIT_S)
            self.assertEqual(running.returncode, 130)
            self.assertIn("interrupted", told)
            self.assertEqual(glob.glob(os.path.join(folder, "**", "*.json"), recursive=True), [])
            self.assertEqual(_processes_that_name(folder), [])


def _processes_that_name(word):
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                words = file.read().split(b"\0")
        except OSError:
            continue
        if any(word.encode() in one for one in words):
            found.append(words)
    return found


class Calls(unittest.TestCase):
    def test_a_benchmark_that_is_not_there_is_told_the_names_that_are(self):
        done = bench("sustian")
        self.assertEqual(done.returncode, 64)
        self.assertIn("sustain", done.stderr)

    def test_each_benchmark_states_its_question(self):
        listed = bench("--list").stdout.splitlines()
        self.assertEqual(len(listed), len(SUITE))
        self.assertTrue(all(line.endswith("?") for line in listed))

    def test_a_program_without_the_sources_says_so(self):
        done = bench("--list", env={**os.environ, "PEAKEND_BENCHMARKS": "/nowhere"})
        self.assertEqual(done.returncode, 78)
        self.assertIn("PEAKEND_BENCHMARKS", done.stderr)

    def test_a_wrong_output_fails_and_has_no_figure(self):
        # A judge that finds one record missing, as the runner sees it.
        with tempfile.TemporaryDirectory() as folder:
            build = os.path.dirname(os.path.abspath(PROGRAM))
            false = os.path.join(folder, "build")
            os.makedirs(os.path.join(false, "benchmarks", "judge"))
            os.symlink(os.path.join(build, "peakend"), os.path.join(false, "peakend"))
            judge = os.path.join(false, "benchmarks", "judge", "output_judge")
            with open(judge, "w", encoding="utf-8") as file:
                file.write("#!/bin/sh\necho '" + json.dumps({
                    "expected": 10, "got": 9, "lost": 1, "dup": 0, "unexpected": 0, "wrong_order": 0, "late_dropped": 0,
                    "left": 0, "engine_cpu_s": 1}) + "'\nexit 1\n")
            os.chmod(judge, 0o755)
            results = os.path.join(folder, "results")
            done = bench("dups", "--smoke", "--build", false, "--results", results, *against())
            self.assertEqual(done.returncode, 1)
            self.assertIn("the outputs are wrong", done.stderr)
            for _, result in read_folder(results).results:
                self.assertEqual(result["verdict"], "FAILED")
                self.assertNotIn("cpu", result)

    def test_a_sink_that_leaves_out_a_row_has_no_figure_and_the_others_have(self):
        with tempfile.TemporaryDirectory() as folder:
            build = os.path.dirname(os.path.abspath(PROGRAM))
            false = os.path.join(folder, "build")
            os.makedirs(os.path.join(false, "benchmarks", "judge"))
            for name in ("peakend", "benchmarks/judge/output_judge"):
                os.symlink(os.path.join(build, name), os.path.join(false, name))
            sink = os.path.join(false, "benchmarks", "row_by_row")
            with open(sink, "w", encoding="utf-8") as file:
                file.write(FORGETFUL_SINK.format(program=os.path.join(build, "benchmarks", "row_by_row")))
            os.chmod(sink, 0o755)
            results = os.path.join(folder, "results")
            done = bench("warehouse", "--smoke", "--build", false, "--results", results, *against())
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("row by row: the outputs are wrong", done.stderr)
            found = {result["variant"]: result for _, result in read_folder(results).results}
            self.assertEqual({variant: result["verdict"] for variant, result in found.items()},
                             {"peakend sink postgres": "VOID", "row by row": "FAILED", "rows seen, as shipped": "VOID"})
            self.assertNotIn("figures", found["row by row"])
            self.assertIn("rows a second", found["peakend sink postgres"]["figures"])
            self.assertIn("p99", found["rows seen, as shipped"]["latency"]["intended"])


if __name__ == "__main__":
    unittest.main()
