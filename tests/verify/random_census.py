"""What the outputs of random days speak of."""

import json
from collections import Counter


class Census:
    """What the outputs of some runs speak of, so that nobody relies on days on which nothing happens."""

    def __init__(self):
        self.causes = set()
        self.alerts = Counter()  # (rule, reason)
        self.stale = set()  # rules
        self.interrupts = Counter()  # (severity, whether it was granted), of alerts when they were raised
        self.journeys = set()  # fields that are not empty
        self.bounds = set()
        self.cards = Counter()  # by reason; "withdrawn"
        self.told = Counter()  # what cards say of memory and promises
        self.repeats_across = 0  # journeys that begin with a repeat

    def read(self, outputs):
        for line in outputs.read_text(encoding="utf-8").splitlines():
            value = json.loads(line)["value"]
            self.causes |= {evidence["cause"] for evidence in value.get("evidence", ())}
            if "alert_id" in value:
                self.alerts[value["rule"], value["reason"]] += 1
                self.stale |= {value["rule"]} if value.get("stale") else set()
                if value["row_version"] == 1 and (value.get("over_budget") or value["urgency"] == "INTERRUPT"):
                    self.interrupts[value["severity"], value["urgency"] == "INTERRUPT"] += 1
            elif "card_id" in value:
                self.read_card(value)
            elif "started_at_ms" in value:
                self.journeys |= {name for name, content in value.items() if content}
                self.bounds |= set(value.get("truncated", ()))
                self.repeats_across += any(
                    evidence["cause"] == "repeat_contact" and evidence["at_ms"] == value["started_at_ms"]
                    for evidence in value["evidence"])

    def read_card(self, card):
        self.cards["withdrawn" if card.get("is_deleted") else card["reason"]] += 1
        self.told.update(name for name, content in card.get("memory", {}).items() if content)
        self.told["a faded level"] += card.get("memory", {}).get("worst") == 0
        self.told.update(("overdue" if promise.get("overdue") else "not due")
                         for promise in card.get("open_promises", ()))
        self.told["today"] += "today" in card.get("say_en", "")
        self.told["yesterday"] += "yesterday" in card.get("say_en", "")
        self.told["days ago"] += "days ago" in card.get("say_en", "")
