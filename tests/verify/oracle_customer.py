"""One customer: takes events and the passing of time, and writes rows."""

from oracle_alerts import Alerts
from oracle_cards import card_row
from oracle_conditions import Scene
from oracle_contacts import END_OF_TIME, ContactSet
from oracle_facts import ABANDONED, ACTED, ENDED, RESOLVED, SETTLED, SURVEY, identifier, place_bytes
from oracle_hours import hours_of
from oracle_late import amends
from oracle_memory import MINUTE_MS, NOTHING, Memories, is_empty, minute_of
from oracle_messages import EndGrade
from oracle_parts import Parts
from oracle_published import Published
from oracle_rows import alert_row, journey_row
from oracle_stories import Story

CONTACT_END = EndGrade.Value("CONTACT_END")


class Customer:
    """State of one customer. `write(topic, key, message)` takes outputs; budget and statistics are the partition's."""

    def __init__(self, tenant, customer, policy, write, budget, statistics):
        self.tenant = tenant
        self.id = customer
        self.policy = policy
        self.windows = policy.windows
        self.write = write
        self.budget = budget
        self.statistics = statistics
        self.previous = ""
        self.memories = Memories()
        self.last_event = None
        self.wake = END_OF_TIME  # when the watermark passes it, something is due
        self.scheduled = END_OF_TIME
        self.changed = None  # the newest input offset that did
        self.lives = []  # offsets at which a forgotten customer came back
        self.open_journeys = 0  # when it was settled last
        self.close()

    def open(self):
        """Begins to hold what can change."""
        self.held = self.nothing_yet()
        self.alerts = Alerts(self.held.contacts)

    def nothing_yet(self):
        return ContactSet(self.policy)

    def forget(self):
        """What is remembered from before does not count any more."""
        self.previous = ""
        self.memories = Memories()

    may_be_linked = False  # to others, by the policy

    def keeps_versions(self):
        """Of rows that were withdrawn: those of this customer may go on."""
        return False

    def first_version(self, first, watermark):
        """Of a row that is not known and is about what began at `first`."""
        return 1

    def truncations(self):
        """Names of the customer's bounds that were reached, beside those of what is held."""
        return []

    def close(self):
        """Nothing can change any more: only the last journey's name and what is remembered stay."""
        self.held = None
        self.alerts = Alerts([])
        self.rows = Published(self)

    def forgotten(self, watermark):
        """Nothing of the customer counts for anything that can still come in time."""
        return self.held is None and self.has_faded(self.memories.stored, watermark - self.windows.allowed_lateness)

    def knows(self, fact):
        return self.held is not None and self.held.knows(fact.hash)

    def amends(self, fact, watermark):
        """True for an event that is later than allowed, but not too late for its journey."""
        return self.held is not None and amends(self.held, fact, watermark)

    def journey_id(self, span):
        return identifier(b"journey", self.tenant.encode(), self.id.encode(), place_bytes(span.first))

    def contact_key(self, contact):
        return identifier(b"contact", self.tenant.encode(), self.id.encode(), contact.id.encode(),
                          place_bytes(contact.first))

    def now(self, watermark):
        return watermark + self.windows.max_out_of_orderness

    def story(self, span, as_of):
        """Of the journey's contacts, at a time."""
        before = self.memories.stored
        for earlier in self.held.journeys():
            if earlier.begin >= span.begin:
                break
            before = self.memories.after(self.story_after(earlier, self.known_at(earlier, before)))
        before = self.known_at(span, before)
        return Story(self.held.of(span), self.held.settlements.kept, self.policy, as_of, before)

    def has_faded(self, memory, at):
        """Too many minutes have passed since the last contact, or there was none."""
        return minute_of(at) - memory.last_minute > self.windows.memory // MINUTE_MS

    def known_at(self, span, memory):
        """What of a memory counts in a journey."""
        return NOTHING if self.has_faded(memory, span.first[0]) else memory

    def story_after(self, span, before):
        """Of the whole journey as of its end, by who remembered `before` when it began."""
        return Story(self.held.of(span), self.held.settlements.kept, self.policy, span.ends_at(self.windows), before)

    def apply(self, fact, watermark, is_news=True):
        """Takes an event in: "applied", "duplicate", or why it is set aside though it is kept.

        What is no news, because it comes later than allowed, amends rows, but nobody is told of it.
        """
        if fact.kind is None:
            return "applied"
        if fact.kind == ACTED:
            self.act(fact, watermark)
            return "applied"
        if self.forgotten(watermark):
            self.forget()
        if self.held is None:
            self.open()
        if not self.held.is_new(fact.hash):
            return "duplicate"
        self.last_event = fact.at if self.last_event is None else max(self.last_event, fact.at)
        if fact.kind == SURVEY:
            matched = self.held.add_survey(fact)
            self.settle(watermark)
            return "applied" if matched else "survey_without_contact"
        if fact.kind == SETTLED:
            contact = self.held.settle_promise(fact)
            if contact is not None and is_news:
                self.judge_event(fact, contact, watermark)
            self.settle(watermark)
            return "applied" if contact is not None else "promise_without_contact"
        before = len(self.held.contacts)
        contact = self.held.add(fact)
        if len(self.held.contacts) > before:
            if not fact.is_outside:
                self.budget.count_contact()
            if is_news:
                self.open_with(contact, watermark)
        ended = self.judge_event(fact, contact, watermark) if is_news else False
        # An event that only prolongs a contact leaves rows to the next waking.
        if (not is_news or len(self.held.contacts) != before or ended or contact.first[1] == fact.hash
                or fact.kind in (ENDED, ABANDONED, RESOLVED) or fact.promise
                or contact.ends_at(self.windows) < watermark):
            self.settle(watermark)
        else:
            self.wake = min(self.wake, contact.ends_at(self.windows))  # of one that had fallen silent before
        return "applied"

    def act(self, fact, watermark):
        """Somebody did something with an alert; nothing where it is none."""
        for span in self.held.journeys():
            changes = self.alerts.on_action(fact, self.held.of(span))
            if changes:
                self.write_alerts(span, watermark, changes)
                return self.settle(watermark)

    def open_with(self, contact, watermark):
        """Writes the card of a contact that has just begun."""
        is_stranger = is_empty(self.memories.stored) and contact is self.held.contacts[0]
        knows_nothing = is_stranger and contact.notice() is None
        if not self.policy.openings or knows_nothing or contact.ends_at(self.windows) < watermark:
            return
        span = self.held.journey_of(contact)
        card = card_row(self, self.story(span, span.last[0]), self.journey_id(span), contact)
        if card:
            self.rows.write_card(card, contact.first, watermark)

    def judge_event(self, fact, contact, watermark):
        """What rules say to an event of the contact; True when its journey had ended: then nothing."""
        span = self.held.journey_of(contact)
        if span.ended(watermark, self.windows):
            return True
        followed_up = []
        if fact.kind != SETTLED:
            story = self.story(span, span.last[0])
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
        scene = Scene(self.story(span, span.last[0]), self.memories, self.alerts.held, self.now(watermark), ended_at)
        changes, again = self.alerts.judge(scene, clock, lambda: self.journey_id(span), fact, done)
        self.write_alerts(span, watermark, changes)
        if fact is None:
            changes, later = self.alerts.on_time(self.held.of(span), self.now(watermark), clock)
            self.write_alerts(span, watermark, changes)
            again = min(again, later)
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
        self.rows.withdraw(spans, watermark)
        self.drop_settled(spans, watermark)
        spans = held.journeys()
        again = min((self.judge_conditions(span, watermark, clock) for span in spans), default=END_OF_TIME)
        if held.is_empty():
            self.wake = self.rest(watermark)
        else:
            self.wake = held.next_deadline(watermark, self.alerts.held)
            self.wake_for(again)

    def rest(self, _):
        """Nothing is left that could change; returns when there is something to do."""
        self.close()
        return END_OF_TIME

    def end_contacts(self, spans, watermark):
        for span in spans:
            story = self.story(span, span.last[0]).told_in_rows()
            contacts = story.contacts
            for index, contact in enumerate(contacts):
                ended_at = contact.ends_at(self.windows)
                if ended_at >= watermark:
                    continue
                self.write_alerts(span, watermark, self.alerts.on_contact_ended(
                    contact, ended_at, hours_of(contact, self.policy)))
                journey_id = self.journey_id(span)
                rows = self.rows.of(self.contact_key(contact), contact.first)
                self.rows.withdraw_card(rows)
                until_here = contacts[:index + 1]
                is_other = rows.follow_from(story, until_here, journey_id)
                if not is_other and contact.in_statistics:
                    continue
                parts = Parts([contact], story.of(until_here, ended_at))
                if is_other:
                    self.rows.write_moments(rows, journey_id, [contact], parts, CONTACT_END, watermark)
                    self.rows.bundle_contact(rows, contact, parts, watermark)
                if not contact.in_statistics:
                    self.held.mark_counted(contact)
                    self.statistics.count(self.tenant, contact, parts, watermark)

    def end_journeys(self, spans, watermark):
        before = self.previous
        for span in spans:
            if span.ended(watermark, self.windows):
                self.end_journey(span, before, watermark)
            before = self.journey_id(span)

    def end_journey(self, span, before, watermark):
        journey_id, contacts, ends_at = self.journey_id(span), self.held.of(span), span.ends_at(self.windows)
        self.write_alerts(span, watermark, self.alerts.on_journey_ended(contacts, ends_at))
        rows = self.rows.of(journey_id, span.first)
        final, survey = span.is_final(watermark, self.windows), self.held.survey_of(span)
        story = self.story(span, span.final_at(self.windows) if final else ends_at)
        known_before = "" if is_empty(story.before) else before
        if not rows.follow_from(story, contacts, journey_id, known_before, survey, final, self.bounds_reached()):
            return
        parts = Parts(contacts, story.told_in_rows())
        grade = EndGrade.Value("JOURNEY_END_FINAL" if final else "JOURNEY_END_PROVISIONAL")
        row = journey_row(self, self.policy, journey_id, known_before, contacts, parts, survey, grade)
        self.rows.revise(rows.journey, "journeys", journey_id, row, self.first_version(span.first, watermark))
        self.rows.write_moments(rows, journey_id, contacts, parts, grade, watermark)
        self.rows.bundle_promises(rows, row.promises_made, watermark)

    def bounds_reached(self):
        return self.held.joined, self.held.forgot_ids, self.held.settlements.forgot, self.truncations()

    def drop_settled(self, spans, watermark):
        # In order: one that is kept keeps all later ones.
        kept = next((at for at, span in enumerate(spans)
                     if self.held.kept_until(span, self.alerts.held) >= watermark), len(spans))
        dropped = spans[:kept]
        if dropped:
            self.previous = self.journey_id(dropped[-1])
            last = dropped[-1]
            remembered = self.memories.after(self.story(last, last.ends_at(self.windows)))
        for span in dropped:
            contacts = self.held.of(span)
            self.write_alerts(span, watermark, self.alerts.on_journey_dropped(contacts, self.now(watermark)))
            self.alerts.drop(contacts)
            for key in (self.journey_id(span), *map(self.contact_key, contacts)):
                self.rows.forget(key)
        if dropped:
            self.held.drop(dropped)
            self.memories.stored = remembered
        self.held.drop_waiting(watermark)

    def write_alerts(self, span, watermark, changes):
        if not changes:
            return
        as_of = span.ends_at(self.windows) if span.ended(watermark, self.windows) else span.last[0]
        parts = Parts(self.held.of(span), self.story(span, as_of))
        journey_id = self.journey_id(span)
        for alert, reason, contact in changes:
            if reason == "raised":
                self.budget.weigh(alert)
                alert.set_out(self.now(watermark))
                self.wake_for(alert.escalate_at or END_OF_TIME)
            self.write("alerts", alert.id, alert_row(self, self.policy, alert, reason, contact, journey_id, parts))
