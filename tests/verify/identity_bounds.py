"""What is read of identities, and what happens at their bounds. identities_test.py runs them."""

import random

from identity_days import (BOB, DEVICE, OTHER, PHONE, event, facts_of, member, one_after_the_other, outputs_of, policy_of,
                           sent, unmerge)
from oracle_fixpoint import problems_at_rest
from oracle_labels import MOST_LINKS, Home, Label, Told, named_by, node_hash
from oracle_memory import NOTHING, Memory
from oracle_memory_join import join
from oracle_messages import InteractionEvent
from oracle_waits import Usual


def random_memory(rng):
    """With equals and neighbours, some of nothing."""
    if rng.random() < 0.1:
        return NOTHING

    def minute():
        return rng.choice([28_000_000, 28_000_001, 28_000_000 + rng.randrange(100_000)])

    def level(sign):
        return sign * rng.choice([0, 3_000, 6_000, 6_001])
    worst, best, end = level(-1), level(1), rng.choice([None, level(1), level(-1)])
    usual = [Usual(channel, rng.choice([1_000, 9_000]), rng.choice([1, 2, 3])) for channel in rng.sample([1, 2, 3], 2)]
    needs = rng.choice([(0, 0, 0, 0), (rng.randrange(3), 0, 1, minute())])
    return Memory(worst, best, end, minute() if worst else 0, minute() if best else 0, 0 if end is None else minute(),
                  worst < 0 and rng.random() < 0.5, rng.random() < 0.5, rng.randrange(3), minute(), *needs,
                  rng.choice([0, 4_000]), rng.randrange(3), tuple(usual[:rng.randrange(3)]))


class Bounds:
    """Needs `comes_to_rest` and the assertions of a test case."""

    def test_too_many_guests(self):
        """Those heard of longest ago become part of the host; their events are still known."""
        events = [event(f"e{number}", f"~{number:02}", number, f"c{number}", [BOB], -0.9) for number in range(40)]
        logs = one_after_the_other([*events, event("f", "~00", 50, "c0"), events[1], events[39], unmerge("~01"),
                                    unmerge("~39")], 2)
        host = member(logs, "bob")
        self.assertEqual(host.held.absorbed, 9)
        outcomes = [outcome for partition in logs.partitions for outcome in partition.outcomes.values()]
        self.assertEqual(outcomes.count("duplicate"), 2)
        self.assertEqual([len(member(logs, name).held.contacts) if member(logs, name).held else 0 for name in (
            "~01", "~39")], [0, 1])
        self.assertEqual(problems_at_rest(logs.partitions, facts_of(policy_of(), logs)), [])

    def test_long_ways(self):
        """A chain of customers splits where a label has come too far."""
        names = [f"~{letter}" for letter in "aklmnopqrs"]
        for said_first in (0, 1):
            events = [event(f"e{number}", name, number, "web", [("device", f"d{number + said_first}"),
                                                                ("device", f"d{number + 1 - said_first}")])
                      for number, name in enumerate(names)]
            logs = self.comes_to_rest(events)
            self.assertEqual([member(logs, name).host for name in names], [None, *["~a"] * 4, None, *["~o"] * 4])

    def test_many_links(self):
        said = [[("device", str(number)) for number in range(begin, begin + 8)] for begin in (0, 8, 16)]
        logs = self.comes_to_rest([event(f"e{number}", "~v", number, "web", one) for number, one in enumerate(said)][:2])
        self.assertEqual(len(member(logs, "~v").links.heard), MOST_LINKS)
        logs.append(event("e3", "~v", 3, "web", said[2]))
        logs.drain()
        self.assertEqual(len(member(logs, "~v").links.heard), MOST_LINKS)
        logs.finish()
        self.assertEqual({name for rows in outputs_of(logs.partitions, "journeys").values() for row in rows
                          for name in row.truncated}, {"max_identities"})

    def test_large_events(self):
        """The largest that a feed may send is sent on whole."""
        large = event("e2", "~v", 2, "web")
        large.raw = bytes((1 << 20) - 200)
        logs = one_after_the_other([event("e0", "~v", 0, "web", [BOB]), large], 2)
        self.assertEqual([one.identity.event.event for one in sent(logs, "event")], [large.SerializeToString()])
        self.assertEqual([one for partition in logs.partitions for one in partition.expected if one.topic == "rejected"], [])

    def test_identities_that_are_read(self):
        policy = policy_of()
        unread = [("", "1"), ("phone", "x" * 257), ("phone", "")]
        one = event("e", "~v", 0, identities=[*unread, *[("household", "1")] * 6, PHONE, DEVICE, OTHER])
        self.assertEqual(len(named_by(one, policy)), 2)
        one = event("e", "~v", 0, identities=[PHONE, ("customer", "/i/0"), BOB])
        one.customer.identities[0].verified = False
        one.customer.identities[2].previous_value = "ann"
        self.assertEqual([named.home for named in named_by(one, policy)], ["/c/bob", "/c/ann"])

    def test_memories_joined(self):
        """In any order, and once more: the same."""
        rng, half_lives = random.Random(1), policy_of().memory
        for _ in range(2_000):
            one, other, third = (random_memory(rng) for _ in range(3))
            both = join(one, other, half_lives)
            self.assertEqual(both, join(other, one, half_lives))
            self.assertEqual(both, join(both, one, half_lives))
            self.assertEqual(both, join(both, other, half_lives))
            self.assertEqual(join(both, NOTHING, half_lives), both)
            self.assertEqual(join(both, third, half_lives).last_minute, max(both.last_minute, third.last_minute))

    def test_the_home_of_a_customers_id(self):
        """Forgets who spoke longest ago, but neither who is named nor who has the smallest label."""
        home = Home("/c/bob")
        said = [Told(home.key, Label(name, (node_hash(name),)), ask=True) for name in ("bob", "ann")]
        self.assertEqual([one.to for one in home.hear(said[1], "ann", None)], ["bob", "bob", "ann"])
        home.hear(said[0], "bob", None)
        for number in range(300):
            home.hear(Told(home.key, Label(f"~{number:03}", (number,))), f"~{number:03}", None)
        self.assertEqual(len(home.members), 256)
        self.assertEqual(list(home.members)[:3], ["ann", "bob", "~046"])
