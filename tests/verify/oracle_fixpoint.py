"""Where customers and their events must be when all records have been read: from what the events say alone.

Knows nothing of records between customers, nor of the order in which anything was read.
"""

from collections import Counter, defaultdict

from oracle_facts import ACTED, SETTLED, SURVEY, Fact
from oracle_ingest import Refused, decode
from oracle_labels import named_by

LONGEST = 9  # nodes from a customer to who follows it


class Facts:
    """What the producers' records say: by tenant, who has which identities, who was taken apart, which events count."""

    def __init__(self, policy, limits):
        self.policy, self.limits = policy, limits
        self.said = defaultdict(dict)  # by (tenant, customer): {home: most}
        self.unmerged = set()
        self.in_time = set()  # (tenant, customer, hash) of events of contacts
        self.late = set()
        self.repeats = Counter()  # of either, beyond the first

    def read(self, records):
        """One partition's log."""
        now, windows = None, self.policy.windows
        for record in records:
            try:
                event, payload = decode(record, self.limits)
            except Refused:
                continue
            key = event.tenant_id, event.customer.customer_id
            if payload == "control":
                if event.control.identity.HasField("unmerge"):
                    self.unmerged.add(key)
                    self.said.setdefault(key, {})
                if event.control.HasField("clock_tick") and record.timestamp > 0:
                    now = max(now or 0, record.timestamp)
                continue
            at = event.occurred_at_ms
            now = max(now or 0, min(at, record.timestamp) if record.timestamp > 0 else at)
            self.said[key].update((named.home, named.most) for named in named_by(event, self.policy))
            fact = Fact(event, payload, self.policy.phrases, None, None)
            if fact.kind not in (None, SURVEY, SETTLED, ACTED):
                late = at < now - windows.max_out_of_orderness - windows.allowed_lateness
                told = *key, fact.hash
                self.repeats[told] += told in self.late or told in self.in_time
                (self.late if late else self.in_time).add(told)

    def hosts(self):
        """By (tenant, customer): with whom they are looked at."""
        found = {}
        for tenant in {tenant for tenant, _ in self.said}:
            said = {name: homes for (other, name), homes in self.said.items() if other == tenant}
            apart = {name for other, name in self.unmerged if other == tenant}
            found.update({(tenant, name): host for name, host in hosts_of(
                said, apart, self.policy.known_customers_move).items()})
        return found


def hosts_of(said, unmerged, known_move):
    """Who is the smallest that each is linked with, over at most so many nodes."""
    said = {name: dict(homes) for name, homes in said.items()}
    for home in {home for homes in list(said.values()) for home in homes if home.startswith("/c/")}:
        said.setdefault(home[3:], {})[home] = None
    apart = unmerged | {name for name, homes in said.items()
                        if sum(home.startswith("/c/") and home[3:] != name for home in homes) > 1}
    count = Counter(home for homes in said.values() for home in homes)
    linked = {name: [home for home, most in homes.items() if most is None or count[home] <= most]
              for name, homes in said.items() if name not in apart}
    customers, homes = {name: (size(name), 1) for name in linked}, {}
    while True:  # what a round knows comes from the round before, so that nothing holds itself up
        told = {home: step([customers[name] for name in linked if home in linked[name]])
                for home in {home for names in linked.values() for home in names}}
        heard = {name: min([(size(name), 1), *filter(None, (step([homes.get(home)]) for home in linked[name]))])
                 if known_move or name.startswith("~") else (size(name), 1) for name in linked}
        if (told, heard) == (homes, customers):
            break
        homes, customers = told, heard
    return {name: customers[name][0][1].decode() if name in linked else name for name in said}


def size(name):
    """Known customers are smaller than anonymous ones."""
    return name.startswith("~"), name.encode()


def step(labels):
    """The smallest of what neighbours know, a node further on; None where it is too far."""
    return min(((key, nodes + 1) for key, nodes in filter(None, labels) if nodes < LONGEST), default=None)


# --- what is held against it ----------------------------------------------------------


def problems_at_rest(partitions, facts):
    """What is not as it must be when nothing is under way any more."""
    found = []
    members = {key: member for partition in partitions for key, member in partition.customers.items()}
    for key, host in facts.hosts().items():
        member = members.get(key)
        wanted = None if host == key[1] else host
        if (member and member.host) != wanted:
            found.append("a customer is not where the labels say")
        if member and (member.recalled or member.left):
            found.append("a customer is recalled, or waits for one who left")
    hosts = facts.hosts()
    for key, member in members.items():
        for origin in origins_of(member):
            if hosts.get((key[0], origin), origin) != key[1]:
                found.append("events of a customer are not where the labels say")
    held = Counter(fact.hash for member in members.values() for fact in events_of(member))
    over = Counter(one for member in members.values() for one in member.over)
    held += over
    wanted = Counter(event for _, _, event in facts.in_time)
    allowed = wanted + Counter(event for _, _, event in facts.late - facts.in_time)
    # Ids are known as long as the contact is: what a feed repeats after that counts once more.
    repeats = Counter()
    for (_, _, event), times in facts.repeats.items():
        repeats[event] += times
    allowed += over & repeats
    if wanted - held:
        found.append(f"{sum((wanted - held).values())} events are nowhere")
    if held - allowed:
        found.append(f"{sum((held - allowed).values())} events are there twice, or came too late")
    return found


def origins_of(member):
    """Whose contacts lie there; of those who were absorbed nobody knows."""
    parts = {member.id: member.held.own, **member.held.guests} if member.held else {}
    return [origin for origin, part in parts.items() if part.contacts]


def events_of(member):
    return [fact for part in (member.held.parts() if member.held else ()) for contact in part.contacts
            for fact in contact.events]
