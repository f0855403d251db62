"""What was promised to a customer in a contact, and what events say became of it."""

from collections import namedtuple

from oracle_levels import whole

MAX_PROMISES = 16  # of a contact
MAX_SETTLEMENTS = 32  # of a customer
MAX_SPAN = 10**12  # ms: a time further away from its event counts as that far away
FOREVER = 2**63

# What one event says of a promise; times in ms, None = not said.
Told = namedtuple("Told", "id kind made_at due fulfilled broken")
# An event that speaks of a promise, and the time that it states.
Statement = namedtuple("Statement", "place time id kind")
# An event that says what became of a promise: it was fulfilled at that time, or else withdrawn.
Settlement = namedtuple("Settlement", "place promise time id fulfilled")
# What had become of a promise at a time: statements, or None.
Fate = namedtuple("Fate", "fulfilled broken")


def stated(event):
    """What the event says of its promise."""
    at, promise = event.occurred_at_ms, event.promise

    def within(time):
        return max(at - MAX_SPAN, min(at + MAX_SPAN, time))
    made_at = min(within(promise.promised_at_ms), at) if promise.promised_at_ms > 0 else at
    due = None
    if promise.due_at_ms > 0:
        due = within(promise.due_at_ms)
    elif promise.HasField("max_duration_ms"):
        due = made_at + max(0, min(MAX_SPAN, promise.max_duration_ms))
    fulfilled = min(within(promise.fulfilled_at_ms), at) if promise.fulfilled_at_ms > 0 else None
    return Told(promise.promise_id or event.event_id, promise.kind, made_at, due, fulfilled, promise.broken)


def settlement_of(fact):
    told = fact.promise
    kept = told.fulfilled is not None
    return Settlement(fact.place, told.id, told.fulfilled if kept else fact.at, fact.id, kept)


def tolerated(duration, slack):
    """An announced duration and the share of it that may be exceeded."""
    return duration + whole(duration * slack)


class Promise:
    """One promise of one contact."""

    def __init__(self, name):
        self.id = name
        self.made = None  # earliest
        self.due = None  # newest; None = nobody gave a time
        self.statements = 0

    def make(self, fact):
        told = fact.promise
        due = None if told.due is None else Statement(fact.place, told.due, fact.id, told.kind)
        self.take(Statement(fact.place, told.made_at, fact.id, told.kind), due, 1)

    def take(self, made, due, statements):
        self.statements += statements
        if self.made is None or made.place < self.made.place:
            self.made = made
        if due is not None and (self.due is None or due.place > self.due.place):
            self.due = due

    @property
    def kind(self):
        return (self.due or self.made).kind

    def allowed(self):
        """How long it may take, in ms; it has a due time."""
        return max(0, self.due.time - self.made.time)

    def is_due_at(self):
        """When what was allowed is over."""
        return self.made.time + self.allowed()

    def is_moved_on(self, later, as_of):
        """In time the same was promised again, in a contact that began later."""
        again = [promise for contact in later for promise in contact.promises.kept if promise.id == self.id]
        return any(promise.made.place > self.made.place and promise.made.place[0] <= min(self.is_due_at(), as_of)
                   for promise in again)

    def fate(self, settlements, as_of=FOREVER):
        mine = [one for one in settlements
                if one.promise == self.id and one.place > self.made.place and one.time <= as_of]
        return Fate(min((one for one in mine if one.fulfilled), key=lambda one: (one.time, one.place), default=None),
                    min((one for one in mine if not one.fulfilled), key=lambda one: one.place, default=None))

    def outcome(self, settlements, as_of):
        """What had become of it: "kept", "broken" or "open"."""
        fulfilled, broken = self.fate(settlements, as_of)
        if fulfilled:
            return "kept" if fulfilled.time <= self.is_due_at() else "broken"
        return "broken" if broken or self.is_due_at() < as_of else "open"


class Promises:
    """The promises of one contact: those that were made first, by id."""

    def __init__(self):
        self.kept = []
        self.forgot = False  # some, because there were too many

    def make(self, fact):
        self.of(fact.promise.id).make(fact)
        self.limit()

    def of(self, name):
        promise = next((promise for promise in self.kept if promise.id == name), None)
        if promise is None:
            promise = Promise(name)
            self.kept.append(promise)
            self.kept.sort(key=lambda one: one.id.encode())
        return promise

    def take_in(self, others):
        for other in others.kept:
            self.of(other.id).take(other.made, other.due, other.statements)
        self.forgot = self.forgot or others.forgot
        self.limit()

    def limit(self):
        while len(self.kept) > MAX_PROMISES:
            self.kept.remove(max(self.kept, key=lambda one: one.made.place))
            self.forgot = True

    def holds(self, settlement):
        """True when the settlement may be about one of them."""
        return any(promise.id == settlement.promise and promise.made.place < settlement.place
                   for promise in self.kept)


class Settlements:
    """The newest settlements of one customer, in order of their events."""

    def __init__(self):
        self.kept = []
        self.forgot = False

    def add(self, settlement):
        self.kept.append(settlement)
        self.kept.sort(key=lambda one: one.place)
        if len(self.kept) > MAX_SETTLEMENTS:
            del self.kept[0]
            self.forgot = True

    def drop(self, contacts, before):
        """Forgets those from before a time that no contact has a promise for."""
        self.kept = [one for one in self.kept if one.place[0] >= before
                     or any(contact.promises.holds(one) for contact in contacts)]
