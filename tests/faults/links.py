"""Customers of a campaign who are linked by identities: visitors who log in, households, a device of too many.

Simple links only: what is said of who links over more than one identity is tried on random days (tests/verify).
"""

import random

from load import LiveDay, Load
from oracle_messages import InteractionEvent

# A section of the policy.
IDENTITIES = """identities:
  - {type: customer}
  - {type: phone, verified: true, max_customers: 3}
  - {type: device, max_customers: 2}
"""
# Customers come one after the other, ten a second: so many in a row have to do with each other.
EACH = 10
# By place in the row: what they have in common with others of it, and whether they are anonymous.
ROW = [(None, False), ("customer", True), ("phone", True), ("phone", True), ("their phone", False),
       ("their phone", True), ("device", True), ("device", True), ("device", True), (None, True)]
TOLD = [0.03, 0.1, 0.5]  # how often an event tells it: some once they have left, some from the first
UNMERGED = 0.0003


class Links:
    """Who has which identity, a function of the number that a customer's id ends with."""

    def __init__(self, seed):
        self.rng = random.Random(f"links {seed}")

    @staticmethod
    def place(customer):
        return divmod(int(customer.lstrip("~")[1:]), EACH)

    def name(self, customer):
        """Anonymous ids begin with ~."""
        return f"~{customer}" if ROW[self.place(customer)[1]][1] else customer

    def of(self, customer):
        """What an event says of identities."""
        row, place = self.place(customer)
        what = ROW[place][0]
        if what is None or self.rng.random() >= TOLD[(row + place) % len(TOLD)]:
            return []
        if what == "customer":
            return [{"type": what, "value": f"p{row * EACH}"}]
        return [{"type": what.split()[-1], "value": f"{row} {what}", "verified": True}]

    def unmerged(self, customers):
        """The customer who is taken apart from all others now; None = nobody is."""
        return self.name(self.rng.choice(customers)) if self.rng.random() < UNMERGED else None


class LinkedDay(LiveDay):
    """Events that say who their customers are."""

    def __init__(self, seed, people):
        super().__init__(seed, people)
        self.links = Links(seed)

    def good(self):
        customer = self.links.unmerged(self.customers)
        if customer is None:
            return super().good()
        event = InteractionEvent()
        event.customer.customer_id = customer
        event.control.identity.unmerge.SetInParent()
        return f"/{customer}".encode(), event.SerializeToString(), []

    def fill(self, event):
        super().fill(event)
        customer = event["customer"]["customer_id"].lstrip("~")  # of a promise: whose it was
        event["customer"] = {**event["customer"], "customer_id": self.links.name(customer),
                             "identities": self.links.of(customer)}


class LinkedLoad(Load):
    """The random events of a seed, of linked customers."""

    def day_of(self, seed, people):
        return LinkedDay(seed, people)
