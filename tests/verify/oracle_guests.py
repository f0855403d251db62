"""The contacts of a customer and of those who are looked at with them: each one's part stays whole, all are seen as one."""

from oracle_contact import Contact, put
from oracle_contacts import MAX_SURVEYS, ContactSet, reaches
from oracle_promises import MAX_SETTLEMENTS, settlement_of

MOST_GUESTS = 32  # with something that can still change
OWN = ""  # whose part is the customer's own


def parts_of(contact):
    """The contacts of which one is made."""
    return getattr(contact, "parts", [contact])


def together(contacts):
    made = Contact.of(contacts)
    made.parts = [part for contact in contacts for part in parts_of(contact)]
    return made


def take_in(held, contact):
    """Those of the same name that it reaches become one with it, as if all of their events had come here."""
    if len(held.contacts) >= held.windows.max_contacts and not any(
            is_in_reach(held, contact, other) for other in held.contacts):
        held.joined = True
        contact = together([held.contacts.pop(), contact])
    for other in held.contacts[::-1]:
        if is_in_reach(held, contact, other):
            held.contacts.remove(other)
            contact = together([contact, other])
    put(held.contacts, contact, lambda item: item.first)


def is_in_reach(held, contact, other):
    return held.of_name(other, contact.id, contact.channel) and reaches(
        contact.first[0], contact.last[0], other, held.gap(contact.id, contact.channel), held.windows.journey_max)


class Whole(ContactSet):
    """What contacts, surveys and settlements of all parts make together. Each event goes into one part."""

    def __init__(self, policy, over):
        """`over`: takes the events of what is dropped."""
        super().__init__(policy)
        self.over = over
        self.own = ContactSet(policy)
        self.guests = {}  # parts by origin; who was heard of last is last
        self.absorbed = 0  # guests that became part of the own, because there were too many
        self.origin = OWN  # whose event comes

    def parts(self):
        return [self.own, *(self.guests[origin] for origin in sorted(self.guests, key=str.encode))]

    def part(self, origin):
        """That of a guest who is new begins empty."""
        if origin == OWN:
            return self.own
        part = self.guests.pop(origin, None)
        if part is None:
            part = ContactSet(self.policy)
            if len(self.guests) >= MOST_GUESTS:
                self.absorb(next(iter(self.guests)))
        self.guests[origin] = part
        return part

    def part_of(self, origin):
        return self.own if origin == OWN else self.guests[origin]

    def origin_of(self, event):
        """The guest of whom an event was taken in, or the customer."""
        return next((origin for origin in sorted(self.guests, key=str.encode) if self.guests[origin].knows(event)), OWN)

    def absorb(self, origin):
        """For good; its events are still known."""
        join(self.own, self.guests.pop(origin))
        self.absorbed += 1

    def look(self):
        """Sees the parts as one again. The list of contacts stays the same object: others hold it."""
        seen = ContactSet(self.policy)
        for part in self.parts():
            for contact in part.contacts:
                take_in(seen, contact)
        self.contacts[:], self.spans = seen.contacts, None
        self.joined = seen.joined or any(part.joined for part in self.parts())
        self.forgot_ids = any(part.forgot_ids for part in self.parts())
        self.surveys = sorted((survey for part in self.parts() for survey in part.surveys),
                              key=lambda survey: survey.place)[-MAX_SURVEYS:]
        settlements = [settlement for part in self.parts() for settlement in part.settlements.kept]
        self.settlements.kept = sorted(settlements, key=lambda one: one.place)[-MAX_SETTLEMENTS:]
        self.settlements.forgot = (len(settlements) > MAX_SETTLEMENTS
                                   or any(part.settlements.forgot for part in self.parts()))

    # --- events -------------------------------------------------------------------

    def is_new(self, event):
        return not self.is_of_an_absorbed(event) and self.part(self.origin).is_new(event)

    def knows(self, event):
        part = self.own if self.origin == OWN else self.guests.get(self.origin)
        return self.is_of_an_absorbed(event) or part is not None and part.knows(event)

    def is_of_an_absorbed(self, event):
        return self.absorbed > 0 and self.origin != OWN and self.own.knows(event)

    def add(self, fact):
        self.part(self.origin).add(fact)
        self.look()
        return next(contact for contact in self.contacts if any(one is fact for one in contact.events))

    def add_survey(self, fact):
        self.part(self.origin).add_survey(fact)
        self.look()
        return self.surveyed(fact) is not None

    def settle_promise(self, fact):
        self.part(self.origin).settle_promise(fact)
        self.look()
        return self.promised_in(settlement_of(fact))

    # --- what is over -------------------------------------------------------------

    def mark_counted(self, contact):
        for one in (contact, *parts_of(contact)):
            one.in_statistics = True

    def drop(self, spans):
        gone = [part for span in spans for contact in self.of(span) for part in parts_of(contact)]
        self.over += [fact.hash for contact in gone for fact in contact.events]
        for part in self.parts():
            part.contacts[:] = [contact for contact in part.contacts if not any(contact is one for one in gone)]
            part.spans = None
        self.look()

    def drop_waiting(self, watermark):
        """What one said may be about another one's contact. Guests of whom nothing is left are forgotten."""
        waits = self.waiting(watermark)
        for part in self.parts():
            part.settlements.drop(self.contacts, watermark - self.windows.allowed_lateness)
            part.surveys = list(filter(waits, part.surveys))
        self.guests = {origin: part for origin, part in self.guests.items() if not part.is_empty()}
        self.look()


def join(part, other):
    """All of another part that is the same one's."""
    for contact in other.contacts:
        take_in_own(part, contact)
    part.spans = None
    part.joined = part.joined or other.joined
    part.surveys = sorted([*part.surveys, *other.surveys], key=lambda survey: survey.place)[-MAX_SURVEYS:]
    for settlement in other.settlements.kept:
        part.settlements.add(settlement)
    part.settlements.forgot = part.settlements.forgot or other.settlements.forgot
    part.seen, part.seen_before = part.seen | other.seen, part.seen_before | other.seen_before
    part.forgot_ids = part.forgot_ids or other.forgot_ids


def take_in_own(part, contact):
    """As `take_in`; what is one now stays one."""
    take_in(part, contact)
    for one in part.contacts:
        vars(one).pop("parts", None)
