"""Where benchmarks run: the programs, the cluster, and the folders.

A stage makes what a benchmark needs there: topics of its own, results in one form. It
knows nothing of what is measured.
"""

import contextlib
import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from typing import NamedTuple, Optional

import cluster
import machine
import result as results
from process import Process

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BROKER_SCRIPT = os.path.join(ROOT, "deploy", "kafka", "broker.sh")
PARTITIONS = 4


class Failed(Exception):
    """A benchmark could not be run, or what it ran did not do its work; the text says why."""


class Wishes(NamedTuple):
    """What the user wants instead of our own. `bootstrap` None: a broker of this machine is started when
    the first benchmark asks for one, and stopped at the end if it was us. `settings` are NAME=VALUE."""
    bootstrap: Optional[str] = None
    config: Optional[str] = None  # file
    policy: Optional[str] = None  # file
    profile: Optional[str] = None  # file of a load, or a preset
    settings: tuple = ()


class Stage:
    def __init__(self, build, folder, smoke, wishes=Wishes(), command="peakend bench", say=None):
        self.build = build
        self.policy, self.profile = wishes.policy, wishes.profile
        self._wishes = wishes
        self.folder = folder
        self.smoke = smoke
        self.command = command
        self.work = os.path.join(folder, "work")
        self.run_name = f"bench-{int(time.time()):x}"
        self.say = say or (lambda text: print(text, file=sys.stderr, flush=True))
        self._client = _client_of(wishes)
        self._bootstrap = self._client.get("bootstrap.servers")
        self._local = self._bootstrap is None
        self._started = False
        self._processes = []
        self._starting = 0
        self._interrupted = False
        self._serial = itertools.count(1)
        # What else must be closed with the stage, whatever happens.
        self.ends = contextlib.ExitStack()
        # Events a second, once sustain has found it, or the user knows.
        self.sustainable = None
        # Events a second of its processor time, once gen-self has found it.
        self.generated_per_cpu_s = None

    def __enter__(self):
        os.makedirs(self.work, exist_ok=True)
        signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, *_):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # The rest takes a second, and must be done.
        self.end_processes()
        self.ends.close()
        if self._bootstrap is not None:
            self.forget_topics()
        if self._started:
            subprocess.run([BROKER_SCRIPT, "down"], check=False)
        shutil.rmtree(self.work, ignore_errors=True)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def program(self, name):
        """A program of the build tree; Failed where it is not there."""
        path = os.path.join(self.build, name)
        if not os.path.exists(path):
            raise Failed(f"there is no {path}: ./dev build")
        return path

    def peakend(self):
        return self.program("peakend")

    def bootstrap(self):
        if self._bootstrap is None:
            already = subprocess.run([BROKER_SCRIPT, "wait"], capture_output=True, text=True, check=False)
            started = subprocess.run([BROKER_SCRIPT, "up"], capture_output=True, text=True, check=False)
            if started.returncode != 0:
                raise Failed(f"no broker: {started.stderr.strip()}")
            self._started = already.returncode != 0
            self._bootstrap = started.stdout.strip()
        return self._bootstrap

    def settings(self):
        """What every program of peakend is told, as arguments."""
        told = ["--config", self._wishes.config] if self._wishes.config else []
        for setting in (*self._wishes.settings, f"kafka.bootstrap_servers={self.bootstrap()}"):
            told += ["-X", setting]
        return told

    def client(self):
        """What a client of Python's must know."""
        return self._client | {"bootstrap.servers": self.bootstrap()}

    def broker(self):
        from broker import Broker
        return Broker(self.bootstrap(), self._client)

    def broker_pid(self):
        """Of the broker on this machine; None of the user's cluster."""
        if not self._local or self._bootstrap is None:
            return None
        run = os.environ.get("PEAKEND_KAFKA_RUN", os.path.join(ROOT, ".run", "kafka"))
        try:
            with open(os.path.join(run, "pid"), encoding="ascii") as file:
                return int(file.read())
        except (OSError, ValueError):
            return None

    def forget_topics(self):
        """Deletes what this run made in the cluster."""
        try:
            self.broker().delete_naming(self.run_name)
        except Exception as error:  # Whatever the client says: results are worth more than tidiness.
            self.say(f"topics named {self.run_name}-* are left in the cluster: {error}")

    def name(self, what):
        """A name for a job, its group and topics, that no other has."""
        return f"{self.run_name}-{next(self._serial)}-{re.sub(r'[^a-z0-9]+', '-', what.lower())}"

    def start(self, command, log):
        """A process that the stage ends with itself, whatever happens."""
        process = Process(command, log)
        self._processes.append(process)
        # An interrupt between fork and return would leave a child that nobody knows.
        self._starting += 1
        try:
            process.start()
        finally:
            self._starting -= 1
        if self._interrupted:
            raise KeyboardInterrupt
        return process

    def end_processes(self):
        for process in self._processes:
            if not process.ended():
                process.kill()

    def _interrupt(self, *_):
        self._interrupted = True
        if not self._starting:
            raise KeyboardInterrupt

    def file(self, name):
        return os.path.join(self.work, name)

    def result(self, bench, variant, before, repeat=1, **more):
        """A result of suite/result.py; `bench` is a row of the catalogue."""
        made = results.new_result(bench.name, variant, bench.question, before=before, repeat=repeat, command=self.command,
                                  repository=ROOT, flags="Release", versions={"librdkafka": self.library()}, **more)
        made["question_zh"] = bench.question_zh
        made["params"] |= {name: os.path.basename(value) for name, value in
                           (("policy", self.policy), ("profile", self.profile)) if value}
        if self._bootstrap is not None:
            where = "this machine, beside the worker" if self._local else "the user's cluster"
            # What the producer asks of it; other settings are in `params`.
            made["broker"] = {"kind": f"Apache Kafka on {where}", "acks": "all", "linger": "1ms"}
        if self.smoke:
            results.void(made, "a smoke run: too short for a figure")
        return made

    def library(self):
        told = subprocess.run([self.peakend(), "version", "--verbose"], capture_output=True, text=True, check=False).stdout
        found = re.search(r"librdkafka\s+(\S+)", told)
        return found.group(1) if found else "unknown"

    def keep(self, result):
        path = results.write(result, self.folder)
        verdict = result["verdict"] if results.is_clean(result.get("correctness")) else "FAILED"
        self.say(f"  {result['variant']}: {verdict}, {os.path.basename(path)}")
        return path


def _client_of(wishes):
    text = ""
    if wishes.config:
        try:
            with open(wishes.config, encoding="utf-8") as file:
                text = file.read()
        except OSError as error:
            raise Failed(f"{wishes.config}: {error.strerror}") from None
    try:
        client = cluster.client_of(text, wishes.settings)
    except ValueError as error:
        raise Failed(str(error)) from None
    return client | ({"bootstrap.servers": wishes.bootstrap} if wishes.bootstrap else {})


def look():
    return machine.look()
