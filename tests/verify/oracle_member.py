"""A customer who may be looked at with others: at home or away at a host, and a host of guests."""

from oracle_contacts import END_OF_TIME
from oracle_customer import Customer
from oracle_guests import OWN, Whole, join
from oracle_labels import Links, is_long_ago
from oracle_memory import is_empty
from oracle_memory_join import join as join_memories
from oracle_parcels import Parcel


class Member(Customer):
    """State of one customer where the policy links identities."""

    may_be_linked = True

    def __init__(self, *arguments):
        self.origin = OWN  # whose event comes
        self.over = []  # hashes of events of journeys that were dropped
        super().__init__(*arguments)
        self.begin_alone()

    def begin_alone(self):
        self.links = Links(self.id, self.policy)
        self.is_spoken_of = False  # somebody has said or told something of the customer's identities
        self.heard_at = None  # when that was last; None = before there was a clock
        self.host = None  # where the part is; None = at home
        self.recalled = False  # the part is to come back
        self.left = set()  # guests who left and have not said that their part has arrived

    def open(self):
        super().open()
        self.alerts.stay_together = self.stay_together

    def stay_together(self, alert, other):
        """Two alerts of a journey: whether they are of one journey of one customer alone."""
        if not self.held.guests and not self.left:
            return True
        origin = self.held.origin_of(alert.raised[1])
        if self.held.origin_of(other.raised[1]) != origin:
            return False
        part = self.held.part_of(origin)
        contact = other.contact_in(part.contacts, part.contacts)
        return contact is not None and alert.contact_in(part.of(part.journey_of(contact)), part.contacts) is not None

    # --- what else than contacts keeps a customer alive -----------------------------

    def nothing_yet(self):
        whole = Whole(self.policy, self.over)
        whole.origin = self.origin
        return whole

    def keeps_versions(self):
        return bool(self.is_spoken_of or self.left or self.held and self.held.guests)

    def rows_until(self, rows):
        return rows.first[0] + max(self.windows.remembered, self.rows.latest_version(rows))

    def first_version(self, first, watermark):
        """Of a row that is not known: higher than any that was forgotten."""
        age = watermark - first[0]
        return age + 1 if self.keeps_versions() and age > self.windows.remembered else 1

    def rest(self, watermark):
        """Rows that were withdrawn may come back with their journeys, at their next versions."""
        waiting = [self.rows_until(rows) for rows in self.rows.kept.values() if rows.withdrawn]
        if self.left or waiting:
            return min(waiting, default=END_OF_TIME)
        return super().rest(watermark)

    def forgotten(self, watermark):
        if not super().forgotten(watermark) or self.recalled or self.left:
            return False
        times = [time for time in (self.last_event, self.heard_at) if time is not None]
        return not self.is_spoken_of or is_long_ago(max(times, default=None), watermark - self.windows.allowed_lateness,
                                                    self.policy)

    def forget(self):
        super().forget()
        self.begin_alone()

    def truncations(self):
        return ["max_identities"] * self.links.forgot

    # --- events -------------------------------------------------------------------

    def listen_to(self, origin):
        """What is asked and taken in now is about events of a guest, or of the customer's own."""
        self.origin = origin
        if self.held is not None:
            self.held.origin = origin

    def note(self, at_ms):
        """An event of the customer or of a guest, here or sent on."""
        self.last_event = at_ms if self.last_event is None else max(self.last_event, at_ms)

    # --- a part goes and comes ------------------------------------------------------

    def leave(self, host, watermark):
        """The part to hand over; rows are withdrawn. At home before."""
        self.host = host
        if self.held is None:
            return self.parcel(None, [])
        own = self.held.own
        alerts = self.alerts.take(lambda alert: not any(part.knows(alert.raised[1])
                                                        for part in self.held.guests.values()))
        parcel = self.parcel(own, alerts)
        self.held.own = type(own)(self.policy)
        self.held.look()
        self.rows.look_again()
        self.rows.withdraw(self.held.journeys(), watermark, merged_into=host)
        self.settle(watermark)
        return parcel

    def parcel(self, part, alerts):
        """With what the customer remembers, of which a copy stays."""
        memory = None if is_empty(self.memories.stored) else self.memories.stored
        return Parcel(self.policy, part, alerts, memory, self.last_event)

    def welcome(self, origin, brought, watermark):
        """A piece of a guest's part."""
        if self.held is None:
            self.open()
        if brought.memory is not None:
            self.memories.stored = join_memories(self.memories.stored, brought.memory, self.policy.memory)
        if brought.last_event is not None:
            self.note(brought.last_event)
        if origin in self.held.guests or not brought.part.is_empty():
            join(self.held.part(origin), brought.part)
            self.held.look()
        self.point_here(brought.alerts, "merged", watermark)
        self.open_cards(brought.part.contacts, watermark)
        self.settle(watermark)

    def open_cards(self, contacts, watermark):
        """Of contacts that go on and have none here."""
        places = {contact.first for contact in contacts}
        for contact in list(self.held.contacts):
            rows = self.rows.kept.get(self.contact_key(contact))
            if (rows is None or rows.had_card) and any(one.place in places for one in contact.events):
                self.open_with(contact, watermark)

    def give_back(self, origin, watermark):
        """A guest's part, for whom nothing is taken in any more."""
        self.left.add(origin)
        part = self.held.guests.pop(origin, None) if self.held else None
        if part is None:
            return Parcel(self.policy)
        parcel = Parcel(self.policy, part, self.alerts.take(lambda alert: part.knows(alert.raised[1])))
        self.held.look()
        self.rows.look_again()
        self.settle(watermark)
        return parcel

    def close_guest(self, origin, watermark):
        """Who left has their part."""
        self.left.discard(origin)
        if self.held is not None:
            self.settle(watermark)

    def take_back(self, brought, watermark, is_last):
        """A piece of the own part."""
        if self.held is None:
            self.open()
        join(self.held.part(OWN), brought.part)
        self.held.look()
        self.point_here(brought.alerts, "split", watermark)
        if is_last:
            self.host, self.recalled = None, False
            self.open_cards(self.held.own.contacts, watermark)
            self.settle(watermark)

    def point_here(self, alerts, reason, watermark):
        """Alerts stay what they are; of those that wait for something a row tells where they are now."""
        self.alerts.add(alerts)
        for alert in alerts:
            contact = alert.contact_in(self.held.contacts) if alert.active() else None
            if contact is not None:
                alert.version += 1
                self.write_alerts(self.held.journey_of(contact), watermark, [(alert, reason, contact)])
