"""What the outputs of random days speak of."""

import json


class Census:
    """What the outputs of some runs speak of, so that nobody relies on days on which nothing happens."""

    def __init__(self):
        self.causes = set()
        self.alerts = set()  # (rule, reason)
        self.stale = set()  # rules
        self.journeys = set()  # fields that are not empty
        self.bounds = set()

    def read(self, outputs):
        for line in outputs.read_text(encoding="utf-8").splitlines():
            value = json.loads(line)["value"]
            self.causes |= {evidence["cause"] for evidence in value.get("evidence", ())}
            if "alert_id" in value:
                self.alerts.add((value["rule"], value["reason"]))
                self.stale |= {value["rule"]} if value.get("stale") else set()
            elif "started_at_ms" in value:
                self.journeys |= {name for name, content in value.items() if content}
                self.bounds |= set(value.get("truncated", ()))
