"""Promises of a random day: made, moved, kept in time, late or too early, broken, of unknown ids; announced waits."""

SECOND = 1_000
KINDS = ["CALLBACK", "RESOLUTION", "DELIVERY", "RESPONSE", 0, 77]
# From the event, in ms: some are over at once, some outlive the journey, some are no time at all.
DUES = [-10 * SECOND, 0, 1, SECOND, 20 * SECOND, 45 * SECOND, 60 * SECOND, 120 * SECOND, 299 * SECOND, 600 * SECOND,
        900 * SECOND, 3_600 * SECOND, 86_400 * SECOND, 3 * 10**12]
SPANS = [0, 1, SECOND, 20 * SECOND, 90 * SECOND, 400 * SECOND, 3_600 * SECOND, -5, 4 * 10**12]
EARLIER = [0, SECOND, 15 * SECOND, 60 * SECOND, 400 * SECOND, 2 * 10**12]


class Promises:
    """What a day's events say of promises; most events belong to promises that were made before."""

    def __init__(self, rng):
        self.rng = rng
        self.many = rng.random() < 0.2  # more than anybody keeps in mind
        self.names = 60 if self.many else rng.choice([2, 6, 6, 60])
        self.made = []  # (what tells whose it is, promise id)

    def payload(self, event):
        """Fills the event with a word on a promise."""
        rng = self.rng
        roll = rng.random()
        if roll < 0.12:
            event["promise"] = self.wait(event)
        elif roll < 0.6 or not self.made:
            self.make(event)
        else:
            self.settle(event, *rng.choice(self.made[-6:]))

    def wait(self, event):
        made = {"kind": "WAIT", **self.due(event)}
        if self.rng.random() < 0.15:
            made.update(self.rng.choice([{"broken": True}, {"fulfilled_at_ms": event["occurred_at_ms"]}]))
        return made

    def make(self, event):
        rng = self.rng
        if self.made and rng.random() < 0.25:  # moved, or said again
            whose, name = rng.choice(self.made[-6:])
            event.update(whose)
        else:
            name = rng.choice(["", *[f"p{rng.randrange(self.names)}"] * 6])
            whose = {field: event[field] for field in ("customer", "tenant_id") if field in event}
            self.made.append((whose, name or event["event_id"]))
        event["promise"] = {"promise_id": name, "kind": rng.choice(KINDS), **self.due(event)}
        if rng.random() < 0.2:
            event["promise"]["promised_at_ms"] = max(1, event["occurred_at_ms"] - rng.choice(EARLIER)
                                                     + rng.choice([0, 0, 20 * SECOND]))

    def due(self, event):
        rng = self.rng
        due = {}
        if rng.random() < 0.6:
            due["due_at_ms"] = event["occurred_at_ms"] + rng.choice(DUES)
        if rng.random() < 0.5:
            due["max_duration_ms"] = rng.choice(SPANS)
        return due

    def settle(self, event, whose, name):
        rng = self.rng
        event.pop("tenant_id", None)
        event.update(whose)
        if rng.random() < 0.6:
            event.pop("contact", None)
        told = {"promise_id": name if rng.random() < 0.9 else f"p{rng.randrange(self.names)}",
                "kind": rng.choice(KINDS)}
        if rng.random() < 0.7:
            told["fulfilled_at_ms"] = max(1, event["occurred_at_ms"] - rng.choice(EARLIER)
                                          + rng.choice([0, 0, 0, 90 * SECOND]))
        if "fulfilled_at_ms" not in told or rng.random() < 0.1:
            told["broken"] = True
        if rng.random() < 0.1:
            told.update(self.due(event))
        event["promise"] = told
