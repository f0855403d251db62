#!/usr/bin/env python3
"""Random days of a few customers, made to hurt: ties, duplicates, late and much too late
events, joins and splits of journeys, surveys, abandons, several channels, tiers that
change, all that the service may do, promise and announce, customers who come back and are
called back, who wait and get used to it, baselines, phrases, bad records.

    random_events.py SEED [COUNT [returns]]    lines of InteractionEvents; returns: mostly of
                                               customers who come back after hours or days

Made for windows.yaml beside this file, whose windows are a few minutes. The same
seed gives the same lines.
"""

import json
import random
import sys

import random_baselines
import random_late
import random_notices
import random_promises
import random_service
import random_visits
import random_waits
import random_words

LANGUAGES = ["", "en", "en-GB", "zh", "zh-CN", "enm"]
PRODUCERS = ["", "human-rating", "lens"]
SCALES = ["", "1-5", "connect-5"]
TONES = ["never mind", "算了", "呵呵", "Oh  great", "thanks", "bye", "Thanks, bye!", "好的，谢谢！", "谢谢 and", "byebye", "。", "BYE\n"]
START_MS = 1_736_154_000_000  # 2025-01-06T09:00:00Z
SECOND = 1_000
CHANNELS = ["CHANNEL_CHAT", "CHANNEL_VOICE", "CHANNEL_EMAIL", "CHANNEL_UNSPECIFIED", 77]
# Steps of time, in ms: ties, seconds, silences near the gaps of windows.yaml, long pauses.
STEPS = [0, 0, 1, SECOND, 5 * SECOND, 20 * SECOND, 59 * SECOND, 60 * SECOND, 61 * SECOND, 299 * SECOND, 300 * SECOND,
         301 * SECOND, 700 * SECOND]
LONG = [1_300 * SECOND, 4_000 * SECOND, 100_000 * SECOND]
ABSENCES = [310 * SECOND, 600 * SECOND, *LONG, 9_000 * SECOND, 40_000 * SECOND, *[400_000 * SECOND] * 2, 600_000 * SECOND,
            1_000_000 * SECOND]
# How contacts begin: by the customer, by us, by a survey; most events do not say.
BEGINNINGS = [{"direction": "DIRECTION_INBOUND"}, {"direction": "DIRECTION_INBOUND"},
              {"initiation": "INITIATION_CUSTOMER"}, {"direction": "DIRECTION_OUTBOUND"},
              {"direction": "DIRECTION_OUTBOUND", "initiation": "INITIATION_CALLBACK"},
              {"direction": "DIRECTION_OUTBOUND", "initiation": "INITIATION_SURVEY"},
              {"direction": "DIRECTION_INTERNAL", "initiation": "INITIATION_CUSTOMER"},
              {"direction": "DIRECTION_INBOUND", "initiation": "INITIATION_TRANSFER"},
              {"initiation": "INITIATION_CALLBACK"}, {"direction": 77}, {"initiation": 88}]
TIERS = ["gold", "gold", "silver", ""]
LEGS = ["leg1", "leg2", "leg3"]
ENDERS = ["ENDED_BY_CUSTOMER", "ENDED_BY_AGENT", "ENDED_BY_CARRIER", 0, 99]
TEXTS = ["", "Is that all?", "Really？ \n", "还有别的问题吗", "稍等一下呢 ", "Goodbye.", "好的。", "what?\t", "?!", "吗？ok"]


def say_how(event):
    """Language, tone, and who measured a feeling: by the event's id, so that nothing else changes with it."""
    dice = random.Random(event["event_id"])
    event["language"] = dice.choice(LANGUAGES)
    turn = event.get("turn")
    if turn and turn.get("role") != "AGENT" and dice.random() < 0.3:
        turn["text"] = dice.choice(["", turn.get("text", "")]) + dice.choice(TONES)
    felt = event.get("turn", {}).get("sentiment") or event.get("contact_summary", {}).get("sentiment")
    if felt:
        felt.update(producer=dice.choice(PRODUCERS), scale_id=dice.choice(SCALES))


def say_who(event):
    """Which leg it is of, and who ended the contact: by the event's id, as above."""
    dice = random.Random("who " + event["event_id"])
    if "contact" in event and dice.random() < 0.2:
        event["contact"]["leg_id"] = dice.choice(LEGS)
    if "lifecycle" in event and dice.random() < 0.5:
        event["lifecycle"]["ended_by"] = dice.choice(ENDERS)


