"""Supervisors act on alerts while the engine crashes and comes back. changelog_test.py runs it."""

import pathlib
import random
import tempfile

import random_events
import random_policies
from oracle_messages import Alert, CustomerState
from oracle_records import NAMES
from random_actions import with_actions
from verify_actions import POLICIES
from verify_test import DAY

CHECKS = ("O1", "O2", "O3", "O4", "O5", "O10")


def alerts_of(records):
    rows = [Alert.FromString(record.value) for record in records if record.topic == NAMES["alerts"]]
    return [{"alert_id": row.alert_id, "updated_at_ms": row.updated_at_ms, "tenant_id": row.tenant_id,
             "customer_id": row.customer_id} for row in rows]


def snoozed_in(records):
    """Records of customers, of any time, that hold an alert which is snoozed, or was."""
    states = [CustomerState.FromString(record.value) for record in records
              if record.topic == NAMES["state"] and b"/" in record.key and record.value is not None]
    return sum(any(alert.snoozed_until_ms > 0 for alert in state.open.alerts) for state in states)


class ActedDays:
    """Needs run_job and judged of changelog_test.py."""

    def test_random_actions(self):
        snoozed = 0
        for seed in POLICIES:
            with self.subTest(seed), tempfile.TemporaryDirectory() as name:
                folder = pathlib.Path(name)
                policy = folder / "policy.yaml"
                policy.write_text(random_policies.text_of(seed), encoding="utf-8")
                lines = random_events.lines_of(seed, DAY)
                records, _ = self.run_job(folder, seed, policy=policy, lines=lines)
                acted = with_actions(lines, alerts_of(records), random.Random(f"actions {seed}"))
                records, committed = self.run_job(folder, seed, policy=policy, lines=acted)
                states, printed = self.judged(folder, records, "--committed", committed, "--expect-drained",
                                              policy=policy)
                self.assertEqual({states[check] for check in CHECKS}, {"holds"}, printed)
                snoozed += snoozed_in(records)
        self.assertGreater(snoozed, 5)
