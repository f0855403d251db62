"""Records of identities, where a policy links nobody and where it does, and ids that are no customer's.
verify_test.py runs them."""

import copy
import json
import pathlib
import random
import tempfile
from collections import Counter

import yaml

import random_events
import random_identities
import random_policies
from random_events import START_MS
from verify_announced import WINDOWS, came, said

POLICIES = ([{"type": "customer"}], [{"type": "phone", "verified": "true", "max_customers": 3}],
            [{"type": "customer", "verified": "false"}, {"type": "device", "max_customers": 64}])
LONGEST = "c" * 256  # of all ids
# Many merges and splits; those up to 14 have few.
LINKED_DAYS = (1, 3, 5, 9, 10, 14, 25, 35, 45, 48, 56, 64, 65, 77, 91, 131)
EVENTS = 300  # of a day


def told(customer, **more):
    """An identity record to a customer, or a home."""
    return {"customer": {"customer_id": customer}, "control": {"identity": more}}


def raw_of(size):
    return {"raw": "A" * (size // 3 * 4)}  # bytes in base64


class Merges:
    """What became of customers who were linked."""

    def __init__(self):
        self.seen = Counter()

    def read(self, _, outputs, __):
        for line in outputs.read_text(encoding="utf-8").splitlines():
            value = json.loads(line)["value"]
            self.seen["withdrawn"] += value.get("merged_into", "") != ""
            self.seen[value.get("reason", "")] += 1


class Identities:
    """Needs `told` of Announced, `agrees` and the assertions of a test case."""

    def test_ids_that_are_no_customers(self):
        events = [came(customer, 1) for customer in ("p", "/", "/i/0123", "/c/p", "i/0", "p/", "/p")]
        events += [{**came("q", 2), "tenant_id": "acme"}, {**came("/q", 2), "tenant_id": "acme"}]
        census = self.told("reserved", events)
        self.assertEqual(census.refused, {"customer.customer_id": 5})

    def test_identity_records(self):
        label = {"from": "/i/0123", "label": {"customer_id": "a", "way": [1] * 9, "ask": True}}
        taken = [told("p", **label), told("/i/0123", **{**label, "from": "p"}), told("/c/" + LONGEST, **label),
                 told("p", **{"from": "/c/" + LONGEST, "recall": {}}), told("p", unmerge={}), told("p"),
                 told("p", **{"from": "q", "label": {}}), told("p", **{"from": "q", "hand_back": {"last": True}}),
                 told("p", **{"from": "q", "event": {"event": "AAAA"}}),
                 {**told("p", **label), "occurred_at_ms": START_MS + 10**9}]
        refused = [told("p", label={}), told("p", **{"from": "q", "event": {"late": True}}),
                   told("p", **{**label, "from": LONGEST + "c"}), told("p", **{**label, "from": "/c/" + LONGEST + "c"}),
                   told(LONGEST + "c", **label), told("/c/" + LONGEST + "c", **label),
                   told("p", **{"from": "q", "label": {"customer_id": "/c/p"}}),
                   told("p", **{"from": "q", "label": {"customer_id": LONGEST + "c"}}),
                   told("p", **{"from": "q", "label": {"way": [1] * 10}}), {"control": {"identity": label}}]
        census = self.told("records", [said("p", 0, score=-0.9), *taken, *refused, said("p", 1, score=-0.9)])
        self.assertEqual(census.refused, {
            "control.identity.from": 3, "control.identity.event.event": 1, "customer.customer_id": 2,
            "control.identity.label.customer_id": 2, "control.identity.label.way": 1, "key": 1})

    def test_large_records(self):
        label = told("p", **{"from": "q", "label": {}})
        most = 1 << 20
        events = [{**label, **raw_of(most)}, {**label, **raw_of(most + 4000)}, {**label, **raw_of(most + 4200)},
                  {**came("p", 0), **raw_of(most)}, {**came("p", 0), **raw_of(most - 4000)}]
        self.assertEqual(self.told("large", events).refused, {"": 2})

    def test_policies_that_link(self):
        """Which of them it is stands on each output."""
        written = yaml.load(WINDOWS.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        phone = {"type": "phone", "value": "1", "previous_value": "2", "verified": True}
        named = came("p", 0)
        named["customer"]["identities"] = [phone, {"type": "device", "value": "x" * 300}]
        for number, identities in enumerate(POLICIES):
            for known in ({}, {"known_customers": "stay"}, {"known_customers": "move"}):
                with tempfile.TemporaryDirectory() as folder:
                    policy = pathlib.Path(folder) / "policy.yaml"
                    policy.write_text(yaml.safe_dump({**written, "identities": identities, **known}), encoding="utf-8")
                    self.told(f"policy {number} {known}", [named, said("p", 1, score=-0.9)], policy=policy)

    def test_linked_days(self):
        """Customers who are merged, split and taken apart, however many partitions there are."""
        merges = Merges()
        written = yaml.load(WINDOWS.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        with tempfile.TemporaryDirectory() as folder:
            for seed in LINKED_DAYS:
                rng = random.Random(f"linked day {seed}")
                policy = pathlib.Path(folder) / f"{seed}.yaml"
                linking = {**copy.deepcopy(written), **random_identities.policy_of(rng)}
                random_policies.recipients(random.Random(f"recipients {seed}"), linking)
                policy.write_text(yaml.safe_dump(linking), encoding="utf-8")
                lines = random_identities.draw_into(random_events.lines_of(seed, EVENTS), seed)
                self.agrees(f"linked day {seed}", lines, policy, seed % 4 + 1, census=merges)
        for what in ("withdrawn", "merged", "split", "escalated"):
            self.assertGreater(merges.seen[what], 20, what)
