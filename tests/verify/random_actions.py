"""What supervisors do on a random day: some of its alerts are taken, or said to be done, soon, late or before their time."""

import json
import random

SECOND = 1_000
# From a revision to an action on its alert, in ms; those before it come late.
AFTER = [0, 1, 500, 3 * SECOND, 3 * SECOND, 20 * SECOND, 60 * SECOND, 600 * SECOND, -5 * SECOND, -4_000 * SECOND]
KINDS = ["ACK", "ACK", "ACK", "ASSIGN", "RESOLVE", "RESOLVE", "SNOOZE", "SNOOZE", "SNOOZE", "COMMENT",
         "KIND_UNSPECIFIED"]
# From a snooze until it ends, in ms; None = as the policy says.
SNOOZED = [None, None, -5 * SECOND, 0, 30 * SECOND, 90 * SECOND, 400 * SECOND, 3_600 * SECOND, 864_000 * SECOND]


def time_of(line):
    """0 where the line tells none."""
    try:
        return int(json.loads(line).get("occurred_at_ms", 0))
    except (ValueError, TypeError, AttributeError):
        return 0


def with_actions(lines, alerts, rng):
    """The day's lines and actions on some of the alerts that came of them, each where its time has come."""
    lines, times = list(lines), list(map(time_of, lines))
    for number, alert in enumerate(alerts):
        if rng.random() < 0.65:
            continue
        at = max(1, alert["updated_at_ms"] + rng.choice(AFTER))
        dice = random.Random(f"action {number}")  # nothing else changes with who acts
        place = next((i for i, time in enumerate(times) if time > max(at, alert["updated_at_ms"])), len(times))
        about = {"alert_id": alert["alert_id"] if rng.random() < 0.9 else rng.choice(["", "nobody's"])}
        action = {"event_id": f"action{number}", "occurred_at_ms": at, "tenant_id": alert["tenant_id"],
                  "customer": {"customer_id": alert["customer_id"] if rng.random() < 0.95 else "a stranger"},
                  "alert_action": {**about, "kind": rng.choice(KINDS), "actor_id": dice.choice(["s1", "s2", ""])}}
        if dice.random() < 0.5:
            action["alert_action"]["was_actionable"] = dice.random() < 0.5
        if action["alert_action"]["kind"] == "SNOOZE":
            lasts = rng.choice(SNOOZED)
            action["alert_action"]["until_at_ms"] = 0 if lasts is None else at + lasts
        for _ in range(rng.choice([1, 1, 1, 2])):
            lines.insert(place, json.dumps(action))
            times.insert(place, at)
    return lines
