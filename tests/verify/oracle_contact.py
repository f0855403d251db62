"""One contact as a sorted list of its events; everything else is read from it whenever somebody asks."""

import functools
from collections import defaultdict

import oracle_causes as causes
import oracle_tallies as tallies
from oracle_facts import ABANDONED, ANSWER, ENDED, QUEUED, RESOLVED
from oracle_levels import ONE
from oracle_messages import Channel
from oracle_needs import Need
from oracle_promises import Promises
from oracle_service import Impression, Terminal, hung_up_on_hold, left_unanswered, service_impressions, weight_of

MAX_HUMAN_ANSWERS = 16
MAX_LEGS = 8
EMAIL = Channel.Value("CHANNEL_EMAIL")


def impression_of(fact):
    valence, confidence, given = fact.felt
    return Impression(fact.at, fact.id, fact.hash, causes.TURN, valence, confidence, given,
                      weight_of(valence, confidence))


def put(items, item, key=None):
    """Appends, and sorts where that is out of order."""
    items.append(item)
    if len(items) > 1 and (item < items[-2] if key is None else key(item) < key(items[-2])):
        items.sort(key=key)


def place_of(fact):
    return fact.place


def contact_gap(channel, windows):
    return windows.contact_gap_email if channel == EMAIL else windows.contact_gap


def until_the_next_event(question):
    """Keeps the answer: many ask the same of a contact that has not changed."""
    @functools.wraps(question)
    def answer(contact):
        if question not in contact.answers:
            contact.answers[question] = question(contact)
        return contact.answers[question]
    return answer


