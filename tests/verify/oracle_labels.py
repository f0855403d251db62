"""Who is linked with whom: the smallest customer that each has heard of, told on from customer to identity and back.

A node is a customer, by its id, or the home of an identity, whose id begins with "/".
"""

from collections import namedtuple

import xxhash

from oracle_facts import identifier
from oracle_ingest import CUSTOMER_HOME, LONGEST_WAY, is_too_long
from oracle_memory import MINUTE_MS, minute_of

IDENTITY_HOME = "/i/"
MOST_LINKS = 16  # of a customer
MOST_OF_ANY = 64  # customers that a policy may let an identity link
MOST_MEMBERS = 256  # that the home of a customer's id remembers
MOST_IDENTITIES = 8  # of an event: those that are read
NO_CLOCK = -2**60
CUSTOMER = "customer"  # the type of identity that names another customer

# A customer, and the hashes of the nodes from there to whoever tells it.
Label = namedtuple("Label", "key way")
# What a node tells another one. `label` None = nothing is linked through the sender.
Told = namedtuple("Told", "to label ask shared", defaults=(False, False))
# An identity that the policy links customers by: its home, and how many it may link (None = any number).
Named = namedtuple("Named", "home most")


def order(key):
    """Known customers before anonymous ones, then by bytes."""
    return key.startswith("~"), key.encode()


def node_hash(node):
    return xxhash.xxh3_64_intdigest(node.encode())


def own_label(key):
    return Label(key, (node_hash(key),))


def rank(label):
    return order(label.key), len(label.way), label.way


def smallest(labels):
    """None of none."""
    return min(filter(None, labels), key=rank, default=None)


def through(label, node):
    """What a neighbour's label is to a node: a step longer, nothing where it came this way or from too far."""
    if label is None or node_hash(node) in label.way or len(label.way) >= LONGEST_WAY:
        return None
    return Label(label.key, (*label.way, node_hash(node)))


def is_home(node):
    return node.startswith("/")


def may_follow(key, policy):
    """Known customers stay where they are, unless the policy says otherwise."""
    return key.startswith("~") or policy.known_customers_move


def homes_of(kind):
    """How the homes of all identities of a type begin: they know by it how many customers they may link."""
    return f"{IDENTITY_HOME}{identifier(kind.encode())[:8]}/"


def home_of(kind, value):
    return CUSTOMER_HOME + value if kind == CUSTOMER else homes_of(kind) + identifier(kind.encode(), value.encode())


def most_of(home, policy):
    """How many customers an identity may link; of a type that the policy does not name any more, all."""
    return next((rule.most for rule in policy.identities if home.startswith(homes_of(rule.type))), MOST_OF_ANY)


def is_readable(identity):
    return identity.type != "" and (identity.value or identity.previous_value) != "" and not any(
        map(is_too_long, (identity.type, identity.value, identity.previous_value)))


def named_by(event, policy):
    """The identities by which an event links its customer, in the order in which it names them."""
    found = []
    for identity in list(filter(is_readable, event.customer.identities))[:MOST_IDENTITIES]:
        rule = next((rule for rule in policy.identities if rule.type == identity.type
                     and (identity.verified or not rule.verified)), None)
        for value in filter(None, (identity.value, identity.previous_value)) if rule else ():
            if identity.type != CUSTOMER or not is_home(value):  # an id that no customer has
                found.append(Named(home_of(identity.type, value), rule.most))
    return found


