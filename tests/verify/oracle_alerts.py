"""The life of a customer's alerts: OPEN, ACKED or SNOOZED, -> RESOLVED, or FOLLOW_UP, -> RESOLVED or EXPIRED."""

import oracle_causes as causes
from oracle_conditions import CONDITIONS, order_of
from oracle_contacts import END_OF_TIME
from oracle_facts import ABANDONED, ANSWER, RESOLVED, identifier
from oracle_levels import ONE, divide
from oracle_messages import Alert as Row
from oracle_parts import live_score, recent_of
from oracle_scopes import may_move, may_raise
from oracle_snoozes import end_of

# What raises where it is not what the event did that hurt most.
RAISED_BY = {"abandoned": causes.ABANDONED, "escalation": causes.TURN}


class Alert:
    """One alert; row versions count its transitions."""

    def __init__(self, among, rule, journey_id, contact, cause, value, raised, event_id, due_at, updated_at):
        """`raised` is the place of the event that raised it, or from which a condition waited until `due_at`.

        `among`: all contacts of the customer, as they will be.
        """
        self.among = among
        self.rule = rule
        self.cause = cause
        self.journey_id = journey_id  # when it was raised
        self.raised = raised
        self.due_at = None if due_at == raised[0] else due_at
        due = [] if self.due_at is None else [str(due_at).encode()]
        self.id = identifier(journey_id.encode(), rule.name.encode(), raised[1].to_bytes(8, "little"), *due)
        self.state = Row.OPEN
        self.version = 1
        self.event_id = event_id
        self.value = value
        self.contact_id, self.channel = contact.id, contact.channel
        self.updated_at = updated_at
        self.follow_up_due = 0
        self.quiet_until = 0
        self.stale = self.over_budget = False
        self.asleep = False  # the policy has no rule of this name
        self.escalations, self.escalate_at = 0, 0  # 0 = it stays with those who have it
        self.snoozed_until = 0  # the last time; 0 = never
        self.acknowledged_at = None  # the first time
        self.actor, self.was_actionable = "", None  # who did something last, and what they said of it

    @property
    def occurred(self):
        return self.raised[0] if self.due_at is None else self.due_at

    def active(self):
        return self.is_live() or self.state == Row.FOLLOW_UP

    def is_live(self):
        return self.state in (Row.OPEN, Row.ACKED, Row.SNOOZED)

    def set_out(self, now):
        """It is raised now: from then on somebody should take it."""
        if self.rule.course:
            self.escalate_at = now + self.rule.course[0].after

    def hand_on(self, now):
        """True when nobody took it in time."""
        late = False
        while self.state == Row.OPEN and 0 < self.escalate_at <= now:
            late, began = True, self.escalate_at - self.rule.course[self.escalations].after
            self.escalations += 1
            left = self.rule.course[self.escalations:]
            self.escalate_at = began + left[0].after if left else 0
        if late:
            self.move(Row.OPEN, now)
        return late

    def snooze(self, fact):
        """True unless it cannot be, or `fact` is the snooze that it has had already."""
        until = end_of(fact, self.rule.snooze)
        again = until == self.snoozed_until and fact.at <= self.updated_at
        if again or not self.is_live():
            return False
        self.move(Row.SNOOZED, fact.at)
        self.snoozed_until = until
        return True

    def come_back(self, now, clock):
        """The snooze is over: whoever had it last has as much time again as they had then."""
        self.move(Row.OPEN, now)
        self.stale |= clock - self.snoozed_until > self.rule.stale_after
        steps = [0, *(handing.after for handing in self.rule.course)]
        if self.escalations + 1 < len(steps):
            self.escalate_at = now + steps[self.escalations + 1] - steps[self.escalations]

    def contact_in(self, contacts, among=None):
        """The contact of `contacts` that it was raised in, or None. `among`: all contacts that it may be of."""
        return next((contact for contact in contacts if self.is_of(contact, among or self.among)), None)

    def is_within(self, contact):
        return contact.first <= self.raised <= contact.last

    def may_be_of(self, contact):
        return contact.id == self.contact_id and self.is_within(contact)

    def is_of(self, contact, among):
        """Of contacts without id the channel decides, unless none has it any more.

        Where customers have too many together, the contact may be part of another: the first that it is within.
        """
        if not self.may_be_of(contact):
            return self.is_within(contact) and not any(map(self.may_be_of, among)) and contact is next(
                filter(self.is_within, among))
        return (contact.id != "" or contact.channel == self.channel
                or not any(other.channel == self.channel and self.may_be_of(other) for other in among))

    def resolve(self, at):
        self.move(Row.RESOLVED, at)
        self.quiet_until = at + self.rule.cooldown

    def note(self, fact):
        """Who did what `fact` says, and whether it was worth it."""
        self.actor = fact.actor or self.actor
        if fact.closes and fact.was_actionable is not None:
            self.was_actionable = fact.was_actionable

    def move(self, state, at):
        self.state = state
        self.escalate_at = self.escalate_at if state == Row.OPEN else 0
        self.updated_at = max(self.updated_at, at)
        self.version += 1


