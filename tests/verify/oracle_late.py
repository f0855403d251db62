"""Whether an event that comes later than is allowed is for a journey that still can be amended."""

from oracle_facts import SETTLED, SURVEY
from oracle_promises import settlement_of


def amends(held, fact, watermark):
    """Of what is held before the event is taken in."""
    def can_be_amended(span):
        return span is not None and span.can_be_amended(watermark, held.windows)
    if fact.kind == SURVEY:
        return can_be_amended(held.surveyed(fact))
    contact = held.promised_in(settlement_of(fact)) if fact.kind == SETTLED else held.in_reach(fact)
    if contact is not None:
        return can_be_amended(held.journey_of(contact))
    # It begins a contact, within what is known of the journey.
    return fact.kind != SETTLED and any(can_be_amended(span) and span.first[0] <= fact.at <= span.last[0]
                                        for span in held.journeys())
