"""A private PostgreSQL for a benchmark, and what it costs: by tests/warehouse/with_postgres.py.

It notes when each transaction was committed (track_commit_timestamp), so that who writes need not
be watched to know when it was through.
"""

import os
import sys
import threading
import time

from process import TICKS
from stage import Failed

HERE = os.path.dirname(os.path.abspath(__file__))
# Behind our own, where other modules have names of theirs.
sys.path.append(os.path.join(HERE, "..", "..", "tests", "warehouse"))

from with_postgres import Postgres, Unavailable, bin_folder  # noqa: E402

LOOK_EVERY_S = 0.05
# Looking for new backends goes through all processes, and costs more than looking at those that are known.
LOOKS_A_SEARCH = 10
PARENT, USER, SYSTEM, WAITED_USER, WAITED_SYSTEM = 1, 11, 12, 13, 14


class Database:
    """One server, over TCP for everybody; passwords stand in the file `passfile`. close() ends it."""

    def __init__(self, folder):
        self.server = None
        try:
            self.server = Postgres(track_commit_timestamp="on", shared_buffers="256MB")
            self.server.start()
        except BaseException as failure:
            self.close()
            if isinstance(failure, Unavailable):
                raise Failed(str(failure)) from None
            raise
        told = dict(word.split("=", 1) for word in self.server.tcp_conninfo.split())
        self.port, self.user, self.name, self.password = told["port"], told["user"], told["dbname"], told["password"]
        self.passfile = os.path.join(folder, f"pgpass-{self.port}")
        with open(os.open(self.passfile, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as file:
            file.write(f"127.0.0.1:{self.port}:{self.name}:{self.user}:{self.password}\n")
        self.conninfo = (f"host=127.0.0.1 port={self.port} dbname={self.name} user={self.user} "
                         f"passfile={self.passfile}")

    def close(self):
        if self.server is not None:
            self.server.close()

    def sql(self, text):
        return self.server.psql(text)

    def session(self):
        """The command of a psql that answers the queries that it is given, a line each."""
        return [str(bin_folder() / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", self.conninfo]

    def pid(self):
        """Of the server's first process, the parent of all others."""
        return int((self.server.folder / "data" / "postmaster.pid").read_text().split("\n", 1)[0])

    def version(self):
        return self.sql("SHOW server_version")[0][0]

    def empty(self, schema):
        """Drops it, and writes everything down, so that no run pays for the one before."""
        self.sql(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
        self.sql("CHECKPOINT")

    def commits(self, schema, tables):
        """(time of the first commit that rows of `tables` are from, of the last, rows of the first), by Unix
        time; None of no row. Of a row that was written twice only the second time counts."""
        rows = " UNION ALL ".join(f'SELECT pg_xact_commit_timestamp(xmin) AS t FROM "{schema}"."{table}"'
                                  for table in tables)
        found = self.sql(f"WITH r AS MATERIALIZED ({rows}), e AS (SELECT min(t) AS first, max(t) AS last FROM r) "
                         "SELECT extract(epoch FROM first), extract(epoch FROM last), "
                         "(SELECT count(*) FROM r WHERE t = first) FROM e")[0]
        return None if found[0] is None else (float(found[0]), float(found[1]), int(found[2]))


class Meter:
    """Follows the processor time of a process and of a database while the block runs."""

    def __init__(self, process, database):
        self._process, self._database = process, database
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self.looks = []  # (Unix time, seconds of the process, seconds of PostgreSQL)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stopped.set()
        self._thread.join()

    def between(self, began, ended):
        """(seconds of the process, seconds of PostgreSQL) that went by between two times."""
        return spent(self.looks, began, ended)

    def _follow(self):
        server, backends, turn = self._database.pid(), [], 0
        while True:
            if turn % LOOKS_A_SEARCH == 0:
                backends = children(server)
            turn += 1
            own = self._process.cpu_s()
            theirs = tree_s(server, backends)
            # What has ended tells nothing; what it used was seen at most one look before.
            if own > 0 or not self.looks:
                self.looks.append((time.time(), own, theirs))
            if self._stopped.wait(LOOK_EVERY_S):
                return


def spent(looks, began, ended):
    """What both counters of [(time, a, b)] rose by between two times, in straight lines between looks."""
    times = [at for at, *_ in looks]
    return tuple(value_at(times, [look[column] for look in looks], ended)
                 - value_at(times, [look[column] for look in looks], began) for column in (1, 2))


def value_at(times, values, at):
    """The value at a time, between two known ones in a straight line; beyond the ends as there."""
    if not times or at <= times[0]:
        return values[0] if values else 0.0
    for earlier, later, low, high in zip(times, times[1:], values, values[1:]):
        if at <= later:
            return low + (high - low) * (at - earlier) / (later - earlier)
    return values[-1]


def tree_s(pid, backends):
    """Processor seconds of a server: its own, of those that have ended, and of `backends`."""
    return sum(_fields(pid)[USER:WAITED_SYSTEM + 1]) / TICKS + sum(sum(_fields(one)[USER:SYSTEM + 1])
                                                                   for one in backends) / TICKS


def children(pid):
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit() and _fields(name)[PARENT] == pid:
            found.append(int(name))
    return found


def _fields(pid):
    """The numbers of /proc/PID/stat behind the name; zeros of a process that is not there."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            words = file.read().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return [0] * (WAITED_SYSTEM + 1)
    return [0] + [int(word) for word in words[1:WAITED_SYSTEM + 1]]
