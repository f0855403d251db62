#!/usr/bin/env python3
"""Runs COMMAND against a private, empty PostgreSQL that is gone afterwards.

    with_postgres.py COMMAND...

COMMAND finds the database in the environment: PEAKEND_TEST_POSTGRES is a libpq connection string
over a unix socket, PEAKEND_TEST_POSTGRES_TCP one over 127.0.0.1 with a password, for programs that
need an address (JDBC, a proxy that breaks connections). Exits with COMMAND's status; 128 + signal
where one ended it; 127 where COMMAND can't be run; 69 where no PostgreSQL is installed or starts.

Python tests use the class Postgres. The newest server under /usr/lib/postgresql is taken. It
refuses to run as root: then it runs as `postgres`, or as `nobody` where that user is missing.
"""

import csv
import io
import os
import pathlib
import pwd
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

INSTALLED = pathlib.Path("/usr/lib/postgresql")
WAIT_S = 60  # For a start, which may have a crash to recover from, or a stop.
SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}
NULL = "\\N"
# Durable as in production: what is told of kills would be worth nothing otherwise. Shared memory
# in files of the data folder, so that a killed server leaves nothing behind in /dev/shm.
SETTINGS = {"fsync": "on", "synchronous_commit": "on", "listen_addresses": "127.0.0.1",
            "dynamic_shared_memory_type": "mmap", "timezone": "UTC", "log_timezone": "UTC",
            "max_connections": "50", "max_wal_size": "4GB"}


class Unavailable(Exception):
    """No server is installed, or it doesn't start; the message says what to do."""


class SqlError(Exception):
    """What psql said of a statement that failed."""


def bin_folder(installed=INSTALLED):
    """Of the newest installed server."""
    found = [path.parent for path in installed.glob("*/bin/initdb")]
    if not found:
        raise Unavailable(f"no PostgreSQL server in {installed}: apt-get install postgresql")
    return max(found, key=lambda path: [int(part) for part in path.parent.name.split(".")])


