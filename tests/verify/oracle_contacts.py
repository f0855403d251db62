"""A customer's contacts as sorted lists of their events, and the journeys they make.

Which contact an event joins is decided when it arrives; everything else is read
from the lists whenever somebody asks.
"""

from collections import defaultdict

import oracle_causes as causes
import oracle_tallies as tallies
from oracle_facts import ABANDONED, ANSWER, ENDED, QUEUED, RESOLVED
from oracle_messages import Channel
from oracle_service import Impression, Terminal, hung_up_on_hold, service_impressions, weight_of

MAX_SURVEYS = 16
END_OF_TIME = 2**63 // 4


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


class Contact:
    """The events of one contact."""

    def __init__(self, fact):
        self.id = fact.contact
        self.events = []
        self.marks = {kind: [] for kind in (ANSWER, QUEUED, ABANDONED, RESOLVED, ENDED)}
        self.counted = defaultdict(list)  # facts by kind of tally
        self.impressions = []  # of turns
        self.made_by_service = None  # None = to be looked up again
        self.add(fact)

    def add(self, fact):
        put(self.events, fact, place_of)
        if fact.kind in self.marks:
            put(self.marks[fact.kind], fact, place_of)
        if fact.tally:
            put(self.counted[fact.tally], fact, place_of)
        if fact.felt:
            put(self.impressions, impression_of(fact))
        self.made_by_service = None

    def take_in(self, other):
        for fact in other.events:
            self.add(fact)

    @property
    def first(self):
        return self.events[0].place

    @property
    def last(self):
        return self.events[-1].place

    @property
    def channel(self):
        return self.events[0].channel

    def latest(self, name):
        """The newest queue or agent that is known."""
        return next((getattr(fact, name) for fact in reversed(self.events) if getattr(fact, name)), "")

    def answered_at(self):
        answers = self.marks[ANSWER]
        return answers[0].at if answers else None

    def human_at(self):
        """When a human answered last, or None."""
        return max((fact.at for fact in self.marks[ANSWER] if fact.by_human), default=None)

    def ended_at(self):
        """The latest end that an event told, or None."""
        ends = self.marks[ABANDONED][-1:] + self.marks[ENDED][-1:]
        return max((fact.at for fact in ends), default=None)

    def tally(self, kind):
        """The tally of a kind, or None."""
        return tallies.tally_of(kind, self.counted.get(kind))

    def service(self, policy):
        """Impressions of what the service did, in order."""
        if self.made_by_service is None:
            self.made_by_service = service_impressions(self, policy)
        return self.made_by_service

    def abandon(self):
        return self.marks[ABANDONED][-1] if self.marks[ABANDONED] else None

    def since_queued(self, at_ms):
        queued = self.marks[QUEUED]
        return at_ms - queued[0].at if queued and queued[0].at <= at_ms else None

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

    def terminal(self, policy):
        """What ended the experience last, or None."""
        ends = [hung_up_on_hold(self, policy)]
        if not self.is_short_abandon(policy.windows):
            ends += [Terminal(fact.place, fact.at, fact.id, causes.ABANDONED, policy.abandoned_valence)
                     for fact in self.marks[ABANDONED][-1:]]
        ends += [Terminal(fact.place, fact.at, fact.id, causes.RESOLVED, policy.resolved_valence)
                 for fact in self.marks[RESOLVED][-1:]]
        return max(filter(None, ends), key=place_of, default=None)

    def ends_at(self, windows):
        ended_at = self.ended_at()
        return self.last[0] + contact_gap(self.channel, windows) if ended_at is None else ended_at


class Span:
    """The contacts [begin, end) that make one journey."""

    def __init__(self, begin, contact):
        self.begin = begin
        self.end = begin + 1
        self.first = contact.first
        self.last = contact.last

    def ends_at(self, windows):
        return self.last[0] + windows.journey_gap

    def ended(self, watermark, windows):
        return self.ends_at(windows) < watermark

    def settled(self, watermark, windows):
        return self.ends_at(windows) + windows.allowed_lateness < watermark


def contact_gap(channel, windows):
    return windows.contact_gap_email if channel == Channel.Value("CHANNEL_EMAIL") else windows.contact_gap


def reaches(first_ms, last_ms, contact, gap, longest):
    start, stop = contact.first[0], contact.last[0]
    return (first_ms - stop <= gap and start - last_ms <= gap
            and max(last_ms, stop) - min(first_ms, start) < longest)


