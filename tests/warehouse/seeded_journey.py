"""Rows of chance for whole journeys: keys that fit each other, numbers in their ranges."""

import datetime
import hashlib
import heapq
import random

import row_messages

MESSAGES = {message.table: message for message in row_messages.read()}
EMPTY = {"string": "", "int64": 0, "int32": 0, "double": 0.0, "bool": False}
CHANNELS = ("voice", "chat", "message", "email")
PRODUCERS = ("nlu-3", "nlu-3", "nlu-3", "")  # A quarter of the queues has no feed of sentiment.
CAUSES = ("turn", "turn", "turn", "turn", "queue_wait", "transferred", "hold", "first_response")
RULES = ("negative_peak", "waiting", "promise_at_risk", "peak_unanswered")
HOUR_MS = 3_600_000


def key(*parts):
    return hashlib.blake2b("/".join(map(str, parts)).encode(), digest_size=16).hexdigest()


def clamp(value):
    return round(max(-1.0, min(1.0, value)), 4)


def blank(table, **given):
    made = {field.name: None if field.is_optional else EMPTY[field.type] for field in MESSAGES[table].fields}
    unknown = set(given) - set(made)
    if unknown:
        raise KeyError(f"{table} has no {sorted(unknown)}")
    return made | given


class Journey:
    """Draws one journey; `rows` are (table, row) in no order."""

    def __init__(self, draw, number, started):
        self.draw = draw
        self.rows = []
        self.tenant = draw.choice(("acme", "acme", "nord"))
        self.customer = key(self.tenant, "customer", draw.randrange(1 + number // 3 + 1))
        self.id = key(self.tenant, "journey", number)
        self.started = started
        self.mood = draw.gauss(0.05, 0.35)
        contacts = 1 + (draw.random() < 0.35) + (draw.random() < 0.15)
        self.contacts = [self._contact(number, index) for index in range(contacts)]
        self._journey()

    def _shared(self, at, lag_ms=0):
        day = datetime.datetime.fromtimestamp(at / 1000, datetime.timezone.utc).date()
        return {"row_version": 1, "amend_reason": "new", "tenant_id": self.tenant, "customer_key": self.customer,
                "business_date": day.isoformat(), "detected_at_ms": at + lag_ms, "policy_version": "default@1+02394879",
                "source_topic": "interaction-events", "source_partition": int(self.customer[:4], 16) % 12,
                "source_offset": self.draw.randrange(10**9)}

    def _levels(self, valences):
        """The score and its parts, by the shipped formula."""
        weights = [0.75**back for back in range(len(valences) - 1, -1, -1)]
        tail = sum(map(float.__mul__, weights, valences)) / sum(weights)
        worst, mean, opening = min(valences), sum(valences) / len(valences), sum(valences[:2]) / len(valences[:2])
        score = 0.1 * worst + 0.9 * tail
        peaks = {"peak_positive": max(valences) if max(valences) >= 0.3 else None,
                 "peak_negative": worst if worst <= -0.3 else None}
        return {"opening": clamp(opening), "worst": worst, "last": valences[-1], "tail": clamp(tail), "end": clamp(tail),
                "trend": round(clamp(tail) - clamp(opening), 4), "mean": clamp(mean), "score": clamp(score),
                "remembered_minus_mean": round(clamp(score) - clamp(mean), 4), "impression_count": len(valences),
                "turn_count": (len(valences) + 1) // 2, "is_thin": len(valences) < 3, "formula": "experience",
                "score_affect": clamp(score + self.draw.gauss(0, 0.05)) if self.producer else None,
                "sentiment_producer": self.producer, **peaks}

    def _contact(self, number, index):
        draw = self.draw
        at = self.started + index * int(draw.uniform(2, 60) * HOUR_MS)
        queue = draw.randrange(24)
        self.producer = PRODUCERS[queue % 4]
        wait, duration = int(draw.expovariate(1 / 60_000)), int(draw.expovariate(1 / 400_000)) + 20_000
        where = {"channel": draw.choice(CHANNELS), "queue_id": f"queue-{queue:02}", "agent_id": f"agent-{draw.randrange(400):03}",
                 "touchpoint_id": draw.choice(("billing", "delivery", "login", "")), "tier": draw.choice(("gold", "", ""))}
        named = {"journey_id": self.id, "contact_id": f"call-{number}-{index}"}
        contact = key(self.id, "contact", index)
        valences = [clamp(draw.gauss(self.mood, 0.4)) for _ in range(1 + int(draw.expovariate(1 / 6.5)))]
        shared = self._shared(at, duration + 200)
        whole = {"contact_key": contact, "started_at_ms": at, "ended_at_ms": at + duration, "duration_ms": duration,
                 "event_count": 2 * len(valences) + 3, "direction": "inbound", "queued_at_ms": at,
                 "answered_at_ms": at + wait, "wait_ms": wait, "hold_count": draw.randrange(2), "ended_by": "customer",
                 "gap_responsiveness": clamp(draw.gauss(-0.1, 0.3)), **where, **named}
        self.rows.append(("contacts", blank("contacts", row_id=contact, **whole, **shared, **self._levels(valences))))
        legs = 1 + (draw.random() < 0.2)
        for leg in range(1, legs + 1):
            part = valences[(leg - 1) * len(valences) // legs:leg * len(valences) // legs] or valences[-1:]
            self.rows.append(("contacts", blank("contacts", row_id=f"{contact}:{leg}", leg_no=leg, **whole, **shared,
                                                **self._levels(part))))
        for nth, valence in enumerate(valences):
            self._touchpoint(contact, at + duration * nth // len(valences), nth, valence, where, named)
        self._moments("contact", contact, at, valences, where, named, shared)
        self._about(contact, at, duration, min(valences), where, named)
        return at, at + duration, valences

    def _touchpoint(self, contact, at, nth, valence, where, named):
        cause = self.draw.choice(CAUSES)
        self.rows.append(("touchpoints", blank(
            "touchpoints", touchpoint_row_id=key(contact, nth), contact_key=contact, occurred_at_ms=at, cause=cause,
            attributed_to="agent" if cause == "turn" else "queue", valence=valence, intensity=abs(valence), confidence=0.8,
            event_count=1, event_id=f"{named['contact_id']}/{nth}", language="en" if cause == "turn" else "",
            sentiment_producer=self.producer if cause == "turn" else "", **where, **named, **self._shared(at, 150))))

    def _moments(self, scope, scope_key, at, valences, where, named, shared):
        kinds = {"opening": valences[0], "end": valences[-1]}
        kinds |= {"peak_positive": max(valences)} if max(valences) >= 0.3 else {}
        kinds |= {"peak_negative": min(valences)} if min(valences) <= -0.3 else {}
        for kind, valence in kinds.items():
            self.rows.append(("moments", blank(
                "moments", moment_id=f"{scope_key}:{kind}", scope=scope, kind=kind, scope_key=scope_key, occurred_at_ms=at,
                end_grade=("contact" if scope == "contact" else "provisional") if kind == "end" else "", valence=valence,
                intensity=abs(valence), confidence=0.8, cause="turn", cause_count=1, attributed_to="agent",
                event_id=f"{named['contact_id']}/0", agent_greeted=kind == "opening", **where, **named, **shared)))

    def _about(self, contact, at, duration, worst, where, named):
        draw = self.draw
        if worst < -0.6:
            taken = at + int(draw.expovariate(1 / 90_000)) if draw.random() < 0.6 else None
            closed = taken and taken + int(draw.expovariate(1 / 300_000))
            self.rows.append(("alerts", blank(
                "alerts", alert_id=key(contact, "alert"), state="resolved" if closed else "expired",
                reason="resolved" if closed else "journey_ended", severity=draw.choice(("warning", "critical")),
                urgency=draw.choice(("interrupt", "list")), rule=draw.choice(RULES), moment_kind="peak_negative",
                occurred_at_ms=at, updated_at_ms=closed or at + duration, acknowledged_at_ms=taken,
                closed_at_ms=closed or at + duration, time_to_acknowledge_ms=taken and taken - at,
                time_to_close_ms=(closed or at + duration) - at, actor_id=key(draw.randrange(20)) if taken else "",
                was_actionable=draw.random() < 0.7 if closed and draw.random() < 0.8 else None, is_stale=draw.random() < 0.02,
                valence=worst, score=clamp(worst / 2), mean=clamp(worst / 3), cause="turn", event_id=f"{named['contact_id']}/0",
                **where, **named, **self._shared(at, 300))))
        if draw.random() < 0.25:
            self.rows.append(("promises", blank(
                "promises", promise_key=f"{self.id}:promise:{key(contact)[:4]}", promise_id=f"{named['contact_id']}/p",
                kind=draw.choice(("callback", "refund", "delivery")), status=draw.choice(("kept", "kept", "broken", "open")),
                promised_at_ms=at, due_at_ms=at + 24 * HOUR_MS, queue_id=where["queue_id"], agent_id=where["agent_id"],
                channel=where["channel"], **named, **self._shared(self.started, 24 * HOUR_MS))))

    def _journey(self):
        draw = self.draw
        valences = [valence for *_, part in self.contacts for valence in part]
        ended = max(end for _, end, _ in self.contacts)
        survey = self._survey(ended, valences)
        where = {"channel": "voice"}
        shared = self._shared(self.started) | {"detected_at_ms": ended + 72 * HOUR_MS}
        self._moments("journey", self.id, self.started, valences, where, {"journey_id": self.id, "contact_id": ""}, shared)
        self.rows.append(("journeys", blank(
            "journeys", journey_id=self.id, started_at_ms=self.started, ended_at_ms=ended, duration_ms=ended - self.started,
            end_grade=draw.choice(("provisional", "final", "final")), contact_count=len(self.contacts), channel_count=1,
            first_channel="voice", event_count=2 * len(valences) + 3, repeat_contacts=max(0, len(self.contacts) - 1),
            gap_responsiveness=clamp(draw.gauss(-0.1, 0.3)), **survey, **shared, **self._levels(valences))))

    def _survey(self, ended, valences):
        """Half are asked, half of those answer; the answer follows the end more than the mean."""
        draw = self.draw
        if draw.random() > 0.5:
            return {}
        asked = {"kind": "csat", "asked_at_ms": ended, "channel": "message"}
        self.rows.append(("surveys", blank("surveys", survey_key=key(self.id, "asked"), status="offered", occurred_at_ms=ended,
                                           **asked, **self._shared(ended, 100))))
        if draw.random() > 0.5:
            return {}
        at = ended + int(draw.expovariate(1 / (2 * HOUR_MS)))
        stars = max(1, min(5, round(3 + 2 * valences[-1] + draw.gauss(0, 0.8))))
        self.rows.append(("surveys", blank("surveys", survey_key=key(self.id, "answered"), status="answered", occurred_at_ms=at,
                                           score=(stars - 1) / 4, raw=float(stars), raw_min=1.0, raw_max=5.0, **asked,
                                           **self._shared(at, 100))))
        return {"survey_score": (stars - 1) / 4, "survey_kind": "csat", "survey_at_ms": at}


def _amended(draw, table, row):
    """A second version, some hours later; one of twenty deletes the row."""
    later = row | {"row_version": 2, "amend_reason": "late_event", "detected_at_ms": row["detected_at_ms"] + draw.randrange(12 * HOUR_MS)}
    if draw.random() >= 0.05:
        return later
    kept = ("row_version", "tenant_id", "customer_key", "business_date", "detected_at_ms", "policy_version", "source_topic",
            "source_partition", "source_offset", MESSAGES[table].key)
    return blank(table, **{name: later[name] for name in kept}, is_deleted=True, amend_reason="identity")


def _starts(draw, journeys, first, days):
    """When the journeys begin, ordered: by day, most of them in the late morning."""
    midnight = int(datetime.datetime(first.year, first.month, first.day, tzinfo=datetime.timezone.utc).timestamp() * 1000)
    return sorted(midnight + 24 * HOUR_MS * draw.randrange(days) + int(draw.triangular(7, 22, 11) * HOUR_MS) for _ in range(journeys))


def rows(journeys, seed, first, days, amend):
    """Yields (table, row), ordered by detected_at_ms; holds those of the journeys of some five days."""
    draw = random.Random(seed)
    waiting, count = [], 0
    for number, started in enumerate(_starts(draw, journeys, first, days)):
        while waiting and waiting[0][0] < started:
            yield heapq.heappop(waiting)[2:]
        for table, row in Journey(draw, number, started).rows:
            versions = [row]
            if table != "surveys" and draw.random() < amend:
                versions.append(_amended(draw, table, row))
            for version in versions:
                count += 1
                heapq.heappush(waiting, (version["detected_at_ms"], count, table, version))
    while waiting:
        yield heapq.heappop(waiting)[2:]
