#!/usr/bin/env python3
"""`peakend replay` against replay_reference.py: the same answer as two runs, compared, give.

    replay_test.py build/release/peakend

Inputs: random days of tests/verify, days that customers rate. Policies: one and a changed one;
one and itself, where nothing may differ; both ways round, which swaps the sides.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "verify"))
sys.path.insert(0, str(HERE))

import random_events  # noqa: E402
import rated_days  # noqa: E402
import replay_reference  # noqa: E402

SHIPPED = HERE.parent.parent / "deploy" / "policies" / "default.yaml"
WINDOWS = HERE.parent / "verify" / "windows.yaml"
SHOW = 100_000
NOT_IN_OUTPUTS = ("policy_version", "events", "duplicates", "late", "rejected")
CHANGES = {  # what another policy says instead, as patterns of the file's text
    "thresholds": [(r"enter: -0\.(75|6)\b", "enter: -0.45"), (r"enter: -0\.4\b", "enter: -0.55")],
    "patience": [(r"after: 2m", "after: 5m"), (r"after: 20s", "after: 31s"), (r"after: 10s", "after: 4s")],
    "words": [(r"severity: critical", "severity: warning"), (r"urgency: list", "urgency: interrupt")],
    "windows": [(r"journey_gap: 5m", "journey_gap: 4m"), (r"contact_gap: 1m", "contact_gap: 50s"),
                (r"journey_gap: 3d", "journey_gap: 2h")],
    "rules": [(r"name: negative_peak", "name: hurt"), (r"per_100_contacts: \d+", "per_100_contacts: 0")],
}


class Replays:
    def __init__(self, program, folder):
        self.program, self.folder = program, pathlib.Path(folder)
        self.problems, self.compared, self.different, self.figures = [], 0, 0, 0

    def changed(self, policy, change):
        text = policy.read_text(encoding="utf-8")
        for pattern, instead in CHANGES[change]:
            text = re.sub(pattern, instead, text)
        path = self.folder / f"{policy.stem}-{change}.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    def call(self, *arguments):
        done = subprocess.run([self.program, *arguments, "--quiet"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              encoding="utf-8", check=False)
        if done.returncode not in (0, 65):
            raise SystemExit(f"peakend {' '.join(arguments)}: exit {done.returncode}\n{done.stderr}")
        return done.stdout

    def outputs(self, path, policy, partitions, bounds):
        text = self.call("run", "--input", str(path), "--output", "-", "--policy", str(policy), "--partitions",
                         str(partitions))
        return replay_reference.Outputs(text.splitlines(), *bounds)

    def replay(self, path, before, after, partitions, *more):
        text = self.call("replay", "--input", str(path), "--against", str(before), "--policy", str(after),
                         "--partitions", str(partitions), "--format", "json", "--show", str(SHOW), *more)
        report = json.loads(text)
        for side in ("before", "after"):
            for name in NOT_IN_OUTPUTS:
                del report[side][name]
        return report

    def compare(self, name, path, before, after, partitions=1, bounds=(), more=(), below=None):
        wanted = replay_reference.report_of(self.outputs(path, before, partitions, bounds),
                                            self.outputs(path, after, partitions, bounds), SHOW, below)
        wanted.update(zip(("from_ms", "until_ms"), bounds))
        found = self.replay(path, before, after, partitions, *more)
        self.compared += 1
        self.different += found["total"]["different"]
        self.figures += "interrupts" in found["before"]["quality"]
        for key in sorted(wanted.keys() | found.keys()):
            if wanted.get(key) != found.get(key):
                self.problems.append(f"{name}: {key}: {first_difference(wanted.get(key), found.get(key))}")
        return found

    def same(self, name, path, policy, partitions):
        report = self.compare(f"{name}, itself", path, policy, policy, partitions)
        if report["total"]["different"] or report["before"] != report["after"]:
            self.problems.append(f"{name}: a policy differs from itself")

    def both_ways(self, name, path, before, after, partitions):
        one = self.compare(name, path, before, after, partitions)
        other = self.replay(path, after, before, partitions)
        swapped = {"before": "after", "gone": "added", "earlier": "later", "earlier_median_ms": "later_median_ms",
                   "interrupts_before": "interrupts_after"}
        swapped |= {value: key for key, value in swapped.items()}
        turned = [{swapped.get(key, key): value for key, value in rule.items()} for rule in other["rules"]]
        if turned != one["rules"]:
            self.problems.append(f"{name}: the other way round it is not the same")


def first_difference(wanted, found, where=""):
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key in sorted(wanted.keys() | found.keys()):
            if wanted.get(key) != found.get(key):
                return first_difference(wanted.get(key), found.get(key), f"{where}.{key}")
    if isinstance(wanted, list) and isinstance(found, list):
        for number, (one, other) in enumerate(zip(wanted, found)):
            if one != other:
                return first_difference(one, other, f"{where}[{number}]")
        return f"{where}: {len(wanted)} entries wanted, {len(found)} found"
    return f"{where}: wanted {wanted}, found {found}"


def write(path, lines):
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def compare_random_days(replays):
    for seed in range(4):
        day = random_events.Day(seed, returns=seed % 2 == 1)
        path = write(replays.folder / f"day{seed}.ndjson", [day.event() for _ in range(500)])
        for policy, change in ((WINDOWS, list(CHANGES)[seed % len(CHANGES)]), (SHIPPED, list(CHANGES)[(seed + 1) % 5])):
            name = f"day {seed}, {policy.stem}, {change}"
            replays.both_ways(name, path, policy, replays.changed(policy, change), 1 + seed % 3)
            replays.same(name, path, policy, 1 + seed % 3)


def compare_rated_days(replays):
    path = write(replays.folder / "rated.ndjson", rated_days.RatedDays(1).lines(90))
    for change in CHANGES:
        replays.both_ways(f"rated, {change}", path, SHIPPED, replays.changed(SHIPPED, change), 1)
    replays.compare("rated, --bad-below", path, SHIPPED, replays.changed(SHIPPED, "thresholds"),
                    more=["--bad-below", "0.8"], below=0.8)
    bounds = (rated_days.START_MS + 3_600_000, rated_days.START_MS + 40_000_000)
    replays.compare("rated, a range", path, SHIPPED, replays.changed(SHIPPED, "thresholds"), bounds=bounds,
                    more=["--from", "2025-01-06T10:00Z", "--until", "2025-01-06T20:06:40Z"])
    few = write(replays.folder / "few.ndjson", rated_days.RatedDays(2).lines(20))
    replays.compare("few ratings", few, SHIPPED, replays.changed(SHIPPED, "thresholds"))


def main():
    with tempfile.TemporaryDirectory() as folder:
        replays = Replays(sys.argv[1], folder)
        compare_random_days(replays)
        compare_rated_days(replays)
    print(*replays.problems[:20], sep="\n")
    print(f"{replays.compared} replays compared, {replays.different} differences of alerts in them, "
          f"{replays.figures} with figures, {len(replays.problems)} problems")
    enough = replays.different > 300 and replays.figures >= 6
    return 0 if enough and not replays.problems else 1


if __name__ == "__main__":
    sys.exit(main())
