"""Bytes of an input record -> an event, or the reason and field why it is none."""

import math

from google.protobuf.message import DecodeError

from oracle_messages import InteractionEvent

LAST_MS = 253_402_300_799_999  # the year 9999
ANY = 1e300
MAX_ID_BYTES = 256
MAX_DEPTH = 8
MAX_ADDRESSEES = 100  # areas, and segments, of a notice
LAST_NOTICE_MS = 10**15
MAX_POLICY_BYTES = 256 * 1024
MAX_CELLS, LONGEST_WAIT_MS = 4096, 400 * 86_400_000  # of a baseline
IDENTITY_ROOM = 4096  # by which identity records may be larger than others
LONGEST_WAY = 9
CUSTOMER_HOME = "/c/"  # before the id of a customer: the home of whoever names them


class Limits:
    """The two numbers of the ingest configuration."""

    def __init__(self, max_record_bytes=1 << 20, max_ahead_ms=900_000):
        self.max_record_bytes = max_record_bytes
        self.max_ahead_ms = max_ahead_ms


class Refused(Exception):
    """A record that is no event: (reason, field)."""


def decode(record, limits):
    """The event in `record`; raises Refused."""
    value = record.value or b""
    if not value:
        raise Refused("EMPTY_VALUE", "")
    large = len(value) > limits.max_record_bytes
    if len(value) > limits.max_record_bytes + IDENTITY_ROOM:
        raise Refused("TOO_LARGE", "")
    try:
        event = parsed(value)
    except Refused:
        if large:
            raise Refused("TOO_LARGE", "") from None
        raise
    payload = payload_of(event)
    identity = payload == "control" and event.control.HasField("identity")
    if large and not identity:
        raise Refused("TOO_LARGE", "")
    if not (event.event_id or event.source or event.occurred_at_ms or payload or event.HasField("customer")):
        raise Refused("UNKNOWN_SCHEMA", "")
    if payload != "control":
        check_key(record, event)
        if event.customer.customer_id.startswith("/"):
            raise Refused("KEY_MISMATCH", "customer.customer_id")
        check_time(record, event, limits)
        if not event.event_id:
            raise Refused("NO_EVENT_ID", "event_id")
    elif event.control.HasField("notice"):
        check_time(record, event, limits)
    elif identity:
        check_key(record, event)
    check_ids(event, payload, identity)
    if payload in CHECKS:
        CHECKS[payload](getattr(event, payload))
    return event, payload


def payload_of(event):
    """Its name; an empty turn says no more than no payload."""
    payload = event.WhichOneof("payload")
    return None if payload == "turn" and event.turn.ByteSize() == 0 else payload


def parsed(value):
    event = InteractionEvent()
    try:
        event.ParseFromString(value)
    except (DecodeError, UnicodeDecodeError):
        whole = is_whole(value, InteractionEvent.DESCRIPTOR, 0)
        raise Refused("INVALID_UTF8" if whole else "TRUNCATED", "") from None
    # Python's parser is content with what stands before a stray end of a group.
    if event.ByteSize() != len(value) and not is_whole(value, InteractionEvent.DESCRIPTOR, 0):
        raise Refused("TRUNCATED", "")
    return event


def check_key(record, event):
    if not record.key:
        raise Refused("NO_KEY", "key")
    tenant = event.tenant_id.encode()
    if not event.customer.customer_id:
        name = record.key[len(tenant) + 1:]
        if not name:
            raise Refused("NO_KEY", "customer.customer_id")
        if b"/" in tenant:
            raise Refused("KEY_MISMATCH", "tenant_id")
        if record.key[:len(tenant) + 1] != tenant + b"/":
            raise Refused("KEY_MISMATCH", "key")
        try:
            event.customer.customer_id = name.decode()
        except UnicodeDecodeError:
            raise Refused("INVALID_UTF8", "key") from None
    elif b"/" in tenant:
        raise Refused("KEY_MISMATCH", "tenant_id")
    elif record.key != tenant + b"/" + event.customer.customer_id.encode():
        raise Refused("KEY_MISMATCH", "key")


