"""The identity records of one partition: what its log says of links and parts, and what that makes it send.

Nothing here advances the clock, and nothing is sent but by a record of the log.
"""

from oracle_guests import OWN
from oracle_ingest import parsed, payload_of
from oracle_labels import NO_CLOCK, Home, Label, Told, is_home, is_long_ago, most_of, named_by
from oracle_memory import minute_of
from oracle_messages import IdentityRecord
from oracle_post import Sent, sender


class Identities:
    """Homes of identities in one partition, and what its customers are told of others."""

    def __init__(self, partition, post):
        self.partition = partition
        self.policy = partition.policy
        self.post = post
        self.homes = {}  # by tenant and id

    def send(self, tenant, to, message, parcel=None):
        self.post.send(Sent(self.partition.number, self.partition.offset, tenant, to, message, parcel))

    def tell(self, tenant, node, told):
        """Labels, in order."""
        for one in told:
            message = IdentityRecord(**{"from": node})
            message.label.ask, message.label.shared = one.ask, one.shared
            message.label.SetInParent()
            if one.label is not None:
                message.label.customer_id = one.label.key
                message.label.way.extend(one.label.way)
            self.send(tenant, one.to, message)

    def member(self, key):
        """A customer of this partition; who is forgotten begins anew."""
        member = self.partition.customer(key)
        member.changed = self.partition.offset
        if member.forgotten(self.partition.watermark):
            self.post.forgot = self.post.forgot or member.links.exist()
            member.forget()
        return member

    def is_away(self, key):
        return key in self.partition.customers and self.member(key).host is not None

    def clock(self):
        """None before the first event of a partition: nobody knows what time it is."""
        return self.partition.now if self.partition.now > NO_CLOCK else None

    def speak(self, key):
        """A member of whose identities somebody speaks now."""
        member = self.member(key)
        member.is_spoken_of, member.heard_at = True, self.clock() or member.heard_at
        return member

    # --- events of who belongs here -------------------------------------------------

    def say(self, event, key):
        """An event says which identities its customer has: a fact, however late it comes."""
        said = False
        for named in named_by(event, self.policy):
            member = self.speak(key)
            self.tell(*key, member.links.say(named.home, minute_of(self.clock())))
            said = True
        if said:
            self.move(member, key)

    def send_on(self, event, record, fact, late):
        """To the host of who is away, as it came."""
        member = self.partition.customers[event.tenant_id, event.customer.customer_id]
        member.note(fact.at)
        member.changed = self.partition.offset
        self.send_event(member.tenant, member.id, member.host, record.value, late)
        return "applied"

    def send_event(self, tenant, origin, to, value, late):
        message = IdentityRecord(**{"from": origin})
        message.event.event, message.event.late = value, late
        self.send(tenant, to, message)

    def move(self, member, key):
        """Where the label says: from home at once, from elsewhere by way of home."""
        target = member.links.belongs_to().key
        if member.host is None and target != member.id:
            parcel = member.leave(target, self.partition.watermark)
            self.send_part(key[0], key[1], target, "hand_over", parcel)
            self.partition.schedule(member, key)
        elif member.host is not None and not member.recalled and target != member.host:
            member.recalled = True
            message = IdentityRecord(**{"from": member.id})
            message.recall.SetInParent()
            self.send(key[0], member.host, message)

    def send_part(self, tenant, node, to, kind, parcel):
        message = IdentityRecord(**{"from": node})
        getattr(message, kind).SetInParent()
        self.send(tenant, to, message, parcel)

    # --- records that others sent ---------------------------------------------------

    def take(self, event, record):
        identity, tenant, to = event.control.identity, event.tenant_id, event.customer.customer_id
        kind = identity.WhichOneof("kind")
        if kind is None or kind == "unmerge":
            if kind and not is_home(to):
                self.unmerge((tenant, to))
            return "applied"
        received = self.post.receive(tenant, to, identity, f"partition {self.partition.number} offset {record.offset}")
        if received is None:
            return "applied"
        sent, brought, done = received
        if kind == "label":
            self.hear(tenant, to, sent)
        elif kind == "event":
            return self.event(identity, (tenant, to), record, parsed(sent.identity.event.event))
        else:
            key = tenant, to
            member = self.member(key)
            getattr(self, kind)(member, key, sender(identity), brought, done)
            self.partition.schedule(member, key)
        return "applied"

    def unmerge(self, key):
        member = self.speak(key)
        self.tell(*key, member.links.stand_apart())
        self.move(member, key)

    def hear(self, tenant, to, sent):
        told, node = sent.identity.label, sender(sent.identity)
        heard = Told(to, Label(told.customer_id, tuple(told.way)) if told.customer_id else None, told.ask, told.shared)
        if is_home(to):
            self.tell(tenant, to, self.home(tenant, to).hear(heard, node, most_of(to, self.policy)))
            return
        key = tenant, to
        member = self.speak(key)
        self.tell(tenant, to, member.links.hear(heard, node))
        self.move(member, key)

    def home(self, tenant, node):
        home = self.homes.setdefault((tenant, node), Home(node))
        at = self.partition.watermark - self.policy.windows.allowed_lateness
        if is_long_ago(home.heard_at, at, self.policy):
            self.post.forgot = True
            home.begin()
        home.heard_at = self.clock() or home.heard_at
        return home

    def event(self, identity, key, record, event):
        """One of a guest, or of the customer's own that came back from a host."""
        origin, late = sender(identity), identity.event.late
        member = self.member(key)
        if origin in member.left:
            self.send_event(member.tenant, origin, origin, identity.event.event, late)
            return "applied"
        event.customer.customer_id = event.customer.customer_id or origin
        fact = self.partition.fact_of(event, payload_of(event))
        if origin == member.id and member.host is not None:
            member.note(fact.at)
            self.send_event(member.tenant, member.id, member.host, identity.event.event, late)
            return "applied"
        as_it_came = record._replace(key=f"{member.tenant}/{origin}".encode(), value=identity.event.event, headers=())
        member.listen_to(OWN if origin == member.id else origin)
        outcome = (self.partition.too_late if late else self.partition.apply)(as_it_came, fact, key)
        member.listen_to(OWN)
        return outcome

    def hand_over(self, member, _, origin, brought, __):
        member.welcome(origin, brought, self.partition.watermark)

    def recall(self, member, key, origin, *_):
        parcel = member.give_back(origin, self.partition.watermark)
        self.send_part(*key, origin, "hand_back", parcel)

    def hand_back(self, member, key, host, brought, done):
        member.take_back(brought, self.partition.watermark, done)
        if done:
            message = IdentityRecord(**{"from": member.id})
            message.closed.SetInParent()
            self.send(key[0], host, message)
            self.move(member, key)

    def closed(self, member, _, origin, *__):
        member.close_guest(origin, self.partition.watermark)
