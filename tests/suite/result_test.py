"""What is written is what is read, nothing wrong is written, and nothing is overwritten."""

import errno
import json
import os
import pathlib
import resource
import tempfile
import unittest

import samples
import machine
import result as results
from shape import FIGURES, validate

FAILED = {"expected": 10, "got": 9, "lost": 1, "dup": 0, "unexpected": 0}


class Validate(unittest.TestCase):
    def test_samples_are_right(self):
        for one in samples.all_kinds():
            self.assertEqual(validate(one), [])

    def test_file_and_key_are_named(self):
        cases = (
            ({"latency": {"intended": {"p99": "fast"}}}, "latency.intended.p99: expected a number, got text"),
            ({"latency": {"intended": {"p50": 9, "p99": 3}}}, "latency.intended.p99: is less than p50"),
            ({"latencies": {}}, "latencies: no such key, is it latency?"),
            ({"env": {**samples.ENV, "cores": True}}, "env.cores: expected a number, got true or false"),
            ({"repeat": 1.5}, "repeat: expected a whole number"),
            ({"achieved_rate": float("nan")}, "achieved_rate: expected a finite number"),
            ({"achieved_rate": -1}, "achieved_rate: cannot be negative"),
            ({"verdict": "fine"}, "verdict: expected OK or FAILED or VOID, got 'fine'"),
            ({"command": " "}, "command: is empty"),
            ({"goal": [{"name": "x", "goal": "1", "met": True}]}, "goal[0].measured: is missing"),
            ({"series": {"t": [0, 1], "columns": {"rate": [5]}}}, "series.columns.rate: 1 values for 2 times"),
            ({"series": {"t": [1, 0], "columns": {}}}, "series.t: goes back in time"),
            ({"correctness": FAILED}, "verdict: the output was not right, so it is FAILED"),
            ({"correctness": {**FAILED, "got": 10}}, "correctness.got: is not expected - lost + dup + unexpected"),
            ({"verdict": "VOID"}, "void_reason: belongs to a VOID run, and to no other"),
            ({"verdict": "FAILED", "rss": {"max": 1}}, "rss: a failed run has no figures"),
            ({"series": {"t": [0] * 100_001, "columns": {}}}, "series.t: 100001 entries, 100000 is the most"))
        for keys, problem in cases:
            with self.subTest(problem):
                self.assertIn(f"x.json: {problem}", validate(samples.result(**keys), "x.json"))

    def test_every_required_key_is_missed(self):
        for name in samples.result():
            one = samples.result()
            del one[name]
            self.assertEqual(validate(one, "f"), [f"f: {name}: is missing"])

    def test_anything_is_survived(self):
        for value in (None, [], 5, "x", {}, {"schema": []}, {"env": 3}, {"bench": {"a": [{}]}}):
            self.assertTrue(validate(value, "f"))
        for name in samples.result():
            for value in (None, [], 5, "", {}, True, [[[]]]):
                validate(samples.result(**{name: value}))


class Judged(unittest.TestCase):
    def test_what_voids_a_run(self):
        cases = ((dict(driver_lateness={"p99": 3}, latency={"intended": {"p99": 20}}), "the load was late"),
                 (dict(offered_rate=1000, achieved_rate=990), "only 990 of 1000 events/s"),
                 (dict(env={**samples.ENV, "steal": 2.5}), "the host took 2.5 %"))
        for keys, why in cases:
            found = results.judged(samples.result(**keys))
            self.assertEqual(found["verdict"], "VOID")
            self.assertTrue(found["void_reason"].startswith(why), found["void_reason"])

    def test_what_does_not(self):
        keys = dict(driver_lateness={"p99": 2}, latency={"intended": {"p99": 20}}, offered_rate=1000, achieved_rate=995,
                    env={**samples.ENV, "steal": 2})
        self.assertEqual(results.judged(samples.result(**keys))["verdict"], "OK")

    def test_a_run_with_a_wrong_output_keeps_no_figure(self):
        for one in samples.all_kinds():
            found = results.judged({**one, "correctness": dict(FAILED)})
            self.assertEqual(found["verdict"], "FAILED")
            self.assertEqual(set(found) & set(FIGURES), set())
            self.assertTrue(all(goal["met"] is False and goal["measured"] is None for goal in found.get("goal", [])))
            self.assertEqual(validate(found), [])

    def test_what_counts_as_wrong(self):
        for keys, verdict in (({"dup": 1, "got": 1001}, "FAILED"), ({"dup": 1, "got": 1001, "dup_allowed": True}, "OK"),
                              ({"late_dropped": 4}, "FAILED"), ({"wrong_order": 1}, "FAILED"),
                              ({"unexpected": 1, "got": 1001}, "FAILED"), ({}, "OK")):
            self.assertEqual(results.judged(samples.result(correctness={**samples.CLEAN, **keys}))["verdict"], verdict)

    def test_reasons_add_up_and_a_failure_stays_one(self):
        one = samples.result()
        for why in ("a", "b", "a"):
            results.void(one, why)
        self.assertEqual((one["verdict"], one["void_reason"]), ("VOID", "a; b"))
        self.assertNotIn("void_reason", results.void(samples.result(verdict="FAILED"), "late"))


