"""What comes late on a random day: surveys after minutes or days, and events for contacts that are long over."""

import heapq

SECOND = 1_000
DAY = 86_400 * SECOND
# Until a survey is answered: around windows of minutes, and 2 to 13 days.
ANSWERED_AFTER = [60, 290, 310, 500, 610, 1_500, 4_000]
DAYS = [2, 3, 4, 6, 7, 9, 13]
# From an event that came to one that comes late, in seconds.
BESIDE = [-310, -200, -59, -20, -1, 0, 0, 1, 5, 30, 59, 61, 290, 310, 500]


class Late:
    """Events that came, whose contacts are spoken of again, and surveys that will be answered."""

    def __init__(self, rng):
        self.rng = rng
        self.came = []  # (time, what tells the contact, promise id or "")
        self.planned = []  # (time, number, event); the earliest first
        self.surveying = rng.choice([0.02, 0.1])

    def note(self, event):
        same = {name: event[name] for name in ("customer", "tenant_id", "channel", "contact") if name in event}
        self.came.append((event["occurred_at_ms"], same, event.get("promise", {}).get("promise_id", "")))
        if self.rng.random() < self.surveying:
            self.plan_survey(event["occurred_at_ms"], same)

    def plan_survey(self, at_ms, same):
        rng = self.rng
        after = rng.choice(ANSWERED_AFTER) * SECOND if rng.random() < 0.5 else rng.choice(DAYS) * DAY - rng.choice([0, 1])
        survey = {"kind": "CSAT", "status": "ANSWERED", "raw": rng.randint(1, 5), "raw_min": 1, "raw_max": 5}
        contact = same.get("contact", {}).get("contact_id", "")
        about = rng.choice(["for", "by", "none", "none", "other"])
        event = {name: same[name] for name in same if name != "contact"}
        if about == "for":
            survey["for_contact_id"] = contact
        elif about == "by" and contact:
            event["contact"] = {"contact_id": contact}
        elif about == "other":
            survey["for_contact_id"] = "c00"
        heapq.heappush(self.planned, (at_ms + after, len(self.came), {**event, "survey": survey}))

    def due(self, until):
        """(time, event) of what was planned for a time before, or None."""
        return heapq.heappop(self.planned)[::2] if self.planned and self.planned[0][0] <= until else None

    def amend(self, event):
        """Makes the event one of an earlier time; returns True where its payload is given, too."""
        rng = self.rng
        at_ms, same, promise = rng.choice(self.came[-rng.choice([5, 30, 100]):])
        event.update(same, occurred_at_ms=max(1, at_ms + rng.choice(BESIDE) * SECOND))
        roll = rng.random()
        if roll < 0.15:
            event.pop("contact", None)
        elif roll < 0.25:
            event["contact"] = {"contact_id": rng.choice(["c00", "late"])}
        if promise and rng.random() < 0.7:
            told = {"fulfilled_at_ms": event["occurred_at_ms"]} if rng.random() < 0.7 else {"broken": True}
            event["promise"] = {"promise_id": promise, **told}
        return "promise" in event
