"""Reads a policy file: what it says, over the defaults that policy.proto states.

The stamp on every output is name@version+digest, the digest over the policy with
all defaults filled in.
"""

import re
import types

import xxhash
import yaml

from oracle_levels import to_nano
from oracle_messages import Alert, Policy, field_rule

UNIT_MS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
DURATION = "google.protobuf.Duration"


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
    else:
        setattr(message, field.name, int(text.replace("_", "")))


def _fill(message, written):
    known = {field.name for field in message.DESCRIPTOR.fields}
    if not isinstance(written, dict) or set(written) - known:
        raise PolicyError(f"{message.DESCRIPTOR.name} has no {sorted(set(written) - known)}")
    for field in message.DESCRIPTOR.fields:
        if field.label == field.LABEL_REPEATED:
            for entry in written.get(field.name) or []:
                _fill(getattr(message, field.name).add(), entry)
        elif field.type == field.TYPE_MESSAGE and field.message_type.full_name != DURATION:
            getattr(message, field.name).SetInParent()
            _fill(getattr(message, field.name), written.get(field.name) or {})
        else:
            text = written.get(field.name, field.GetOptions().Extensions[field_rule].default_value)
            if text != "":
                _set(message, field, text)


def _ms(duration):
    return duration.seconds * 1000 + duration.nanos // 1_000_000


def _windows(policy):
    numbers = {}
    for field in policy.DESCRIPTOR.fields:
        value = getattr(policy, field.name)
        numbers[field.name] = _ms(value) if field.type == field.TYPE_MESSAGE else value
    return types.SimpleNamespace(**numbers)


def _rule(policy):
    return types.SimpleNamespace(
        name=policy.name, on=policy.on, enter=to_nano(policy.enter), exit=to_nano(policy.exit),
        severity=Alert.Severity.Value(policy.severity.upper()), urgency=Alert.Urgency.Value(policy.urgency.upper()),
        cooldown=_ms(policy.cooldown), follow_up_within=_ms(policy.follow_up_within),
        min_impressions=policy.min_impressions)


def read_policy(path):
    """The numbers of the policy in `path`: windows in ms, levels in 1e-9, rules, stamp."""
    # Every scalar stays the text that was written, as the contract reads it.
    written = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    policy = Policy()
    _fill(policy, written)
    digest = xxhash.xxh3_64_hexdigest(policy.SerializeToString(deterministic=True))
    model, score = policy.moments, policy.score
    return types.SimpleNamespace(
        stamp=f"{policy.name}@{policy.version}+{digest[:8]}", windows=_windows(policy.windows),
        peak_floor=to_nano(model.peak_floor), opening_turns=model.opening_turns, tail_max=model.tail_max,
        abandoned_valence=to_nano(model.abandoned_valence), resolved_valence=to_nano(model.resolved_valence),
        formula=score.formula, worst_weight=to_nano(score.worst_weight), tail_weight=to_nano(score.tail_weight),
        rules=[_rule(rule) for rule in policy.rules])