class Seen:
    """What the rules look at when an event has come: value and journey's impressions."""

    def __init__(self, fact, contact, story):
        contacts, policy = story.contacts, story.policy
        self.score = None
        self.count = 0
        self.newest = False
        self.impression, self.cause = watched(fact, contact, story)
        if self.impression is None:
            return
        service = story.service_of(contacts)
        recent = recent_of(contacts, service, policy.tail_max)
        self.count = len(service) + sum(len(one.impressions) for one in contacts)
        self.newest = recent[0].impression.hash == fact.hash
        self.score = live_score(contacts, recent, story)


def level_of(impression):
    return divide(impression.valence * impression.confidence, ONE)


def level_of_turn(fact):
    """0 where nobody measured what the customer felt."""
    valence, confidence, _ = fact.felt or (0, 0, False)
    return divide(valence * confidence, ONE)


def watched(fact, contact, story):
    """(valence x confidence, cause) of the event's turn, or of the worst that the service did by it."""
    if fact.felt is not None:
        return level_of_turn(fact), causes.TURN
    made = [(level_of(impression), impression.cause)
            for impression in story.service(contact)
            if impression.hash == fact.hash]
    return min(made, key=lambda item: item[0], default=(None, None))


def is_watched(fact, contact):
    """True for events by which there may be an impression, or by which a customer gives up or is answered."""
    return (fact.felt is not None or fact.promise is not None or fact.kind in (ABANDONED, RESOLVED, ANSWER)
            or contact.need().started is fact or fact.escalates
            or fact.tally is not None and contact.tally(fact.tally).fact.hash == fact.hash)


def turned_bad(rule, story):
    """Enough of the latest turns hurt."""
    turns = recent_of(story.contacts, [], min(rule.turns, story.policy.tail_max))
    return sum(level_of(turn.impression) < rule.enter for turn in turns) >= rule.negatives


def verdict(rule, fact, contact, seen, story):
    """("raise" | "recover" | None, what the rule saw)."""
    if rule.on == "abandoned":
        if fact.kind == ABANDONED:
            return (None if contact.is_short_abandon(story.policy.windows) else "raise"), 0
        return ("recover" if fact.kind == ANSWER else None), 0
    if rule.on == "escalation":
        return ("raise", level_of_turn(fact)) if fact.escalates else (None, 0)
    value = seen.score if rule.on == "score" else seen.impression
    if value is None or seen.count < rule.min_impressions:
        return None, 0
    if rule.on == "delight":
        return ("raise" if value > rule.enter else None), value
    if rule.on == "negative_turns":
        if fact.felt is None or not seen.newest:
            return None, 0
        if value > rule.exit:
            return "recover", value
        return ("raise" if value < rule.enter and turned_bad(rule, story) else None), value
    if value < rule.enter:
        return "raise", value
    return ("recover" if seen.newest and value > rule.exit else None), value


