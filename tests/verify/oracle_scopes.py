"""In which contacts a rule may raise."""

BY_CAUSE = ("impression", "score", "delight", "negative_turns", "escalation")  # what they watch an event has done


def speaks(language, scope):
    """Tags are of either case, and a language holds its kinds."""
    language, scope = language.lower(), scope.lower()
    return language == scope or language.startswith(scope + "-")


def is_of(scope, fact):
    return ((not scope.language or speaks(fact.language, scope.language)) and scope.producer in ("", fact.producer) and
            scope.scale in ("", fact.scale))


def fits(scope, contact, cause):
    """By what the contact has named last; `cause` None = it does not matter."""
    named = all(getattr(scope, name) in ("", contact.latest(name)) for name in ("queue", "tier", "touchpoint"))
    return named and scope.channel in (None, contact.channel) and (cause is None or scope.cause in (None, cause))


def may_raise(rule, contact, fact=None, cause=None):
    """`fact`: the event that is judged, None = a condition; `cause`: of what it did."""
    cause = cause if rule.on in BY_CAUSE else None
    return not rule.only or any(fits(scope, contact, cause) and (fact is None or is_of(scope, fact)) for scope in rule.only)


def may_move(rule, fact):
    """True for events that may bring a contact to where the rule applies, or away from there."""
    return rule.only != [] and any((fact.queue, fact.tier, fact.touchpoint))
