"""What the service did to a customer: the impressions that follow from a contact's tallies."""

from collections import namedtuple

import oracle_causes as causes
import oracle_tallies as tallies
from oracle_hours import hours_of
from oracle_levels import ONE, divide, to_nano
from oracle_waits import announced_wait, expectation, first_response

# Ordered by (time, event id, hash, cause); `weight` is intensity x confidence. All after
# `weight` is there for what the service did, `basis` and what follows for what is measured.
Impression = namedtuple("Impression", "at id hash cause valence confidence given weight gap count kano basis actual "
                        "desired adequate calendar",
                        defaults=(None, 0, "", "", None, None, None, None))
ORDER = 4  # fields that order impressions
# How a contact ended, beside its tail.
Terminal = namedtuple("Terminal", "place at id cause valence confidence")

LEAST_WORSE = ONE // 10  # gap at the adequate
INFERRED = ONE // 2  # confidence in what a silence says
# Measured in the open hours of the queue, unless a time was announced.
IN_OPEN_HOURS = (causes.QUEUE_WAIT, causes.FIRST_RESPONSE, causes.NEXT_RESPONSE)
OF_TALLY = {causes.WRONG_SKILL: tallies.WRONG_SKILL, causes.NOT_UNDERSTOOD: tallies.NOT_UNDERSTOOD,
            causes.INTERRUPTED: tallies.INTERRUPTED, causes.TALKED_OVER: tallies.TALKED_OVER,
            causes.DROPPED: tallies.DROPPED, causes.PAGE_ERROR: tallies.PAGE_ERROR,
            causes.OUTSIDE_COMPLAINT: tallies.OUTSIDE_COMPLAINT, causes.ORDER_RETURNED: tallies.ORDER_RETURNED,
            causes.ORDER_CANCELLED: tallies.ORDER_CANCELLED, causes.LEFT_SERVICE: tallies.LEFT_SERVICE,
            causes.RENEWED: tallies.RENEWED}


def weight_of(valence, confidence):
    return divide(abs(valence) * confidence, ONE)


