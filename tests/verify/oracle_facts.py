"""What an event means for its customer, and the ids that are hashes of content."""

import xxhash

from oracle_levels import ONE, to_nano
from oracle_messages import Activity, AlertAction, Lifecycle, Promise, Sentiment, Survey, TimeQuality, Turn
from oracle_phrases import ACTS
from oracle_promises import stated
from oracle_tallies import ASKED_FOR_HUMAN, WAIT_ANNOUNCED, counted, is_human_answer

# How an event changes its contact; None = not at all. Surveys, what settles a promise and what somebody does with an
# alert belong to none.
ALIVE, TURN, ANSWER, QUEUED, ABANDONED, RESOLVED, ENDED, SURVEY, SETTLED, ACTED = (
    "alive", "turn", "answer", "queued", "abandoned", "resolved", "ended", "survey", "settled", "acted")
COUNTS = (AlertAction.ACK, AlertAction.ASSIGN, AlertAction.SNOOZE, AlertAction.RESOLVE)
LIFE = {Lifecycle.QUEUED: QUEUED, Lifecycle.CONNECTED: ANSWER, Lifecycle.ABANDONED: ABANDONED,
        Lifecycle.RESOLVED: RESOLVED, Lifecycle.DISCONNECTED: ENDED, Lifecycle.EXPIRED: ENDED,
        # The customer does not live through these.
        Lifecycle.WRAP_START: None, Lifecycle.WRAP_END: None, Lifecycle.MONITOR_START: None,
        Lifecycle.UPDATED: None, Lifecycle.SNOOZED: None}
# What customers do, by which a contact goes on.
DONE = (Activity.VIEW, Activity.SEARCH, Activity.ORDER, Activity.PAY, Activity.PURCHASE, Activity.RETURN,
        Activity.CANCEL, Activity.RENEW, Activity.CHURN)
SPOKEN = {Turn.CUSTOMER: TURN, Turn.AGENT: ANSWER, Turn.BOT: ANSWER}
ORDER_ONLY = TimeQuality.Value("TIME_QUALITY_ORDER_ONLY")
QUESTION_ENDS = ("?", "？", "吗", "呢")
LABEL = {Sentiment.NEGATIVE: -ONE, Sentiment.NEUTRAL: 0, Sentiment.MIXED: 0, Sentiment.POSITIVE: ONE}


def identifier(*parts):
    """XXH3-128 over the parts, each behind its length in 8 bytes."""
    return xxhash.xxh3_128_hexdigest(b"".join(len(part).to_bytes(8, "little") + part for part in parts))


def event_hash(source, event_id):
    return xxhash.xxh3_64_intdigest(event_id, seed=xxhash.xxh3_64_intdigest(source))


def place_bytes(place):
    """(time, hash) in 16 bytes, little-endian."""
    return place[0].to_bytes(8, "little", signed=True) + place[1].to_bytes(8, "little")


