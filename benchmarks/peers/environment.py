"""What the machine did beside a run: figures of a busy one are no figures."""

import os
import platform
import time


def snapshot():
    with open("/proc/stat") as stat:
        ticks = [int(word) for word in stat.readline().split()[1:]]
    return {"at": time.time(), "load": os.getloadavg()[0], "ticks": ticks}


def between(before, after):
    """What goes into a result: load of a minute, and shares of processor time in %."""
    spent = [new - old for old, new in zip(before["ticks"], after["ticks"])]
    total = max(1, sum(spent[:8]))
    return {"processors": os.cpu_count(), "kernel": platform.release(),
            "began": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(before["at"])),
            "load_before": round(before["load"], 2), "load_after": round(after["load"], 2),
            "busy_percent": round(100 * (total - spent[3] - spent[4]) / total, 1),
            "steal_percent": round(100 * spent[7] / total, 1)}