class Write(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = pathlib.Path(place.name)

    def test_what_is_written_is_read(self):
        made = samples.all_kinds()
        for one in made:
            results.write(one, self.folder / "new" / "deep")
        found = results.read_folder(self.folder)
        self.assertEqual(found.broken, [])
        self.assertCountEqual([json.dumps(one, sort_keys=True) for _, one in found.results],
                              [json.dumps(results.judged(one), sort_keys=True) for one in made])

    def test_another_run_gets_another_name(self):
        paths = [results.write(samples.result(run_id=f"run {at}"), self.folder) for at in range(3)]
        self.assertEqual([os.path.basename(path) for path in paths],
                         ["latency-half-load-1.json", "latency-half-load-1-2.json", "latency-half-load-1-3.json"])
        self.assertEqual(len(results.read_folder(self.folder).results), 3)

    def test_a_name_cannot_leave_the_folder(self):
        path = results.write(samples.result(bench="../../etc", variant="a/b " * 90), self.folder)
        self.assertEqual(pathlib.Path(path).parent, self.folder)

    def test_no_result_is_not_written(self):
        with self.assertRaisesRegex(ValueError, "command: is empty"):
            results.write(samples.result(command=""), self.folder)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_full_disk_leaves_no_half_file(self):
        large = samples.result(series={"t": list(range(9000)), "columns": {}})
        limit = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limit[1]))
        try:
            with self.assertRaisesRegex(results.WriteFailed, "cannot write .*latency-half-load-1.json: File too large"):
                results.write(large, self.folder)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_device_without_room_says_so(self):
        real = os.fsync

        def full(handle):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync = full
        try:
            with self.assertRaisesRegex(results.WriteFailed, "No space left on device"):
                results.write(samples.result(), self.folder)
        finally:
            os.fsync = real
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_broken_files_are_named_and_skipped(self):
        good = results.write(samples.result(), self.folder)
        (self.folder / "half.json").write_text('{"schema": "peak')
        (self.folder / "twice.json").write_text(pathlib.Path(good).read_text())
        (self.folder / "bytes.json").write_bytes(b"\xff\xfe\x00")
        (self.folder / "deep.json").write_text("[" * 100_000)
        (self.folder / "other.json").write_text("[1, 2]")
        (self.folder / "manifest.json").write_text('{"format": 1, "profile": "x", "seed": 7}')
        (self.folder / "notes.txt").write_text("no result")
        found = results.read_folder(self.folder)
        self.assertEqual(len(found.results), 1)
        told = "\n".join(found.broken)
        for part in ("half.json:1:12: no JSON", "bytes.json: no JSON text", "deep.json: no JSON text",
                     "other.json: result: expected an object, got a list", "run_id: the same run as",
                     "manifest.json: something else than a result"):
            self.assertIn(part, told)
        self.assertEqual(len(found.broken), 6)

    def test_nothing_there_is_an_error_and_an_empty_folder_is_not(self):
        self.assertRaises(FileNotFoundError, results.read_folder, self.folder / "missing")
        self.assertEqual(results.read_folder(self.folder), ([], []))


