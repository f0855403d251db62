"""One job of `peakend run`, over topics of its own: started, watched, stopped, judged."""

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request

from process import cpu_s
from stage import PARTITIONS, Failed

OUTPUTS = ("moment_alerts", "moments", "journeys", "rejected_records", "late_events", "customer_state", "opening_cards",
           "touchpoint_statistics")
ROWS = ("touchpoint", "moment", "contact", "journey", "alert", "promise", "survey")
LOOK_EVERY_S = 0.05
STALL_S = 60
ANSWER_S = 5


class Job:
    """`settings` are NAME=VALUE, as with -X. With `live` the worker lets time pass by itself, as
    in production; a backlog lies in the past, where only events do. `read` is the name of another
    job, whose input is read."""

    def __init__(self, stage, what, settings=(), partitions=PARTITIONS, live=False, policy=None, read=None):
        self.stage = stage
        self.name = stage.name(what)
        self.input = f"{read.name if read else self.name}-events"
        self.partitions = partitions
        self.policy = policy or stage.policy
        self.process = None
        self._settings = list(settings) + ([] if live else ["worker.tick_interval=1h"])
        self._port = None
        self._log = stage.file(self.name + ".log")
        self._create()

    def settings(self):
        """As arguments of peakend and of the judge."""
        told = [f"kafka.group_id={self.name}",
                f"topics.interaction_events.name={self.input}",
                f"topics.interaction_events.partitions={self.partitions}", "shutdown.fail_fast=true"]
        told += [f"topics.{output}.name={self.topic(output)}" for output in (*OUTPUTS, *map(rows_topic, ROWS))]
        return self.stage.settings() + [word for setting in told + self._settings for word in ("-X", setting)]

    def topic(self, output):
        return f"{self.name}-{output}"

    def _create(self):
        done = subprocess.run([self.stage.peakend(), "topics", "create", *self.settings()], capture_output=True,
                              text=True, check=False)
        if done.returncode != 0:
            raise Failed(f"topics of {self.name}: {done.stderr.strip()}")

    def _policy(self):
        return ["--policy", self.policy] if self.policy else []

    def start(self):
        self._port = _free_port()
        self.process = self.stage.start([self.stage.peakend(), "run", *self._policy(), *self.settings(), "-X",
                                f"admin.port={self._port}", "-X", "log.format=json"], self._log)

    def metrics(self):
        """The page of metrics as text; "" while there is none."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/metrics", timeout=ANSWER_S) as answer:
                return answer.read().decode()
        except (OSError, urllib.error.URLError):
            return ""

    def taken(self):
        """Records of the input that were processed, whatever became of them."""
        return sum(values(self.metrics(), "peakend_events_total{"))

    def wait_until_taken(self, records, each=None):
        """Until so many are; returns [(time, records)] as they rose. `each` is called between looks."""
        began = time.monotonic()
        seen, moved = [(began, 0)], began
        while True:
            taken, now = self.taken(), time.monotonic()
            if taken > seen[-1][1]:
                seen.append((now, taken))
                moved = now
            if taken >= records:
                return seen
            self.check(now - moved)
            if each:
                each()
            time.sleep(LOOK_EVERY_S)

    def wait_until_ready(self):
        """Until it holds its partitions: what a load finds that comes earlier is a start, and no figure."""
        began = time.monotonic()
        while not any(values(self.metrics(), "peakend_assigned_partitions")):
            self.check(time.monotonic() - began)
            time.sleep(LOOK_EVERY_S)

    def check(self, still_s=0):
        """Failed when the worker has ended by itself, or stands still."""
        if self.process.ended():
            raise Failed(f"the worker has ended: {self._last_words()}")
        if still_s > STALL_S:
            raise Failed(f"no progress for {STALL_S} s: {self._last_words()}")

    def stop(self):
        """Ends it in good order, everything committed. Returns (CPU seconds, MB at most)."""
        spent = self.process.cpu_s()
        rss_mb, wrong = self.process.stop()
        if wrong:
            raise Failed(f"the worker: {wrong}")
        return spent, rss_mb

    def end(self):
        """Whatever happened: it does not run on."""
        if self.process is not None and not self.process.ended():
            self.process.kill()

    def judge(self):
        """What benchmarks/judge says: its counts, and the engine's CPU seconds in memory."""
        done = subprocess.run([self.stage.program("benchmarks/judge/output_judge"), *self._policy(), *self.settings()],
                              capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1) or not done.stdout:
            raise Failed(f"nobody can judge {self.name}: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def _last_words(self):
        try:
            with open(self._log, encoding="utf-8", errors="replace") as file:
                return file.read().strip().rsplit("\n", 1)[-1]
        except OSError:
            return f"see {os.path.basename(self._log)}"


def rows_topic(kind):
    """The topic of rows of a kind, as `topics` of the configuration calls it."""
    return f"bi_{kind}"


def rows_on(form="protobuf"):
    """Settings by which all kinds of rows are written, as the example of a configuration has it."""
    return tuple(f"bi.{kind}.{setting}" for kind in ROWS for setting in ("enabled=true", f"format={form}"))


def correctness(judged):
    """Of a result, from what the judge said. Input that was left is lost."""
    counts = {name: judged[name] for name in ("expected", "got", "lost", "dup", "unexpected", "wrong_order")}
    left = judged["left"]
    return counts | {"expected": counts["expected"] + left, "lost": counts["lost"] + left,
                     "late_dropped": judged["late_dropped"], "late_dropped_expected": judged["late_dropped"]}


def broker_cpu_s(stage):
    pid = stage.broker_pid()
    return cpu_s(pid) if pid else 0.0


def values(page, prefix):
    """The samples of a page of metrics whose lines begin so."""
    return [float(line.rsplit(" ", 1)[1]) for line in page.splitlines() if line.startswith(prefix)]


def _free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
