"""A load of `peakend load`: a profile with some of its knobs turned, written or played."""

import copy
import json
import math
import os
import subprocess
from typing import NamedTuple

import yaml

from stage import Failed

# Written as fast as it goes: far behind its schedule is no fault.
FASTEST = 10_000_000
# The most that `peakend load --speed` takes.
MOST_SPEED = 100_000
PATIENCE = "1h"
USUAL = "telco-peak"


class Load(NamedTuple):
    """`rate` events a second of the contact center's time, for `seconds` of it. `knobs` are fields of
    the profile, as {"feed.disorder": 0.1}."""
    rate: float
    seconds: float
    preset: str = USUAL
    knobs: tuple = ()
    seed: int = 7

    def turned(self, **knobs):
        """The same with other knobs; `feed__disorder=0.1` is feed.disorder."""
        told = dict(self.knobs) | {name.replace("__", "."): value for name, value in knobs.items()}
        return self._replace(knobs=tuple(sorted(told.items())))


def usual_name(stage):
    """Of what is played where a benchmark asks for nothing special."""
    return os.path.basename(stage.profile) if stage.profile else USUAL


def backlog(stage):
    """What benchmarks that read a backlog have in common."""
    return Load(rate=1000, seconds=20) if stage.smoke else Load(rate=2000, seconds=150)


def week(stage):
    """As many events as backlog, over days: contacts are over, and so are journeys."""
    days = 86_400
    return Load(rate=0.033, seconds=7 * days) if stage.smoke else Load(rate=0.5, seconds=7 * days)


def profile_of(stage, load):
    """The profile as YAML text, every field told. The user's own stands in for the usual one."""
    wanted = ["--preset", load.preset]
    if stage.profile and load.preset == USUAL:
        wanted = ["--profile" if os.path.exists(stage.profile) else "--preset", stage.profile]
    shown = subprocess.run([stage.peakend(), "load", *wanted, "--show-profile"], capture_output=True, text=True, check=False)
    if shown.returncode != 0:
        raise Failed(f"no profile {wanted[1]}: {shown.stderr.strip()}")
    return yaml.safe_dump(turned(yaml.safe_load(shown.stdout), dict(load.knobs)), sort_keys=False)


def turned(profile, knobs):
    """A copy with `knobs` in place. KeyError names a knob that the profile does not have."""
    profile = copy.deepcopy(profile)
    for name, value in knobs.items():
        *path, last = name.split(".")
        place = profile
        for part in path:
            place = place[part]
        if last not in place:
            raise KeyError(name)
        place[last] = value
    return profile


def write(stage, load, job):
    """All of it into the input of `job` at once; returns the manifest."""
    wall_ms = max(1, round(load.rate * load.seconds / FASTEST * 1000), math.ceil(load.seconds * 1000 / MOST_SPEED))
    manifest = _begin(stage, load, job, ["--duration", f"{wall_ms}ms", "--speed", f"{load.seconds * 1000 / wall_ms:.9g}",
                                         "--no-alerts"]).finish()
    sent = manifest["delivery"]
    if sent["delivered"] != manifest["content"]["records"]:
        raise Failed(f"only {sent['delivered']} of {manifest['content']['records']} records were written")
    return manifest


def play(stage, load, job, warm_up_s=0, beside_others=False):
    """Begins to play it at its own time; alerts of the first `warm_up_s` are in no percentile. `beside_others`:
    the topic holds other loads, and nobody could tell whose an alert is, so none are looked for.
    `finish` of what is returned waits for the manifest."""
    return _begin(stage, load, job, ["--duration", f"{round(load.seconds * 1000)}ms", "--warm-up",
                                     f"{round(warm_up_s * 1000)}ms"] + (["--append", "--no-alerts"] if beside_others else []))


class Playing:
    def __init__(self, process, manifest, log):
        self._process, self._manifest, self._log = process, manifest, log

    def ended(self):
        return self._process.ended()

    def cpu_s(self):
        return self._process.cpu_s()

    def finish(self):
        """Waits for its end; the manifest. Failed where there is none."""
        self._process.wait()
        try:
            with open(self._manifest, encoding="utf-8") as file:
                return json.load(file)
        except (OSError, ValueError):
            with open(self._log, encoding="utf-8", errors="replace") as file:
                raise Failed(f"the load failed: {file.read().strip()[-500:]}") from None

    def end(self):
        """Whatever happened: it does not run on."""
        if not self._process.ended():
            self._process.kill()


def _begin(stage, load, job, more):
    name = stage.name("load")
    profile, manifest, log = stage.file(name + ".yaml"), stage.file(name + ".json"), stage.file(name + ".log")
    with open(profile, "w", encoding="utf-8") as file:
        file.write(profile_of(stage, load))
    process = stage.start([stage.peakend(), "load", "--profile", profile, "--rate", f"{load.rate:g}", "--seed",
                       str(load.seed), "--most-late", PATIENCE, "--manifest", manifest, *more, *job.settings()], log)
    return Playing(process, manifest, log)