class Alerts:
    """All alerts of one customer that still count, oldest place first."""

    def __init__(self, contacts):
        """Of a customer whose contacts these are, as they change."""
        self.contacts = contacts
        self.held = []
        self.stay_together = lambda alert, other: True  # in one journey, in whatever company the customer is

    def of(self, rule, contacts):
        return [alert for alert in self.held if alert.rule is rule and alert.contact_in(contacts)]

    def find(self, rule, contacts):
        """One that is active, else the newest."""
        had = self.of(rule, contacts)
        return max(had, key=lambda alert: (alert.active(), had.index(alert)), default=None)

    def on_event(self, fact, contact, story, journey_id):
        """Judges an event of a journey that goes on; yields (alert, reason, contact)."""
        if not is_watched(fact, contact):
            return []
        seen = Seen(fact, contact, story)
        changes = []
        for rule in story.policy.rules:
            if rule.on in CONDITIONS:
                continue
            what, value = verdict(rule, fact, contact, seen, story)
            known = self.find(rule, story.contacts) if what else None
            active = known is not None and known.active()
            cause = RAISED_BY.get(rule.on, seen.cause)
            if what == "raise" and not may_raise(rule, contact, fact, cause):
                continue
            if what == "raise" and not active and (known is None or fact.at >= known.quiet_until):
                alert = Alert(self.contacts, rule, journey_id(), contact, cause, value, fact.place, fact.id, fact.at,
                              fact.at)
                self.keep(alert, story.contacts, [changed for changed, *_ in changes])
                changes.append((alert, "raised", contact))
            elif what == "recover" and active and fact.at >= known.raised[0]:
                known.resolve(fact.at)
                changes.append((known, "recovered", contact))
        return changes

    def on_follow_up(self, fact, contact, contacts):
        """A human of ours speaks to the customer: what was owed before that is done."""
        changes = []
        if fact.kind == ANSWER and fact.by_human and contact.need().started_by_us():
            for alert in self.held:
                owner = alert.contact_in(contacts) if alert.state == Row.FOLLOW_UP else None
                if owner and alert.raised < contact.first:
                    alert.resolve(fact.at)
                    changes.append((alert, "followed_up", owner))
        return changes

    def judge(self, scene, clock, journey_id, fact=None, done=()):
        """Judges the conditions, with an event those that it may touch: (changes, when to look again).

        `done`: alerts that the event has resolved already.
        """
        changes, again = [], END_OF_TIME
        for rule in scene.policy.rules:
            condition = CONDITIONS.get(rule.on)
            if condition is None:
                continue
            if fact is not None and not condition.may_touch(fact, scene) and not may_move(rule, fact):
                continue
            known = self.find(rule, scene.contacts)
            if known in done:  # not again by the same event
                again = min(again, scene.now + 1)
                continue
            found = scene.findings(rule)
            if known is not None and known.active():
                first = min(found, key=order_of, default=None)
                owner = known.contact_in(scene.contacts)
                if (first is None or first.begins > scene.now) and condition.is_good(known, owner):
                    known.resolve(scene.now)
                    changes.append((known, "recovered", owner))
                if first is not None and first.begins > scene.now:
                    again = min(again, first.begins)
                continue
            found = [one for one in found if may_raise(rule, one.contact)]
            for had in self.of(rule, scene.contacts):
                found = [one for one in found if order_of(one) > (had.occurred, had.raised)]
            if scene.ended_at is not None:
                found = [one for one in found if one.begins > scene.ended_at]
            first = min(found, key=order_of, default=None)
            if first is None:
                continue
            due = first.begins if known is None else max(first.begins, known.quiet_until)
            if first.begins > scene.now or due > scene.now:
                again = min(again, first.begins if first.begins > scene.now else due)
                continue
            alert = Alert(self.contacts, rule, journey_id(), first.contact, condition.cause, first.value, first.since,
                          first.id, first.begins, scene.now)
            alert.stale = clock - first.begins > rule.stale_after
            self.keep(alert, scene.contacts, [*done, *(changed for changed, *_ in changes)])
            changes.append((alert, "raised", first.contact))
        return changes, again

    def keep(self, alert, contacts, changed):
        """A finished alert gives its place to the next one of its rule, where both stay in one journey."""
        over = next((one for one in reversed(self.of(alert.rule, contacts)) if self.stay_together(one, alert)), None)
        if over is None or any(over is one for one in changed):
            self.held.append(alert)
        else:
            self.held[self.held.index(over)] = alert

    def take(self, goes):
        """Those that go somewhere else, in their order."""
        gone = list(filter(goes, self.held))
        self.held = [alert for alert in self.held if alert not in gone]
        return gone

    def add(self, alerts):
        """Those that come from somewhere else."""
        for alert in alerts:
            alert.among = self.contacts
            self.held.append(alert)

    def on_time(self, contacts, now, clock):
        """Brings back what was snoozed, lets what nobody took go to others: (changes, when to look again)."""
        changes, again = [], END_OF_TIME
        for alert in self.held:
            owner = alert.contact_in(contacts) if alert.state == Row.SNOOZED else None
            if owner and alert.snoozed_until <= now:
                alert.come_back(now, clock)
                changes.append((alert, "snooze_ended", owner))
            elif owner:
                again = min(again, alert.snoozed_until)
        for alert in self.held:
            owner = alert.contact_in(contacts) if alert.escalate_at else None
            if owner and alert.hand_on(now):
                changes.append((alert, "escalated", owner))
            if owner and alert.escalate_at:
                again = min(again, alert.escalate_at)
        return changes, again

    def on_action(self, fact, contacts):
        """Somebody takes an alert, wants to hear of it later, or says that it is done."""
        for alert in self.held:
            owner = alert.contact_in(contacts) if alert.id == fact.alert and alert.active() else None
            if owner and fact.closes:
                alert.resolve(fact.at)
                alert.note(fact)
                return [(alert, "resolved", owner)]
            if owner and fact.postpones:
                if not alert.snooze(fact):
                    return []
                alert.note(fact)
                return [(alert, "snoozed", owner)]
            if owner and alert.state in (Row.OPEN, Row.SNOOZED):
                alert.move(Row.ACKED, fact.at)
                alert.note(fact)
                if alert.acknowledged_at is None:
                    alert.acknowledged_at = fact.at
                return [(alert, "acknowledged", owner)]
        return []

    def on_contact_ended(self, contact, ended_at, hours):
        """`hours`: those of the contact, in which somebody may call back."""
        changes = []
        for alert in self.held:
            if alert.is_live() and alert.occurred <= ended_at and alert.contact_in([contact]):
                owed = alert.rule.severity != Row.INFO  # nobody calls back for good news
                alert.move(Row.FOLLOW_UP if owed else Row.EXPIRED, ended_at)
                alert.follow_up_due = hours.after(ended_at, alert.rule.follow_up_within) if owed else 0
                changes.append((alert, "contact_ended", contact))
        return changes

    def on_journey_ended(self, contacts, ended_at):
        """What came up afterwards still waits."""
        return self.expire(contacts, ended_at, ended_at)

    def on_journey_dropped(self, contacts, now):
        return self.expire(contacts, now, END_OF_TIME)

    def expire(self, contacts, at, latest):
        changes = []
        for alert in self.held:
            contact = alert.contact_in(contacts) if alert.active() and alert.occurred <= latest else None
            if contact:
                alert.move(Row.EXPIRED, at)
                changes.append((alert, "journey_ended", contact))
        return changes

    def drop(self, contacts):
        self.held = [alert for alert in self.held if not alert.contact_in(contacts)]
