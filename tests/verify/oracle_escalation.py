"""Whom the alerts of a rule go to when nobody takes them, and when."""

import heapq
from collections import namedtuple

# So long after the alert was raised, who has it from then on.
Handing = namedtuple("Handing", "after holders")


def course(first, recipients):
    """The handings of a rule that names `first`; `recipients`: {name: (next name or "", time to take it in ms)}.

    Everybody has an alert once. What only takes it from somebody, as the next one has had it, waits for the
    next handing.
    """
    holders = list(dict.fromkeys(first))
    had = set(holders)
    due = []  # (when, who, to whom)

    def receive(name, at):
        following, patience = recipients.get(name, ("", 0))
        if following:
            heapq.heappush(due, (at + patience, name, following))

    for name in holders:
        receive(name, 0)
    handings = []
    while due:
        at = due[0][0]
        gone = {}
        while due and due[0][0] == at:
            _, name, following = heapq.heappop(due)
            gone[name] = following
        after = []
        for name in holders:  # in their order, so that of two with the same next one the first hands it on
            if name not in gone:
                after.append(name)
            elif gone[name] not in had:
                had.add(gone[name])
                after.append(gone[name])
                receive(gone[name], at)
        if set(after) - set(holders):
            handings.append(Handing(at, after))
        holders = after
    return handings


def holders_of(rule, escalations):
    """Who has an alert of the rule that went on so often."""
    if not escalations or not rule.course:
        return rule.recipients
    return rule.course[min(escalations, len(rule.course)) - 1].holders
