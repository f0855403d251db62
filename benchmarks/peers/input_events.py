"""The input of the peers' job: the same events for the same seed, on every machine.

Few customers speak much (customer = floor(customers * u^2)), a customer's mood lasts
for some events, and 93.4 % of the events follow 20 s after the one before; the rest
come a day later and begin a new journey.
"""

import random

from job_messages import Event

EVENTS = 4_000_000
CUSTOMERS_PER_EVENT = 0.05  # 200,000 customers in 4 million events
SEED = 7

FIRST_MS = 1_760_000_000_000
TURN_MS = 20_000
DAY_MS = 86_400_000
SAME_JOURNEY = 0.934
MOOD_CHANGES = 0.1


def customer_name(number):
    return f"customer-{number:07d}"


class _Customer:
    __slots__ = ("contacts", "mood", "occurred_ms")

    def __init__(self, mood):
        self.contacts = 1
        self.mood = mood
        self.occurred_ms = FIRST_MS


def events(count, customers=None, seed=SEED):
    """Yields `count` events in the order in which they are to be written.

    The same object each time, filled anew: encode it before asking for the next.
    `recorded_ms` is 1 s after `occurred_ms`; an open load puts its own there.
    """
    source = random.Random(seed)
    uniform, gauss = source.random, source.gauss
    customers = customers or max(1, int(count * CUSTOMERS_PER_EVENT))
    known = {}
    event = Event(source="voice-eu-1", tenant="tenant-1", kind=3, confidence_milli=870, touchpoint="billing/invoice-dispute",
                  channel=2)
    for index in range(count):
        number = int(customers * uniform() ** 2)
        customer = known.get(number)
        if customer is None:
            customer = known[number] = _Customer(gauss(0, 400))
        else:
            if uniform() < SAME_JOURNEY:
                customer.occurred_ms += TURN_MS
            else:
                customer.occurred_ms += DAY_MS
                customer.contacts += 1
            if uniform() < MOOD_CHANGES:
                customer.mood = gauss(0, 400)
        valence = round(customer.mood + gauss(0, 250))
        event.id = f"voice-eu-1/call-events/{index:010d}"
        event.customer = customer_name(number)
        event.occurred_ms = customer.occurred_ms
        event.recorded_ms = customer.occurred_ms + 1000
        event.contact = f"contact-{number:07d}-{customer.contacts:06d}"
        event.queue = f"queue-{number % 40:02d}"
        event.agent = f"agent-{number % 997:04d}"
        event.valence_milli = max(-1000, min(1000, valence))
        yield event
