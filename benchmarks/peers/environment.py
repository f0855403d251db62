"""What the machine did beside a run: figures of a busy one are no figures. And what it is,
and which tree was built: figures of two machines or two trees are not compared."""

import os
import sys
import time

import peer_table

# Behind our own, where other modules have names of theirs.
sys.path.append(os.path.join(peer_table.ROOT, "benchmarks", "suite"))

import machine

IDLE, IO_WAIT = 3, 4  # Columns of /proc/stat.


def snapshot():
    return machine.look()


def between(before, after, repository=peer_table.ROOT):
    """What goes into a result: processor, git tree, load of a minute, and shares of
    processor time in %."""
    told = machine.environment(before, after, repository)
    spent = [new - old for old, new in zip(before.ticks, after.ticks)]
    total = max(1, sum(spent[:machine.CPU_STEAL + 1]))
    return {"processor": told["cpu"], "processors": told["cores"], "memory_mb": told["memory_mb"],
            "governor": told["governor"], "kernel": told["kernel"], "git": told["git"],
            "began": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(before.at)),
            "load_before": round(before.load, 2), "load_after": round(after.load, 2),
            "busy_percent": round(100 * (total - spent[IDLE] - spent[IO_WAIT]) / total, 1),
            "steal_percent": told["steal"]}
