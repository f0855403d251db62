"""Rules of the identity hand-over, each with a way to break it in the reference: the names are those of
tests/simulation/identity_protocol.py, without those that are about workers and brokers."""

import sys

import oracle_labels
from oracle_guests import Whole
from oracle_identities import Identities
from oracle_labels import Home, Label, Links, node_hash
from oracle_member import Member
from oracle_parcels import Parcel
from oracle_published import Published


def replaced(owner, name, make):
    setattr(owner, name, make(getattr(owner, name)))


def advancing(event):
    def broken(self, identity, key, record, one):
        self.partition.advance(one.occurred_at_ms)
        return event(self, identity, key, record, one)
    return broken


def judging_again(event):
    def broken(self, identity, key, record, one):
        identity.event.late = one.occurred_at_ms < self.partition.watermark - self.policy.windows.allowed_lateness
        return event(self, identity, key, record, one)
    return broken


def without_seen(pieces):
    def broken(self, *arguments):
        made = pieces(self, *arguments)
        self.elements = {name: one for name, one in self.elements.items() if name[0] not in ("young", "old")}
        for piece in made:
            piece.contacts.seen.Clear()
        return made
    return broken


def taking_all_in(event):
    def broken(self, identity, key, *more):
        left, self.member(key).left = self.member(key).left, set()
        outcome = event(self, identity, key, *more)
        self.member(key).left = left
        return outcome
    return broken


def straight_on(move):
    def broken(self, member, key):
        target = member.links.belongs_to().key
        if member.host is not None and target != member.host:
            member.host = None if target == member.id else target
            return
        move(self, member, key)
    return broken


def following_the_last(belongs_to):
    def broken(self):
        heard = [oracle_labels.through(label, self.key) for label in self.heard.values()]
        return next(filter(None, reversed(heard)), None) or belongs_to(self)
    return broken


def telling_all(say):
    def broken(self, home, minute):
        return say(self, home, minute) or [oracle_labels.Told(home, self.label())]
    return broken


def counting_all(hear):
    def broken(self, told, customer, most):
        self.count = getattr(self, "count", 0) + 1
        return hear(self, told, customer, most if most is None or self.count <= most else 0)
    return broken


def keeping_nothing(become_shared):
    def broken(self):
        told = become_shared(self)
        self.shared = False
        return told
    return broken


def forgetting_that_they_left(give_back):
    def broken(self, origin, watermark):
        parcel = give_back(self, origin, watermark)
        self.left.discard(origin)
        return parcel
    return broken


def staying(withdraw):
    def broken(self, spans, watermark, merged_into=""):
        if not merged_into and getattr(self.customer, "host", None) is None:
            withdraw(self, spans, watermark)
    return broken


RULES = {
    "clock": ("forwarded events advance the clock of the host's partition", Identities, "event", advancing),
    "late": ("the host judges by its own clock whether a forwarded event is late", Identities, "event", judging_again),
    "judged": ("a late event is sent on as if it were in time", Identities, "send_event", lambda send: (
        lambda self, tenant, origin, to, value, late: send(self, tenant, origin, to, value, False))),
    "seen": ("the ids that were taken in stay behind when a part moves", Parcel, "pieces", without_seen),
    "bounce": ("a host takes in what reaches it after it gave the part back", Identities, "event", taking_all_in),
    "direct": ("who moves on does not come home first", Identities, "move", straight_on),
    "last": ("who is recalled is home with the first piece", Identities, "hand_back", lambda hand_back: (
        lambda self, member, key, host, brought, done: hand_back(self, member, key, host, brought, member.recalled))),
    "closed": ("the host forgets at once that somebody left", Member, "give_back", forgetting_that_they_left),
    "keep_local": ("a recalled customer takes events in before the part is back", Identities, "is_away", lambda is_away: (
        lambda self, key: is_away(self, key) and not self.member(key).recalled)),
    "smaller": ("a customer follows what they heard last, not the smallest", Links, "belongs_to", following_the_last),
    "path": ("a label does not know which way it came", oracle_labels, "through", lambda _: (
        lambda label, node: label and Label(label.key, (*label.way, node_hash(node))))),
    "report": ("a changed label is told to the newest neighbour only", Links, "tell_changes", lambda tell: (
        lambda self: tell(self)[-1:])),
    "newcomer": ("the earlier ones are not told that an identity is shared", Home, "become_shared", lambda become: (
        lambda self: become(self)[-1:])),
    "count": ("an identity counts statements, not customers", Home, "hear", counting_all),
    "sticky": ("a shared identity forgets that it was shared", Home, "become_shared", keeping_nothing),
    "mix": ("a host merges a guest's part into its own", Whole, "part", lambda _: lambda self, origin: self.own),
    "versions": ("versions of withdrawn rows are forgotten", Member, "keeps_versions", lambda _: lambda self: False),
    "withdraw": ("whoever leaves does not withdraw their rows", Published, "withdraw", staying),
    "forget": ("a customer is forgotten while their part is under way", Member, "forgotten", lambda _: (
        lambda self, watermark: super(Member, self).forgotten(watermark))),
    "repoint": ("alerts do not move with the part", Member, "parcel", lambda parcel: (
        lambda self, part, alerts: self.alerts.add(alerts) or parcel(self, part, []))),
    "apart": ("`unmerge` is not told to the neighbours", Links, "label", lambda _: lambda self: self.belongs_to()),
    "device": ("who named two accounts is merged all the same", Links, "names_two", lambda _: lambda self: False)}


def break_rule(name):
    if name not in RULES:
        print("\n".join(f"{rule:13}{RULES[rule][0]}" for rule in RULES))
        sys.exit(0 if name == "list" else 64)
    _, owner, attribute, make = RULES[name]
    replaced(owner, attribute, make)
