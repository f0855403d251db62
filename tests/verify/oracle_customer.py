"""One customer: takes events and the passing of time, and writes rows."""

from oracle_alerts import Alerts
from oracle_contacts import END_OF_TIME, ContactSet
from oracle_facts import ABANDONED, ENDED, SURVEY, identifier, place_bytes
from oracle_messages import Journey, Moment
from oracle_parts import Parts
from oracle_rows import KINDS, alert_row, journey_row, moment_row


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
        self.basis = None  # of a contact: (events, journey) that its moments were made from
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

    def apply(self, fact, watermark):
        """Takes an event in: "applied", "duplicate" or "unmatched" (a survey about nothing known)."""
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
            return "applied" if matched else "unmatched"
        before = len(self.held.contacts)
        contact = self.held.add(fact)
        index = self.held.contacts.index(contact)
        span = next(span for span in self.held.journeys() if index < span.end)
        ended = span.ended(watermark, self.windows)
        if not ended:
            contacts = self.held.of(span)
            self.write_alerts(span, self.alerts.on_event(self.policy, fact, contact, contacts,
                                                         lambda: self.journey_id(span)))
        # An event that only prolongs a contact leaves rows to the next waking.
        if (len(self.held.contacts) != before or ended or contact.first[1] == fact.hash
                or fact.kind in (ENDED, ABANDONED) or contact.ends_at(self.windows) < watermark):
            self.settle(watermark)
        return "applied"

    def settle(self, watermark):
        """Writes what is due and forgets what can no longer change."""
        held = self.held
        spans = held.journeys()
        self.open_journeys = sum(not span.ended(watermark, self.windows) for span in spans)
        self.end_contacts(spans, watermark)
        self.end_journeys(spans, watermark)
        self.withdraw(spans)
        self.drop_settled(spans, watermark)
        if held.contacts or held.surveys:
            self.wake = held.next_deadline(watermark)
        else:
            self.close()
            self.wake = END_OF_TIME

    def end_contacts(self, spans, watermark):
        for span in spans:
            for contact in self.held.of(span):
                ended_at = contact.ends_at(self.windows)
                if ended_at >= watermark:
                    continue
                self.write_alerts(span, self.alerts.on_contact_ended(contact, ended_at))
                journey_id = self.journey_id(span)
                rows = self.rows_of(self.contact_key(contact), contact.first)
                basis = (len(contact.events), journey_id)
                if rows.basis != basis:
                    rows.basis = basis
                    self.write_moments(rows, journey_id, False, [contact], Parts([contact], self.policy))

    def end_journeys(self, spans, watermark):
        before = self.previous
        for span in spans:
            journey_id = self.journey_id(span)
            if span.ended(watermark, self.windows):
                contacts = self.held.of(span)
                self.write_alerts(span, self.alerts.on_journey_ended(contacts, span.ends_at(self.windows)))
                rows = self.rows_of(journey_id, span.first)
                parts = Parts(contacts, self.policy)
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
        settled = [span for span in spans if span.settled(watermark, self.windows)]
        if settled:
            self.previous = self.journey_id(settled[-1])
        # From the newest, so that the places of the others stay right.
        for span in reversed(settled):
            contacts = self.held.of(span)
            self.alerts.drop(contacts)
            for key in (self.journey_id(span), *map(self.contact_key, contacts)):
                self.rows.pop(key, None)
            self.held.drop(span, watermark)
        self.held.drop_surveys(watermark)

    def write_alerts(self, span, changes):
        if not changes:
            return
        contacts = self.held.of(span)
        parts = Parts(contacts, self.policy)
        journey_id = self.journey_id(span)
        for alert, reason, contact in changes:
            self.write("alerts", alert.id, alert_row(self, self.policy, alert, reason, contact, journey_id, parts))
