"""What customers and homes of identities tell each other: each partition's log must bring what others have sent."""

from collections import defaultdict, namedtuple

from oracle_differences import differences

# A record that a step sent: by the input record that caused it, to whom, the message (of parts without content), and
# the parcel of a part or None.
Sent = namedtuple("Sent", "partition offset tenant to identity parcel", defaults=(None,))


def sender(identity):
    return getattr(identity, "from")


def is_sent_back(identity, to):
    """An event that came after its customer had left: any host may send one, so they stand in no order."""
    return identity.WhichOneof("kind") == "event" and sender(identity) == to


def kind_of(sent):
    return sent.identity.WhichOneof("kind")


def event_differences(wanted, given):
    """A forwarded event is as it came."""
    return [f"event.{name} differs" for name in ("late", "event") if getattr(wanted, name) != getattr(given, name)]


class Post:
    """What was sent and has not been received, by tenant, sender and addressee in order."""

    def __init__(self):
        self.under_way = defaultdict(list)
        self.sent = []  # all that ever was, in order
        self.problems = []
        self.forgot = False  # links, or homes, because nobody had spoken of them for long

    def send(self, sent):
        self.sent.append(sent)
        self.under_way[sent.tenant, sender(sent.identity), sent.to].append(sent)

    def has(self, tenant, to, identity):
        """True where something was sent that a record of the addressee's log may be."""
        return bool(self.under_way[tenant, sender(identity), to])

    def receive(self, tenant, to, identity, where):
        """What a record is: (sent, what it brings of a parcel, whether that was all of it); None = nobody sent it."""
        waiting = self.under_way[tenant, sender(identity), to]
        kind = identity.WhichOneof("kind")
        if is_sent_back(identity, to):
            waiting.sort(key=lambda one: one.identity != identity)
        elif len(waiting) > 1 and waiting[0].parcel and waiting[0].parcel.opened and kind_of(waiting[0]) != kind:
            self.problem(f"{where}: comes before all of the part of offset {waiting.pop(0).offset} has")
        found = waiting[0] if waiting else None
        if found is None or kind_of(found) != kind:
            self.problem(f"{where}: nothing in the input implies it")
            return None
        if found.parcel is not None:
            return self.receive_piece(found, waiting, getattr(identity, kind), where)
        wrong = (event_differences(found.identity.event, identity.event) if kind == "event"
                 else differences(found.identity, identity))
        for text in wrong:
            self.problem(f"{where}: {text}")
        waiting.pop(0)
        return found, None, True

    def receive_piece(self, found, waiting, piece, where):
        brought, problems = found.parcel.open(piece)
        comes_back = kind_of(found) == "hand_back"
        done = found.parcel.is_done() and (piece.last or not comes_back)
        if piece.last and not found.parcel.is_done():
            problems.append("says that it is the last piece, but more is on the way")
        for text in problems:
            self.problem(f"{where}: {text}")
        done = done or piece.last
        if done:
            waiting.pop(0)
        return found, brought, done

    def problem(self, text):
        self.problems.append(text)

    def rest(self):
        """What was sent and has not come, or not all of it."""
        return [sent for waiting in self.under_way.values() for sent in waiting]
