"""A customer's contacts, the journeys they make, and what else of the customer can still change.

Which contact an event joins is decided when it arrives.
"""

from oracle_contact import Contact, contact_gap, place_of, put
from oracle_hours import hours_of
from oracle_promises import Settlements, settlement_of

MAX_SURVEYS = 16
END_OF_TIME = 2**63 // 4


class Span:
    """The contacts [begin, end) that make one journey."""

    def __init__(self, begin, contact, over):
        self.begin = begin
        self.end = begin + 1
        self.first = contact.first
        self.last = contact.last
        self.over = over  # when the last of its contacts is
        self.resolved = self.wanted = None  # places of the latest
        self.look(contact)

    def look(self, contact):
        resolved, wanted = contact.resolved(), contact.wanted()
        self.resolved = max(filter(None, [self.resolved, resolved and resolved.place]), default=None)
        self.wanted = max(filter(None, [self.wanted, wanted]), default=None)

    def gap(self, windows):
        """A longer silence ends it; where the matter was resolved and nothing wanted since, mostly a shorter one."""
        resolved = self.resolved is not None and (self.wanted is None or self.resolved > self.wanted)
        if resolved and windows.resolution_grace > 0:
            return min(windows.resolution_grace, windows.journey_gap)
        return windows.journey_gap

    def take(self, contact, over):
        self.look(contact)
        self.end += 1
        self.last = max(self.last, contact.last)
        self.over = max(self.over, over)

    def amends_until(self, windows):
        """What happens later is not about it."""
        return self.last[0] + windows.amend_window

    def can_be_amended(self, watermark, windows):
        """By what comes later than is allowed."""
        return watermark <= self.amends_until(windows) + windows.allowed_lateness

    def ends_at(self, windows):
        return max(self.last[0] + self.gap(windows), self.over)

    def ended(self, watermark, windows):
        return self.ends_at(windows) < watermark

    def final_at(self, windows):
        """When the time for a repeat has passed, too."""
        return max(self.ends_at(windows), self.last[0] + windows.repeat_window)

    def is_final(self, watermark, windows):
        return self.final_at(windows) < watermark


def reaches(first_ms, last_ms, contact, gap, longest):
    start, stop = contact.first[0], contact.last[0]
    return (first_ms - stop <= gap and start - last_ms <= gap
            and max(last_ms, stop) - min(first_ms, start) < longest)


