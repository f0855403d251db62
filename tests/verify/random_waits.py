"""Customers of a random day who mostly wait: visits with queues and first messages, in a few channels, that are answered,
given up or end in other ways; and who return, so that they get used to it."""

SECOND = 1_000
CUSTOMERS = ["w0", "w1", "w2"]
CHANNELS = [*["CHANNEL_VOICE", "CHANNEL_CHAT", "CHANNEL_EMAIL"] * 5, 77, 300, -3]
WAITS = [0, 1, SECOND, 4 * SECOND, 5 * SECOND, 12 * SECOND, 20 * SECOND, 31 * SECOND, 50 * SECOND, 130 * SECOND]
STATED = [0, 4_999, 20_000, 70_000, 3_600_000, 10**9, 2**32 + 5, 2**41]
ANNOUNCED = [1, 5_000, 20_000, 60_000, 300_000]
# Until they come again: within a journey, after it, after a night, a weekend, a holiday.
PAUSES = [20 * SECOND, 100 * SECOND, *[310 * SECOND, 700 * SECOND, 1_300 * SECOND] * 2]
ABSENCES = [310 * SECOND, 4_000 * SECOND, 30_000 * SECOND, 60_000 * SECOND, 220_000 * SECOND, 400_000 * SECOND]
ENDS = ["", "", "DISCONNECTED", "DISCONNECTED", "RESOLVED", "EXPIRED", "hold", "question", "question expired"]


class Waits:
    """One visit after the other, by a chance of its own."""

    def __init__(self, rng, returns):
        self.rng = rng
        self.share = rng.choice([0.1, 0.25]) if returns else rng.choice([0, 0.03, 0.1, 0.2])
        self.absences = rng.choice([PAUSES, [*PAUSES, *ABSENCES]]) if returns else PAUSES
        self.customers = CUSTOMERS[:rng.choice([1, 2, 3])]
        self.channels = rng.sample(CHANNELS, rng.choice([1, 2, 3, 5]))
        self.habit = rng.choice(WAITS)  # what a visit mostly takes
        self.count = 0
        self.ahead = []

    def next(self):
        """(ms after the event before, what the next event says), or None where others have their turn."""
        if not self.ahead and self.rng.random() < self.share:
            self.visit()
        return self.ahead.pop(0) if self.ahead else None

    def visit(self):
        rng = self.rng
        self.count += 1
        said = {"customer": {"customer_id": rng.choice(self.customers)}, "channel": rng.choice(self.channels),
                "contact": {"contact_id": f"w{self.count}"}}
        if rng.random() < 0.1:
            said["contact"] = {}
        if rng.random() < 0.1:
            said["customer"]["tier"] = rng.choice(["gold", "silver"])
        if rng.random() < 0.1:
            said["tenant_id"] = "t"
        if rng.random() < 0.03:
            said["time_quality"] = "TIME_QUALITY_ORDER_ONLY"
        queue = {} if rng.random() < 0.15 else {"queue": {"id": f"q{rng.randrange(3)}"}}
        if rng.random() < 0.4:
            queue["touchpoint"] = {"touchpoint_id": f"n{rng.randrange(3)}"}
        pause = rng.choice(self.absences)
        for later, payload in self.course():
            event = {**said, "customer": dict(said["customer"]), "contact": dict(said["contact"]), **payload}
            if rng.random() < 0.7:
                event.update(queue)
            elif rng.random() < 0.1:
                event["queue"] = {"id": f"q{rng.randrange(3)}"}  # passed on
            if rng.random() < 0.3:
                event["direction"] = "DIRECTION_INBOUND"
            self.ahead.append((pause + later, event))
            pause = 0

    def course(self):
        """(ms after the step before, payload) of each step of a visit."""
        rng = self.rng
        yield from self.beginning()
        wait = self.habit if rng.random() < 0.5 else rng.choice(WAITS)
        if rng.random() < 0.15:
            yield wait, self.life("ABANDONED", "wait_ms", STATED, 0.3)
            return
        if rng.random() < 0.1:
            return  # nobody answers
        roll = rng.random()
        if roll < 0.5:
            yield wait, {**self.life("CONNECTED", "wait_ms", STATED, 0.25), "agent": {"id": "a0", "kind": "KIND_HUMAN"}}
        else:
            yield wait, {"turn": {"role": "BOT" if roll < 0.6 else "AGENT"}}
        if rng.random() < 0.4:
            yield rng.choice([0, SECOND, 9 * SECOND]), self.turn(rng.choice([-0.9, -0.4, 0.1, 0.6, 1]))
        if rng.random() < 0.2:
            yield SECOND, {"signal": {"kind": "RESPONSE_DELAY", "value": rng.choice([3_000, 60_000, 10**8])}}
        yield from self.end(rng.choice(ENDS))

    def beginning(self):
        rng = self.rng
        roll = rng.random()
        if roll < 0.4:
            yield 0, self.turn(None)
        if roll > 0.3:
            yield 0, self.life("QUEUED", "announced_wait_ms", ANNOUNCED, 0.15)
        if rng.random() < 0.1:
            yield rng.choice([0, 3 * SECOND]), self.life("QUEUED", "announced_wait_ms", ANNOUNCED, 0.3)

    def end(self, how):
        if how == "hold":
            yield SECOND, {"lifecycle": {"state": "HOLD_START"}}
            yield 20 * SECOND, {"lifecycle": {"state": "DISCONNECTED"}}
        elif how.startswith("question"):
            yield SECOND, self.turn(None)
            yield SECOND, {"turn": {"role": "AGENT", "text": "Is that all?"}}
            if how.endswith("expired"):
                yield 5 * SECOND, {"lifecycle": {"state": "EXPIRED"}}
        elif how:
            yield 2 * SECOND, {"lifecycle": {"state": how}}

    def turn(self, score):
        felt = {} if score is None else {"sentiment": {"score": score}}
        return {"turn": {"role": "CUSTOMER", "text": "hi", **felt}}

    def life(self, state, name, choices, share):
        stated = {name: self.rng.choice(choices)} if self.rng.random() < share else {}
        return {"lifecycle": {"state": state, **stated}}