class Links:
    """What a customer knows of its identities."""

    def __init__(self, key, policy):
        self.key = key
        self.policy = policy
        self.heard = {}  # by home, in the order in which they were named: the label that it told last, or None
        self.said = {}  # by home: the minute in which the customer said it last; 0 = never
        self.shared = set()  # homes of identities that too many have
        self.apart = False
        self.forgot = False  # identities, because there were too many
        self.told = own_label(key)

    def belongs_to(self):
        """The label of the customer that this one is looked at with; its own where it stays by itself."""
        if self.apart or not may_follow(self.key, self.policy):
            return own_label(self.key)
        labels = [through(label, self.key) for home, label in self.heard.items() if home not in self.shared]
        return smallest([own_label(self.key), *labels])

    def label(self):
        """What neighbours are told; None = this one is apart."""
        return None if self.apart else self.belongs_to()

    def say(self, home, minute):
        """An event named an identity: what to tell."""
        if home in self.heard and minute - self.said[home] < max(1, self.policy.windows.memory // MINUTE_MS // 4):
            return []
        if not self.link(home):
            return []
        self.said[home] = minute
        if self.names_two():
            self.apart = True
        return [*self.tell_changes(), Told(home, self.label(), ask=True)]

    def link(self, home):
        """False where there are too many."""
        if home not in self.heard:
            if len(self.heard) >= MOST_LINKS:
                self.forgot = True
                return False
            self.heard[home], self.said[home] = None, 0
        return True

    def names_two(self):
        """Other customers than itself."""
        return sum(home.startswith(CUSTOMER_HOME) and home != CUSTOMER_HOME + self.key for home in self.heard) > 1

    def hear(self, told, home):
        """A home told its label: what to answer, and to tell others."""
        is_asked = home not in self.heard or told.ask
        if not self.link(home):
            return []
        self.heard[home] = told.label
        (self.shared.add if told.shared else self.shared.discard)(home)
        changes = self.tell_changes()
        # Whoever is told of a change needs no answer, and who has forgotten an identity wants none.
        return changes or [Told(home, self.label())] * (is_asked and not told.shared)

    def stand_apart(self):
        self.apart = True
        return self.tell_changes()

    def tell_changes(self):
        """To all who do not know better already."""
        if self.label() == self.told:
            return []
        self.told = self.label()
        return [Told(home, self.told) for home in self.heard if home not in self.shared]

    def exist(self):
        return self.heard != {} or self.apart


def is_long_ago(time_ms, at_ms, policy):
    """False where the time is none: nobody had a clock then."""
    return time_ms is not None and at_ms - time_ms > policy.windows.memory


class Home:
    """What the home of an identity knows of the customers who said it."""

    def __init__(self, key):
        self.key = key
        self.named = key.removeprefix(CUSTOMER_HOME) if key.startswith(CUSTOMER_HOME) else None
        self.begin()

    def begin(self):
        """Nobody has said the identity, for as long as anything is remembered."""
        self.members = {}  # the label that each told last, or None; who spoke last is last
        self.told = None
        self.shared = False
        self.heard_at = None  # when somebody told it something last; None = before there was a clock

    def hear(self, told, customer, most):
        """A customer told its label: what to tell. `most`: of how many it may be."""
        if self.shared:
            return [Told(customer, None, shared=True)]
        asked = []
        if not self.members and self.named not in (None, customer):
            self.members[self.named] = None
            asked = [Told(self.named, None, ask=True)]
        self.members.pop(customer, None)
        self.members[customer] = told.label
        if self.named is None and len(self.members) > most:
            return asked + self.become_shared()
        self.drop_the_quietest()
        label = self.label()
        if label != self.told:
            self.told = label
            return asked + [Told(member, label) for member in self.members]
        return asked + ([Told(customer, label)] if told.ask else [])

    def label(self):
        """The smallest customer that is linked through the identity, or None."""
        return smallest(through(label, self.key) for label in self.members.values())

    def become_shared(self):
        told = [Told(member, None, shared=True) for member in self.members]
        self.members, self.told, self.shared = {}, None, True
        return told

    def drop_the_quietest(self):
        """Never who is named, nor who is the source of the label."""
        if len(self.members) > MOST_MEMBERS:
            source = min((member for member, label in self.members.items() if through(label, self.key)),
                         key=lambda member: rank(self.members[member]), default=None)
            self.members.pop(next(member for member in self.members if member not in (self.named, source)))