def valence_of(gap, kano):
    """What a gap does to the customer, by its KANO class."""
    if kano == "basic":
        gap = min(0, 2 * gap)
    elif kano == "excitement":
        gap = max(0, 3 * gap // 2)
    return max(-ONE, min(ONE, gap))


def tolerance_gap(actual, expected):
    """0 at the desired, -0.1 at the adequate, -1 where that is exceeded by as much as the zone is wide."""
    desired, adequate = expected.desired, expected.adequate
    sign = 1 if adequate >= desired else -1
    worse, zone = sign * (actual - desired), sign * (adequate - desired)
    if worse == 0:
        return 0
    if worse < 0:
        return to_nano(-worse / max(desired, 1))
    if worse <= zone:
        return divide(to_nano(worse / zone) * -LEAST_WORSE, ONE)
    if zone == 0:
        return -ONE
    return min(-LEAST_WORSE, -to_nano((worse - zone) / zone))


def counted_gap(row, count):
    return max(-ONE, min(ONE, row.first + (count - 1) * row.step))


def impression(policy, cause, statement, gap, count, share=ONE, **measured):
    """Of (time, event id, hash) the impression that a gap makes, or None; `share` lessens its confidence."""
    at, name, number = statement
    row = policy.causes[cause]
    valence = valence_of(gap, row.kano)
    if not valence:
        return None
    confidence = divide(row.confidence * share, ONE)
    return Impression(at, name, number, cause, valence, confidence, True, weight_of(valence, confidence), gap, count,
                      "" if row.kano == "none" else row.kano, **measured)


def evidence_of(fact):
    return fact.at, fact.id, fact.hash


class Service:
    """Collects the impressions of one contact."""

    def __init__(self, contact, policy, usual):
        """`usual`: waits that the customer was used to before the journey."""
        self.contact = contact
        self.policy = policy
        self.usual = usual
        self.found = []
        self.count()
        self.measure_wait()
        self.measure_hold()
        self.measure_first_response()
        self.measure(causes.NEXT_RESPONSE, tallies.RESPONSE_DELAYED)
        self.measure(causes.SILENCE, tallies.SILENCE)
        self.measure(causes.POOR_AUDIO, tallies.AUDIO_RATED)
        self.read_reviews()
        self.found.sort(key=lambda impression: impression[:ORDER])

    def add(self, cause, fact, gap, count, **measured):
        made = impression(self.policy, cause, evidence_of(fact), gap, count, **measured)
        if made:
            self.found.append(made)

    # --- what is counted ----------------------------------------------------------

    def count(self):
        tally = self.contact.tally
        for cause, kind in OF_TALLY.items():
            if tally(kind):
                self.add_counted(cause, tally(kind).fact, tally(kind).count)
        transfers = tally(tallies.TRANSFERRED)
        if transfers:
            self.add_counted(causes.TRANSFERRED, transfers.fact, transfers.count - 1)
        self.count_authentications(tally(tallies.AUTHENTICATED), tally(tallies.ASKED_AGAIN))
        self.count_refusals(tally(tallies.HUMAN_REQUESTED), tally(tallies.ASKED_FOR_HUMAN))
        self.count_unanswered(tally(tallies.EXPIRED))

    def add_counted(self, cause, fact, count):
        if count > 0:
            self.add(cause, fact, counted_gap(self.policy.causes[cause], count), count)

    def count_authentications(self, done, again):
        known = [tally for tally in (done, again) if tally]
        if known:
            times = max(done.count - 1 if done else 0, again.count if again else 0)
            latest = max((tally.fact for tally in known), key=lambda fact: fact.place)
            self.add_counted(causes.AUTHENTICATED_AGAIN, latest, times)

    def count_refusals(self, *requests):
        """One request may be reported and be heard in words."""
        known = [tally for tally in requests if tally]
        if known:
            latest = max((tally.fact for tally in known), key=lambda fact: fact.place)
            human = self.contact.human_at()
            heard = human is not None and human >= latest.at
            self.add_counted(causes.HUMAN_REFUSED, latest, max(tally.count for tally in known) - heard)

    def count_unanswered(self, expired):
        message = self.contact.last_message()
        if expired and message and not self.contact.answered_after(message.place):
            self.add_counted(causes.UNANSWERED, expired.fact, 1)

    # --- what is measured ---------------------------------------------------------

    def expected(self, cause):
        return expectation(self.contact, self.policy, cause, self.usual)

    def compare(self, cause, tally, actual, expected):
        if expected is None:
            return
        calendar = None
        if cause in IN_OPEN_HOURS and expected.basis != "promise":
            hours = hours_of(self.contact, self.policy)
            actual, calendar = hours.open_ms(tally.fact.at - actual, tally.fact.at), hours.name
        gap = min(tolerance_gap(actual, expected), self.policy.causes[cause].most_delight)
        self.add(cause, tally.fact, gap, tally.count, actual=actual, calendar=calendar, **expected._asdict())

    def measure(self, cause, kind):
        """A tally whose amount is what the expectation is about."""
        tally = self.contact.tally(kind)
        if tally and tally.amount is not None:
            self.compare(cause, tally, tally.amount, self.expected(cause))

    def measure_wait(self):
        answered = self.contact.tally(tallies.ANSWERED)
        tally = answered or self.contact.tally(tallies.ABANDONED)
        wait = self.contact.wait()
        if tally is None or wait is None:
            return
        expected = announced_wait(self.contact, self.policy) or self.expected(causes.QUEUE_WAIT)
        if answered:  # giving up is its own end
            self.compare(causes.QUEUE_WAIT, tally, wait, expected)
        if expected and expected.basis == "promise" and wait > expected.adequate:
            self.compare(causes.ANNOUNCED_WAIT_EXCEEDED, tally, wait, expected)

    def measure_first_response(self):
        took = first_response(self.contact)
        if took is not None:
            self.compare(causes.FIRST_RESPONSE, self.contact.tally(tallies.ANSWERED), took,
                         self.expected(causes.FIRST_RESPONSE))

    def measure_hold(self):
        begun, ended = self.contact.tally(tallies.HOLD_BEGUN), self.contact.tally(tallies.HOLD_ENDED)
        if ended is None:
            return
        lasted = ended.amount
        if lasted is None and begun and begun.fact.place < ended.fact.place and not self.contact.order_only:
            lasted = ended.fact.at - begun.fact.at
        if lasted is not None:
            self.compare(causes.HOLD, ended, lasted, self.expected(causes.HOLD))

    def read_reviews(self):
        reviews = self.contact.tally(tallies.REVIEWED)
        if reviews and 2 * reviews.amount < ONE:
            self.add(causes.LOW_REVIEW, reviews.fact, 2 * reviews.amount - ONE, reviews.count)


def service_impressions(contact, policy, usual):
    """In their order; at most one of each cause."""
    return Service(contact, policy, usual).found


def hung_up_on_hold(contact, policy):
    """The terminal of a contact that ended while the customer was on hold, or None."""
    begun, ended = contact.tally(tallies.HOLD_BEGUN), contact.tally(tallies.HOLD_ENDED)
    end, human = contact.ended_at(), contact.human_at()
    if begun is None or end is None or end < begun.fact.at:
        return None
    fact = begun.fact
    if ended and ended.fact.place >= fact.place or human is not None and human > fact.at:
        return None
    return Terminal((end, fact.hash), end, fact.id, causes.HUNG_UP_ON_HOLD, policy.hung_up_on_hold_valence, ONE)


def left_unanswered(contact, policy, as_of):
    """The terminal of a customer who did not answer the last question before the contact went quiet, or None."""
    question, message = contact.last_question(), contact.last_message()
    if question is None or message is None or question.place < message.place:
        return None
    ended = contact.ends_at(policy.windows) <= as_of if contact.ended_at() is None else contact.tally(tallies.EXPIRED)
    return Terminal(question.place, question.at, question.id, causes.LEFT_UNANSWERED, policy.left_unanswered_valence,
                    INFERRED) if ended else None
