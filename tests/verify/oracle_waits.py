"""How long contacts waited for an answer, what a customer is used to of that, and what they may expect therefore."""

from collections import namedtuple

import oracle_causes as causes
import oracle_tallies as tallies
from oracle_hours import hours_of
from oracle_levels import divide
from oracle_promises import tolerated

# What was expected: a zone of tolerance, in ms or in 1e-6 of a score.
Expected = namedtuple("Expected", "desired adequate basis")
# In one channel: a mean in ms, and of how many.
Usual = namedtuple("Usual", "channel ms waits")
CHANNELS, LONGEST_MS, MEAN_OF, MOST_WAITS = 2, 2**32 - 1, 8, 255
UNTIL_AN_ANSWER = (causes.QUEUE_WAIT, causes.FIRST_RESPONSE)


def remembered_channel(channel):
    """A larger number counts as the largest that is remembered."""
    return max(0, min(255, channel))


def first_response(contact):
    """Of who was never queued: from the first message to the first answer, by the clock on the wall; or None."""
    answered_at = contact.answered_at()
    if contact.queued() or not contact.messages or answered_at is None or contact.order_only:
        return None
    took = answered_at - contact.messages[0].at
    return took if took >= 0 else None


def until_an_answer(contact):
    """In the queue, or for the first response, by the clock on the wall; None = unknown, or nobody answered."""
    if contact.tally(tallies.ANSWERED) is None:
        return None
    wait = contact.wait()
    return first_response(contact) if wait is None else wait


def open_until_an_answer(contact, policy):
    """The same in the open hours of the queue."""
    wait = until_an_answer(contact)
    if wait is None:
        return None
    at = contact.tally(tallies.ANSWERED).fact.at
    return hours_of(contact, policy).open_ms(at - wait, at)


def with_wait(usual, channel, wait):
    """What is usual after one more wait; the channel comes first, the one that is used less recently may go."""
    known = next((one for one in usual if one.channel == channel), None)
    others = [one for one in usual if one is not known] if known else usual[:CHANNELS - 1]
    known = known or Usual(channel, 0, 0)
    count = min(known.waits + 1, MEAN_OF)
    ms = known.ms + divide(min(wait, LONGEST_MS) - known.ms, count)
    return Usual(channel, ms, min(known.waits + 1, MOST_WAITS)), *others


def with_waits_of(usual, contacts, policy):
    for contact in contacts:
        wait = open_until_an_answer(contact, policy)
        if wait is not None:
            usual = with_wait(usual, remembered_channel(contact.channel), wait)
    return usual


def stated(contact, policy, cause):
    """What was contracted to the customer's tier, else what the policy expects in the contact, or None."""
    queue, channel, tier = contact.latest("queue"), contact.channel, contact.latest("tier")
    rows = [row for row in policy.expectations if row.cause == cause and row.queue in ("", queue)
            and row.channel in (None, channel) and row.tier in ("", tier)
            and row.touchpoint in ("", contact.latest("touchpoint"))]
    contracted = [row for row in rows if row.tier]
    row = next(iter(contracted + rows), None)
    return row and Expected(row.desired, row.adequate, "sla" if row.tier else "policy")


def expectation(contact, policy, cause, usual):
    """As the policy says, or shifted to what the customer, or else others, are used to; None = nobody expects anything.

    `usual`: what the customer was used to before the journey.
    """
    expected = stated(contact, policy, cause)
    if expected is None or expected.basis == "sla" or cause not in UNTIL_AN_ANSWER:
        return expected
    zone = expected.adequate - expected.desired
    channel = remembered_channel(contact.channel)
    own = next((one.ms for one in usual if one.channel == channel and one.waits >= policy.own_waits > 0), None)
    if own is not None:
        return Expected(own, own + zone, "history")
    of_others = contact.baseline()
    if of_others is not None:
        return Expected(of_others.baseline, of_others.baseline + zone, "baseline")
    return expected


def announced_wait(contact, policy):
    """What the customer was told to expect of the queue, or None."""
    announced = contact.tally(tallies.WAIT_ANNOUNCED)
    return announced and Expected(announced.amount, tolerated(announced.amount, policy.promise_slack), "promise")