class ContactSet:
    """Everything of one customer that can still change."""

    def __init__(self, policy):
        self.policy, self.windows = policy, policy.windows
        self.contacts = []  # by first event
        self.surveys = []
        self.settlements = Settlements()
        self.seen = set()
        self.seen_before = set()
        self.forgot_ids = False
        self.joined = False
        self.spans = None  # of the journeys, until a contact changes

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

    def is_empty(self):
        """Of all that can still change."""
        return not (self.contacts or self.surveys or self.settlements.kept)

    def mark_counted(self, contact):
        """In statistics."""
        contact.in_statistics = True

    def gap(self, name, channel):
        # A feed's own id outlives a pause; unnamed contacts are told apart by silence.
        return self.windows.journey_gap if name else contact_gap(channel, self.windows)

    def add(self, fact):
        """Returns the contact that takes the event."""
        self.spans = None
        contact = self.place(fact)
        if fact.promise:
            contact.promises.make(fact)
        return contact

    def in_reach(self, fact):
        """The contact that the event joins, the oldest of several; None where it begins one."""
        gap = self.gap(fact.contact, fact.channel)
        return next((contact for contact in self.contacts if self.of_name(contact, fact.contact, fact.channel)
                     and reaches(fact.at, fact.at, contact, gap, self.windows.journey_max)), None)

    def place(self, fact):
        contact = self.in_reach(fact)
        if contact is not None:
            same_span = contact.first[0] < fact.at and (fact.at <= contact.last[0] or contact is self.contacts[-1])
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
        """Contacts at most a gap apart belong together, up to journey_max."""
        if self.spans is None:
            self.spans = self.runs()
        return self.spans

    def runs(self):
        spans = []
        for index, contact in enumerate(self.contacts):
            if spans and contact.first[0] - spans[-1].last[0] <= spans[-1].gap(self.windows) and (
                    contact.first[0] - spans[-1].first[0] < self.windows.journey_max):
                spans[-1].take(contact, contact.ends_at(self.windows))
            else:
                spans.append(Span(index, contact, contact.ends_at(self.windows)))
        return spans

    def of(self, span):
        return self.contacts[span.begin:span.end]

    def journey_of(self, contact):
        index = self.contacts.index(contact)
        return next(span for span in self.journeys() if index < span.end)

    def add_survey(self, fact):
        """Keeps the answer; True when it is about a journey that is known."""
        put(self.surveys, fact, place_of)
        del self.surveys[:-MAX_SURVEYS]  # the oldest
        return self.surveyed(fact) is not None

    def surveyed(self, survey):
        """The journey that a survey is about, the newest of several, or None."""
        return next((span for span in reversed(self.journeys())
                     if span.first[0] <= survey.at <= span.amends_until(self.windows)
                     and self.had_begun(span, survey)), None)

    def had_begun(self, span, survey):
        """A contact that a survey names, when it was answered."""
        return survey.contact == "" or any(contact.id == survey.contact and contact.first[0] <= survey.at
                                           for contact in self.of(span))

    def survey_of(self, span):
        """The newest survey about a journey, or None."""
        about = [(survey, self.surveyed(survey)) for survey in self.surveys]
        return max((survey for survey, journey in about if journey is not None and journey.begin == span.begin),
                   key=place_of, default=None)

    def settle_promise(self, fact):
        """Keeps the word; returns the last contact in which that was promised, None where none is known."""
        settlement = settlement_of(fact)
        self.settlements.add(settlement)
        return self.promised_in(settlement)

    def promised_in(self, settlement):
        """The last contact in which that was promised, or None."""
        return next((contact for contact in reversed(self.contacts) if contact.promises.holds(settlement)), None)

    def kept_until(self, span, alerts):
        """The journey is dropped when the watermark passes this."""
        windows, contacts = self.windows, self.of(span)
        times = [max(span.final_at(windows), span.amends_until(windows)) + windows.allowed_lateness]
        for alert in alerts:
            contact = alert.contact_in(contacts)
            if alert.active() and alert.occurred > span.ends_at(windows) and contact:
                times.append(hours_of(contact, self.policy).after(alert.occurred, alert.rule.follow_up_within))
        return max(times)

    def drop(self, spans):
        """The first journeys."""
        self.spans = None
        del self.contacts[:spans[-1].end]

    def drop_waiting(self, watermark):
        """Forgets surveys and settlements that wait for nothing any more."""
        self.settlements.drop(self.contacts, watermark - self.windows.allowed_lateness)
        self.surveys = list(filter(self.waiting(watermark), self.surveys))

    def waiting(self, watermark):
        """Whether a survey may still be about a journey."""
        spans = self.journeys()
        return lambda survey: (survey.at + self.windows.allowed_lateness >= watermark
                               or any(survey.at <= span.amends_until(self.windows) for span in spans))

    def next_deadline(self, watermark, alerts):
        """When the next contact, journey, waiting survey or settlement ends by itself, or a journey is final or dropped."""
        windows = self.windows
        times = [contact.ends_at(windows) for contact in self.contacts]
        for span in self.journeys():
            times += [span.ends_at(windows), span.final_at(windows), self.kept_until(span, alerts)]
        if not self.contacts:
            times += [survey.at + windows.allowed_lateness for survey in self.surveys]
            times += [settlement.place[0] + windows.allowed_lateness for settlement in self.settlements.kept]
        return min((time for time in times if time >= watermark), default=END_OF_TIME)
