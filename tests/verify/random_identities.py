#!/usr/bin/env python3
"""Identities of a random day: telephones of one and of many, devices, logins, ids of no customer, ones that are not
read; who is anonymous, and who is taken apart by hand.

    random_identities.py SEED [COUNT]      the lines of random_events.py, with identities
"""

import json
import random
import sys

TYPES = ["phone", "phone", "device", "email"]
UNLISTED = ["household", "office"]
MOST_ID = 256  # characters
REPLACED = ["0", "1", "old", ""]


def policy_of(rng):
    """The two sections of a policy."""
    rows = [{"type": "customer"}, {"type": "phone", "verified": "true", "max_customers": rng.choice([2, 2, 3])},
            {"type": "device", "max_customers": rng.choice([2, 3, 64])}, {"type": "email", "max_customers": 2}]
    policy = {"identities": rng.sample(rows, rng.choice([1, 2, 3, 4, 4]))}
    return {**policy, **rng.choice([{}, {"known_customers": "stay"}, {"known_customers": "move"}])}


class Identities:
    """Who has what on a day, by a chance of its own."""

    def __init__(self, rng, customers):
        self.rng = rng
        self.ids = {name: ("~" if rng.random() < 0.65 else "") + name for name in customers}
        known = [key for key in self.ids.values() if not key.startswith("~")]
        pool = [{"type": rng.choice(TYPES), "value": str(number)} for number in range(rng.randint(1, 5))]
        pool += [{"type": "customer", "value": rng.choice(known)} for _ in range(rng.choice([0, 1, 1, 2])) if known]
        self.having = {key: rng.sample(pool, min(len(pool), rng.choice([0, 1, 1, 2, 3]))) for key in self.ids.values()}
        if rng.random() < 0.35:  # a chain, in any order of keys: long ways, merges that cross, splits
            links = [{"type": "device", "value": f"c{number}"} for number in range(len(self.having) + 1)]
            for number, key in enumerate(self.having):
                self.having[key] = links[number:number + 2] + self.having[key][:rng.choice([0, 0, 1])]
        self.told = rng.choice([0.2, 0.35, 0.7])  # how often an event tells one
        self.verified = rng.choice([0.8, 0.98])
        self.unmerged = rng.choice([0, 0.02, 0.05])

    def name(self, customer):
        """Whose events they are; anonymous ids begin with ~."""
        return self.ids.get(customer, customer)

    def of(self, key):
        """What an event of a customer says of identities."""
        rng = self.rng
        said = [self.spelled(one) for one in self.having.get(key, ()) if rng.random() < self.told]
        if rng.random() < 0.05:
            said = [self.odd() for _ in range(rng.choice([1, 1, 7, 8, 9]))] + said
        return said

    def spelled(self, identity):
        rng = self.rng
        said = dict(identity)
        if rng.random() < self.verified:
            said["verified"] = True
        elif rng.random() < 0.5:
            said["verified"] = False
        if rng.random() < 0.04:
            said["previous_value"] = rng.choice(REPLACED)
        return said

    def odd(self):
        """One that links nobody, or is not even read."""
        return self.rng.choice([
            {"type": self.rng.choice(UNLISTED), "value": "1"}, {"type": "", "value": "1"}, {"type": "phone"},
            {"type": "device", "value": "x" * 257}, {"type": "customer", "value": "/i/0"},
            {"type": "device", "value": "长" * 86}, {"type": "phone", "value": "1", "previous_value": "y" * 257}])

    def next(self):
        """Somebody is taken apart, as an event; None = nobody is."""
        if self.rng.random() >= self.unmerged:
            return None
        return {"customer": {"customer_id": self.rng.choice(list(self.having))}, "control": {"identity": {"unmerge": {}}}}


def draw_into(lines, seed):
    """The lines of a day, in which customers say who they are. What was said twice is mostly the same."""
    rng = random.Random(f"identities {seed}")
    events = [json.loads(line) if line.startswith("{\"") else None for line in lines]
    names = sorted({event.get("customer", {}).get("customer_id", "") for event in filter(None, events)} - {""})
    identities, made, drawn = Identities(rng, names), {}, []
    for line, event in zip(lines, events):
        customer = (event or {}).get("customer", {}).get("customer_id")
        if customer and (line not in made or rng.random() < 0.2):
            key = identities.name(customer)
            said = identities.of(key)
            event["customer"] = {**event["customer"], "customer_id": key, **({"identities": said} if said else {})}
            if "event_id" in event:  # of the feed: no two customers' events have the same
                event["event_id"] = f"{key}:{event['event_id']}"[:MOST_ID]
            made[line] = json.dumps(event)
        drawn.append(made.get(line, line))
        taken_apart = identities.next()
        if taken_apart:
            drawn.append(json.dumps(taken_apart))
    return drawn


def main(arguments):
    import random_events  # only who wants lines needs it
    if not arguments or len(arguments) > 2 or not all(argument.isdigit() for argument in arguments):
        print(__doc__.strip())
        return 64
    seed, count = (*map(int, arguments), 400)[:2]
    print("\n".join(draw_into(random_events.lines_of(seed, count), seed)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
