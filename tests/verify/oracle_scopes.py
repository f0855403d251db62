"""In which contacts a rule may raise."""

BY_CAUSE = ("impression", "score", "delight", "negative_turns", "escalation")  # what they watch an event has done


def fits(scope, contact, cause):
    """By what the contact has named last; `cause` None = it does not matter."""
    named = all(getattr(scope, name) in ("", contact.latest(name)) for name in ("queue", "tier", "touchpoint"))
    return named and scope.channel in (None, contact.channel) and (cause is None or scope.cause in (None, cause))


def may_raise(rule, contact, cause=None):
    """`cause`: of what an event did."""
    cause = cause if rule.on in BY_CAUSE else None
    return not rule.only or any(fits(scope, contact, cause) for scope in rule.only)


def may_move(rule, fact):
    """True for events that may bring a contact to where the rule applies, or away from there."""
    return rule.only != [] and any((fact.queue, fact.tier, fact.touchpoint))
