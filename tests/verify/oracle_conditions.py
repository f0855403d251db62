"""What rules find that wait for something: a state of a journey that begins at a time, and what makes it good."""

from collections import namedtuple

import oracle_causes as causes
from oracle_facts import ABANDONED, ANSWER, ENDED, QUEUED, TURN
from oracle_hours import hours_of
from oracle_levels import whole
from oracle_memory import is_empty, nano_of
from oracle_messages import Alert as Row
from oracle_needs import repeats_of
from oracle_promises import FOREVER
from oracle_stories import strongest_negative
from oracle_tallies import WAIT_ANNOUNCED
from oracle_waits import announced_wait, expectation

# `since` is the place of an event, `id` names one. Findings are ordered by the first two.
Finding = namedtuple("Finding", "begins since id contact value")
PEAK_PATIENCE_MS = 120_000


def order_of(finding):
    return finding.begins, finding.since


class Scene:
    """A journey as the conditions see it, at a time."""

    def __init__(self, story, memories, alerts, now, ended_at):
        self.story = story
        self.contacts, self.settlements, self.policy = story.contacts, story.settlements, story.policy
        self.memories = memories
        self.alerts = [alert for alert in alerts if alert.contact_in(self.contacts)]
        self.now = now
        self.ended_at = ended_at  # None = it goes on

    def findings(self, rule):
        return CONDITIONS[rule.on].find(self, rule)

    def going_on(self):
        """Contacts that can still be changed for the better."""
        return [contact for contact in self.contacts if contact.ended_at() is None
                and contact.ends_at(self.policy.windows) >= self.now]

    def timed(self):
        """Those of them in which it is known how long something takes."""
        return [contact for contact in self.going_on() if not contact.order_only]

    def expected(self, contact, cause):
        return expectation(contact, self.policy, cause, self.story.before.waits)

    def after(self, contact, begin, duration):
        """In the open hours of the contact's queue."""
        return hours_of(contact, self.policy).after(begin, duration)


def overdue(scene, rule, contact, fact, expected):
    """The finding that nothing came of a fact in time; as a list, empty where nobody expects anything."""
    if rule.after is not None:
        begins = scene.after(contact, fact.at, rule.after)
    elif expected is None:
        return []
    elif expected.basis == "promise":  # what customers were told they read from the clock on the wall
        begins = fact.at + expected.adequate
    else:
        begins = scene.after(contact, fact.at, expected.adequate)
    if begins > contact.ends_at(scene.policy.windows):
        return []
    return [Finding(begins, fact.place, fact.id, contact, 0)]


def waiting(scene, rule):
    found = []
    for contact in scene.timed():
        if contact.queued() and contact.answered_at() is None:
            expected = announced_wait(contact, scene.policy) or scene.expected(contact, causes.QUEUE_WAIT)
            found += overdue(scene, rule, contact, contact.queued(), expected)
    return found


def message_unanswered(scene, rule):
    found = []
    for contact in scene.timed():
        message = contact.last_message()
        if message and not contact.answered_after(message.place):
            cause = causes.FIRST_RESPONSE if contact.answered_at() is None else causes.NEXT_RESPONSE
            found += overdue(scene, rule, contact, message, scene.expected(contact, cause))
    return found


def peak_unanswered(scene, rule):
    found = []
    for contact in scene.timed():
        peak = None
        for felt in [*strongest_negative(contact), *contact.service(scene.policy, scene.story.before.waits)]:
            if felt.valence <= 0 and (peak is None or felt.weight >= peak.weight):
                peak = felt
        human = contact.human_at()
        if peak is None or -peak.weight >= rule.enter or human is not None and human >= peak.at:
            continue
        begins = scene.after(contact, peak.at, PEAK_PATIENCE_MS if rule.after is None else rule.after)
        if begins <= contact.ends_at(scene.policy.windows):
            found.append(Finding(begins, (peak.at, peak.hash), peak.id, contact, -peak.weight))
    return found


def repeat_contact(scene, rule):
    found = []
    for contact in scene.going_on():
        repeats = repeats_of(scene.contacts, scene.contacts.index(contact), scene.policy.windows.repeat_window,
                             scene.story.before)
        if (repeats.same or repeats.unknown) >= rule.repeats:
            started = contact.need().started
            found.append(Finding(started.at, started.place, started.id, contact, 0))
    return found


