"""The parts of an experience by their definitions, from all impressions at once."""

from collections import namedtuple

from oracle_facts import ABANDONED
from oracle_levels import ONE, divide

EARLIEST = 16
LATEST = 32
WEIGHTS = [int(ONE * 0.75**k + 0.5) for k in range(LATEST)]

# An impression and the contact that it was made in.
Felt = namedtuple("Felt", "impression contact")


def recent_of(contacts, count):
    """The `count` newest impressions of all contacts, newest first."""
    felt = [Felt(impression, contact) for contact in contacts for impression in contact.impressions[-LATEST:]]
    if len(contacts) > 1:
        felt.sort(key=lambda item: item.impression[:3])
    return felt[:-count - 1:-1]


def worst_of(recent):
    """The smallest valence; of equals the newest."""
    return min(recent, key=lambda item: item.impression.valence)


def fading_mean(levels):
    """Weight 0.75^k x confidence for the k-th of (valence, confidence), newest first."""
    total = weights = 0
    for (valence, confidence), weight in zip(levels, WEIGHTS):
        if confidence != ONE:
            weight = divide(weight * confidence, ONE)
        total += weight * valence
        weights += weight
    return divide(total, weights) if weights else None


def tail_of(recent, terminal=None):
    levels = [] if terminal is None else [(terminal, ONE)]
    levels += [(item.impression.valence, item.impression.confidence) for item in recent]
    mean = fading_mean(levels)
    # No confidence at all says no more than an equal one.
    return fading_mean([(valence, ONE) for valence, _ in levels]) if mean is None else mean


def weighted(policy, worst, tail):
    return divide(worst * policy.worst_weight + tail * policy.tail_weight, ONE)


def strongest(contacts, sign, floor):
    """The strongest impression of one sign; of equals the later."""
    best = None
    for contact in contacts:
        felt = [i for i in contact.impressions if i.valence * sign > 0 and i.weight >= floor]
        if felt:
            mine = max(felt, key=lambda i: (i.weight, i.at, i.id, i.hash))
            held = best and best.impression
            if best is None or (mine.weight, mine.at, mine.id) > (held.weight, held.at, held.id):
                best = Felt(mine, contact)
    return best


class Parts:
    """Levels in 1e-9, None where there was no impression."""

    def __init__(self, contacts, policy):
        self.recent = recent_of(contacts, policy.tail_max)
        self.count = sum(len(contact.impressions) for contact in contacts)
        self.read_opening(contacts[0], policy)
        self.positive = strongest(contacts, 1, policy.peak_floor)
        self.negative = strongest(contacts, -1, policy.peak_floor)
        self.peak_positive = self.positive and self.positive.impression.valence
        self.peak_negative = self.negative and self.negative.impression.valence
        self.read_tail(contacts)
        self.read_end(contacts, policy)
        self.read_score(policy)

    def read_opening(self, contact, policy):
        answered = contact.answered_at()
        earliest = [Felt(impression, contact) for impression in contact.impressions[:EARLIEST]]
        before = [f.impression.valence for f in earliest if answered is None or f.impression.at < answered]
        self.opening_turns = earliest[len(before):][:policy.opening_turns]
        after = [felt.impression.valence for felt in self.opening_turns]
        self.arrival = divide(sum(before), len(before)) if before else None
        self.opening = divide(sum(after), len(after)) if after else None

    def read_tail(self, contacts):
        self.worst_felt = self.last_felt = self.worst = self.last = self.tail = self.mean = self.strain = None
        if not self.recent:
            return
        valences = [i.valence for contact in contacts for i in contact.impressions]
        self.mean = divide(sum(valences), len(valences))
        self.worst_felt, self.last_felt = worst_of(self.recent), self.recent[0]
        self.worst, self.last = self.worst_felt.impression.valence, self.last_felt.impression.valence
        self.tail = tail_of(self.recent)
        self.strain = 0
        for felt in self.recent:
            if felt.impression.valence > 0:
                break
            self.strain += felt.impression.valence

    def read_end(self, contacts, policy):
        final = max(contacts, key=lambda contact: contact.last)
        self.terminal = final.terminal(policy.windows)
        self.end = self.tail
        if self.terminal:
            gave_up = self.terminal.kind == ABANDONED
            self.end = tail_of(self.recent, policy.abandoned_valence if gave_up else policy.resolved_valence)

    def read_score(self, policy):
        self.score = score_of(self, policy) if self.recent else None
        self.remembered_minus_mean = None if self.score is None else self.score - self.mean
        known = self.end is not None
        self.trend = self.end - self.opening if known and self.opening is not None else None
        self.trend_from_arrival = self.end - self.arrival if known and self.arrival is not None else None

    def behind(self):
        """Each impression that stands behind a number, in order of events."""
        felt = [*self.opening_turns, self.positive, self.negative, self.worst_felt, self.last_felt]
        unique = {item.impression.hash: item for item in felt if item}
        return sorted(unique.values(), key=lambda item: (item.impression.at, item.impression.hash))


def score_of(parts, policy):
    if policy.formula == "classical":
        positive, negative = parts.peak_positive or 0, parts.peak_negative or 0
        return divide((negative if abs(negative) >= abs(positive) else positive) + parts.end, 2)
    if policy.formula == "worst_end":
        return divide(parts.worst + parts.last, 2)
    if policy.formula == "mean":
        return parts.mean
    return weighted(policy, parts.worst, parts.tail)


def live_score(contacts, recent, policy):
    """The score alone, for rules that ask at every turn."""
    if policy.formula in ("classical", "mean"):
        return Parts(contacts, policy).score
    worst = worst_of(recent).impression.valence
    if policy.formula == "worst_end":
        return divide(worst + recent[0].impression.valence, 2)
    return weighted(policy, worst, tail_of(recent))
