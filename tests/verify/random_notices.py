"""Notices of a random day: to areas, segments, touchpoints and everybody; moved, withdrawn, fulfilled early and late,
said again, more than a board holds, invalid ones; and who is addressed by them."""

SECOND = 1_000
DAY = 86_400 * SECOND
AREAS = ["north", "north/riverside", "north/riverside/4", "south", "east/1", "north/", ""]
PLACES = [*AREAS, "northern", "north/river", "sou", "south/", "/", "长" * 85]
SEGMENTS = [f"s{number}" for number in range(5)]
# From now, in ms, until it is due: before it was said, near the windows of minutes, after days.
DUES = [-600 * SECOND, -10 * SECOND, 0, 1, SECOND, *[20 * SECOND, 60 * SECOND, 200 * SECOND] * 3, 700 * SECOND,
        3_600 * SECOND, 2 * DAY, 9 * DAY]
STARTS = [-700 * SECOND, -60 * SECOND, 0, 10 * SECOND, 30 * SECOND, 120 * SECOND, 600 * SECOND]
SAID = [0, 0, 0, SECOND, SECOND, 30 * SECOND, 400 * SECOND, -20 * SECOND, -300 * SECOND]  # so long ago
FULFILLED = [-300 * SECOND, -SECOND, 0, 1, 30 * SECOND, 100 * SECOND, 900 * SECOND]
BURST = 108


class Notices:
    """What is announced on a day, by a chance of its own."""

    def __init__(self, rng):
        self.rng = rng
        self.made = []
        self.ahead = BURST if rng.random() < 0.08 else 0  # different ones at once
        self.big = rng.random() < 0.15  # more than a board holds, though they are few
        self.share = 0.15 if self.big else rng.choice([0.02, 0.06, 0.15])
        self.names = 20 if self.big else rng.choice([2, 5, 12])
        self.homes = {}  # of customers: what tells that they are addressed
        self.known = rng.choice([0.5, 0.9])  # how many events tell it

    def next(self, now):
        """A notice that is said now, as an event; None = nobody says anything."""
        rng = self.rng
        if self.ahead:
            self.ahead -= 1
            return self.event(now, f"burst{self.ahead}")
        if rng.random() >= self.share:
            return None
        roll = rng.random()
        if self.made and roll < 0.1:
            return rng.choice(self.made)  # again
        if roll < 0.16:
            return self.bad(now)
        return self.event(now, f"n{rng.randrange(self.names)}")

    def areas(self):
        """Mostly one or two; those of a big notice take 5 to 50 KB."""
        rng = self.rng
        some = rng.sample(AREAS, rng.choice([1, 1, 2, 3]))
        if self.big and rng.random() < 0.7:
            some += [f"{number:03}" + "a" * 253 for number in range(rng.choice([20, 90, 97]))]
        return some

    def event(self, now, name):
        rng = self.rng
        said = now - rng.choice(SAID)
        event = {"occurred_at_ms": max(1, said), "control": {"notice": self.notice(now, said, name)}}
        if rng.random() < 0.8:
            event["event_id"] = f"w{len(self.made) if rng.random() < 0.9 else 0}"
        if rng.random() < 0.2:
            event["source"] = rng.choice(["feed", "other/feed"])
        if rng.random() < 0.1:
            event["tenant_id"] = rng.choice(["t", "t", "a/b"])
        self.made.append(event)
        return event

    def notice(self, now, said, name):
        rng = self.rng
        notice = {"notice_id": name}
        if rng.random() < (0.8 if self.big else 0.35):
            notice["areas"] = self.areas()
        if rng.random() < 0.2:
            notice["segments"] = rng.sample(SEGMENTS, rng.choice([1, 1, 2]))
        if rng.random() < 0.3:
            notice["touchpoint_id"] = f"n{rng.randrange(3)}"
        if rng.random() < 0.85:
            notice["due_at_ms"] = max(0, rng.choice([now, now, said]) + rng.choice(DUES))
        if rng.random() < 0.4:
            notice["starts_at_ms"] = max(0, rng.choice([now, said, notice.get("due_at_ms", now)]) + rng.choice(STARTS))
        if rng.random() < 0.25:
            notice["fulfilled_at_ms"] = max(0, rng.choice([now, notice.get("due_at_ms", now)]) + rng.choice(FULFILLED))
        if rng.random() < 0.06:
            notice["withdrawn"] = True
        return notice

    def bad(self, now):
        """One that is refused, for one or two of many reasons, or that is only just allowed."""
        change = self.rng.choice([
            {"notice_id": ""}, {"notice_id": "", "areas": ["a" * 257]}, {"notice_id": "n" * 257},
            {"notice_id": "长" * 86}, {"notice_id": "n" * 257, "touchpoint_id": "t" * 257},
            {"touchpoint_id": "t" * 257, "areas": ["a"] * 101}, {"areas": ["a", "长" * 86]},
            {"areas": ["a" * 257], "segments": ["s" * 257]}, {"segments": ["s", "s" * 257]},
            {"areas": [f"a{number}" for number in range(101)]}, {"areas": ["a"] * 101, "segments": ["s"] * 101},
            {"segments": ["s"] * 101, "starts_at_ms": -1}, {"starts_at_ms": -1}, {"due_at_ms": -1},
            {"fulfilled_at_ms": -1}, {"starts_at_ms": 10**15 + 1, "due_at_ms": -1}, {"due_at_ms": 10**15 + 1},
            {"fulfilled_at_ms": 10**15 + 1}, {"due_at_ms": 10**15, "fulfilled_at_ms": 10**15, "starts_at_ms": 10**15},
            {"notice_id": "n" * 256, "areas": ["a" * 256] * 99 + ["north"], "segments": ["s0"] * 100}])
        event = {"occurred_at_ms": now, "control": {"notice": {"notice_id": "n0", **change}}}
        more = self.rng.choice([{}, {}, {}, {"occurred_at_ms": 0}, {"occurred_at_ms": -5}, {"event_id": "e" * 257},
                                {"occurred_at_ms": 253_402_300_800_000}, {"tenant_id": "t" * 257},
                                {"customer": {"customer_id": "p0"}}])
        return {**event, **more}

    def address(self, event):
        """Tells where the customer of an event is, what they belong to and what they are at."""
        rng = self.rng
        customer = event["customer"]["customer_id"]
        area, segments = self.homes.setdefault(customer, (rng.choice(PLACES), self.segments()))
        if rng.random() < self.known:
            event["area"] = area if rng.random() < 0.8 else rng.choice(PLACES)
        if rng.random() < self.known:
            event["customer"] = {**event["customer"], "segments": segments if rng.random() < 0.8 else self.segments()}
        if rng.random() < 0.1:
            event["touchpoint"] = {"touchpoint_id": f"n{rng.randrange(3)}", **event.get("touchpoint", {})}

    def segments(self):
        """Mostly few; sometimes the one that counts is the eighth, or the ninth, which nobody reads."""
        rng = self.rng
        others = [f"other{number}" for number in range(rng.choice([0, 0, 0, 7, 8]))]
        return others + rng.sample(SEGMENTS, rng.choice([0, 1, 2]))
