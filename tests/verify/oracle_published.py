"""The rows that were written about one customer's contacts and journeys, and their further versions."""

import oracle_causes as causes
from oracle_cards import withdrawn
from oracle_messages import Journey, Moment
from oracle_rows import KINDS, moment_row

OF_PROMISES = causes.PROMISE_KEPT, causes.PROMISE_BROKEN


class Row:
    """Versions of one row that were written."""

    def __init__(self):
        self.version = 0
        self.content = None


class Bundle:
    """Rows for warehouses that have one version together."""

    def __init__(self, version=0, legs=0, promises=0, causes=()):
        self.version, self.legs, self.promises, self.causes = version, legs, promises, set(causes)


class Rows:
    """All rows about one contact or journey."""

    def __init__(self, key):
        self.key = key
        self.first = None
        self.basis = None  # what they were made from, the policy aside
        self.journey = Row()
        self.moments = {kind: Row() for kind in KINDS}
        self.bundle = Bundle()
        self.has_card = False  # which is not withdrawn yet
        self.had_card = False  # which was withdrawn, but may come back
        self.card_version = 0
        self.withdrawn = False  # all of them

    def follow_from(self, story, contacts, *more):
        """Whether this is something else than what they were made from: then they are made anew.

        What stays is not judged by a policy that came later.
        """
        before = story.before
        basis = ([fact.place for one in contacts for fact in one.events], list(story.settlements),
                 before.need_minute, before.case_id, before.intent, before.touchpoint, before.waits, *more)
        is_other = self.basis != basis
        self.basis = basis
        return is_other


class Published:
    """Rows by key, in the order in which they were begun."""

    def __init__(self, customer):
        self.customer = customer
        self.kept = {}

    def of(self, key, first):
        rows = self.kept.get(key)
        if rows is None:
            rows = self.kept[key] = Rows(key)
        rows.first, rows.withdrawn = first, False
        return rows

    def look_again(self):
        """All of them, whatever they were made from."""
        for rows in self.kept.values():
            rows.basis = None

    def forget(self, key):
        """What is final is not written again; a card is withdrawn at the latest now."""
        rows = self.kept.pop(key, None)
        if rows is not None:
            self.withdraw_card(rows)

    def write_card(self, card, first, watermark):
        rows = self.of(card.card_id, first)
        rows.has_card, rows.had_card = True, False
        self.revise_card(rows, card, self.customer.first_version(first, watermark))

    def withdraw_card(self, rows):
        if rows.has_card:
            rows.has_card, rows.had_card = False, self.customer.may_be_linked
            self.revise_card(rows, withdrawn(self.customer, rows.key))

    def revise_card(self, rows, card, first_version=1):
        rows.card_version = rows.card_version + 1 if rows.card_version > 0 else first_version
        card.row_version = rows.card_version
        self.customer.write("cards", rows.key, card)

    def write_moments(self, rows, journey_id, contacts, parts, grade, watermark):
        """Of a contact, or of a journey, as the grade of its end says."""
        for kind in KINDS:
            message = moment_row(self.customer, self.customer.policy, kind, journey_id, contacts, parts, grade)
            row = rows.moments[kind]
            if message is None and row.version == 0:
                continue
            key = f"{rows.key}:{kind}"
            message = message or Moment(is_deleted=True)
            message.moment_id = key
            self.revise(row, "moments", key, message, self.customer.first_version(rows.first, watermark))

    def bundle_contact(self, rows, contact, parts, watermark):
        """Its own row, its legs' and those of what the service did: one more version of all."""
        made = [felt.impression.cause for felt in parts.service]
        of_promises = [cause for cause in made if cause in OF_PROMISES]
        rows.bundle = Bundle(self.next_version(rows, watermark), len(contact.legs()), len(of_promises),
                             set(made).difference(OF_PROMISES))

    def bundle_promises(self, rows, made, watermark):
        if made or rows.bundle.version:
            rows.bundle = Bundle(self.next_version(rows, watermark), promises=made)

    def next_version(self, rows, watermark):
        before = rows.bundle.version
        return before + 1 if before else self.customer.first_version(rows.first, watermark)

    def revise(self, row, topic, key, message, first_version=1):
        """Writes the next version where the content is new."""
        content = message.SerializeToString(deterministic=True)
        if row.version > 0 and row.content == content:
            return
        row.version = row.version + 1 if row.version > 0 else first_version
        row.content = content
        message.row_version = row.version
        self.customer.write(topic, key, message)

    def latest_version(self, rows):
        return max(rows.journey.version, rows.bundle.version, rows.card_version, *(row.version for row in rows.moments.values()))

    def was_written(self, rows):
        written = rows.journey.version > 0 or rows.bundle.version > 0 or rows.had_card
        return written or any(row.version > 0 for row in rows.moments.values())

    def withdraw(self, spans, watermark, merged_into=""):
        """Rows of what is part of something else now get a last version.

        `merged_into`: the customer under whom it stands now. Where it may come back, the versions go on then.
        """
        customer = self.customer
        current = {customer.journey_id(span) for span in spans} if self.kept else set()
        if self.kept:
            current |= {customer.contact_key(contact) for contact in customer.held.contacts}
        for key in [key for key in self.kept if key not in current]:
            rows = self.kept[key]
            if not rows.withdrawn:
                self.withdraw_rows(key, rows, spans, merged_into)
            rows.withdrawn = self.was_written(rows) and (rows.withdrawn or customer.keeps_versions())
            if not rows.withdrawn or customer.rows_until(rows) < watermark:
                self.kept.pop(key)

    def withdraw_rows(self, key, rows, spans, merged_into):
        customer = self.customer
        rows.basis = None
        self.withdraw_card(rows)
        for kind, row in rows.moments.items():
            if row.version > 0:
                moment_id = f"{key}:{kind}"
                self.revise(row, "moments", moment_id,
                            Moment(moment_id=moment_id, is_deleted=True, merged_into=merged_into))
        if rows.bundle.version > 0:
            rows.bundle = Bundle(rows.bundle.version + 1)
        if rows.journey.version > 0:
            owners = [customer.journey_id(span) for span in spans if span.first <= rows.first <= span.last]
            self.revise(rows.journey, "journeys", key, Journey(
                journey_id=key, tenant_id=customer.tenant, customer_id=customer.id, is_deleted=True,
                merged_into=merged_into, superseded_by=owners[-1] if owners and not merged_into else ""))
