"""What a contact is about and who began it, and whether a customer came back for the same."""

from collections import namedtuple

import xxhash

from oracle_messages import Direction, Initiation

INBOUND, OUTBOUND = Direction.Value("DIRECTION_INBOUND"), Direction.Value("DIRECTION_OUTBOUND")
INTERNAL = Direction.Value("DIRECTION_INTERNAL")
BY_CUSTOMER, CALLBACK = Initiation.Value("INITIATION_CUSTOMER"), Initiation.Value("INITIATION_CALLBACK")
SURVEYED = Initiation.Value("INITIATION_SURVEY")
NAMES = ("chain", "case", "intent", "touchpoint")
MINUTE_MS = 60_000

# Earlier contacts: for the same need, and those of which that is not known.
Repeats = namedtuple("Repeats", "same unknown")


class Need:
    """Of each name the fact that gives it first, or None."""

    def __init__(self, facts):
        """`facts` in their order."""
        self.started = next((fact for fact in facts if fact.direction or fact.initiation), None)
        self.named = {name: next((fact for fact in facts if getattr(fact, name)), None) for name in NAMES}

    def name(self, name):
        fact = self.named[name]
        return fact and getattr(fact, name)

    def hash(self, name):
        """Of what the name says; None where nothing does."""
        fact = self.named[name]
        return fact and (xxhash.xxh3_64_intdigest(getattr(fact, name).encode()) or 1)

    def half(self, name):
        """The half of the hash that is remembered; 0 = not named."""
        return (self.hash(name) or 0) & 0xFFFFFFFF

    def started_by_customer(self):
        started = self.started
        if started is None or started.direction in (OUTBOUND, INTERNAL):
            return False
        return started.initiation == BY_CUSTOMER or started.initiation == 0 and started.direction == INBOUND

    def started_by_us(self):
        started = self.started
        return started is not None and started.initiation != SURVEYED and (
            started.direction == OUTBOUND or started.initiation == CALLBACK)

    def is_same(self, other):
        """True, False, or None where nobody can tell."""
        pairs = {name: (self.name(name), other.name(name)) for name in NAMES}
        one, another = pairs.pop("chain")
        if one and one == another:
            return False  # the same matter goes on, at another desk
        return next((one == another for one, another in pairs.values() if one and another), None)

    def is_remembered(self, memory):
        """The same of what the customer sought help for in earlier journeys."""
        pairs = ((self.half("case"), memory.case_id), (self.half("intent"), memory.intent),
                 (self.half("touchpoint"), memory.touchpoint))
        return next((one == another for one, another in pairs if one and another), None)


def was_for_help(contact):
    """Somebody was asked for something, whoever began."""
    return contact.queued() is not None or contact.answered_at() is not None or contact.messages != []


def sought_help(contact):
    """The customer came to us, and for something."""
    return contact.need().started_by_customer() and was_for_help(contact)


def repeats_of(contacts, index, window, before):
    """How often the customer had come before with what contact `index` of a journey is about.

    `before`: what the customer remembered when the journey began.
    """
    contact = contacts[index]
    if not sought_help(contact):
        return Repeats(0, 0)
    need, begins = contact.need(), contact.first[0]
    answers = [need.is_same(earlier.need()) for earlier in contacts[:index]
               if 0 < begins - earlier.last[0] <= window and sought_help(earlier)]
    if before.need_minute and 0 < begins - before.need_minute * MINUTE_MS <= window:
        answers.append(need.is_remembered(before))
    return Repeats(answers.count(True), answers.count(None))
