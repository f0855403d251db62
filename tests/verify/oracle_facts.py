"""What an event means for its customer, and the ids that are hashes of content."""

import xxhash

from oracle_levels import ONE, to_nano
from oracle_messages import Lifecycle, Sentiment, Survey, Turn
from oracle_tallies import counted, is_human_answer

# How an event changes its contact; None = not at all.
ALIVE, TURN, ANSWER, QUEUED, ABANDONED, RESOLVED, ENDED, SURVEY = (
    "alive", "turn", "answer", "queued", "abandoned", "resolved", "ended", "survey")
LIFE = {Lifecycle.QUEUED: QUEUED, Lifecycle.CONNECTED: ANSWER, Lifecycle.ABANDONED: ABANDONED,
        Lifecycle.RESOLVED: RESOLVED, Lifecycle.DISCONNECTED: ENDED, Lifecycle.EXPIRED: ENDED,
        # The customer does not live through these.
        Lifecycle.WRAP_START: None, Lifecycle.WRAP_END: None, Lifecycle.MONITOR_START: None,
        Lifecycle.UPDATED: None, Lifecycle.SNOOZED: None}
SPOKEN = {Turn.CUSTOMER: TURN, Turn.AGENT: ANSWER, Turn.BOT: ANSWER}
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
                 "survey_score", "survey_kind", "tally", "amount", "by_human")

    def __init__(self, event, payload):
        self.at = event.occurred_at_ms
        self.id = event.event_id
        self.hash = event_hash(event.source.encode(), self.id.encode())
        self.place = (self.at, self.hash)
        self.contact = event.contact.contact_id
        self.channel = event.channel
        self.queue = event.queue.id
        self.agent = event.agent.id
        self.kind = None
        self.wait = None
        self.felt = None
        self.tally, self.amount = counted(event, payload)
        self.by_human = is_human_answer(event, payload)
        if payload == "turn":
            self.kind = SPOKEN.get(event.turn.role, ALIVE)
            self.felt = feeling(event.turn, event.customer.customer_id)
        elif payload == "lifecycle":
            self.kind = LIFE.get(event.lifecycle.state, ALIVE)
            if event.lifecycle.HasField("wait_ms"):
                self.wait = event.lifecycle.wait_ms
        elif payload == "survey":
            self.read_survey(event.survey)
        elif payload in (None, "signal", "promise") or payload == "activity" and self.tally:
            self.kind = ALIVE

    def read_survey(self, survey):
        answered = survey.status in (Survey.ANSWERED, Survey.PARTIAL)
        if not answered or not all(map(survey.HasField, ("raw", "raw_min", "raw_max"))):
            return
        self.kind = SURVEY
        share = (survey.raw - survey.raw_min) / (survey.raw_max - survey.raw_min)
        self.survey_score = 1 - share if survey.polarity == Survey.LOWER_IS_BETTER else share
        self.survey_kind = survey.kind
        self.contact = survey.for_contact_id or self.contact


def feeling(turn, customer):
    """(valence, confidence, whether a confidence was given) of the customer's own final turn."""
    if turn.role != Turn.CUSTOMER or not turn.HasField("sentiment"):
        return None
    if turn.HasField("is_final") and not turn.is_final or turn.customer_id not in ("", customer):
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
