"""How many faults of which kind an amount asks for, in which campaigns, and what has come of them."""

import json
import random

AMOUNTS = {
    "commit": {"F1": 8, "F1b": 12, "F2": 3, "F3": 5, "F4": 2, "F5": 1, "F6": 1, "F8": 3, "F9": 5,
               "F14a": 1, "F14b": 1, "F14c": 1},
    "nightly": {"F1": 200, "F1b": 160, "F2": 50, "F3": 100, "F4": 50, "F5": 10, "F6": 100, "F8": 120, "F9": 50,
                "F14a": 8, "F14b": 8, "F14c": 4, "F16": 20},
    "release": {"F1": 1000, "F1b": 800, "F2": 200, "F3": 500, "F4": 300, "F5": 100, "F6": 500, "F8": 500,
                "F9": 1000, "F14a": 20, "F14b": 20, "F14c": 10, "F16": 50},
    "soak": {"F15": 1}}
FEW_CUSTOMERS = 50_000
CUSTOMERS = {"commit": FEW_CUSTOMERS, "nightly": 1_000_000, "release": 1_000_000}
PER_CAMPAIGN = 22
# These have jobs of their own, after all the others: so many in each.
ALONE = {"F14c": 1, "F15": 1, "F16": 10}


def expand(only):
    """F14 stands for F14a, F14b and F14c; F1 is a name of its own beside F1b. Raises ValueError."""
    known = {name for amount in AMOUNTS.values() for name in amount}
    found = []
    for wanted in only:
        meant = [wanted] if wanted in known else [name for name in known if name[:-1] == wanted]
        if not meant:
            raise ValueError(f"no fault {wanted}; there are {' '.join(sorted(known))}")
        found += meant
    return sorted(set(found))


def plan(amount, seed, only):
    """The campaigns of an amount, each a list of faults; a function of its arguments.

    What is asked for by name and no part of the amount is done once.
    """
    wanted = {name: count for name, count in AMOUNTS[amount].items() if not only or name in only}
    wanted.update({name: 1 for name in only if name not in wanted})
    names = [name for name, count in wanted.items() if name not in ALONE for _ in range(count)]
    random.Random(f"{amount}/{seed}").shuffle(names)
    campaigns = [names[at:at + PER_CAMPAIGN] for at in range(0, len(names), PER_CAMPAIGN)]
    for name, most in ALONE.items():
        left = wanted.get(name, 0)
        campaigns += [[name] * min(most, left - at) for at in range(0, left, most)]
    return campaigns


def quantile(sorted_numbers, share):
    return sorted_numbers[min(len(sorted_numbers) - 1, int(share * len(sorted_numbers)))] if sorted_numbers else None


class Tally:
    """The results of campaigns, in a file that a later run goes on with."""

    def __init__(self, path, amount, seed, only):
        self.path = path
        self.key = {"amount": amount, "seed": seed, "only": only}
        self.campaigns = {}
        if path is not None and path.exists():
            kept = json.loads(path.read_text(encoding="utf-8"))
            if {name: kept[name] for name in self.key} != self.key:
                raise ValueError(f"{path} belongs to another run: amount {kept['amount']}, seed {kept['seed']}")
            self.campaigns = {int(number): one for number, one in kept["campaigns"].items()}

    def has(self, number):
        return number in self.campaigns

    def add(self, number, result):
        self.campaigns[number] = result
        self.save()

    def summary(self):
        faults = {}
        sums = dict.fromkeys(("sent", "input", "outputs", "journeys", "rejected", "poison", "lives", "held_end_txn",
                              "snapshot_corruptions", "from_snapshots", "seconds"), 0)
        recovery = []
        for one in self.campaigns.values():
            for name, *_ in one["faults"]:
                faults[name] = faults.get(name, 0) + 1
            for name in sums:
                sums[name] = round(sums[name] + one.get(name, 0), 1)
            recovery += one["recovery_s"]
        recovery.sort()
        return {"campaigns": len(self.campaigns), "faults": dict(sorted(faults.items())), **sums,
                "recovery_s": {"p50": quantile(recovery, 0.5), "p99": quantile(recovery, 0.99),
                               "max": quantile(recovery, 1)},
                "violations": sum(len(one["violations"]) for one in self.campaigns.values())}

    def save(self):
        if self.path is None:
            return
        text = json.dumps({**self.key, "summary": self.summary(), "campaigns": self.campaigns}, indent=None)
        part = self.path.with_suffix(".part")
        part.write_text(text.replace('{"seed"', '\n{"seed"') + "\n", encoding="utf-8")
        part.replace(self.path)