class Fact:
    """An event as its customer's journey sees it. `place` orders all events."""

    __slots__ = ("place", "at", "hash", "id", "kind", "contact", "channel", "queue", "agent", "wait", "felt",
                 "survey_score", "survey_kind", "tally", "amount", "by_human", "direction", "initiation", "chain",
                 "case", "intent", "touchpoint", "tier", "is_message", "asks", "promise", "order_only", "acts",
                 "escalates", "notice", "baseline", "is_outside", "language", "producer", "scale", "alert", "closes",
                 "postpones", "until", "actor", "was_actionable", "leg", "ended_by")

    def __init__(self, event, payload, phrases, notice, baseline):
        """`notice`: the one that the event is about (oracle_notices.py); `baseline`: what others waited (in ms); or None."""
        self.at = event.occurred_at_ms
        self.id = event.event_id
        self.hash = event_hash(event.source.encode(), self.id.encode())
        self.place = (self.at, self.hash)
        self.contact = event.contact.contact_id
        self.leg = event.contact.leg_id
        self.channel = event.channel
        self.queue = event.queue.id
        self.agent = event.agent.id
        self.order_only = event.time_quality == ORDER_ONLY
        self.direction, self.initiation = event.direction, event.initiation
        self.chain, self.case = event.contact.chain_id, event.contact.case_id
        self.intent, self.touchpoint = event.touchpoint.intent, event.touchpoint.touchpoint_id
        self.tier = event.customer.tier
        self.language = event.language
        felt = event.contact_summary.sentiment if payload == "contact_summary" else event.turn.sentiment
        self.producer, self.scale = felt.producer, felt.scale_id
        self.kind = None
        self.wait = None
        self.felt = self.promise = None
        self.is_message = self.asks = self.escalates = False
        self.acts = set()  # of the agent
        self.notice, self.baseline = notice, baseline
        self.alert, self.closes = event.alert_action.alert_id, event.alert_action.kind == AlertAction.RESOLVE
        self.postpones, self.until = event.alert_action.kind == AlertAction.SNOOZE, event.alert_action.until_at_ms
        self.actor = event.alert_action.actor_id
        acted = event.alert_action
        self.was_actionable = acted.was_actionable if acted.HasField("was_actionable") else None
        self.ended_by = 0
        self.is_outside = payload == "activity"
        self.tally, self.amount = counted(event, payload)
        self.by_human = is_human_answer(event, payload)
        if payload == "turn":
            self.kind = SPOKEN.get(event.turn.role, ALIVE)
            self.is_message = is_own(event.turn, event.customer.customer_id)
            self.asks = self.kind == ANSWER and event.turn.text.rstrip(" \n").endswith(QUESTION_ENDS)
            self.felt = feeling(event.turn) if self.is_message else None
            self.read_words(event.turn, phrases.said_in(event.turn))
        elif payload == "lifecycle":
            self.kind = LIFE.get(event.lifecycle.state, ALIVE)
            if self.kind in (ENDED, ABANDONED):
                self.ended_by = event.lifecycle.ended_by
            if event.lifecycle.HasField("wait_ms"):
                self.wait = event.lifecycle.wait_ms
        elif payload == "survey":
            self.read_survey(event.survey)
        elif payload == "promise":
            self.read_promise(event)
        elif payload == "alert_action":
            self.kind = ACTED if self.alert and event.alert_action.kind in COUNTS else None
        elif payload in (None, "signal") or payload == "activity" and (self.tally or event.activity.kind in DONE):
            self.kind = ALIVE

    def read_words(self, turn, said):
        if turn.role == Turn.AGENT:
            self.acts = said.intersection(ACTS)
        if self.is_message:
            self.felt = as_said(self.felt, said)
            self.escalates = "escalation" in said
            if "human_request" in said:
                self.tally = ASKED_FOR_HUMAN

    def read_promise(self, event):
        told = stated(event)
        settles = told.fulfilled is not None or told.broken
        if event.promise.kind != Promise.WAIT:
            self.kind = SETTLED if settles else ALIVE
            self.promise = told
        elif not settles:
            self.kind = ALIVE
            if told.due is not None and told.due > told.made_at:
                self.tally, self.amount = WAIT_ANNOUNCED, told.due - told.made_at

    def read_survey(self, survey):
        answered = survey.status in (Survey.ANSWERED, Survey.PARTIAL)
        if not answered or not all(map(survey.HasField, ("raw", "raw_min", "raw_max"))):
            return
        self.kind = SURVEY
        share = (survey.raw - survey.raw_min) / (survey.raw_max - survey.raw_min)
        self.survey_score = 1 - share if survey.polarity == Survey.LOWER_IS_BETTER else share
        self.survey_kind = survey.kind
        self.contact = survey.for_contact_id or self.contact


def is_own(turn, customer):
    """True for what the customer whose key it is said in the end."""
    return turn.role == Turn.CUSTOMER and turn.customer_id in ("", customer) and (
        not turn.HasField("is_final") or turn.is_final)


def as_said(felt, said):
    """What the words leave of a feeling; who gives up and was not measured has one."""
    if felt is None and "resignation" in said:
        felt = -400_000_000, 300_000_000, True
    if felt is None:
        return None
    valence, confidence, given = felt
    if "sarcasm" in said:
        confidence //= 2
    if "formula" in said:
        confidence = min(confidence, 200_000_000)
    return valence, confidence, given or confidence < ONE


def feeling(turn):
    """(valence, confidence, whether a confidence was given) of a customer's turn, or None."""
    if not turn.HasField("sentiment"):
        return None
    sentiment = turn.sentiment
    if sentiment.HasField("score"):
        valence = to_nano(sentiment.score)
    elif all(map(sentiment.HasField, ("raw", "raw_min", "raw_max"))):
        low, high = sentiment.raw_min, sentiment.raw_max
        valence = to_nano(2 * (sentiment.raw - low) / (high - low) - 1)
    elif sentiment.label in LABEL:
        valence = LABEL[sentiment.label]
    else:
        return None
    given = sentiment.HasField("confidence")
    return valence, to_nano(sentiment.confidence) if given else ONE, given
