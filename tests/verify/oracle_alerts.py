"""The life of a customer's alerts: OPEN -> RESOLVED, or FOLLOW_UP, -> EXPIRED."""

from oracle_facts import ABANDONED, ANSWER, identifier
from oracle_levels import ONE, divide
from oracle_messages import Alert as Row
from oracle_parts import live_score, recent_of


class Alert:
    """One alert; row versions count its transitions."""

    def __init__(self, rule, fact, value, contact, journey_id):
        self.rule = rule
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

    def __init__(self, fact, contacts, policy):
        self.impression = self.score = None
        self.count = 0
        self.newest = False
        if fact.felt is None:
            return
        valence, confidence, _ = fact.felt
        recent = recent_of(contacts, policy.tail_max)
        self.impression = divide(valence * confidence, ONE)
        self.count = sum(len(contact.impressions) for contact in contacts)
        self.newest = recent[0].impression.hash == fact.hash
        self.score = live_score(contacts, recent, policy)


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
        if fact.felt is None and fact.kind != ABANDONED and not (fact.kind == ANSWER and self.held):
            return []
        seen = Seen(fact, contacts, policy)
        changes = []
        for rule in policy.rules:
            what, value = verdict(rule, fact, contact, seen, policy)
            known = self.find(rule, contacts) if what else None
            active = known is not None and known.active()
            if what == "raise" and not active and (known is None or fact.at >= known.quiet_until):
                alert = Alert(rule, fact, value, contact, journey_id())
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
