"""Reads a policy file: what it says, over the defaults that policy.proto states.

The stamp on every output is name@version+digest, the digest over the policy with
all defaults filled in.
"""

import re
import types

import xxhash
import yaml

import oracle_calendars
import oracle_causes as causes
import oracle_snoozes
from oracle_escalation import course
from oracle_levels import ONE, to_nano, whole
from oracle_messages import Alert, Channel, ExpectationPolicy, Policy, field_rule
from oracle_phrases import Phrases

UNIT_MS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
DURATION = "google.protobuf.Duration"
# Of each cause, levels in 1e-9: first, step, kano, confidence, most delight.
IMPRESSIONS = {
    "queue_wait": (0, 0, "performance", 500_000_000, 300_000_000),
    "announced_wait_exceeded": (0, 0, "basic", 500_000_000, 0),
    "hold": (0, 0, "performance", 500_000_000, 0),
    "transferred": (-150_000_000, -100_000_000, "basic", 500_000_000, 0),
    "authenticated_again": (-100_000_000, -100_000_000, "basic", 500_000_000, 0),
    "wrong_skill": (-200_000_000, -100_000_000, "basic", 500_000_000, 0),
    "not_understood": (-200_000_000, -150_000_000, "performance", 500_000_000, 0),
    "human_refused": (-300_000_000, -200_000_000, "performance", 500_000_000, 0),
    "interrupted": (-150_000_000, -100_000_000, "performance", 500_000_000, 0),
    "talked_over": (-100_000_000, -100_000_000, "performance", 500_000_000, 0),
    "silence": (0, 0, "performance", 500_000_000, 0),
    "dropped": (-350_000_000, -100_000_000, "basic", 500_000_000, 0),
    "page_error": (-150_000_000, -100_000_000, "basic", 500_000_000, 0),
    "poor_audio": (0, 0, "basic", 500_000_000, 0),
    "low_review": (0, 0, "none", ONE, 0),
    "outside_complaint": (-ONE, 0, "none", ONE, 0),
    "promise_kept": (0, 0, "performance", 500_000_000, 300_000_000),
    "promise_broken": (0, 0, "basic", 500_000_000, 0),
    "first_response": (0, 0, "performance", 500_000_000, 0),
    "next_response": (0, 0, "performance", 500_000_000, 0),
    "unanswered": (-500_000_000, 0, "performance", 500_000_000, 0),
    "repeat_contact": (-200_000_000, -150_000_000, "basic", 500_000_000, 0),
    "followed_up": (300_000_000, 0, "performance", 500_000_000, 0),
    "recovered": (300_000_000, 0, "excitement", 500_000_000, 0),
    "notice_broken": (0, 0, "basic", 500_000_000, 0),
    "order_returned": (-200_000_000, -100_000_000, "performance", 500_000_000, 0),
    "order_cancelled": (-150_000_000, -100_000_000, "performance", 500_000_000, 0),
    "left_service": (-600_000_000, 0, "performance", 500_000_000, 0),
    "renewed": (300_000_000, 0, "performance", 500_000_000, 0)}
IMPRESSION_FIELDS = ("first", "step", "kano", "confidence", "most_delight")
# Cause, channel, desired and adequate: seconds, of poor_audio scores.
EXPECTATIONS = (("queue_wait", "email", 4 * 3600, 24 * 3600), ("queue_wait", "any", 20, 120),
                ("first_response", "email", 4 * 3600, 24 * 3600), ("first_response", "chat", 45, 180),
                ("first_response", "message", 120, 600), ("first_response", "social", 1800, 4 * 3600),
                ("next_response", "email", 4 * 3600, 24 * 3600), ("next_response", "chat", 60, 180),
                ("next_response", "message", 300, 900), ("next_response", "social", 3600, 4 * 3600),
                ("hold", "any", 30, 120), ("silence", "any", 10, 30), ("poor_audio", "any", 4.0, 3.1))


class PolicyError(Exception):
    """The file is not a policy."""


def duration_ms(text):
    if not re.fullmatch(r"(\d+(ms|[smhd]))+", text):
        raise PolicyError(f"'{text}' is no duration such as 30m or 3d")
    return sum(int(number) * UNIT_MS[unit] for number, unit in re.findall(r"(\d+)(ms|[smhd])", text))


