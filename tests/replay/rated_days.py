"""Conversations that customers rate in the end, or do not: what replays are measured with.

The rating follows the mood of the turns, with noise. Some customers answer while the journey goes
on, some come back in the same journey or much later in a contact of the same name, some contacts
have no name. The same seed gives the same lines.
"""

import json
import random

START_MS = 1_736_154_000_000  # 2025-01-06T09:00:00Z
MINUTE = 60_000


class RatedDays:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.events = []

    def tell(self, customer, contact, at_ms, **what):
        event = {"event_id": f"e{len(self.events)}", "occurred_at_ms": at_ms, "tenant_id": "t",
                 "customer": {"customer_id": customer}, "channel": "CHANNEL_CHAT", **what}
        if contact:
            event["contact"] = {"contact_id": contact}
        self.events.append(event)

    def rate(self, customer, contact, at_ms, mood):
        raw = min(5, max(1, round(3 + 2 * mood + self.rng.gauss(0, 0.7))))
        self.tell(customer, contact, at_ms, survey={"kind": "CSAT", "status": "ANSWERED", "raw": raw, "raw_min": 1,
                                                    "raw_max": 5, "answered_at_ms": at_ms})

    def converse(self, customer, contact, at_ms):
        rng, mood = self.rng, self.rng.uniform(-0.8, 0.6)
        rates, early = rng.random() < 0.8, rng.random() < 0.1
        for turn in range(rng.randrange(1, 12)):
            feeling = max(-1, min(1, mood + rng.gauss(0, 0.3)))
            self.tell(customer, contact, at_ms, turn={"role": "CUSTOMER", "sentiment": {"score": round(feeling, 3)}})
            at_ms += rng.choice([5_000, 20_000, MINUTE, 3 * MINUTE])
            if rates and early and turn == 2:
                self.rate(customer, contact, at_ms, mood)
            if rng.random() < 0.6:
                self.tell(customer, contact, at_ms, turn={"role": "AGENT"})
                at_ms += 10_000
        if rates and not early:
            self.rate(customer, contact, at_ms + rng.choice([MINUTE, 100 * MINUTE]), mood)
        return at_ms

    def lines(self, customers):
        for number in range(customers):
            at_ms = START_MS + number * 7 * MINUTE
            contact = self.rng.choice(["", "c", f"c{number}"])
            at_ms = self.converse(f"p{number}", contact, at_ms)
            if self.rng.random() < 0.3:
                later = self.rng.choice([60 * MINUTE, 5 * 24 * 60 * MINUTE])
                self.converse(f"p{number}", self.rng.choice([contact, f"d{number}"]), at_ms + later)
        self.events.sort(key=lambda event: event["occurred_at_ms"])
        return [json.dumps(event) for event in self.events]