class Day:
    """Events in order of arrival, with a clock that mostly advances."""

    def __init__(self, seed, returns=False):
        self.rng = random.Random(seed)
        self.at_ms = START_MS
        self.made = []
        self.customers = [f"p{n}" for n in range(self.rng.choice([1, 2, 5, 40]))]
        self.contacts = self.rng.choice([1, 2, 6])
        self.phase = 0  # contacts have other names in each
        self.phases = self.rng.choice([0, 0.02, 0.1, 0.3])
        self.delays = self.rng.choice([0.05, 0.25])
        self.habits = {}  # how contacts of one name mostly begin
        self.openness = self.rng.choice([0.3, 0.6])  # how much is told of contacts
        self.promises = random_promises.Promises(self.rng)
        self.promising = 0.6 if self.promises.many else 0.1
        self.visits = random_visits.Visits(self.rng, self.promises.made)
        self.visiting = self.rng.choice([0, 0.1, 0.4])
        self.pauses, self.absences = self.rng.choice([0, 0.01]), LONG
        # In file mode a tick's broker timestamp is the time of reading: all that follows is late.
        self.ticks = self.rng.random() < 0.05
        self.steps = self.rng.choice([STEPS, STEPS[:6], STEPS[3:]])
        if self.promises.many:
            self.customers, self.contacts, self.phases, self.steps = ["p0"], 1, 0, STEPS[:5]
        if returns:
            self.visiting, self.pauses, self.absences = 0.8, self.rng.choice([0.04, 0.1]), ABSENCES
            self.steps, self.delays, self.ticks = self.rng.choice([STEPS[:6], STEPS[2:7]]), 0.08, False
            if self.rng.random() < 0.5:  # much is promised, and heard of late
                self.visiting, self.promising, self.delays, self.promises.names = 0.3, 0.6, 0.25, 60
                self.customers, self.phases, self.pauses = ["p0"], 0.1, 0.02
        self.sequels = []  # events that may follow
        self.tiers = {}  # of customers, as they are now
        self.late = random_late.Late(self.rng)
        self.notices = random_notices.Notices(random.Random(f"notices {seed}"))
        self.words = random_words.Words(random.Random(f"words {seed}"))
        self.waits = random_waits.Waits(random.Random(f"waits {seed}"), returns)
        self.baselines = random_baselines.Baselines(random.Random(f"baselines {seed}"))
        self.amending = self.rng.choice([0.02, 0.08])

    def event(self):
        rng = self.rng
        said = self.notices.next(self.at_ms) or self.baselines.next(self.at_ms)
        if said is not None:
            return self.tell(said)
        if self.words.answers:
            later, answer = self.words.answer()
            self.at_ms += later
            return self.tell({"event_id": f"e{len(self.made)}", "occurred_at_ms": self.at_ms, **answer})
        waiting = self.waits.next()
        if waiting is not None:
            self.at_ms += waiting[0]
            event = {"event_id": f"e{len(self.made)}", "occurred_at_ms": self.at_ms, **waiting[1]}
            self.notices.address(event)
            self.late.note(event)
            return self.tell(event)
        roll = rng.random()
        if self.made and roll < 0.06:
            return rng.choice(self.made[-60:])
        if roll < 0.09:
            return self.bad()
        until = self.at_ms + rng.choice(self.absences if rng.random() < self.pauses else self.steps)
        planned = self.late.due(until)
        if planned:
            self.at_ms, event = max(self.at_ms, planned[0]), planned[1]
            return self.tell({"event_id": f"e{len(self.made)}", "occurred_at_ms": planned[0], **event})
        self.at_ms = until
        self.phase += rng.random() < self.phases
        at_ms = self.at_ms
        if rng.random() < self.delays:
            at_ms -= rng.choice([1, 3, 30, 100, 119, 120, 121, 122, 125, 126, 300, 900]) * SECOND
        event = {"event_id": f"e{len(self.made)}", "occurred_at_ms": max(1, at_ms)}
        if self.late.came and rng.random() < self.amending:
            if not self.late.amend(event):
                self.fill(event)
        elif self.sequels and rng.random() < 0.6:
            event.update(self.sequels.pop())
        elif rng.random() < self.visiting:
            event.update(self.visits.next())
        else:
            event.update(customer={"customer_id": rng.choice(self.customers)}, channel=rng.choice(CHANNELS))
            self.decorate(event)
            self.fill(event)
        self.foresee(event)
        self.tell_place(event)
        self.notices.address(event)
        self.words.say(event.get("turn"))
        self.words.note(event)
        self.late.note(event)
        say_how(event)
        say_who(event)
        return self.tell(event)

    def tell(self, event):
        line = json.dumps(event)
        self.made.append(line)
        return line

    def decorate(self, event):
        rng = self.rng
        if rng.random() < 0.7:
            event["contact"] = {"contact_id": self.contact()}
        if rng.random() < 0.2:
            event["source"] = rng.choice(["feed", "other/feed"])
        if rng.random() < 0.1:
            event["tenant_id"] = "t"
        if rng.random() < 0.5:
            event["queue"] = {"id": f"q{rng.randrange(3)}"}
        if rng.random() < 0.5:
            event["agent"] = {"id": f"a{rng.randrange(3)}", "kind": rng.choice(["KIND_HUMAN", "KIND_BOT", 0])}

        if rng.random() < 0.02:
            event["time_quality"] = rng.choice(["TIME_QUALITY_ORDER_ONLY", "TIME_QUALITY_SECONDS"])
        self.tell_need(event)

    def contact(self):
        return f"c{self.phase}{self.rng.randrange(self.contacts)}"

    def tell_need(self, event):
        """Who began the contact, and what it is about."""
        rng = self.rng
        contact = event.get("contact", {})
        if rng.random() < self.openness:
            name = contact.get("contact_id", event["channel"])
            habit = self.habits.setdefault(name, rng.choice(BEGINNINGS))
            event.update(habit if rng.random() < 0.8 else rng.choice(BEGINNINGS))
        for member, name in (("chain_id", "h"), ("case_id", "k")):
            if rng.random() < self.openness / 5:
                event.setdefault("contact", {})[member] = f"{name}{rng.randrange(2)}"
        for member in ("intent", "touchpoint_id"):
            if rng.random() < self.openness / 5:
                event.setdefault("touchpoint", {})[member] = f"n{rng.randrange(2)}"

    def tell_place(self, event):
        """Which tier the customer has, and where the event happened."""
        rng = self.rng
        customer = event["customer"]
        if rng.random() < 0.05:
            self.tiers[customer["customer_id"]] = rng.choice(TIERS)
        if rng.random() < self.openness:
            tier = self.tiers.setdefault(customer["customer_id"], rng.choice(TIERS))
            event["customer"] = {**customer, "tier": tier if rng.random() < 0.9 else rng.choice(TIERS)}
        if rng.random() < 0.1:
            event["touchpoint"] = {"touchpoint_id": f"n{rng.randrange(3)}", **event.get("touchpoint", {})}
        if rng.random() < 0.1:
            event.setdefault("queue", {"id": f"q{rng.randrange(3)}"})

    def foresee(self, event):
        """What often follows such an event, in the same contact."""
        payload = random_service.sequel(self.rng, event)
        if payload:
            same = {name: event[name] for name in ("customer", "channel", "contact", "tenant_id") if name in event}
            self.sequels = [*self.sequels[-3:], {**same, **payload}]

    def fill(self, event):
        """Adds a payload."""
        rng = self.rng
        roll = rng.random()
        if rng.random() < self.promising:
            self.promises.payload(event)
        elif roll < 0.47:
            event["turn"] = self.turn()
        elif roll < 0.7:
            event["lifecycle"] = random_service.lifecycle(rng)
        elif roll < 0.84:
            event["signal"] = random_service.signal(rng)
        elif roll < 0.9:
            event["activity"] = random_service.activity(rng)
        elif roll < 0.95:
            event["survey"] = random_service.survey(rng, self.contact)
        else:
            event.update(rng.choice([{}, {"promise": {"kind": "CALLBACK"}}, {"turn": {}},
                                     {"case_change": {"case_id": "k"}},
                                     *[{"control": {"clock_tick": {}}}] * self.ticks]))

    def turn(self):
        rng = self.rng
        turn = {"role": rng.choice(["CUSTOMER"] * 5 + ["AGENT", "AGENT", "BOT", "SYSTEM"]), "text": rng.choice(TEXTS)}
        if rng.random() < 0.9:
            turn["sentiment"] = self.sentiment()
        if rng.random() < 0.05:
            turn["is_final"] = False
        if rng.random() < 0.05:
            turn["customer_id"] = rng.choice(self.customers)
        return turn

    def sentiment(self):
        rng = self.rng
        felt = {}
        roll = rng.random()
        if roll < 0.6:
            felt["score"] = rng.choice([-1, -0.9, -0.8, -0.5, -0.3, 0, 0.3, 0.5, 1, rng.uniform(-1, 1)])
        elif roll < 0.8:
            felt.update(raw=rng.choice([1, 2, 3.3, 5]), raw_min=1, raw_max=5)
        elif roll < 0.95:
            felt["label"] = rng.choice(["NEGATIVE", "NEUTRAL", "POSITIVE", "MIXED"])
        if rng.random() < 0.4:
            felt["confidence"] = rng.choice([0, 0.25, 0.5, 1, rng.random()])
        return felt

    def bad(self):
        """A record that is no event, for one of many reasons."""
        good = {"event_id": "bad", "occurred_at_ms": self.at_ms, "customer": {"customer_id": "p0"}}
        turns = ({"score": 2}, {"score": "NaN"}, {"raw": 7, "raw_min": 1, "raw_max": 5}, {"confidence": -0.1},
                 {"raw_min": 3, "raw_max": 3}, {"magnitude": -1}, {"score": "Infinity"})
        return self.rng.choice([
            "{", '{"nothing": 1}', "[]", "{}", '{"language": "zh-CN"}',
            *(json.dumps({**good, **change}) for change in (
                {"event_id": ""}, {"event_id": "x" * 257}, {"event_id": "长" * 86}, {"occurred_at_ms": 0},
                {"occurred_at_ms": -5}, {"occurred_at_ms": 253_402_300_800_000}, {"customer": {}},
                {"queue": {"id": "q" * 257}}, {"customer": {"customer_id": "p0", "tier": "t" * 257}},
                {"customer": {"customer_id": "p0", "tier": "长" * 86}, "queue": {"id": "q" * 257}},
                {"customer": {"customer_id": "p0", "tier": "t" * 257}, "touchpoint": {"touchpoint_id": "n" * 257}},
                {"touchpoint": {"touchpoint_id": "n" * 257}, "agent": {"id": "a" * 257}},
                {"customer": {"customer_id": "p0", "tier": "t" * 256}, "touchpoint": {"touchpoint_id": "n" * 256}},
                {"promise": {"promise_id": "p" * 257}}, {"contact": {"contact_id": "c", "leg_id": "l" * 257}},
                {"alert_action": {"alert_id": "a", "kind": "ACK", "actor_id": "s" * 257}},
                {"promise": {"promise_id": "p" * 257}, "agent": {"id": "a" * 257}},
                {"promise": {"promise_id": "p" * 257}, "contact": {"contact_id": "c" * 257}},
                {"lifecycle": {"state": "QUEUED", "wait_ms": -1}},
                {"lifecycle": {"state": "QUEUED", "duration_ms": -1}}, {"signal": {"value": "NaN"}},
                {"lifecycle": {"announced_wait_ms": -1}}, {"lifecycle": {"wait_ms": -1, "announced_wait_ms": -1}},
                {"activity": {"rating": 6, "rating_min": 1, "rating_max": 5}},
                {"survey": {"raw": 3, "raw_min": 5, "raw_max": 1}}, {"activity": {"rating": "NaN"}},
                {"contact_summary": {"sentiment": {"confidence": 2}}}, {"turn": {"loudness": "Infinity"}})),
            *(json.dumps({**good, "turn": {"role": "CUSTOMER", "sentiment": felt}}) for felt in turns)])


def lines_of(seed, count, returns=False):
    """So many events, and what is announced and learned in between."""
    day = Day(seed, returns)
    lines = []
    while count:
        lines.append(day.event())
        count -= '"notice": {' not in lines[-1] and '"baseline": {' not in lines[-1]
    return lines


def main(arguments):
    returns = arguments[2:] == ["returns"]
    numbers = arguments[:2] if returns else arguments
    if not numbers or not all(argument.isdigit() for argument in numbers):
        print(__doc__.strip())
        return 64
    seed, count = (*map(int, numbers), 400)[:2]
    print("\n".join(lines_of(seed, count, returns)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
