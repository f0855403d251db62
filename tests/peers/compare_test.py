#!/usr/bin/env python3
"""The comparison of peers as it is called: what runs, what is built, and that results are whole or
not there; without a broker."""

import contextlib
import errno
import io
import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

PEERS = pathlib.Path(__file__).resolve().parents[2] / "benchmarks" / "peers"
sys.path.insert(0, str(PEERS))

import compare
import comparison_table
import local_broker
import peer_build
import peer_rounds
import peer_table
import result_file


def called(*words):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = compare.main(list(words))
        except SystemExit as end:
            code = end.code
    return code, out.getvalue(), err.getvalue()


class Call(unittest.TestCase):
    def test_help_names_the_command_that_users_call(self):
        code, out, _ = called("--help")
        self.assertEqual(code, 0)
        self.assertTrue(out.startswith("usage: peakend bench vs "))
        for option in ("--all", "--latency", "--kill", "--no-build", "--bootstrap"):
            self.assertIn(option, out)

    def test_wrong_calls(self):
        for words in (("--bogus",), ("--peers", "nobody"), ("--peers", "consume", "--kill"), ("--rounds", "0"),
                      ("--kill", "--latency", "5"), ("--latency", "fast"), ("--events", "3"), ("--rate", "100"),
                      ("--seconds", "0"), ("--peers", "")):
            code, _, err = called(*words)
            self.assertEqual(code, 64, words)
            self.assertTrue(err.splitlines()[-1].startswith("peakend bench vs: "), err)

    def test_several_engines_run_where_none_is_named(self):
        peers = compare.parse([]).peers
        self.assertEqual(list(peers), ["throughput"])
        self.assertLess({"consume", "peakend", "naive", "kafka-streams", "flink"} - {"consume"}, set(peers["throughput"]))

    def test_all_is_three_kinds_of_run_and_a_floor_has_only_a_cost(self):
        peers = compare.parse(["--all", "--peers", "consume,naive"]).peers
        self.assertEqual(peers, {"throughput": ["consume", "naive"], "latency": ["naive"], "kill": ["naive"]})

    def test_latency_has_settings_of_its_own(self):
        rows = compare.rows(compare.parse(["--latency", "5k", "--peers", "flink"]))
        self.assertEqual(list(rows.values()), [peer_table.PEERS["flink-100ms"]])


