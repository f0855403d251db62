"""On what machine, and beside what else, a benchmark ran.

Look before and after a run; what the machine did between the two looks tells whether
the run is worth anything. A look reads /proc and /sys only and takes about a
millisecond. What a machine does not tell (a guest has no governor) is "unknown".
"""

import os
import platform
import subprocess
import time
from typing import NamedTuple

UNKNOWN = "unknown"
CPU_STEAL = 7  # The column of /proc/stat, after the word "cpu".


class Look(NamedTuple):
    """`at` is Unix time in seconds; `ticks` are those of all processors, by kind."""
    at: float
    load: float
    ticks: tuple


def look(root="/", now=time.time):
    """REQUIRES: Linux. `root` stands for / in tests."""
    words = _read(root, "proc/stat").split("\n", 1)[0].split()[1:]
    load = _read(root, "proc/loadavg").split()
    return Look(now(), float(load[0]) if load else 0.0, tuple(int(word) for word in words))


def steal_percent(before, after):
    """Processor time that the host gave to others, of all that passed. 0 of no time."""
    spent = [new - old for old, new in zip(before.ticks, after.ticks)]
    total = sum(spent[:CPU_STEAL + 1])
    return round(100 * spent[CPU_STEAL] / total, 2) if len(spent) > CPU_STEAL and total > 0 else 0.0


def environment(before, after, repository=None, flags="", versions=None, root="/"):
    """The `env` of a result. `repository` is a folder inside the git tree that was
    built, `flags` how it was compiled, `versions` {name: version} of what else ran."""
    return {"cpu": _cpu(root), "cores": os.cpu_count(), "memory_mb": _memory_mb(root),
            "kernel": platform.release(),
            "governor": _read(root, "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor").strip() or UNKNOWN,
            "loadavg": [before.load, after.load], "steal": steal_percent(before, after),
            "git": git(repository), "flags": flags, "versions": dict(versions or {})}


def same_machine(env, other):
    """Figures compare between two runs only where this holds; the kernel may differ."""
    return all(env.get(key) == other.get(key) for key in ("cpu", "cores", "governor"))


def git(repository):
    """{sha, dirty}; sha is "unknown" outside of a repository, and dirty then true: nobody
    can say what was measured."""
    sha = _git(repository, "rev-parse", "HEAD")
    if not sha:
        return {"sha": UNKNOWN, "dirty": True}
    return {"sha": sha, "dirty": _git(repository, "status", "--porcelain", "--untracked-files=no") != ""}


def _git(repository, *words):
    """What git says, None when it fails."""
    if repository is None:
        return None
    try:
        done = subprocess.run(["git", "-C", str(repository), *words], capture_output=True, text=True, timeout=30,
                              check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _cpu(root):
    names = {line.split(":", 1)[1].strip() for line in _read(root, "proc/cpuinfo").splitlines()
             if line.startswith("model name")}
    return " + ".join(sorted(names)) or UNKNOWN


def _memory_mb(root):
    for line in _read(root, "proc/meminfo").splitlines():
        if line.startswith("MemTotal:"):
            return int(line.split()[1]) * 1024 // 1_000_000
    return None


def _read(root, path):
    try:
        with open(os.path.join(root, path), encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""
