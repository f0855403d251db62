"""The life of a customer's alerts: OPEN -> RESOLVED, or FOLLOW_UP, -> EXPIRED."""

import oracle_causes as causes
from oracle_facts import ABANDONED, ANSWER, identifier
from oracle_levels import ONE, divide
from oracle_messages import Alert as Row
from oracle_parts import live_score, recent_of, service_of


class Alert:
    """One alert; row versions count its transitions."""

    def __init__(self, rule, fact, value, cause, contact, journey_id):
        self.rule = rule
        self.cause = cause
        self.journey_id = journey_id  # when it was raised
        self.id = identifier(journey_id.encode(), rule.name.encode(), fact.hash.to_bytes(8, "little"))
        self.state = Row.OPEN
        self.version = 1
        self.raised = fact.place
        self.event_id = fact.id
        self.value = value
        self.contact_id = contact.id
        self.updated_at = fact.at
        self.follow_up_due = 0
        self.quiet_until = 0

    def active(self):
        return self.state in (Row.OPEN, Row.FOLLOW_UP)

    def contact_in(self, contacts):
        """The contact of `contacts` that it was raised in, or None."""
        return next((contact for contact in contacts
                     if contact.id == self.contact_id and contact.first <= self.raised <= contact.last), None)

    def move(self, state, at):
        self.state = state
        self.updated_at = max(self.updated_at, at)
        self.version += 1


class Seen:
    """What the rules look at when an event has come: value and journey's impressions."""

    def __init__(self, fact, contact, contacts, policy):
        self.score = None
        self.count = 0
        self.newest = False
        self.impression, self.cause = watched(fact, contact, policy)
        if self.impression is None:
            return
        service = service_of(contacts, policy)
        recent = recent_of(contacts, service, policy.tail_max)
        self.count = len(service) + sum(len(one.impressions) for one in contacts)
        self.newest = recent[0].impression.hash == fact.hash
        self.score = live_score(contacts, recent, policy)


def watched(fact, contact, policy):
    """(valence x confidence, cause) of the event's turn, or of the worst that the service did by it."""
    if fact.felt is not None:
        valence, confidence, _ = fact.felt
        return divide(valence * confidence, ONE), causes.TURN
    made = [(divide(impression.valence * impression.confidence, ONE), impression.cause)
            for impression in contact.service(policy) if impression.hash == fact.hash]
    return min(made, key=lambda item: item[0], default=(None, None))


def stands_for_others(fact, contact):
    """True for the event that a tally of its contact goes by."""
    return fact.tally is not None and contact.tally(fact.tally).fact.hash == fact.hash


def verdict(rule, fact, contact, seen, policy):
    """("raise" | "recover" | None, what the rule saw)."""
    if rule.on == "abandoned":
        if fact.kind == ABANDONED:
            return (None if contact.is_short_abandon(policy.windows) else "raise"), 0
        return ("recover" if fact.kind == ANSWER else None), 0
    value = seen.impression if rule.on == "impression" else seen.score
    if value is None or seen.count < rule.min_impressions:
        return None, 0
    if value < rule.enter:
        return "raise", value
    return ("recover" if seen.newest and value > rule.exit else None), value


class Alerts:
    """All alerts of one customer that still count, oldest place first."""

    def __init__(self):
        self.held = []

    def find(self, rule, contacts):
        return next((alert for alert in reversed(self.held)
                     if alert.rule is rule and alert.contact_in(contacts)), None)

    def on_event(self, policy, fact, contact, contacts, journey_id):
        """Judges an event of a journey that goes on; yields (alert, reason, contact)."""
        if (fact.felt is None and fact.kind != ABANDONED and not (fact.kind == ANSWER and self.held)
                and not stands_for_others(fact, contact)):
            return []
        seen = Seen(fact, contact, contacts, policy)
        changes = []
        for rule in policy.rules:
            what, value = verdict(rule, fact, contact, seen, policy)
            known = self.find(rule, contacts) if what else None
            active = known is not None and known.active()
            if what == "raise" and not active and (known is None or fact.at >= known.quiet_until):
                cause = causes.ABANDONED if rule.on == "abandoned" else seen.cause
                alert = Alert(rule, fact, value, cause, contact, journey_id())
                self.keep(alert, known)
                changes.append((alert, "raised", contact))
            elif what == "recover" and active and fact.at >= known.raised[0]:
                known.state, known.updated_at = Row.RESOLVED, fact.at
                known.quiet_until = fact.at + rule.cooldown
                known.version += 1
                changes.append((known, "recovered", contact))
        return changes

    def keep(self, alert, over):
        """A finished alert gives its place to the next one of its rule."""
        if over is None:
            self.held.append(alert)
        else:
            self.held[self.held.index(over)] = alert

    def on_contact_ended(self, contact, ended_at):
        changes = []
        for alert in self.held:
            if alert.state == Row.OPEN and alert.contact_in([contact]):
                alert.move(Row.FOLLOW_UP, ended_at)
                alert.follow_up_due = ended_at + alert.rule.follow_up_within
                changes.append((alert, "contact_ended", contact))
        return changes

    def on_journey_ended(self, contacts, ended_at):
        changes = []
        for alert in self.held:
            contact = alert.contact_in(contacts) if alert.active() else None
            if contact:
                alert.move(Row.EXPIRED, ended_at)
                changes.append((alert, "journey_ended", contact))
        return changes

    def drop(self, contacts):
        self.held = [alert for alert in self.held if not alert.contact_in(contacts)]
