"""Baselines of a random day: several, the same again, restated, empty ones, invalid ones; with cells that fit what comes,
and others that do not."""

HOUR_MS = 3_600_000
CHANNELS = [0, 1, 2, 4, 77, 300]
WAITS_MS = [0, 1, 900, 5_000, 20_000, 33_333, 200_000, 34_560_000_000]
COUNTS = [0, 1, 4, 5, 29, 30, 1000, 10**12, -1]


class Baselines:
    """What is learned on a day, by a chance of its own."""

    def __init__(self, rng):
        self.rng = rng
        self.share = rng.choice([0, 0.01, 0.03, 0.06])
        self.count = 0
        self.said = []

    def next(self, now):
        """A baseline that comes now, as an event; None = none does."""
        rng = self.rng
        if rng.random() >= self.share:
            return None
        roll = rng.random()
        if roll < 0.15:
            baseline = self.bad(now)
        elif self.said and roll < 0.3:
            return rng.choice(self.said)  # the same, of which an older one changes something
        else:
            self.count += roll < 0.9 or not self.count  # else another content of the version before
            baseline = {"version": f"b{self.count}", "cells": self.cells(now)}
        event = {"control": {"baseline": baseline}}
        if rng.random() < 0.3:
            event["event_id"] = f"b{len(self.said)}"
        if rng.random() < 0.3:
            event["occurred_at_ms"] = rng.choice([now, 1, 10**15, -4])
        self.said.append(event)
        return event

    def cells(self, now):
        rng = self.rng
        return [self.cell(now) for _ in range(rng.choice([0, 5, 40, 150]))]

    def cell(self, now):
        rng = self.rng
        hour = (now // HOUR_MS + rng.choice([0, 0, 0, 1, 2, rng.randrange(24)])) % 24
        return {"tenant_id": rng.choice(["", "", "", "t"]), "queue_id": rng.choice(["q0", "q1", "q2", "", "other"]),
                "channel": rng.choice(CHANNELS), "hour": hour, "wait_ms": rng.choice(WAITS_MS),
                "waits": rng.choice(COUNTS)}

    def bad(self, now):
        """One that is refused, for one or two of many reasons, or that is only just allowed."""
        rng = self.rng
        cell = self.cell(now)
        change = rng.choice([
            {"version": ""}, {"version": "v" * 257}, {"version": "长" * 86}, {"version": "", "cells": [{"hour": 24}]},
            {"version": "v" * 257, "cells": [{"hour": 24}]}, {"cells": [{**cell, "hour": 24}]},
            {"cells": [cell, {**cell, "hour": 99, "wait_ms": -1}]}, {"cells": [{**cell, "wait_ms": -1}]},
            {"cells": [{**cell, "wait_ms": 34_560_000_001}]}, {"cells": [{**cell, "tenant_id": "t" * 257, "hour": 24}]},
            {"cells": [{**cell, "queue_id": "长" * 86, "wait_ms": -1}]},
            {"cells": [{**cell, "wait_ms": -1}, {**cell, "tenant_id": "t" * 257}]},
            {"cells": [{"hour": at % 26} for at in range(4097)]},
            {"cells": [{"queue_id": f"q{at}", "hour": at % 24, "waits": 99, "wait_ms": at} for at in range(4096)]},
            {"version": "v" * 256, "cells": [{**cell, "tenant_id": "t" * 256, "queue_id": "q" * 256, "hour": 23}]}])
        return {"version": f"bad{rng.randrange(3)}", "cells": [cell], **change}