class ContactSet:
    """Everything of one customer that can still change."""

    def __init__(self, windows):
        self.windows = windows
        self.contacts = []  # by first event
        self.surveys = []
        self.seen = set()
        self.seen_before = set()
        self.forgot_ids = False
        self.joined = False

    def is_new(self, event):
        """Remembers the event; False when it was seen before. The older half is forgotten at the limit."""
        if event in self.seen or event in self.seen_before:
            return False
        self.seen.add(event)
        if len(self.seen) >= self.windows.max_event_ids // 2:
            self.forgot_ids = self.forgot_ids or bool(self.seen_before)
            self.seen, self.seen_before = set(), self.seen
        return True

    def knows(self, event):
        return event in self.seen or event in self.seen_before

    def gap(self, name, channel):
        # A feed's own id outlives a pause; unnamed contacts are told apart by silence.
        return self.windows.journey_gap if name else contact_gap(channel, self.windows)

    def add(self, fact):
        """Returns the contact that takes the event."""
        gap = self.gap(fact.contact, fact.channel)
        for contact in self.contacts:
            if self.of_name(contact, fact.contact, fact.channel) and reaches(
                    fact.at, fact.at, contact, gap, self.windows.journey_max):
                same_span = contact.first[0] < fact.at and (
                    fact.at <= contact.last[0] or contact is self.contacts[-1])
                contact.add(fact)
                return contact if same_span else self.join(contact)
        if len(self.contacts) >= self.windows.max_contacts:
            self.joined = True
            self.contacts[-1].add(fact)
            return self.join(self.contacts[-1])
        contact = Contact(fact)
        put(self.contacts, contact, lambda item: item.first)
        return contact

    @staticmethod
    def of_name(contact, name, channel):
        return contact.id == name and (name != "" or contact.channel == channel)

    def join(self, contact):
        """Takes contacts of the same name in that `contact` now reaches."""
        self.contacts.remove(contact)
        gap = self.gap(contact.id, contact.channel)
        for other in self.contacts[::-1]:
            if self.of_name(other, contact.id, contact.channel) and reaches(
                    contact.first[0], contact.last[0], other, gap, self.windows.journey_max):
                contact.take_in(other)
                self.contacts.remove(other)
        self.contacts.append(contact)
        self.contacts.sort(key=lambda item: item.first)
        return contact

    def journeys(self):
        """Contacts at most journey_gap apart belong together, up to journey_max."""
        spans = []
        for index, contact in enumerate(self.contacts):
            if spans and contact.first[0] - spans[-1].last[0] <= self.windows.journey_gap and (
                    contact.first[0] - spans[-1].first[0] < self.windows.journey_max):
                spans[-1].end = index + 1
                spans[-1].last = max(spans[-1].last, contact.last)
            else:
                spans.append(Span(index, contact))
        return spans

    def of(self, span):
        return self.contacts[span.begin:span.end]

    def add_survey(self, fact):
        """Keeps the answer; True when it is about a journey that is known."""
        if len(self.surveys) == MAX_SURVEYS:
            self.surveys.remove(min(self.surveys, key=place_of))
        self.surveys.append(fact)
        return any(self.is_about(fact, span) for span in self.journeys())

    def is_about(self, survey, span):
        if not span.first[0] <= survey.at <= span.ends_at(self.windows):
            return False
        return survey.contact == "" or any(contact.id == survey.contact for contact in self.of(span))

    def survey_of(self, span):
        return max((s for s in self.surveys if self.is_about(s, span)), key=place_of, default=None)

    def drop(self, span, watermark):
        del self.contacts[span.begin:span.end]
        self.drop_surveys(watermark)

    def drop_surveys(self, watermark):
        spans = self.journeys() if self.surveys else []
        self.surveys = [survey for survey in self.surveys
                        if survey.at + self.windows.allowed_lateness >= watermark
                        or any(survey.at <= span.ends_at(self.windows) for span in spans)]

    def next_deadline(self, watermark):
        """When the next contact, journey or waiting survey ends by itself."""
        windows = self.windows
        times = [contact.ends_at(windows) for contact in self.contacts]
        for span in self.journeys():
            times += [span.ends_at(windows), span.ends_at(windows) + windows.allowed_lateness]
        if not self.contacts:
            times += [survey.at + windows.allowed_lateness for survey in self.surveys]
        return min((time for time in times if time >= watermark), default=END_OF_TIME)