def returning(scene, rule):
    found = []
    for contact in scene.going_on():
        if not contact.need().started_by_customer():
            continue
        memory = scene.memories.at(scene.story, contact)
        worst = nano_of(memory.worst)
        if worst and worst < rule.enter and (memory.unrecovered or not rule.unrecovered_only):
            started = contact.need().started
            found.append(Finding(started.at, started.place, started.id, contact, worst))
    return found


def promises_due(scene):
    """Each promise that nobody has kept yet, with its contact and who said that it will not be."""
    found = []
    for index, contact in enumerate(scene.contacts):
        for promise in contact.promises.kept:
            if promise.due and not promise.is_moved_on(scene.contacts[index + 1:], FOREVER):
                fate = promise.fate(scene.settlements)
                found += [] if fate.fulfilled else [(contact, promise, fate.broken)]
    return found


def promise_at_risk(scene, rule):
    return [Finding(promise.is_due_at() - whole(promise.allowed() * rule.share_left), promise.made.place,
                    promise.made.id, contact, 0) for contact, promise, _ in promises_due(scene)]


def promise_broken(scene, _):
    found = []
    for contact, promise, broken in promises_due(scene):
        begins, name = promise.is_due_at(), promise.made.id
        if broken and broken.time < begins:
            begins, name = broken.time, broken.id
        found.append(Finding(begins, promise.made.place, name, contact, 0))
    return found


def follow_up_overdue(scene, _):
    return [Finding(alert.follow_up_due, alert.raised, alert.event_id, contact, alert.value)
            for contact in scene.contacts for alert in scene.alerts
            if alert.state == Row.FOLLOW_UP and alert.rule.on != "follow_up_overdue"
            and alert.contact_in([contact])]


# --- what makes them good: (alert, its contact) -------------------------------


def always(*_):
    return True


def never(*_):
    return False


def was_answered(_, contact):
    return contact.answered_at() is not None


def was_answered_later(alert, contact):
    return contact.answered_after(alert.raised)


def was_met_by_a_human(alert, contact):
    return contact.human_at() is not None and contact.human_at() >= alert.raised[0]


# --- what may touch them: (event, the scene of its journey) --------------------


def may_touch_visits(_, scene):
    return len(scene.contacts) > 1 or not is_empty(scene.story.before)


def may_move_limits(fact, scene):
    """Another queue may be open at other times, and others may have waited longer there."""
    return fact.baseline is not None or fact.queue != "" and scene.policy.calendars != []


def may_touch_waiting(fact, scene):
    return (fact.kind in (QUEUED, ANSWER, ENDED, ABANDONED) or fact.tally == WAIT_ANNOUNCED
            or may_move_limits(fact, scene))


def may_touch_message(fact, scene):
    return fact.kind in (TURN, ANSWER, ENDED, ABANDONED) or may_move_limits(fact, scene)


def may_touch_peak(fact, scene):
    return (fact.felt is not None or fact.tally is not None or fact.kind in (ANSWER, ENDED, ABANDONED)
            or may_move_limits(fact, scene))


def may_touch_promise(fact, _):
    return fact.promise is not None


# A kind of condition: its findings, the cause its alerts name, what makes it good, what may touch it.
Condition = namedtuple("Condition", "find cause is_good may_touch")
CONDITIONS = {
    "repeat_contact": Condition(repeat_contact, causes.REPEAT_CONTACT, never, may_touch_visits),
    "returning": Condition(returning, causes.RETURNED, never, may_touch_visits),
    "waiting": Condition(waiting, causes.QUEUE_WAIT, was_answered, may_touch_waiting),
    "promise_at_risk": Condition(promise_at_risk, causes.PROMISE_AT_RISK, always, may_touch_promise),
    "promise_broken": Condition(promise_broken, causes.PROMISE_BROKEN, always, may_touch_promise),
    "message_unanswered": Condition(message_unanswered, causes.NEXT_RESPONSE, was_answered_later, may_touch_message),
    "peak_unanswered": Condition(peak_unanswered, causes.UNANSWERED, was_met_by_a_human, may_touch_peak),
    "follow_up_overdue": Condition(follow_up_overdue, causes.FOLLOWED_UP, always,
                                   lambda fact, _: fact.kind == ANSWER)}
