"""Which events of a contact are counted, by kind, and what they state."""

from collections import namedtuple

from oracle_levels import to_nano, whole
from oracle_messages import Activity, Agent, Lifecycle, Signal, Turn

(ANSWERED, WAIT_ANNOUNCED, HOLD_BEGUN, HOLD_ENDED, TRANSFERRED, AUTHENTICATED, ASKED_AGAIN, WRONG_SKILL,
 NOT_UNDERSTOOD, HUMAN_REQUESTED, INTERRUPTED, TALKED_OVER, SILENCE, DROPPED, PAGE_ERROR, AUDIO_RATED, REVIEWED,
 OUTSIDE_COMPLAINT, ABANDONED, RESPONSE_DELAYED, EXPIRED, ORDER_RETURNED, ORDER_CANCELLED, LEFT_SERVICE,
 RENEWED, ASKED_FOR_HUMAN) = KINDS = range(1, 27)
SMALLEST = (WAIT_ANNOUNCED, AUDIO_RATED, REVIEWED)  # of these the smallest amount counts, of others the largest
MAX_AMOUNT = 10**12
OF_STATE = {Lifecycle.CONNECTED: ANSWERED, Lifecycle.HOLD_START: HOLD_BEGUN, Lifecycle.HOLD_END: HOLD_ENDED,
            Lifecycle.TRANSFER_DONE: TRANSFERRED, Lifecycle.AUTHENTICATED: AUTHENTICATED,
            Lifecycle.ABANDONED: ABANDONED, Lifecycle.QUEUED: WAIT_ANNOUNCED, Lifecycle.EXPIRED: EXPIRED}
AMOUNT_OF_STATE = {ANSWERED: "wait_ms", ABANDONED: "wait_ms", HOLD_ENDED: "duration_ms",
                   WAIT_ANNOUNCED: "announced_wait_ms"}
OF_SIGNAL = {Signal.AUTHENTICATION_REPEATED: ASKED_AGAIN, Signal.WRONG_SKILL: WRONG_SKILL,
             Signal.BOT_NOT_UNDERSTOOD: NOT_UNDERSTOOD, Signal.HUMAN_REQUESTED: HUMAN_REQUESTED,
             Signal.INTERRUPTION: INTERRUPTED, Signal.OVERTALK: TALKED_OVER, Signal.DROPPED: DROPPED,
             Signal.PAGE_ERROR: PAGE_ERROR}
OF_ACTIVITY = {Activity.EXTERNAL_COMPLAINT: OUTSIDE_COMPLAINT, Activity.RETURN: ORDER_RETURNED,
               Activity.CANCEL: ORDER_CANCELLED, Activity.CHURN: LEFT_SERVICE, Activity.RENEW: RENEWED}
LASTING = {Signal.HOLD: HOLD_ENDED, Signal.SILENCE: SILENCE, Signal.RESPONSE_DELAY: RESPONSE_DELAYED}
NOTHING = (None, None)

# Events of one kind: how many, the amount (None: nobody stated one) and the fact that stands for all.
Tally = namedtuple("Tally", "count amount fact")


def within(amount):
    return max(0, min(MAX_AMOUNT, amount))


def counted(event, payload):
    """(kind, amount) that the event counts as; kind None = not counted, amount None = none stated."""
    if payload == "lifecycle":
        return of_lifecycle(event.lifecycle)
    if payload == "turn":
        return (ANSWERED, None) if event.turn.role in (Turn.AGENT, Turn.BOT) else NOTHING
    if payload == "signal":
        return of_signal(event.signal)
    return of_activity(event.activity) if payload == "activity" else NOTHING


def of_lifecycle(lifecycle):
    kind = OF_STATE.get(lifecycle.state)
    name = AMOUNT_OF_STATE.get(kind)
    amount = within(getattr(lifecycle, name)) if name and lifecycle.HasField(name) else None
    # No wait at all promises nothing.
    return NOTHING if kind == WAIT_ANNOUNCED and not amount else (kind, amount)


def of_signal(signal):
    if signal.kind == Signal.QUALITY:
        rated = signal.HasField("value") and 1 <= signal.value <= 5
        return (AUDIO_RATED, whole(signal.value * 1e6)) if rated else NOTHING
    if signal.kind == Signal.INTERRUPTION and signal.by_role == Turn.CUSTOMER:
        return NOTHING
    if signal.kind in LASTING:
        return LASTING[signal.kind], lasted(signal)
    return OF_SIGNAL.get(signal.kind), None


def lasted(signal):
    """How long it was, in ms, or None."""
    if signal.HasField("value"):
        return whole(within(signal.value * (1000 if signal.unit == "s" else 1)))
    if signal.HasField("begin_ms") and signal.HasField("end_ms") and signal.end_ms >= signal.begin_ms:
        return within(signal.end_ms - signal.begin_ms)
    return None


def of_activity(activity):
    if activity.kind in OF_ACTIVITY:
        return OF_ACTIVITY[activity.kind], None
    stated = all(map(activity.HasField, ("rating", "rating_min", "rating_max")))
    if activity.kind not in (Activity.REVIEW, Activity.POST) or not stated:
        return NOTHING
    low, high = activity.rating_min, activity.rating_max
    return REVIEWED, to_nano((activity.rating - low) / (high - low))


def is_human_answer(event, payload):
    if payload == "turn":
        return event.turn.role == Turn.AGENT
    connected = payload == "lifecycle" and event.lifecycle.state == Lifecycle.CONNECTED
    return connected and event.agent.kind != Agent.KIND_BOT


def tally_of(kind, facts):
    """The tally of a contact's facts of one kind, which are in order; None without any."""
    if not facts:
        return None
    stated = [fact.amount for fact in facts if fact.amount is not None]
    amount = (min if kind in SMALLEST else max)(stated, default=None)
    return Tally(len(facts), amount, facts[0 if kind == ANSWERED else -1])
