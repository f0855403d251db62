"""The broker of a comparison: the user's, the developer's where it runs, or one of its own."""

import os
import shutil
import signal
import socket
import subprocess

import peer_table

SCRIPT = os.path.join(peer_table.ROOT, "deploy", "kafka", "broker.sh")


class NoBroker(Exception):
    """There is none, and none could be started; the text says why."""


class LocalBroker:
    """As a context: `bootstrap` inside of it is the address. One of its own listens on a free port, keeps
    its data in a folder of its own, and is gone in the end, whatever happens."""

    def __init__(self, bootstrap, say):
        self.bootstrap = bootstrap
        self._say = say
        self._run = None

    def __enter__(self):
        if self.bootstrap is not None:
            return self
        running = self._script("wait", os.environ)
        if running.returncode == 0:
            self.bootstrap = running.stdout.strip()
            self._say(f"with the broker that runs at {self.bootstrap} (./dev kafka up)")
            return self
        self._run = os.path.join(peer_table.BUILD, f"kafka-{os.getpid()}")
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self):
        port = free_port()
        self._say(f"starting a broker at 127.0.0.1:{port}")
        started = self._script("up", self._environment(port))
        if started.returncode != 0:
            raise NoBroker(started.stderr.strip() or "broker.sh up failed")
        self.bootstrap = started.stdout.strip()

    def __exit__(self, *_):
        if self._run is None:
            return
        was = signal.signal(signal.SIGINT, signal.SIG_IGN)  # The rest takes seconds, and must be done.
        try:
            self._script("down", self._environment(0))
            shutil.rmtree(self._run, ignore_errors=True)
        finally:
            signal.signal(signal.SIGINT, was)

    def _environment(self, port):
        return {**os.environ, "PEAKEND_KAFKA_RUN": self._run, "PEAKEND_KAFKA_PORT": str(port)}

    @staticmethod
    def _script(verb, environment):
        # A session of its own: an interrupt at the terminal is ours to answer.
        return subprocess.run([SCRIPT, verb], env=environment, capture_output=True, text=True, check=False,
                              start_new_session=True)


def free_port():
    """One that nobody listens on, nor on the next one, which the controller takes."""
    while True:
        with socket.socket() as broker, socket.socket() as controller:
            broker.bind(("127.0.0.1", 0))
            port = broker.getsockname()[1]
            try:
                controller.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port
