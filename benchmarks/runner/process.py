"""A program that runs beside a benchmark, and what it costs.

Processor time is read from /proc: all threads, user and system, 10 ms fine.
"""

import collections
import os
import subprocess
import tempfile

from peer_process import PeerProcess

TICKS = os.sysconf("SC_CLK_TCK")


class Process(PeerProcess):
    def ended(self):
        """True also of one that never began."""
        return self._process is None or super().ended()

    def code(self):
        """How it ended, as subprocess has it; None while it runs."""
        return self._process.poll()

    @property
    def pid(self):
        return self._process.pid

    def wait(self):
        self._process.wait()

    def cpu_s(self):
        return cpu_s(self.pid)

    def busiest_thread_s(self):
        """Processor time of the thread that used the most: the one that bounds throughput."""
        folder = f"/proc/{self.pid}/task"
        try:
            return max(_spent(f"{folder}/{thread}/stat") for thread in os.listdir(folder))
        except (OSError, ValueError):
            return 0.0

    def rss_mb(self):
        return _status(self.pid, "VmRSS:")


# Of a program that ran to its end: `code` as subprocess has it, what it wrote, its own processor seconds.
Ended = collections.namedtuple("Ended", "code stdout stderr cpu_s")


def run(words):
    """Ended of a program. What others take meanwhile is not in its cost, unlike in RUSAGE_CHILDREN."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = subprocess.Popen(words, stdout=out, stderr=err, stdin=subprocess.DEVNULL)
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return Ended(process.returncode, out.read(), err.read(), used.ru_utime + used.ru_stime)


def cpu_s(pid):
    """0 of a process that is not there."""
    return _spent(f"/proc/{pid}/stat")


def _spent(path):
    try:
        with open(path, encoding="utf-8") as file:
            fields = file.read().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def _status(pid, name):
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8") as file:
            return next(int(line.split()[1]) * 1024 / 1e6 for line in file if line.startswith(name))
    except (OSError, StopIteration):
        return None