def server_user():
    """Whom the server runs as: None = whoever we are, as we aren't root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Unavailable("PostgreSQL refuses to run as root: add a user named postgres")


def free_port():
    """Below the ports that outgoing connections take, so that it stays free while the server is
    down."""
    while True:
        port = random.SystemRandom().randrange(20_000, 30_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def _children(pid):
    """Processes whose parent is pid; those that end meanwhile may be missing."""
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name in parentheses may hold anything.
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
        except (OSError, ValueError, IndexError):
            continue
    return found


def _is_running(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _await(what, condition):
    deadline = time.monotonic() + WAIT_S
    while not condition():
        if time.monotonic() > deadline:
            raise Unavailable(f"{what} took longer than {WAIT_S} s")
        time.sleep(0.02)


class Postgres:
    """A server with one database `peakend` in a temporary folder, which close() removes.

    One object belongs to one thread; when that ends, whatever ends it, the server stops. The address
    stays the same over start(), stop() and kill().
    """

    def __init__(self, **settings):
        self._bin = bin_folder()
        self._user = server_user()
        self._settings = {**SETTINGS, **settings}
        self._process = None
        # Of the server, from its next start on; what this process has, if nothing is set.
        self.environment = None
        # Not below TMPDIR: a socket's path has at most 107 bytes.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="peakend-pg-", dir="/tmp"))
        self._data = self.folder / "data"
        self.port = free_port()
        password = secrets.token_hex(16)
        self.conninfo = f"host={self.folder} port={self.port} dbname=peakend user=peakend"
        self.tcp_conninfo = (f"host=127.0.0.1 port={self.port} dbname=peakend user=peakend "
                             f"password={password}")
        try:
            self._initialise(password)
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.close()

    def _as_server(self, *command):
        """The command as the server's user; it ends with the thread that starts it."""
        switch = ["setpriv", "--pdeathsig=INT"]
        if self._user:
            switch += [f"--reuid={self._user.pw_uid}", f"--regid={self._user.pw_gid}", "--clear-groups"]
        return [*switch, *map(str, command)]

    def _initialise(self, password):
        secret = self.folder / "password"
        secret.touch(mode=0o600)
        secret.write_text(password)
        if self._user:
            for path in (self.folder, secret):
                os.chown(path, self._user.pw_uid, self._user.pw_gid)
        made = subprocess.run(
            self._as_server(self._bin / "initdb", "-D", self._data, "-U", "peakend", "--locale=C.UTF-8", "--encoding=UTF8",
                            "--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={secret}", "--no-sync"),
            cwd="/", capture_output=True, text=True)
        if made.returncode != 0:
            raise Unavailable(f"initdb failed: {made.stderr.strip()}")

    def log(self):
        """What the server wrote so far."""
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start(self):
        """Returns when the server takes connections; nothing happens where it runs."""
        if self._process and self._process.poll() is None:
            return
        settings = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        with open(self.folder / "log", "ab") as log:
            self._process = subprocess.Popen(
                self._as_server(self._bin / "postgres", "-D", self._data, "-p", self.port, "-k", self.folder, *settings),
                cwd="/", env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        _await("the start of PostgreSQL", self._is_ready)
        if not self.psql("SELECT 1 FROM pg_database WHERE datname = 'peakend'", database="postgres"):
            self.psql("CREATE DATABASE peakend", database="postgres")

    def _is_ready(self):
        if self._process.poll() is not None:
            raise Unavailable(f"PostgreSQL ended at its start: {self.log()[-2000:]}")
        asked = subprocess.run([self._bin / "pg_isready", "-q", "-h", self.folder, "-p", str(self.port)])
        return asked.returncode == 0

    def stop(self, mode="fast"):
        """`fast` ends sessions and writes a checkpoint, `immediate` leaves a crash to recover from,
        `smart` waits for the sessions' ends. Nothing happens where it is down."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(SIGNALS[mode])
            self._process.wait(WAIT_S)

    def kill(self):
        """SIGKILL to the server and all its children at once, as the kernel does when memory ends."""
        if not self._process or self._process.poll() is not None:
            return
        pid = self._process.pid
        os.kill(pid, signal.SIGSTOP)  # So that it starts no child while they are counted.
        children = _children(pid)
        for victim in (*children, pid):
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._process.wait(WAIT_S)
        # The next start refuses while one of them still holds the shared memory.
        _await("the death of PostgreSQL", lambda: not any(map(_is_running, children)))

    def close(self):
        """Stops the server and removes its folder. Safe to call twice."""
        try:
            self.stop("immediate")
        finally:
            self._forget_shared_memory()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _forget_shared_memory(self):
        """A killed server leaves its System V segment, whose id stands in line 7 of its pid file."""
        try:
            segment = (self._data / "postmaster.pid").read_text().splitlines()[6].split()[1]
        except (OSError, IndexError):
            return
        subprocess.run(["ipcrm", "-m", segment], capture_output=True)

    def psql(self, sql, database="peakend"):
        """The rows of all statements in order, as tuples of text; None is NULL. Raises SqlError at
        the first statement that fails; those before it stay, unless the text has its own BEGIN."""
        run = subprocess.run(
            [self._bin / "psql", "-X", "-q", "--csv", "-t", "-v", "ON_ERROR_STOP=1", "-P", f"null={NULL}", "-f", "-",
             f"host={self.folder} port={self.port} dbname={database} user=peakend"],
            input=sql.encode(), capture_output=True)
        if run.returncode != 0:
            raise SqlError(run.stderr.decode(errors="replace").strip())
        csv.field_size_limit(2**30)
        rows = csv.reader(io.StringIO(run.stdout.decode(), newline=""))
        return [tuple(None if cell == NULL else cell for cell in row) for row in rows]


def _ended(*_):
    raise SystemExit(128 + signal.SIGTERM)


def main(command):
    if not command:
        print("with_postgres.py: no COMMAND to run", file=sys.stderr)
        return 64
    if not shutil.which(command[0]):
        print(f"with_postgres.py: {command[0]}: no such program", file=sys.stderr)
        return 127
    signal.signal(signal.SIGTERM, _ended)
    try:
        with Postgres() as server:
            env = {**os.environ, "PEAKEND_TEST_POSTGRES": server.conninfo,
                   "PEAKEND_TEST_POSTGRES_TCP": server.tcp_conninfo}
            status = subprocess.run(command, env=env).returncode
    except Unavailable as error:
        print(f"with_postgres.py: {error}", file=sys.stderr)
        return 69
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
