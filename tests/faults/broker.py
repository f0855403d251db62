"""The broker of a run: Apache Kafka by deploy/kafka/broker.sh, on ports and in a folder of its own."""

import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import tempfile
import time

from confluent_kafka.admin import AdminClient, ConfigResource

from deadline import wait_for

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "deploy/kafka/broker.sh"
START_S = 150
TIME = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),(\d{3}) ")


def free_ports(count):
    """The first of `count` ports in a row that nobody listens on.

    Below those that outgoing connections get: a client that asks for a dead broker on
    one of these would sooner or later be connected to itself, and keep the port.
    """
    while True:
        port = random.SystemRandom().randrange(15_000, 32_000)
        try:
            for number in range(port, port + count):
                with socket.socket() as one:
                    one.bind(("127.0.0.1", number))
        except OSError:
            continue
        return port


class Gone(Exception):
    """The broker ended although nobody here asked it to: nothing can be concluded."""


class Broker:
    """Clients speak to `direct`, or, through whoever listens on `proxy_port`, to `behind_proxy`."""

    def __init__(self):
        port = self.port = free_ports(4)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="peakend-faults-kafka-"))
        self.cleanings = 0
        self.direct = f"127.0.0.1:{port}"
        self.behind_proxy = port + 2
        self.proxy_port = port + 3
        self.environment = {**os.environ, "PEAKEND_KAFKA_RUN": str(self.folder), "PEAKEND_KAFKA_PORT": str(port),
                            "PEAKEND_KAFKA_PROXY": f"{self.behind_proxy}:{self.proxy_port}"}

    def _script(self, verb):
        # Not through pipes: the broker would keep them open.
        with open(self.folder / f"{verb}.out", "wb") as out:
            subprocess.run([SCRIPT, verb], env=self.environment, stdout=out, stderr=out, timeout=START_S, check=True)

    def up(self):
        self._script("up")

    def down(self):
        self._script("down")

    def clean_now(self):
        """The log cleaner starts anew whenever it is configured, and begins with a look at all logs."""
        self.cleanings += 1
        wanted = ConfigResource("broker", "1", set_config={"log.cleaner.backoff.ms": str(1000 + self.cleanings % 1000)})
        admin = AdminClient({"bootstrap.servers": self.direct, "log_level": 0})
        for future in admin.alter_configs([wanted]).values():
            future.result(30)

    def cleaned(self, topic):
        """By partition: the offset up to which the cleaner has compacted it."""
        lines = (self.folder / "data/cleaner-offset-checkpoint").read_text().splitlines()
        rows = [line.split() for line in lines if line.startswith(f"{topic} ")]
        return {int(number): int(offset) for _, number, offset in rows}

    def said(self, text, since):
        """When its log last said something with `text` in it, in seconds since 1970; None = not since then."""
        found = None
        with open(self.folder / "server.log", encoding="utf-8", errors="replace") as log:
            for line in log:
                if text in line and (at := TIME.match(line)):
                    found = time.mktime(time.strptime(at[1], "%Y-%m-%d %H:%M:%S")) + int(at[2]) / 1000
        return found if found is not None and found >= since else None

    def check(self):
        """Raises Gone."""
        if not self._is_running(int((self.folder / "pid").read_text())):
            raise Gone(f"the broker was ended from outside, see {self.folder}/server.log")

    def kill(self):
        pid = int((self.folder / "pid").read_text())
        os.kill(pid, signal.SIGKILL)
        # The first thread is gone before the last one, and with it the sockets.
        wait_for(lambda: not self._is_running(pid) and not self._listens(), 20, "the killed broker's end")

    def _listens(self):
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0

    @staticmethod
    def _is_running(pid):
        try:
            return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False
