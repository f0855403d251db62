#!/usr/bin/env python3
"""Runs the scenarios of this folder through the whole program, without Kafka.

    run_scenarios.py build/release/peakend [-v] [WORD...]

Only scenarios whose name contains one of the WORDs run, all without one. A scenario
(an entry of a *.json file here) has

  name, why     what it is, and in one sentence why it must be so
  policy        a policy file, relative to this folder, or "shipped" for the built-in one;
                default: policies/core.yaml
  defaults      members that all its events share (scenario_events.py)
  events        what happens, in the order of arrival
  order_insensitive  true: any order within the allowed lateness, and duplicates,
                must give the same final journeys
  expect        what comes out (scenario_match.py says how values are compared):
    journeys    the newest version of each journey that is not deleted, by start
    alerts      every alert record, in order
    cards       every opening card record, in order
    statistics  every row of touchpoint-statistics, in order
    moments     each must be among the newest versions that are not deleted
    merged_into customers into whose rows the newest versions of others' rows were withdrawn,
                each once, in the order of their ids
    rejected    every rejected record, in order
    late        number of records on late-events
    revisions   number of records by topic
    nowhere     texts that no output record may contain
    stderr      texts that standard error must contain
    exit        exit code, default 0

What `expect` does not name is not checked. Every scenario without late events also
runs with four partitions and must give the same journeys. Exit code 0 = all as
expected, 1 = not, 64 = wrong call.
"""

import json
import pathlib
import random
import subprocess
import sys

from scenario_events import ScenarioError, expand
from scenario_match import match

FOLDER = pathlib.Path(__file__).resolve().parent
# Below the shipped allowed lateness of 1 h and out-of-orderness of 5 s.
REORDER_MS = 3_600_000
EXPECTED = {"journeys", "alerts", "cards", "statistics", "moments", "merged_into", "rejected", "late", "revisions",
            "nowhere", "stderr", "exit"}
MEMBERS = {"name", "why", "policy", "defaults", "events", "order_insensitive", "expect"}


class Outcome:
    """What one run of the program printed."""

    def __init__(self, code, stdout, stderr):
        self.code = code
        self.stderr = stderr
        self.records = [json.loads(line) for line in stdout.splitlines()]

    def topic(self, name):
        return [record["value"] for record in self.records if record["topic"] == name]

    def last(self, topic, key):
        """The newest versions of the rows of a topic."""
        rows = {}
        for row in self.topic(topic):
            if row[key] not in rows or row["row_version"] > rows[row[key]]["row_version"]:
                rows[row[key]] = row
        return rows.values()

    def newest(self, topic, key):
        """Those without the deleted ones."""
        return [row for row in self.last(topic, key) if not row["is_deleted"]]

    def merged_into(self):
        rows = [*self.last("journeys", "journey_id"), *self.last("moments", "moment_id")]
        return sorted({row["merged_into"] for row in rows if row["is_deleted"] and row.get("merged_into")})

    def journeys(self):
        return sorted(self.newest("journeys", "journey_id"),
                      key=lambda j: (j["started_at_ms"], j["tenant_id"], j["customer_id"]))

    def comparable_journeys(self):
        """Journeys without what may depend on the order of arrival."""
        return [{name: value for name, value in journey.items() if name not in ("row_version", "source")}
                for journey in self.journeys()]


def run(program, scenario, lines, partitions=1):
    command = [program, "run", "--input", "-", "--output", "-", "--quiet"]
    if partitions > 1:
        command += ["--partitions", str(partitions)]
    policy = scenario.get("policy", "policies/core.yaml")
    if policy != "shipped":
        command += ["--policy", str(FOLDER / policy)]
    text = "".join(line + "\n" for _, line in lines)
    done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=60, check=False)
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())


def check_moments(expected, outcome):
    newest = outcome.newest("moments", "moment_id")
    bad = []
    for want in expected:
        tries = [match(want, got, "moments[?]") for got in newest if got["kind"] == want.get("kind", got["kind"])]
        if not tries:
            bad.append(f"moments: none of kind {want.get('kind')}")
        elif all(tries):
            bad += min(tries, key=len)
    return bad