def check_time(record, event, limits):
    at_ms = event.occurred_at_ms
    if at_ms <= 0:
        raise Refused("NO_TIME", "occurred_at_ms")
    ahead = record.timestamp > 0 and at_ms - record.timestamp > limits.max_ahead_ms
    if ahead or at_ms > LAST_MS:
        raise Refused("TIME_TOO_FAR_AHEAD", "occurred_at_ms")


def check_ids(event, payload, identity):
    promise = event.promise.promise_id if payload == "promise" else ""
    actor = event.alert_action.actor_id if payload == "alert_action" else ""
    for field, text in (("event_id", event.event_id), ("source", event.source), ("tenant_id", event.tenant_id),
                        ("customer.customer_id", event.customer.customer_id),
                        ("contact.contact_id", event.contact.contact_id), ("contact.leg_id", event.contact.leg_id),
                        ("promise.promise_id", promise), ("alert_action.actor_id", actor),
                        ("queue.id", event.queue.id), ("customer.tier", event.customer.tier),
                        ("touchpoint.touchpoint_id", event.touchpoint.touchpoint_id), ("area", event.area),
                        ("agent.id", event.agent.id)):
        # An identity record may be for the home of a customer's id.
        home = identity and field == "customer.customer_id"
        if (is_too_long_a_node if home else is_too_long)(text):
            raise Refused("FIELD_TOO_LONG", field)


def is_too_long_a_node(text):
    """Of a customer or a home."""
    if not text.startswith("/"):
        return is_too_long(text)
    return len(text.encode()) > MAX_ID_BYTES + len(CUSTOMER_HOME)


def is_too_long(text):
    # No text has more bytes than four a character.
    return len(text) > MAX_ID_BYTES // 4 and len(text.encode()) > MAX_ID_BYTES


def check_control(control):
    if control.HasField("notice"):
        check_notice(control.notice)
    elif control.HasField("baseline"):
        check_baseline(control.baseline)
    elif control.HasField("identity"):
        check_identity(control.identity)
    elif control.HasField("policy"):
        check_policy(control.policy)


def check_policy(record):
    if not record.stamp:
        raise Refused("MISSING_FIELD", "control.policy.stamp")
    if not record.HasField("policy"):
        raise Refused("MISSING_FIELD", "control.policy.policy")
    if record.ByteSize() > MAX_POLICY_BYTES:
        raise Refused("TOO_LARGE", "control.policy")


def check_identity(record):
    kind = record.WhichOneof("kind")
    if kind is None:
        return
    if not getattr(record, "from") and kind != "unmerge":
        raise Refused("MISSING_FIELD", "control.identity.from")
    if is_too_long_a_node(getattr(record, "from")):
        raise Refused("FIELD_TOO_LONG", "control.identity.from")
    if kind == "event" and not record.event.event:
        raise Refused("MISSING_FIELD", "control.identity.event.event")
    if kind == "label":
        if is_too_long(record.label.customer_id):
            raise Refused("FIELD_TOO_LONG", "control.identity.label.customer_id")
        if record.label.customer_id.startswith("/"):
            raise Refused("OUT_OF_RANGE", "control.identity.label.customer_id")
        if len(record.label.way) > LONGEST_WAY:
            raise Refused("OUT_OF_RANGE", "control.identity.label.way")


def check_baseline(baseline):
    if not baseline.version:
        raise Refused("MISSING_FIELD", "control.baseline.version")
    if is_too_long(baseline.version):
        raise Refused("FIELD_TOO_LONG", "control.baseline.version")
    if len(baseline.cells) > MAX_CELLS:
        raise Refused("OUT_OF_RANGE", "control.baseline.cells")
    for cell in baseline.cells:
        for name in ("tenant_id", "queue_id"):
            if is_too_long(getattr(cell, name)):
                raise Refused("FIELD_TOO_LONG", f"control.baseline.cells.{name}")
        for name, most in (("hour", 23), ("wait_ms", LONGEST_WAIT_MS)):
            if not 0 <= getattr(cell, name) <= most:
                raise Refused("OUT_OF_RANGE", f"control.baseline.cells.{name}")