class Contact:
    """The events of one contact."""

    def __init__(self, fact):
        self.id = fact.contact
        self.events = []
        self.marks = {kind: [] for kind in (ANSWER, QUEUED, ABANDONED, RESOLVED, ENDED)}
        self.counted = defaultdict(list)  # facts by kind of tally
        self.impressions = []  # of turns
        self.messages = []  # of the customer
        self.promises = Promises()
        self.acts = set()  # of agents
        self.noticed = []  # facts that are about a notice
        self.priced = []  # facts that tell what others waited in their queue
        self.in_statistics = False
        self.order_only = False  # no time between its events is known
        self.made_by_service, self.answers = {}, {}  # looked up again after each event
        self.add(fact)

    @classmethod
    def of(cls, contacts):
        """One in place of several, under the name of the first."""
        made = cls(contacts[0].events[0])
        made.id = contacts[0].id
        for fact in contacts[0].events[1:]:
            made.add(fact)
        made.promises.take_in(contacts[0].promises)
        made.in_statistics = contacts[0].in_statistics
        for other in contacts[1:]:
            made.take_in(other)
        return made

    def add(self, fact):
        put(self.events, fact, place_of)
        if fact.kind in self.marks:
            put(self.marks[fact.kind], fact, place_of)
        if fact.tally:
            put(self.counted[fact.tally], fact, place_of)
        if fact.felt:
            put(self.impressions, impression_of(fact))
        if fact.is_message:
            put(self.messages, fact, place_of)
        if fact.notice:
            put(self.noticed, fact, place_of)
        if fact.baseline is not None:
            put(self.priced, fact, place_of)
        self.acts |= fact.acts
        self.order_only = self.order_only or fact.order_only
        self.made_by_service, self.answers = {}, {}

    def take_in(self, other):
        for fact in other.events:
            self.add(fact)
        self.promises.take_in(other.promises)
        self.in_statistics = self.in_statistics or other.in_statistics

    @property
    def first(self):
        return self.events[0].place

    @property
    def last(self):
        return self.events[-1].place

    @property
    def channel(self):
        return self.events[0].channel

    def naming(self, name):
        """The latest event that names a queue, agent, tier or touchpoint, or None."""
        return next((fact for fact in reversed(self.events) if getattr(fact, name)), None)

    def latest(self, name):
        """The newest queue, agent, tier or touchpoint that is known; empty = none."""
        fact = self.naming(name)
        return getattr(fact, name) if fact else ""

    @until_the_next_event
    def legs(self):
        """Events of each leg, those that begin first: what the feed names one, else what one agent had."""
        by_leg = defaultdict(list)
        for fact in self.events:
            if fact.leg or fact.agent:
                by_leg[bool(fact.leg), fact.leg or fact.agent].append(fact)
        return sorted(by_leg.items(), key=lambda leg: leg[1][0].place)[:MAX_LEGS]

    def forgot_legs(self):
        return len({(bool(fact.leg), fact.leg or fact.agent) for fact in self.events
                    if fact.leg or fact.agent}) > MAX_LEGS

    def queued(self):
        """The event that queued the customer first, or None."""
        return self.marks[QUEUED][0] if self.marks[QUEUED] else None

    def answered_at(self):
        answers = self.marks[ANSWER]
        return answers[0].at if answers else None

    def answered_last(self):
        """The latest answer by anybody, or None."""
        return self.marks[ANSWER][-1] if self.marks[ANSWER] else None

    def last_message(self):
        """The customer's latest, or None."""
        return self.messages[-1] if self.messages else None

    def last_question(self):
        """The latest answer that asks the customer something, or None."""
        return next((fact for fact in reversed(self.marks[ANSWER]) if fact.asks), None)

    def answered_after(self, place):
        """True when anybody answered later."""
        answer = self.answered_last()
        return answer is not None and answer.place > place

    @until_the_next_event
    def need(self):
        return Need(self.events)

    @until_the_next_event
    def wanted(self):
        """The place of what the customer wanted last: a message, or the beginning of the contact; or None."""
        places = [message.place for message in self.messages[-1:]]
        places += [self.need().started.place] if self.need().started_by_customer() else []
        return max(places, default=None)

    def human_at(self):
        """When a human answered last, or None."""
        return max((fact.at for fact in self.marks[ANSWER] if fact.by_human), default=None)

    def human_answers(self):
        """When humans answered, the latest times in their order."""
        return [fact.at for fact in self.marks[ANSWER] if fact.by_human][-MAX_HUMAN_ANSWERS:]

    def forgot_human_answers(self):
        return sum(fact.by_human for fact in self.marks[ANSWER]) > MAX_HUMAN_ANSWERS

    def notice(self):
        """The earliest event that is about a notice, or None."""
        return self.noticed[0] if self.noticed else None

    def baseline(self):
        """The earliest event that tells what others waited in its queue, or None."""
        return self.priced[0] if self.priced else None

    @until_the_next_event
    def ended_at(self):
        """The latest end that an event told, or None."""
        ends = self.marks[ABANDONED][-1:] + self.marks[ENDED][-1:]
        return max((fact.at for fact in ends), default=None)

    def tally(self, kind):
        """The tally of a kind, or None."""
        return tallies.tally_of(kind, self.counted.get(kind))

    def service(self, policy, usual):
        """Impressions of what the service did in this contact, in order: without promises and earlier contacts.

        `usual`: waits that the customer was used to before the journey.
        """
        if usual not in self.made_by_service:
            self.made_by_service = {usual: service_impressions(self, policy, usual)}
        return self.made_by_service[usual]

    def abandon(self):
        return self.marks[ABANDONED][-1] if self.marks[ABANDONED] else None

    def resolved(self):
        """The latest mark that the matter is settled, or None."""
        return self.marks[RESOLVED][-1] if self.marks[RESOLVED] else None

    def since_queued(self, at_ms):
        queued = self.queued()
        return at_ms - queued.at if queued and queued.at <= at_ms and not self.order_only else None

    def abandoned_after(self):
        """How long the customer waited who gave up; None = unknown, or nobody did."""
        abandon = self.abandon()
        if abandon is None:
            return None
        return self.since_queued(abandon.at) if abandon.wait is None else abandon.wait

    def wait(self):
        """For the first answer, or until the customer gave up; None = unknown."""
        answered = self.tally(tallies.ANSWERED)
        if answered is None:
            return self.abandoned_after()
        return self.since_queued(self.answered_at()) if answered.amount is None else answered.amount

    def is_short_abandon(self, windows):
        wait = self.abandoned_after()
        return wait is not None and wait < windows.short_abandon

    def terminal(self, policy, as_of):
        """What ended the experience last, as far as it is known at a time; or None."""
        ends = [hung_up_on_hold(self, policy)]
        if not self.is_short_abandon(policy.windows):
            ends += [Terminal(fact.place, fact.at, fact.id, causes.ABANDONED, policy.abandoned_valence, ONE)
                     for fact in self.marks[ABANDONED][-1:]]
        ends += [Terminal(fact.place, fact.at, fact.id, causes.RESOLVED, policy.resolved_valence, ONE)
                 for fact in self.marks[RESOLVED][-1:]]
        return max(filter(None, ends), key=place_of, default=None) or left_unanswered(self, policy, as_of)

    def ends_at(self, windows):
        ended_at = self.ended_at()
        return self.last[0] + contact_gap(self.channel, windows) if ended_at is None else ended_at
