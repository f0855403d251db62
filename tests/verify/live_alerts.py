"""Alerts as a supervisor would have seen them: what they foretold, and how early."""

import json
import statistics
import subprocess
from typing import NamedTuple

import score_gate


class Run(NamedTuple):
    journeys: list
    alerts: list  # as raised, once per alert_id


class Forecast(NamedTuple):
    """Of the conversations that ended badly: how many were foretold, and how early."""
    alerted: int
    foretold: int
    bad: int
    leads: list        # share of the conversation's turns still to come, per one foretold
    later_leads: list  # the same without those raised at the customer's first turn

    @property
    def precision(self):
        return self.foretold / self.alerted if self.alerted else 0.0

    @property
    def recall(self):
        return self.foretold / self.bad if self.bad else 0.0

    @property
    def lead(self):
        return statistics.median(self.leads) if self.leads else 0.0

    @property
    def later_lead(self):
        return statistics.median(self.later_leads) if self.later_leads else 0.0


def run_program(program, path, policy=None):
    chosen = ["--policy", str(policy)] if policy else []
    importer = subprocess.Popen([program, "import", "conversations", str(path), "--quiet"],
                                stdout=subprocess.PIPE)
    runner = subprocess.Popen([program, "run", "--input", "-", "--output", "-", "--quiet", *chosen],
                              stdin=importer.stdout, stdout=subprocess.PIPE)
    importer.stdout.close()
    journeys, raised = {}, {}
    for line in runner.stdout:
        if line.startswith(b'{"topic":"journeys"'):
            journey = json.loads(line)["value"]
            held = journeys.get(journey["journey_id"])
            if held is None or journey["row_version"] > held["row_version"]:
                journeys[journey["journey_id"]] = journey
        elif line.startswith(b'{"topic":"moment-alerts"') and b'"state":"OPEN"' in line:
            alert = json.loads(line)["value"]
            held = raised.setdefault(alert["alert_id"], alert)
            if alert["urgency"] == "INTERRUPT":
                held["urgency"] = "INTERRUPT"
    for verb, code in {"import": importer.wait(), "run": runner.wait()}.items():
        if code != 0:
            raise SystemExit(f"peakend {verb} ended with {code} on {path.name}")
    return Run([journey for journey in journeys.values() if not journey.get("is_deleted", False)],
               list(raised.values()))


def turn_of(alert):
    """The seq of the turn that raised it."""
    return int(alert["evidence"][0]["event_id"].rsplit("/", 1)[1])


def first_turns(alerts, rule):
    """The turn of the rule's first alert, per conversation."""
    first = {}
    for alert in alerts:
        if alert["rule"] == rule:
            contact, turn = alert["contact_id"], turn_of(alert)
            first[contact] = min(turn, first.get(contact, turn))
    return first


def forecast(conversations, bad, alerts, rule):
    """`bad`: conversation_id -> whether it ended badly; conversations not in it are left out."""
    first = first_turns(alerts, rule)
    alerted, leads, later_leads = 0, [], []
    for conversation in conversations:
        name = conversation["conversation_id"]
        if name not in bad or name not in first:
            continue
        alerted += 1
        if not bad[name]:
            continue
        turns = conversation["turns"]
        leads.append(sum(turn["seq"] > first[name] for turn in turns) / len(turns))
        opening = min(turn["seq"] for turn in turns if turn["role"] == "customer")
        if first[name] != opening:
            later_leads.append(leads[-1])
    return Forecast(alerted, len(leads), sum(bad.values()), leads, later_leads)


def foreknowing(conversations, alerts, rule):
    """Alerts whose score counts other turns than those said so far: a lead that is not one."""
    by_name = {conversation["conversation_id"]: conversation for conversation in conversations}
    problems = []
    for alert in alerts:
        if alert["rule"] != rule:
            continue
        conversation = by_name[alert["contact_id"]]
        so_far = [turn for turn in conversation["turns"] if turn["seq"] <= turn_of(alert)]
        count = score_gate.expected({**conversation, "turns": so_far})["count"]
        if alert["score"]["count_affect"] != count:
            problems.append(f"{alert['contact_id']}: {rule} raised at turn {turn_of(alert)} "
                            f"over {alert['score']['count_affect']} turns, expected {count}")
    return problems
