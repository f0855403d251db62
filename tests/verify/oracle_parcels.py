"""A customer's part on its way, cut into pieces: the records name what each brings, the parcel holds it."""

from collections import namedtuple

from oracle_contacts import ContactSet
from oracle_differences import differences
from oracle_messages import CustomerState, Part
from oracle_state import fill_alert, fill_contact, fill_remembered, fill_settlement, fill_survey

MOST_BYTES = 256 * 1024  # of a piece
ROOM = 16  # that an element takes beside its content, at most

# What a record brings: contacts as a ContactSet, alerts, and what the first piece says of the customer.
Brought = namedtuple("Brought", "part alerts memory last_event")


def place_of(at):
    return at.at_ms, at.hash


# By kind of element: where a record has it, and what tells which it is.
ELEMENTS = {
    "contact": (lambda piece: piece.contacts.contacts, lambda one: (one.contact_id, one.channel, *place_of(one.first))),
    "survey": (lambda piece: piece.contacts.surveys, lambda one: place_of(one.at)),
    "settlement": (lambda piece: piece.contacts.settlements, lambda one: (one.promise_id, *place_of(one.at))),
    "alert": (lambda piece: piece.alerts, lambda one: (one.journey_id.high, one.journey_id.low, one.rule,
                                                       one.raised.hash, one.due_at_ms))}
SEEN = {"young": lambda piece: piece.contacts.seen.young, "old": lambda piece: piece.contacts.seen.old}


def written(fill, item, kind):
    record = kind()
    fill(item, record)
    return record


class Parcel:
    """Contacts, surveys, settlements, seen events and alerts of one customer, and what they remember."""

    def __init__(self, policy, part=None, alerts=(), memory=None, last_event=None):
        """`part`: a ContactSet. Memory and last event None = they stay behind."""
        self.policy = policy
        self.whole = part or ContactSet(policy)
        self.memory, self.last_event = memory, last_event
        self.opened = False
        self.elements = {}  # by kind and name: (record, item); those that no record has brought yet
        for kind, items, fill, message in (
                ("contact", self.whole.contacts, fill_contact, CustomerState.Contact),
                ("survey", self.whole.surveys, fill_survey, CustomerState.Survey),
                ("settlement", self.whole.settlements.kept, fill_settlement, CustomerState.Settlement),
                ("alert", list(alerts), fill_alert, CustomerState.Alert)):
            for item in items:
                record = written(fill, item, message)
                self.elements[kind, ELEMENTS[kind][1](record)] = record, item
        for kind, seen in (("young", self.whole.seen), ("old", self.whole.seen_before)):
            self.elements.update({(kind, event): (event, event) for event in sorted(seen)})

    # --- as its sender writes it ----------------------------------------------------

    def pieces(self, most_bytes=MOST_BYTES):
        """Records that bring all of it; one at least."""
        made, size = [self.first_piece()], 0
        for (kind, _), (record, _) in self.elements.items():
            more = ROOM + (8 if kind in SEEN else record.ByteSize())
            if size and size + more > most_bytes:
                made.append(Part())
                size = 0
            size += more
            place = SEEN[kind](made[-1]) if kind in SEEN else ELEMENTS[kind][0](made[-1])
            place.append(record)
        return made

    def first_piece(self):
        piece, whole = Part(), self.whole
        if self.memory is not None:
            fill_remembered(self.memory, piece.memory)
        if self.last_event is not None:
            piece.last_event_ms = self.last_event
        if whole.joined:
            piece.contacts.joined = True
        if whole.settlements.forgot:
            piece.contacts.forgot_settlements = True
        if whole.forgot_ids:
            piece.contacts.seen.forgot = True
        return piece

    # --- as its addressee reads it --------------------------------------------------

    def open(self, piece):
        """(what a piece brings, what is wrong with it)."""
        part, alerts, problems = ContactSet(self.policy), [], []
        for kind, (place, name) in ELEMENTS.items():
            for record in place(piece):
                wanted, item = self.elements.pop((kind, name(record)), (None, None))
                if wanted is None:
                    problems.append(f"brings a {kind} that is not on the way")
                    continue
                problems += [f"{kind}.{text}" for text in (differences(wanted, record) if wanted != record else ())]
                {"contact": part.contacts, "survey": part.surveys, "settlement": part.settlements.kept,
                 "alert": alerts}[kind].append(item)
        for kind, kept in (("young", part.seen), ("old", part.seen_before)):
            for event in SEEN[kind](piece):
                if self.elements.pop((kind, event), None) is None:
                    problems.append("brings an event that is not on the way")
                kept.add(event)
        memory, last_event = self.open_first(piece, part, problems)
        return Brought(part, alerts, memory, last_event), problems

    def open_first(self, piece, part, problems):
        """What is said once of all: in the first piece."""
        memory = last_event = None
        if not self.opened:
            wanted = self.first_piece()
            given = Part()
            given.CopyFrom(piece)
            for field in ("alerts", "last"):
                given.ClearField(field)
            for field in ("contacts", "surveys", "settlements"):
                given.contacts.ClearField(field)
            for field in ("young", "old"):
                given.contacts.seen.ClearField(field)
            for message in (wanted, given):  # nothing else counts
                message.contacts.seen.SetInParent()
            problems += differences(wanted, given)
            memory, last_event = self.memory, self.last_event
            part.joined, part.forgot_ids = self.whole.joined, self.whole.forgot_ids
            part.settlements.forgot = self.whole.settlements.forgot
        self.opened = True
        return memory, last_event

    def is_done(self):
        return self.opened and not self.elements
