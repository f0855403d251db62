"""One customer: takes events and the passing of time, and writes rows."""

from oracle_alerts import Alerts
from oracle_conditions import Scene
from oracle_contacts import END_OF_TIME, ContactSet
from oracle_facts import ABANDONED, ENDED, SETTLED, SURVEY, identifier, place_bytes
from oracle_messages import Journey, Moment
from oracle_parts import Parts
from oracle_rows import KINDS, alert_row, journey_row, moment_row
from oracle_stories import Story


class Row:
    """Versions of one row that were written."""

    def __init__(self):
        self.version = 0
        self.content = None
        self.deleted = False


class Rows:
    """All rows about one contact or journey."""

    def __init__(self, key):
        self.key = key
        self.first = None
        self.basis = None  # of a contact: what its moments were made from
        self.journey = Row()
        self.moments = {kind: Row() for kind in KINDS}


class Customer:
    """State of one customer. `write(topic, key, message, version)` takes outputs."""

    def __init__(self, tenant, customer, policy, write):
        self.tenant = tenant
        self.id = customer
        self.policy = policy
        self.windows = policy.windows
        self.write = write
        self.previous = ""
        self.last_event = None
        self.wake = END_OF_TIME  # when the watermark passes it, something is due
        self.scheduled = END_OF_TIME
        self.changed = None  # the newest input offset that did
        self.lives = []  # offsets at which a forgotten customer came back
        self.open_journeys = 0  # when it was settled last
        self.close()

    def close(self):
        """Nothing can change any more: all but the last journey's name is forgotten."""
        self.held = None
        self.alerts = Alerts()
        self.rows = {}

    def forgotten(self, watermark):
        return self.held is None and (self.last_event is None
                                      or self.last_event + self.windows.memory < watermark)

    def knows(self, fact):
        return self.held is not None and self.held.knows(fact.hash)

    def journey_id(self, span):
        return identifier(b"journey", self.tenant.encode(), self.id.encode(), place_bytes(span.first))

    def contact_key(self, contact):
        return identifier(b"contact", self.tenant.encode(), self.id.encode(), contact.id.encode(),
                          place_bytes(contact.first))

    def now(self, watermark):
        return watermark + self.windows.max_out_of_orderness

    def story(self, contacts, as_of):
        return Story(contacts, self.held.settlements.kept, self.policy, as_of)

    def apply(self, fact, watermark):
        """Takes an event in: "applied", "duplicate", or why it is set aside though it is kept."""
        if fact.kind is None:
            return "applied"
        if self.forgotten(watermark):
            self.previous = ""
        if self.held is None:
            self.held = ContactSet(self.windows)
        if not self.held.is_new(fact.hash):
            return "duplicate"
        self.last_event = fact.at if self.last_event is None else max(self.last_event, fact.at)
        if fact.kind == SURVEY:
            matched = self.held.add_survey(fact)
            self.settle(watermark)
            return "applied" if matched else "survey_without_contact"
        if fact.kind == SETTLED:
            contact = self.held.settle_promise(fact)
            if contact is not None:
                self.judge_event(fact, contact, watermark)
            self.settle(watermark)
            return "applied" if contact is not None else "promise_without_contact"
        before = len(self.held.contacts)
        contact = self.held.add(fact)
        ended = self.judge_event(fact, contact, watermark)
        # An event that only prolongs a contact leaves rows to the next waking.
        if (len(self.held.contacts) != before or ended or contact.first[1] == fact.hash
                or fact.kind in (ENDED, ABANDONED) or fact.promise or contact.ends_at(self.windows) < watermark):
            self.settle(watermark)
        return "applied"

    def judge_event(self, fact, contact, watermark):
        """What rules say to an event of the contact; True when its journey had ended: then nothing."""
        index = self.held.contacts.index(contact)
        span = next(span for span in self.held.journeys() if index < span.end)
        if span.ended(watermark, self.windows):
            return True
        followed_up = []
        if fact.kind != SETTLED:
            story = self.story(self.held.of(span), span.last[0])
            self.write_alerts(span, watermark,
                              self.alerts.on_event(fact, contact, story, lambda: self.journey_id(span)))
            followed_up = self.alerts.on_follow_up(fact, contact, story.contacts)
            self.write_alerts(span, watermark, followed_up)
        # The event came by the clock that everything goes by.
        done = [alert for alert, _, _ in followed_up]
        self.wake_for(self.judge_conditions(span, watermark, self.now(watermark), fact, done))
        return False

    def judge_conditions(self, span, watermark, clock, fact=None, done=()):
        """Returns when a condition is to be looked at again."""
        ended_at = span.ends_at(self.windows) if span.ended(watermark, self.windows) else None
        scene = Scene(self.held.of(span), self.held.settlements.kept, self.alerts.held, self.policy,
                      self.now(watermark), ended_at)
        changes, again = self.alerts.judge(scene, clock, lambda: self.journey_id(span), fact, done)
        self.write_alerts(span, watermark, changes)
        return again

    def wake_for(self, begins):
        if begins != END_OF_TIME:
            self.wake = min(self.wake, begins - self.windows.max_out_of_orderness - 1)

    def settle(self, watermark, clock=None):
        """Writes what is due and forgets what can no longer change; the clock may be further on when it is woken."""
        clock = self.now(watermark) if clock is None else clock
        held = self.held
        spans = held.journeys()
        self.open_journeys = sum(not span.ended(watermark, self.windows) for span in spans)
        for span in spans:
            self.judge_conditions(span, watermark, clock)
        self.end_contacts(spans, watermark)
        self.end_journeys(spans, watermark)
        self.withdraw(spans)
        self.drop_settled(spans, watermark)
        spans = held.journeys()
        again = min((self.judge_conditions(span, watermark, clock) for span in spans), default=END_OF_TIME)
        if held.contacts or held.surveys or held.settlements.kept:
            self.wake = held.next_deadline(watermark, self.alerts.held)
            self.wake_for(again)
        else:
            self.close()
            self.wake = END_OF_TIME

    def end_contacts(self, spans, watermark):
        for span in spans:
            contacts = self.held.of(span)
            for index, contact in enumerate(contacts):
                ended_at = contact.ends_at(self.windows)
                if ended_at >= watermark:
                    continue
                self.write_alerts(span, watermark, self.alerts.on_contact_ended(contact, ended_at))
                journey_id = self.journey_id(span)
                rows = self.rows_of(self.contact_key(contact), contact.first)
                until_here = contacts[:index + 1]
                basis = ([(one.first, len(one.events)) for one in until_here], list(self.held.settlements.kept),
                         journey_id)
                if rows.basis != basis:
                    rows.basis = basis
                    parts = Parts([contact], self.story(until_here, ended_at))
                    self.write_moments(rows, journey_id, False, [contact], parts)

    def end_journeys(self, spans, watermark):
        before = self.previous
        for span in spans:
            journey_id = self.journey_id(span)
            if span.ended(watermark, self.windows):
                contacts = self.held.of(span)
                ends_at = span.ends_at(self.windows)
                self.write_alerts(span, watermark, self.alerts.on_journey_ended(contacts, ends_at))
                rows = self.rows_of(journey_id, span.first)
                parts = Parts(contacts, self.story(contacts, ends_at))
                self.revise(rows.journey, "journeys", journey_id, journey_row(
                    self, self.policy, journey_id, before, contacts, parts, self.held.survey_of(span)))
                self.write_moments(rows, journey_id, True, contacts, parts)
            before = journey_id

    def rows_of(self, key, first):
        rows = self.rows.get(key)
        if rows is None:
            rows = self.rows[key] = Rows(key)
        rows.first = first
        return rows

    def write_moments(self, rows, journey_id, is_journey, contacts, parts):
        for kind in KINDS:
            message = moment_row(self, self.policy, kind, journey_id, is_journey, contacts, parts)
            row = rows.moments[kind]
            if message is None and (row.version == 0 or row.deleted):
                continue
            key = f"{rows.key}:{kind}"
            message = message or Moment(is_deleted=True)
            message.moment_id = key
            self.revise(row, "moments", key, message)

    def revise(self, row, topic, key, message):
        """Writes the next version where the content is new."""
        content = message.SerializeToString(deterministic=True)
        if row.version > 0 and row.content == content:
            return
        row.version += 1
        row.content = content
        row.deleted = message.is_deleted
        message.row_version = row.version
        self.write(topic, key, message)

    def withdraw(self, spans):
        """Rows of what is part of something else now get a last version."""
        current = {self.journey_id(span) for span in spans} if self.rows else set()
        if self.rows:
            current |= {self.contact_key(contact) for contact in self.held.contacts}
        for key in [key for key in self.rows if key not in current]:
            rows = self.rows.pop(key)
            for kind, row in rows.moments.items():
                if row.version > 0 and not row.deleted:
                    moment_id = f"{key}:{kind}"
                    self.revise(row, "moments", moment_id, Moment(moment_id=moment_id, is_deleted=True))
            if rows.journey.version > 0:
                owners = [self.journey_id(span) for span in spans if span.first <= rows.first <= span.last]
                self.revise(rows.journey, "journeys", key, Journey(
                    journey_id=key, tenant_id=self.tenant, customer_id=self.id, is_deleted=True,
                    superseded_by=owners[-1] if owners else ""))

    def drop_settled(self, spans, watermark):
        # In order: one that is kept keeps all later ones.
        kept = next((at for at, span in enumerate(spans)
                     if self.held.kept_until(span, self.alerts.held) >= watermark), len(spans))
        dropped = spans[:kept]
        if dropped:
            self.previous = self.journey_id(dropped[-1])
        for span in dropped:
            contacts = self.held.of(span)
            self.write_alerts(span, watermark, self.alerts.on_journey_dropped(contacts, self.now(watermark)))
            self.alerts.drop(contacts)
            for key in (self.journey_id(span), *map(self.contact_key, contacts)):
                self.rows.pop(key, None)
        # From the newest, so that the places of the others stay right.
        for span in reversed(dropped):
            self.held.drop(span)
        self.held.drop_waiting(watermark)

    def write_alerts(self, span, watermark, changes):
        if not changes:
            return
        contacts = self.held.of(span)
        as_of = span.ends_at(self.windows) if span.ended(watermark, self.windows) else span.last[0]
        parts = Parts(contacts, self.story(contacts, as_of))
        journey_id = self.journey_id(span)
        for alert, reason, contact in changes:
            self.write("alerts", alert.id, alert_row(self, self.policy, alert, reason, contact, journey_id, parts))
