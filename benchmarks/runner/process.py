"""A program that runs beside a benchmark, and what it costs.

Processor time is read from /proc: all threads, user and system, 10 ms fine.
"""

import os

from peer_process import PeerProcess

TICKS = os.sysconf("SC_CLK_TCK")


class Process(PeerProcess):
    def ended(self):
        """True also of one that never began."""
        return self._process is None or super().ended()

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
