"""Alerts go on in time, and somebody takes some of them: the program and the reference say the same."""

import json
import pathlib
import random
import tempfile
from collections import Counter

import random_events
import random_policies
from random_actions import with_actions

POLICIES = (203, 205, 210, 217, 218, 223, 224, 226, 229, 231, 234, 237, 239, 253, 283)  # seeds of which alerts go on
DAY = 300  # events


class Actions:
    """Part of the tests of verify_test.py."""

    def test_random_actions(self):
        """Each day is run for its alerts first, of which some are then acted on."""
        told, days = Counter(), Counter()
        for seed in POLICIES:
            with self.subTest(f"policy {seed}"), tempfile.TemporaryDirectory() as name:
                folder = pathlib.Path(name)
                policy = folder / "policy.yaml"
                policy.write_text(random_policies.text_of(seed), encoding="utf-8")
                lines = random_events.lines_of(seed, DAY)
                alerts = self.alerts_of(folder, lines, policy)
                acted = with_actions(lines, alerts, random.Random(f"actions {seed}"))
                self.agrees(f"actions {seed}", acted, policy)
                reasons = [alert["reason"] for alert in self.alerts_of(folder, acted, policy)]
                told.update(reasons)
                days.update(set(reasons))
        self.assertGreater(days["escalated"], 5)
        for reason in ("escalated", "acknowledged", "resolved", "snoozed", "snooze_ended"):
            self.assertGreater(told[reason], 15, reason)

    def named(self, lines, policy):
        """The lines of a scenario with the ids of the alerts that its actions mean."""
        lines = list(lines)
        for number, line in enumerate(lines):
            if "{alert of " not in line:
                continue
            event = json.loads(line)
            with tempfile.TemporaryDirectory() as folder:
                alerts = self.alerts_of(pathlib.Path(folder), lines[:number], policy)
            rule = event["alert_action"]["alert_id"].removeprefix("{alert of ").removesuffix("}")
            meant = [alert["alert_id"] for alert in alerts
                     if (alert["rule"], alert["reason"]) == (rule, "raised")
                     and alert["customer_id"] == event["customer"]["customer_id"]
                     and alert["updated_at_ms"] <= event["occurred_at_ms"]]
            lines[number] = json.dumps({**event, "alert_action": {**event["alert_action"], "alert_id": meant[-1]}})
        return lines

    def alerts_of(self, folder, lines, policy):
        _, outputs = self.run_program(folder, lines, policy)
        rows = map(json.loads, outputs.read_text(encoding="utf-8").splitlines())
        return [row["value"] for row in rows if row["topic"] == "moment-alerts"]