class Build(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = pathlib.Path(place.name)
        for name in ("BUILD", "ROOT"):
            patch = mock.patch.object(peer_table, name, str(self.folder))
            patch.start()
            self.addCleanup(patch.stop)
        patch = mock.patch.object(peer_build, "_find_tools")
        patch.start()
        self.addCleanup(patch.stop)
        self.script = self.folder / "build.sh"
        patch = mock.patch.object(peer_build, "SCRIPT", str(self.script))
        patch.start()
        self.addCleanup(patch.stop)

    def write_script(self, text):
        self.script.write_text(f"#!/usr/bin/env bash\ncd {self.folder}\n{text}\n")
        self.script.chmod(0o755)

    def test_what_is_missing_is_named_by_part(self):
        rows = [peer_table.PEERS[name] for name in ("naive", "flink", "kafka-streams", "quix")]
        self.assertEqual(peer_build.unbuilt(rows), ["cpp", "java", "python"])

    def test_a_build_that_broke_off_is_no_build(self):
        (self.folder / "flink").mkdir()
        self.assertEqual(peer_build.unbuilt([peer_table.PEERS["flink"]]), ["java"])
        (self.folder / ".java").touch()
        self.assertEqual(peer_build.unbuilt([peer_table.PEERS["flink"]]), [])

    def test_it_is_built_once_and_said_so(self):
        self.write_script("echo \"$@\" >>called; mkdir -p flink; touch .java")
        said = []
        for _ in range(2):
            peer_build.make_ready([peer_table.PEERS["flink"]], True, said.append)
        self.assertEqual((self.folder / "called").read_text(), "java\n")
        self.assertEqual(said, ["not built yet: benchmarks/peers/build.sh java"])

    def test_nothing_is_built_unasked(self):
        with self.assertRaisesRegex(peer_build.NotBuilt, "not built: flink; build them by benchmarks/peers/build.sh java"):
            peer_build.make_ready([peer_table.PEERS["flink"]], False, print)

    def test_a_failed_build_is_a_sentence(self):
        self.write_script("exit 1")
        with self.assertRaisesRegex(peer_build.NotBuilt, "build.sh java failed"):
            peer_build.make_ready([peer_table.PEERS["flink"]], True, lambda text: None)


class BuildScript(unittest.TestCase):
    def test_what_is_not_installed_is_named_with_its_package(self):
        with tempfile.TemporaryDirectory() as folder:
            # Only what the script itself needs; of the tree it looks at nothing is built there.
            for name in ("bash", "cat", "cksum", "dirname", "find", "sort", "xargs", "protoc", "mvn", "sed"):
                found = next((path for path in (f"/usr/bin/{name}", f"/bin/{name}") if os.path.exists(path)), None)
                if found is not None:
                    os.symlink(found, os.path.join(folder, name))
            tree = pathlib.Path(folder, "tree", "benchmarks", "peers")
            tree.parent.mkdir(parents=True)
            subprocess.run(["cp", "-r", str(PEERS), str(tree)], check=True)
            done = subprocess.run([str(tree / "build.sh"), "java"], env={"PATH": folder}, capture_output=True, text=True,
                                  check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("javac (a JDK; a JRE is not enough)", done.stderr)
        self.assertRegex(done.stderr, r"On Debian 12 and Ubuntu 24.04: apt-get install .*openjdk-17-jdk-headless")

    def test_an_unknown_part_is_a_wrong_call(self):
        done = subprocess.run([str(PEERS / "build.sh"), "rust"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 64)
        self.assertIn("build.sh [java|python|cpp|connect]", done.stderr)


class ResultFile(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = place.name

    def test_whole_and_readable(self):
        path = os.path.join(self.folder, "one.json")
        result_file.write(path, {"verdict": "ok"})
        with open(path, encoding="utf-8") as file:
            self.assertEqual(json.load(file), {"verdict": "ok"})
        self.assertEqual(os.listdir(self.folder), ["one.json"])

    def test_a_disk_that_is_full_leaves_nothing(self):
        limit = resource.getrlimit(resource.RLIMIT_FSIZE)
        was = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limit[1]))
        try:
            with self.assertRaisesRegex(result_file.WriteFailed, "cannot write .*one.json: "):
                result_file.write(os.path.join(self.folder, "one.json"), {"reason": "x" * 10_000})
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)
            signal.signal(signal.SIGXFSZ, was)
        self.assertEqual(os.listdir(self.folder), [])

    def test_a_folder_that_cannot_be(self):
        with self.assertRaises(result_file.WriteFailed):
            result_file.make_folder("/proc/none/results")


class Ends(unittest.TestCase):
    """How a comparison ends that does not come to its end."""

    def ended(self, failure):
        options = compare.parse(["--peers", "naive", "--bootstrap", "127.0.0.1:1"])
        with tempfile.TemporaryDirectory() as options.results:
            said = []
            with mock.patch.object(peer_rounds.Part, "results", side_effect=failure):
                code = peer_rounds.run(options, said.append)
        self.assertEqual(len(said), 1)
        return code, said[0]

    def test_each_is_one_sentence_and_an_exit_code(self):
        for failure, code, words in (
                (KeyboardInterrupt(), 130, "interrupted: 0 whole results in "),
                (result_file.WriteFailed("cannot write x.json: No space left on device"), 74, "No space left on device"),
                (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "x.log"), 74, "x.log: No space left on device"),
                (TimeoutError("no answer for 30 s"), 69, "the broker at 127.0.0.1:1: no answer for 30 s"),
                (peer_rounds.WriterFailed("the input's writer failed"), 1, "the input's writer failed")):
            told = self.ended(failure)
            self.assertEqual(told[0], code)
            self.assertIn(words, told[1])


class Broker(unittest.TestCase):
    def test_one_of_its_own_is_stopped_and_its_data_removed(self):
        with tempfile.TemporaryDirectory() as folder:
            script, log = os.path.join(folder, "broker.sh"), os.path.join(folder, "log")
            with open(script, "w", encoding="utf-8") as file:
                # None runs in the usual folder; ours starts.
                file.write(f'#!/usr/bin/env bash\necho "$1 $PEAKEND_KAFKA_RUN" >>{log}\n[[ $1 == wait ]] && exit 1\n'
                           'mkdir -p "$PEAKEND_KAFKA_RUN"; echo "127.0.0.1:$PEAKEND_KAFKA_PORT"\n')
            os.chmod(script, 0o755)
            with mock.patch.object(local_broker, "SCRIPT", script), mock.patch.object(peer_table, "BUILD", folder):
                with self.assertRaises(KeyboardInterrupt), local_broker.LocalBroker(None, lambda text: None) as broker:
                    self.assertRegex(broker.bootstrap, r"127\.0\.0\.1:\d+")
                    raise KeyboardInterrupt
            with open(log, encoding="utf-8") as file:
                verbs = [line.split() for line in file]
            own = os.path.join(folder, f"kafka-{os.getpid()}")
            self.assertEqual([verb[0] for verb in verbs], ["wait", "up", "down"])
            self.assertEqual(verbs[1:], [["up", own], ["down", own]])
            self.assertFalse(os.path.exists(own))

    def test_a_users_broker_is_left_alone(self):
        with mock.patch.object(local_broker, "SCRIPT", "/no/such/script"):
            with local_broker.LocalBroker("kafka:9092", print) as broker:
                self.assertEqual(broker.bootstrap, "kafka:9092")


class Table(unittest.TestCase):
    def test_throughput_of_a_core(self):
        run = {"peer": "naive", "round": 1, "verdict": "ok", "cpu_per_million": 2.5, "events_per_s": 300_000, "rss_mb": 90}
        self.assertIn("| naive | 2.50 | - | 300,000 | 400,000 | 90 | 1 of 1 |",
                      comparison_table.markdown("throughput", [run]))


if __name__ == "__main__":
    unittest.main()
