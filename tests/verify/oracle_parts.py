"""The parts of an experience by their definitions, from all impressions at once."""

from collections import namedtuple

import oracle_causes as causes
from oracle_levels import ONE, divide
from oracle_service import ORDER

EARLIEST = 16
LATEST = 32
WEIGHTS = [int(ONE * 0.75**k + 0.5) for k in range(LATEST)]

# An impression and the contact that it was made in.
Felt = namedtuple("Felt", "impression contact")


def order_of(felt):
    return felt.impression[:ORDER]


def recent_of(contacts, service, count):
    """The `count` newest impressions of all contacts, newest first; of a contact's turns its latest."""
    felt = [Felt(impression, contact) for contact in contacts for impression in contact.impressions[-LATEST:]]
    felt += service
    if len(contacts) > 1 or service:
        # One settlement may count in several contacts: of equals the first contact's is the newest.
        felt.reverse()
        felt.sort(key=order_of)
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
    levels = [] if terminal is None else [(terminal.valence, terminal.confidence)]
    levels += [(item.impression.valence, item.impression.confidence) for item in recent]
    mean = fading_mean(levels)
    # No confidence at all says no more than an equal one.
    return fading_mean([(valence, ONE) for valence, _ in levels]) if mean is None else mean


def weighted(policy, worst, tail):
    return divide(worst * policy.worst_weight + tail * policy.tail_weight, ONE)


def strongest(felt, sign, floor):
    """The strongest impression of one sign; of equals the later."""
    strong = [f for f in felt if f.impression.valence * sign > 0 and f.impression.weight >= floor]
    return max(strong, key=lambda f: (f.impression.weight, order_of(f)), default=None)


def mean_of(levels):
    return divide(sum(levels), len(levels)) if levels else None


class Parts:
    """Levels in 1e-9, None where there was no impression."""

    def __init__(self, contacts, story, with_service=True):
        """Of contacts of a story (oracle_stories.py). Without service: of turns alone."""
        self.story, policy = story, story.policy
        turns = [Felt(impression, contact) for contact in contacts for impression in contact.impressions]
        self.service = story.service_of(contacts) if with_service else []
        self.felt = turns + self.service
        self.recent = recent_of(contacts, self.service, policy.tail_max)
        self.count, self.count_affect = len(self.felt), len(turns)
        self.read_opening(contacts[0], policy)
        self.positive = strongest(self.felt, 1, policy.peak_floor)
        self.negative = strongest(self.felt, -1, policy.peak_floor)
        self.peak_positive = self.positive and self.positive.impression.valence
        self.peak_negative = self.negative and self.negative.impression.valence
        self.read_tail()
        self.read_end(contacts, policy)
        self.read_score(policy)
        self.score_affect = Parts(contacts, story, with_service=False).score if self.service else self.score

    def read_opening(self, contact, policy):
        answered = contact.answered_at()
        earliest = [Felt(impression, contact) for impression in contact.impressions[:EARLIEST]]
        before = [f.impression.valence for f in earliest if answered is None or f.impression.at < answered]
        self.opening_felt = earliest[len(before):][:policy.opening_turns]
        self.opening_felt += [felt for felt in self.service if felt.contact is contact and felt.impression.cause in (
            causes.QUEUE_WAIT, causes.ANNOUNCED_WAIT_EXCEEDED, causes.FIRST_RESPONSE)]
        self.opening_felt.sort(key=order_of)
        self.arrival = mean_of(before)
        self.opening = mean_of([felt.impression.valence for felt in self.opening_felt])

    def read_tail(self):
        self.worst_felt = self.last_felt = self.worst = self.last = self.tail = self.mean = self.strain = None
        if not self.recent:
            return
        self.mean = mean_of([felt.impression.valence for felt in self.felt])
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
        self.terminal = final.terminal(policy, self.story.as_of)
        self.end = tail_of(self.recent, self.terminal) if self.terminal else self.tail

    def read_score(self, policy):
        self.score = score_of(self, policy) if self.recent else None
        self.remembered_minus_mean = None if self.score is None else self.score - self.mean
        known = self.end is not None
        self.trend = self.end - self.opening if known and self.opening is not None else None
        self.trend_from_arrival = self.end - self.arrival if known and self.arrival is not None else None

    def behind(self):
        """Each impression that stands behind a number, in order of events."""
        felt = [*self.opening_felt, self.positive, self.negative, self.worst_felt, self.last_felt]
        unique = {}
        for item in filter(None, felt):  # of two by one event and cause the first named stands for both
            unique.setdefault((item.impression.at, item.impression.hash, item.impression.cause), item)
        return [item for _, item in sorted(unique.items())]

    def beside(self, peak):
        """What the service did by the event of a peak, with the same sign."""
        mine = peak.impression
        return [felt for felt in self.service if felt.contact is peak.contact and felt.impression.hash == mine.hash
                and felt.impression.cause != mine.cause and felt.impression.valence * mine.valence > 0]

    def gaps(self):
        """{SERVQUAL dimension: mean gap of what the service did}, without those that nothing tells about."""
        found = {}
        for name, members in causes.DIMENSIONS.items():
            found[name] = mean_of([f.impression.gap for f in self.service if f.impression.cause in members])
        return {name: gap for name, gap in found.items() if gap is not None}


def score_of(parts, policy):
    if policy.formula == "classical":
        positive, negative = parts.peak_positive or 0, parts.peak_negative or 0
        return divide((negative if abs(negative) >= abs(positive) else positive) + parts.end, 2)
    if policy.formula == "worst_end":
        return divide(parts.worst + parts.last, 2)
    if policy.formula == "mean":
        return parts.mean
    return weighted(policy, parts.worst, parts.tail)


def live_score(contacts, recent, story):
    """The score alone, for rules that ask at every turn."""
    policy = story.policy
    if policy.formula in ("classical", "mean"):
        return Parts(contacts, story).score
    worst = worst_of(recent).impression.valence
    if policy.formula == "worst_end":
        return divide(worst + recent[0].impression.valence, 2)
    return weighted(policy, worst, tail_of(recent))
