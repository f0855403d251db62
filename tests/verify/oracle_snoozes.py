"""Until when an alert is snoozed."""

MINUTE, DAY = 60_000, 86_400_000
DEFAULT = 30 * MINUTE  # of policies that say nothing


def end_of(fact, usual):
    """When it is told again; `usual` is for how long where the event does not say, in ms."""
    until = fact.until or fact.at + usual
    return min(max(until, fact.at + MINUTE), fact.at + 7 * DAY)
