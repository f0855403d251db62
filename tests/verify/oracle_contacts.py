"""A customer's contacts, the journeys they make, and what else of the customer can still change.

Which contact an event joins is decided when it arrives.
"""

from oracle_contact import Contact, contact_gap, place_of, put
from oracle_promises import FOREVER, Settlements, settlement_of

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

    def take(self, contact, over):
        self.end += 1
        self.last = max(self.last, contact.last)
        self.over = max(self.over, over)

    def answers_until(self, windows):
        """Surveys that are answered later are not about it."""
        return self.last[0] + windows.journey_gap

    def ends_at(self, windows):
        return max(self.last[0] + windows.journey_gap, self.over)

    def ended(self, watermark, windows):
        return self.ends_at(windows) < watermark


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
        self.settlements = Settlements()
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
        contact = self.place(fact)
        if fact.promise:
            contact.promises.make(fact)
        return contact

    def place(self, fact):
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
                spans[-1].take(contact, contact.ends_at(self.windows))
            else:
                spans.append(Span(index, contact, contact.ends_at(self.windows)))
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
        if not span.first[0] <= survey.at <= span.answers_until(self.windows):
            return False
        return survey.contact == "" or any(contact.id == survey.contact for contact in self.of(span))

    def survey_of(self, span):
        return max((s for s in self.surveys if self.is_about(s, span)), key=place_of, default=None)

    def settle_promise(self, fact):
        """Keeps the word; returns the last contact in which that was promised, None where none is known."""
        settlement = settlement_of(fact)
        self.settlements.add(settlement)
        return next((contact for contact in reversed(self.contacts) if contact.promises.holds(settlement)), None)

    def open_promises(self, contacts):
        """Those of a journey that somebody still has to keep."""
        return [promise for index, contact in enumerate(contacts) for promise in contact.promises.kept
                if promise.due and not any(promise.fate(self.settlements.kept))
                and not promise.is_moved_on(contacts[index + 1:], FOREVER)]

    def kept_until(self, span, alerts):
        """The journey is dropped when the watermark passes this."""
        windows, contacts = self.windows, self.of(span)
        times = [span.ends_at(windows) + windows.allowed_lateness]
        times += [min(promise.due.time, span.last[0] + windows.amend_window) + windows.allowed_lateness
                  for promise in self.open_promises(contacts)]
        times += [alert.occurred + alert.rule.follow_up_within for alert in alerts
                  if alert.active() and alert.occurred > span.ends_at(windows) and alert.contact_in(contacts)]
        return max(times)

    def drop(self, span):
        del self.contacts[span.begin:span.end]

    def drop_waiting(self, watermark):
        """Forgets surveys and settlements that wait for nothing any more."""
        self.settlements.drop(self.contacts, watermark - self.windows.allowed_lateness)
        spans = self.journeys() if self.surveys else []
        self.surveys = [survey for survey in self.surveys
                        if survey.at + self.windows.allowed_lateness >= watermark
                        or any(survey.at <= span.answers_until(self.windows) for span in spans)]

    def next_deadline(self, watermark, alerts):
        """When the next contact, journey, waiting survey or settlement ends by itself, or a journey is dropped."""
        windows = self.windows
        times = [contact.ends_at(windows) for contact in self.contacts]
        for span in self.journeys():
            times += [span.ends_at(windows), self.kept_until(span, alerts)]
        if not self.contacts:
            times += [survey.at + windows.allowed_lateness for survey in self.surveys]
            times += [settlement.place[0] + windows.allowed_lateness for settlement in self.settlements.kept]
        return min((time for time in times if time >= watermark), default=END_OF_TIME)