def check_notice(notice):
    if not notice.notice_id:
        raise Refused("MISSING_FIELD", "control.notice.notice_id")
    for name in ("notice_id", "touchpoint_id", "areas", "segments"):
        texts = getattr(notice, name)
        if any(map(is_too_long, [texts] if isinstance(texts, str) else texts)):
            raise Refused("FIELD_TOO_LONG", f"control.notice.{name}")
    for name in ("areas", "segments"):
        if len(getattr(notice, name)) > MAX_ADDRESSEES:
            raise Refused("OUT_OF_RANGE", f"control.notice.{name}")
    for name in ("starts_at_ms", "due_at_ms", "fulfilled_at_ms"):
        if not 0 <= getattr(notice, name) <= LAST_NOTICE_MS:
            raise Refused("OUT_OF_RANGE", f"control.notice.{name}")


def check_number(message, name, low, high, field):
    if not message.HasField(name):
        return None
    number = getattr(message, name)
    if not math.isfinite(number):
        raise Refused("NOT_A_NUMBER", field)
    if number < low or number > high:
        raise Refused("OUT_OF_RANGE", field)
    return number


def check_scale(message, name, field):
    value = check_number(message, name, -ANY, ANY, field)
    low = check_number(message, f"{name}_min", -ANY, ANY, field)
    high = check_number(message, f"{name}_max", -ANY, ANY, field)
    if low is not None and high is not None and not low < high:
        raise Refused("OUT_OF_RANGE", field)
    if None not in (value, low, high) and not low <= value <= high:
        raise Refused("OUT_OF_RANGE", field)


def check_sentiment(sentiment):
    if is_too_long(sentiment.producer):
        raise Refused("FIELD_TOO_LONG", "sentiment.producer")
    check_number(sentiment, "score", -1, 1, "sentiment.score")
    check_scale(sentiment, "raw", "sentiment.raw")
    check_number(sentiment, "magnitude", 0, ANY, "sentiment.magnitude")
    check_number(sentiment, "confidence", 0, 1, "sentiment.confidence")


def check_turn(turn):
    check_number(turn, "loudness", -ANY, ANY, "turn.loudness")
    if turn.HasField("sentiment"):
        check_sentiment(turn.sentiment)


def check_lifecycle(lifecycle):
    for name in ("duration_ms", "wait_ms", "announced_wait_ms"):
        if getattr(lifecycle, name) < 0:
            raise Refused("OUT_OF_RANGE", f"lifecycle.{name}")


def check_summary(summary):
    if summary.HasField("sentiment"):
        check_sentiment(summary.sentiment)


CHECKS = {"turn": check_turn, "lifecycle": check_lifecycle, "contact_summary": check_summary,
          "signal": lambda signal: check_number(signal, "value", -ANY, ANY, "signal.value"),
          "survey": lambda survey: check_scale(survey, "raw", "survey.raw"),
          "activity": lambda activity: check_scale(activity, "rating", "activity.rating"), "control": check_control}


# --- what a refused record is made of -----------------------------------------


class Torn(Exception):
    """The bytes end inside a field, or are no fields."""


def varint(data, at):
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            raise Torn
        value |= (data[at] & 127) << shift
        at += 1
        if data[at - 1] < 128:
            return value, at
    raise Torn


def skip(data, at, tag):
    """Where the field behind `tag` ends."""
    wire = tag & 7
    if tag >> 3 == 0:
        raise Torn
    if wire == 0:
        return varint(data, at)[1]
    if wire in (1, 5):
        at += 8 if wire == 1 else 4
    elif wire == 2:
        size, at = varint(data, at)
        at += size
    elif wire == 3:
        inner, at = varint(data, at)
        while inner != tag + 1:
            if inner & 7 == 4:
                raise Torn
            at = skip(data, at, inner)
            inner, at = varint(data, at)
    else:
        raise Torn
    if at > len(data):
        raise Torn
    return at


def fields_are_whole(data, kind, depth):
    at = 0
    while at < len(data):
        tag, after = varint(data, at)
        if after - at > 5:
            raise Torn
        tag &= 0xFFFFFFFF  # parsers read no more of it
        at = after
        end = skip(data, at, tag)
        if tag & 7 == 2:
            field = kind.fields_by_number.get(tag >> 3)
            if field is not None and field.message_type is not None and depth < MAX_DEPTH:
                fields_are_whole(data[varint(data, at)[1]:end], field.message_type, depth + 1)
        at = end


def is_whole(data, kind, depth):
    """True for complete fields, sub-messages of the event included."""
    try:
        fields_are_whole(data, kind, depth)
    except Torn:
        return False
    return True