def check_expectations(scenario, outcome):
    expect = scenario["expect"]
    bad = match(expect.get("exit", 0), outcome.code, "exit")
    if "journeys" in expect:
        bad += match(expect["journeys"], outcome.journeys(), "journeys")
    if "alerts" in expect:
        bad += match(expect["alerts"], outcome.topic("moment-alerts"), "alerts")
    if "cards" in expect:
        bad += match(expect["cards"], outcome.topic("opening-cards"), "cards")
    if "statistics" in expect:
        bad += match(expect["statistics"], outcome.topic("touchpoint-statistics"), "statistics")
    if "moments" in expect:
        bad += check_moments(expect["moments"], outcome)
    if "merged_into" in expect:
        bad += match(expect["merged_into"], outcome.merged_into(), "merged_into")
    if "rejected" in expect:
        bad += match(expect["rejected"], outcome.topic("rejected-records"), "rejected")
    if "late" in expect:
        bad += match(expect["late"], len(outcome.topic("late-events")), "late")
    for topic, count in expect.get("revisions", {}).items():
        bad += match(count, len(outcome.topic(topic)), f"revisions.{topic}")
    everything = json.dumps(outcome.records, ensure_ascii=False)
    bad += [f"nowhere: '{text}' is in the output" for text in expect.get("nowhere", []) if text in everything]
    bad += [f"stderr: '{text}' is not in it" for text in expect.get("stderr", []) if text not in outcome.stderr]
    return bad


def other_orders(lines):
    """Arrivals that must make no difference: (what was done, lines)."""
    blocks = []
    for at_ms, line in sorted(lines, key=lambda item: item[0]):
        if blocks and at_ms - blocks[-1][0][0] <= REORDER_MS:
            blocks[-1].append((at_ms, line))
        else:
            blocks.append([(at_ms, line)])
    yield "reversed within the lateness", [item for block in blocks for item in reversed(block)]
    rng = random.Random(1)
    for block in blocks:
        rng.shuffle(block)
    shuffled = [item for block in blocks for item in block]
    yield "shuffled within the lateness", shuffled
    yield "every event twice", [item for item in lines for _ in range(2)]
    yield "shuffled and twice", [item for block in blocks for item in block + block[::-1]]


def compare_journeys(expected, got, what):
    """Differences between two runs that must not differ."""
    differences = match(expected, got, "journeys") + match(got, expected, "journeys")
    return [f"{what}: {line}" for line in differences]


def check(program, scenario):
    """Runs one scenario in all its variants; returns what is wrong, and the plain run."""
    if unknown := (set(scenario) - MEMBERS) | (set(scenario["expect"]) - EXPECTED):
        raise ScenarioError(f"unknown member {sorted(unknown)}")
    lines = expand(scenario)
    outcome = run(program, scenario, lines)
    bad = check_expectations(scenario, outcome)
    expected = outcome.comparable_journeys()
    if not scenario["expect"].get("late"):
        split = run(program, scenario, lines, partitions=4)
        bad += compare_journeys(expected, split.comparable_journeys(), "with 4 partitions")
    if scenario.get("order_insensitive"):
        for what, other in other_orders(lines):
            bad += compare_journeys(expected, run(program, scenario, other).comparable_journeys(), what)
    return bad, outcome


def report(scenario, bad, outcome):
    print(f"FAILED {scenario['name']}\n       {scenario['why']}")
    for line in bad:
        print(f"         {line}")
    print(f"       the program said (exit {outcome.code}):")
    for record in outcome.records[-12:]:
        print(f"         {record['topic']}: {json.dumps(record['value'], ensure_ascii=False)}")
    if outcome.stderr:
        print("         " + outcome.stderr.strip().replace("\n", "\n         "))


def load():
    scenarios = []
    for path in sorted(FOLDER.glob("*.json")):
        scenarios += json.loads(path.read_text(encoding="utf-8"))
    names = [scenario["name"] for scenario in scenarios]
    if doubled := {name for name in names if names.count(name) > 1}:
        raise ScenarioError(f"two scenarios are called {sorted(doubled)}")
    return scenarios


def main(arguments):
    verbose = "-v" in arguments
    arguments = [argument for argument in arguments if argument != "-v"]
    if not arguments or arguments[0].startswith("-"):
        print(__doc__.strip())
        return 64
    program, *words = arguments
    chosen = [s for s in load() if not words or any(word in s["name"] for word in words)]
    failed = 0
    for scenario in chosen:
        try:
            bad, outcome = check(program, scenario)
        except (ScenarioError, KeyError) as error:
            raise SystemExit(f"scenario {scenario['name']}: {error!r}") from error
        if bad:
            failed += 1
            report(scenario, bad, outcome)
        elif verbose:
            print(f"ok     {scenario['name']}")
    print(f"{len(chosen)} scenarios, {failed} failed")
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