class Peers(unittest.TestCase):
    FOUND = {"schema": 1, "bench": "throughput", "peer": "naive", "round": 2, "options": {"rate": 0, "row": "naive"},
             "events": 4_000_000, "cpu_per_million": 2.5, "events_per_s": 390_000.0, "rss_mb": 91.0, "latency": None,
             "recovery_s": None, "reason": None, "verdict": "ok", "command": "naive_peer --events 4000000",
             "correctness": {"expected": 5, "got": 5, "lost": 0, "unexpected": 0, "disordered": 0},
             "environment": {"processor": "Example CPU 3000", "processors": 8, "memory_mb": 33_000,
                             "governor": "performance", "kernel": "6.1",
                             "git": {"sha": "0123456789abcdef0123456789abcdef01234567", "dirty": False},
                             "load_before": 0.1, "load_after": 1.0, "busy_percent": 12.0, "steal_percent": 0.0}}

    def test_a_result_of_the_peers_is_read(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "one.json").write_text(json.dumps(self.FOUND))
            lost = {"correctness": {**self.FOUND["correctness"], "lost": 1, "got": 4}, "verdict": "FAILED"}
            pathlib.Path(folder, "wrong.json").write_text(json.dumps({**self.FOUND, **lost, "round": 3}))
            found = results.read_folder(folder)
        self.assertEqual(found.broken, [])
        (_, good), (_, wrong) = found.results
        self.assertEqual((good["bench"], good["variant"], good["repeat"]), ("vs-throughput", "naive", 2))
        self.assertEqual(good["cpu"], {"per_million": 2.5})
        self.assertEqual((good["env"]["cpu"], good["env"]["governor"]), ("Example CPU 3000", "performance"))
        self.assertEqual(good["env"]["git"], self.FOUND["environment"]["git"])
        self.assertEqual(wrong["verdict"], "FAILED")
        self.assertNotIn("cpu", wrong)

    def test_what_an_older_one_does_not_tell_says_so(self):
        told = {name: value for name, value in self.FOUND["environment"].items()
                if name not in ("processor", "memory_mb", "governor", "git")}
        found = results.from_peer({**self.FOUND, "environment": told}, "x.json")
        self.assertEqual(validate(found), [])
        self.assertEqual((found["env"]["cpu"], found["env"]["governor"]), ("not told", "not told"))
        self.assertEqual(found["env"]["git"], {"sha": "not told", "dirty": True})

    def test_a_floor_is_marked_and_has_nothing_that_was_judged(self):
        found = results.from_peer({**self.FOUND, "peer": "consume", "floor": True, "correctness": None}, "x.json")
        self.assertEqual(validate(found), [])
        self.assertIs(found["params"]["floor"], True)
        self.assertIsNone(found["correctness"])
        self.assertNotEqual(found["question"], results.from_peer(self.FOUND, "x.json")["question"])

    def test_a_broken_one_is_named(self):
        for name in self.FOUND:
            for value in ([], "x", 3.5, None):
                validate(results.from_peer({**self.FOUND, name: value}, "x.json"))
        self.assertIn("repeat: expected a number, got text",
                      validate(results.from_peer({**self.FOUND, "round": "two"}, "x.json")))


class Machine(unittest.TestCase):
    def look(self, stat):
        with tempfile.TemporaryDirectory() as root:
            proc = pathlib.Path(root, "proc")
            proc.mkdir()
            (proc / "stat").write_text(stat)
            (proc / "loadavg").write_text("0.50 0.4 0.3 1/90 7\n")
            (proc / "cpuinfo").write_text("model name\t: Example\nmodel name\t: Example\n")
            found = machine.look(root, now=lambda: 5.0)
            return found, machine.environment(found, found, root=root)

    def test_steal_is_a_share_of_what_passed_between(self):
        before, _ = self.look("cpu 100 0 50 800 0 0 0 10 99 0\ncpu0 1\n")
        after, _ = self.look("cpu 150 0 60 1130 0 0 0 20 99 0\ncpu0 1\n")
        self.assertEqual(machine.steal_percent(before, after), 2.5)
        self.assertEqual(machine.steal_percent(before, before), 0)

    def test_what_the_machine_does_not_tell_is_unknown(self):
        found, env = self.look("cpu 1 2 3 4 5 6 7 8 9 10\n")
        self.assertEqual((found.at, found.load, env["cpu"], env["governor"]), (5.0, 0.5, "Example", "unknown"))
        self.assertEqual(env["git"], {"sha": "unknown", "dirty": True})

    def test_a_new_result_is_right(self):
        look = machine.look()
        made = results.new_result("engine", "off", "How fast?", before=look, command="bench engine",
                                  repository=samples.SUITE)
        self.assertEqual(validate(made), [])


if __name__ == "__main__":
    unittest.main()