def _set(message, field, text):
    if field.type == field.TYPE_MESSAGE:
        duration = getattr(message, field.name)
        duration.seconds, rest = divmod(duration_ms(text), 1000)
        duration.nanos = rest * 1_000_000
        duration.SetInParent()
    elif field.type in (field.TYPE_DOUBLE, field.TYPE_FLOAT):
        setattr(message, field.name, float(text))
    elif field.type == field.TYPE_STRING:
        setattr(message, field.name, text)
    elif field.type == field.TYPE_BOOL:
        if text not in ("true", "false"):
            raise PolicyError(f"'{text}' is neither true nor false")
        setattr(message, field.name, text == "true")
    else:
        setattr(message, field.name, int(text.replace("_", "")))


def rule_of(field):
    return field.GetOptions().Extensions[field_rule]


def _texts(entries):
    if not isinstance(entries, list) or not all(isinstance(entry, str) and entry for entry in entries):
        raise PolicyError(f"{entries} is no list of texts")
    return entries


def _fill(message, written):
    fields = [field for field in message.DESCRIPTOR.fields if not rule_of(field).derived]
    known = {field.name for field in fields}
    if not isinstance(written, dict) or set(written) - known:
        raise PolicyError(f"{message.DESCRIPTOR.name} has no {sorted(set(written) - known)}")
    for field in fields:
        if field.label == field.LABEL_REPEATED and field.message_type is None:
            getattr(message, field.name).extend(_texts(written.get(field.name) or []))
        elif field.label == field.LABEL_REPEATED:
            for entry in written.get(field.name) or []:
                _fill(getattr(message, field.name).add(), entry)
        elif field.type == field.TYPE_MESSAGE and field.message_type.full_name != DURATION:
            getattr(message, field.name).SetInParent()
            _fill(getattr(message, field.name), written.get(field.name) or {})
        else:
            text = written.get(field.name, rule_of(field).default_value)
            if text != "":
                _set(message, field, text)


def _ms(duration):
    return duration.seconds * 1000 + duration.nanos // 1_000_000


def _windows(policy):
    numbers = {}
    for field in policy.DESCRIPTOR.fields:
        value = getattr(policy, field.name)
        numbers[field.name] = _ms(value) if field.type == field.TYPE_MESSAGE else value
    windows = types.SimpleNamespace(**numbers)
    # So long after the first event that it is about, the versions of a withdrawn row are known.
    windows.remembered = (windows.journey_max + max(windows.amend_window, windows.repeat_window) +
                          windows.allowed_lateness)
    return windows


def _channel(name):
    """None = any."""
    return None if name == "any" else Channel.Value(f"CHANNEL_{name.upper()}")


def _scope(policy):
    """Names that are empty and None let everything pass."""
    return types.SimpleNamespace(queue=policy.queue, channel=_channel(policy.channel), tier=policy.tier,
                                 touchpoint=policy.touchpoint, language=policy.language, producer=policy.producer,
                                 scale=policy.scale,
                                 cause=None if policy.cause == "any" else causes.NAMES.index(policy.cause))


def _rule(policy, recipients, snooze):
    return types.SimpleNamespace(
        name=policy.name, on=policy.on, enter=to_nano(policy.enter), exit=to_nano(policy.exit),
        severity=Alert.Severity.Value(policy.severity.upper()), urgency=Alert.Urgency.Value(policy.urgency.upper()),
        cooldown=_ms(policy.cooldown), follow_up_within=_ms(policy.follow_up_within),
        min_impressions=policy.min_impressions, share_left=policy.share_left, negatives=policy.negatives,
        turns=policy.turns, repeats=policy.repeats, stale_after=_ms(policy.stale_after),
        after=_ms(policy.after) if policy.HasField("after") else None, unrecovered_only=policy.unrecovered_only,
        only=[_scope(scope) for scope in policy.only], recipients=list(policy.recipients),
        course=course(policy.recipients, recipients), snooze=snooze)


def _opening(policy):
    return types.SimpleNamespace(when=policy.when, say_en=policy.say_en, say_zh=policy.say_zh,
                                 level=to_nano(policy.level) if policy.HasField("level") else None)


def _identity(policy):
    """`most` customers that may have one; None = any number."""
    return types.SimpleNamespace(type=policy.type, verified=policy.verified,
                                 most=policy.max_customers if policy.HasField("max_customers") else None)


def _half_lives(policy):
    return types.SimpleNamespace(worst=_ms(policy.worst_half_life), best=_ms(policy.best_half_life),
                                 end=_ms(policy.end_half_life))


