"""What the service did in a journey as it is known at a time: of each contact its own impressions,
those of promises, and those that stand in the light of what was before."""

import oracle_causes as causes
import oracle_tallies as tallies
from oracle_hours import hours_of
from oracle_levels import ONE
from oracle_needs import repeats_of, was_for_help
from oracle_parts import LATEST, Felt
from oracle_promises import tolerated
from oracle_service import INFERRED, ORDER, counted_gap, evidence_of, impression, tolerance_gap
from oracle_waits import Expected


def order_of(made):
    return made[:ORDER]


class Story:
    """Contacts of one journey, in order, with what their customer heard of promises.

    What was announced to many counts in rows only: rules and memories look at stories without it, because else all whom
    a notice addresses would raise alerts.
    """

    def __init__(self, contacts, settlements, policy, as_of, before, with_notices=False):
        self.contacts = contacts
        self.settlements = settlements
        self.policy = policy
        self.as_of = as_of
        self.before = before  # what the customer remembered when the journey began (oracle_memory.py)
        self.with_notices = with_notices
        self.made = {}  # by index of the contact

    def of(self, contacts, as_of):
        """The same of some of its contacts, at a time."""
        return Story(contacts, self.settlements, self.policy, as_of, self.before, self.with_notices)

    def told_in_rows(self):
        return Story(self.contacts, self.settlements, self.policy, self.as_of, self.before, with_notices=True)

    def service(self, contact):
        """All that the service did in a contact, in order."""
        index = self.contacts.index(contact)
        if index not in self.made:
            found = self.own(contact)
            more = [self.repeated(index), self.followed_up(index), self.recovered(index)]
            more = [made for made in more if made]
            self.made[index] = sorted(found + more, key=order_of) if more else found
        return self.made[index]

    def service_of(self, contacts):
        return [Felt(made, contact) for contact in contacts for made in self.service(contact)]

    def own(self, contact):
        """What the contact itself tells, its promises, and what was announced to many."""
        promised = [self.promised(promise) for promise in self.promises(contact)]
        promised = [made for made in [*promised, self.with_notices and self.announced(contact)] if made]
        found = contact.service(self.policy, self.before.waits)
        return sorted(found + promised, key=order_of) if promised else found

    def promises(self, contact):
        """Those of a contact that were to be kept by a time."""
        later = self.contacts[self.contacts.index(contact) + 1:]
        return [promise for promise in contact.promises.kept
                if promise.due and not promise.is_moved_on(later, self.as_of)]

    def outcomes(self, contact):
        return [promise.outcome(self.settlements, self.as_of) for promise in self.promises(contact)]

    def promised(self, promise):
        """What became of a promise, or None."""
        made, allowed = promise.made.time, promise.allowed()
        most = tolerated(allowed, self.policy.promise_slack)
        kept, broken = promise.fate(self.settlements, self.as_of)
        if kept:
            took = max(0, kept.time - made)
            cause = causes.PROMISE_KEPT if took <= allowed else causes.PROMISE_BROKEN
            expected = Expected(allowed, most, "promise")
            gap = min(tolerance_gap(took, expected), self.policy.causes[cause].most_delight)
            return self.impression(cause, (kept.time, kept.id, kept.place[1]), gap, 1, actual=took,
                                   **expected._asdict())
        given_up, due = made + most, promise.due
        if broken and broken.time < given_up:
            return self.impression(causes.PROMISE_BROKEN, (broken.time, broken.id, broken.place[1]), -ONE, 1)
        if given_up < self.as_of:
            return self.impression(causes.PROMISE_BROKEN, (given_up, due.id, due.place[1]), -ONE, 1)
        return None

    def announced(self, contact):
        """What was announced to many has not come true, and nothing was promised in person; or None."""
        fact = contact.notice()
        if fact is None or not fact.notice.overdue or contact.need().started_by_us():
            return None
        if not was_for_help(contact) or contact.order_only:
            return None
        known = self.contacts[:self.contacts.index(contact) + 1]
        if any(promise.due and promise.made.time <= fact.at <= promise.is_due_at()
               and not any(promise.fate(self.settlements, fact.at))
               for one in known for promise in one.promises.kept):
            return None
        base, desired = fact.notice.base, fact.notice.due - fact.notice.base
        expected = Expected(desired, tolerated(desired, self.policy.promise_slack), "notice")
        gap = min(tolerance_gap(fact.at - base, expected), self.policy.causes[causes.NOTICE_BROKEN].most_delight)
        return self.impression(causes.NOTICE_BROKEN, evidence_of(fact), gap, 1, actual=fact.at - base,
                               **expected._asdict())

    def impression(self, cause, statement, gap, count, **more):
        return impression(self.policy, cause, statement, gap, count, **more)

    def counted(self, cause, fact, count=1, share=ONE):
        return self.impression(cause, evidence_of(fact), counted_gap(self.policy.causes[cause], count), count,
                               share=share)

    # --- in the light of what was before ------------------------------------------

    def repeated(self, index):
        """The customer had come for the same before; where nobody knows, it is half as sure."""
        repeats = repeats_of(self.contacts, index, self.policy.windows.repeat_window, self.before)
        if not any(repeats):
            return None
        sure = repeats.same > 0
        return self.counted(causes.REPEAT_CONTACT, self.contacts[index].need().started,
                            repeats.same if sure else repeats.unknown, ONE if sure else INFERRED)

    def followed_up(self, index):
        """A human of ours called back after a contact that hurt."""
        contact = self.contacts[index]
        answered = contact.tally(tallies.ANSWERED)
        if index == 0 or answered is None or contact.human_at() is None or not contact.need().started_by_us():
            return None
        first = contact.first[0]
        for earlier in self.contacts[:index]:
            last = earlier.last[0]
            if last < first and hours_of(earlier, self.policy).open_ms(last, first) <= self.policy.follow_up_within and (
                    earlier.abandon() or self.hurt(earlier, first)):
                return self.counted(causes.FOLLOWED_UP, answered.fact)
        return None

    def recovered(self, index):
        """It ended well after it had hurt."""
        resolved = self.contacts[index].resolved()
        if resolved and any(self.hurt(contact, resolved.at) for contact in self.contacts[:index + 1]):
            return self.counted(causes.RECOVERED, resolved)
        return None

    def hurt(self, contact, before):
        """The customer felt badly in the contact before a time."""
        felt = [*strongest_negative(contact), *contact.impressions[-LATEST:], *self.own(contact)]
        return any(one.valence < 0 and one.at < before and one.weight >= self.policy.peak_floor for one in felt)


def strongest_negative(contact):
    """The customer's worst turn as a list; empty where there is none."""
    felt = [one for one in contact.impressions if one.valence < 0]
    return [max(felt, key=lambda one: (one.weight, order_of(one)))] if felt else []