def _complete(policy):
    """Adds what the policy does not say of causes, expectations and, where some are linked, known customers."""
    rows = {row.cause: row for row in reversed(policy.impressions)}
    for cause, defaults in IMPRESSIONS.items():
        row = rows.get(cause) or policy.impressions.add(cause=cause)
        for name, value in zip(IMPRESSION_FIELDS, defaults):
            if not row.HasField(name):
                setattr(row, name, value if name == "kano" else value / ONE)
    for cause, channel, desired, adequate in EXPECTATIONS:
        row = ExpectationPolicy(cause=cause, channel=channel)
        if cause == "poor_audio":
            row.desired_score, row.adequate_score = desired, adequate
        else:
            row.desired.seconds, row.adequate.seconds = desired, adequate
        if row not in policy.expectations:
            policy.expectations.append(row)
    if policy.identities and not policy.known_customers:
        policy.known_customers = "stay"


def _impressions(policy):
    """By cause: its gaps and levels in 1e-9, and its KANO class."""
    rows = {}
    for row in policy.impressions:
        levels = {name: to_nano(getattr(row, name)) for name in IMPRESSION_FIELDS if name != "kano"}
        rows.setdefault(causes.NAMES.index(row.cause), types.SimpleNamespace(kano=row.kano, **levels))
    return rows


def _expectation(row):
    """In ms, of poor_audio in 1e-6; channel None = any."""
    if row.cause == "poor_audio":
        desired, adequate = whole(row.desired_score * 1e6), whole(row.adequate_score * 1e6)
    else:
        desired, adequate = _ms(row.desired), _ms(row.adequate)
    return types.SimpleNamespace(cause=causes.NAMES.index(row.cause), queue=row.queue, channel=_channel(row.channel),
                                 tier=row.tier, touchpoint=row.touchpoint, desired=desired, adequate=adequate)


def read_policy(path):
    """The numbers of the policy in `path`: windows in ms, levels in 1e-9, rules, stamp."""
    return _numbers_of(policy_message(path))


def recorded_policy(record):
    """Those of one that a record of the input states. Raises PolicyError where its stamp is not its own."""
    numbers = _numbers_of(record.policy)
    if numbers.stamp != record.stamp:
        raise PolicyError("the stamp is not that of the policy")
    return numbers


def policy_message(path):
    """The policy in `path`, with all that it leaves out."""
    # Every scalar stays the text that was written, as the contract reads it.
    written = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    policy = Policy()
    _fill(policy, written)
    _complete(policy)
    try:
        for row in policy.calendars:
            oracle_calendars.complete(row)
    except oracle_calendars.CalendarError as error:
        raise PolicyError(str(error)) from error
    return policy


def _numbers_of(policy):
    try:
        calendars = oracle_calendars.calendars_of(policy.calendars)
    except oracle_calendars.CalendarError as error:
        raise PolicyError(str(error)) from error
    digest = xxhash.xxh3_64_hexdigest(policy.SerializeToString(deterministic=True))
    model, score = policy.moments, policy.score
    recipients = {row.name: (row.escalate_to, _ms(row.after)) for row in policy.recipients}
    snooze = _ms(policy.alert_snooze) if policy.HasField("alert_snooze") else oracle_snoozes.DEFAULT
    return types.SimpleNamespace(
        stamp=f"{policy.name}@{policy.version}+{digest[:8]}", windows=_windows(policy.windows),
        peak_floor=to_nano(model.peak_floor), opening_turns=model.opening_turns, tail_max=model.tail_max,
        abandoned_valence=to_nano(model.abandoned_valence), resolved_valence=to_nano(model.resolved_valence),
        hung_up_on_hold_valence=to_nano(model.hung_up_on_hold_valence), promise_slack=model.promise_slack,
        left_unanswered_valence=to_nano(model.left_unanswered_valence), follow_up_within=_ms(model.follow_up_within),
        causes=_impressions(policy), expectations=[_expectation(row) for row in policy.expectations],
        own_waits=model.own_waits, baseline_waits=model.baseline_waits, calendars=calendars,
        stages={row.id: row.stage for row in policy.touchpoints},
        formula=score.formula, worst_weight=to_nano(score.worst_weight), tail_weight=to_nano(score.tail_weight),
        budget_per_contact=whole(policy.alert_budget.interrupts_per_100_contacts * 10),
        budget_contacts=policy.alert_budget.contacts, memory=_half_lives(policy.memory),
        openings=[_opening(row) for row in policy.openings],
        phrases=Phrases((getattr(row, "class"), row.says) for row in policy.phrases),
        rules=[_rule(rule, recipients, snooze) for rule in policy.rules],
        identities=[_identity(row) for row in policy.identities], known_customers_move=policy.known_customers == "move")
