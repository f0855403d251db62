"""How many alerts of one partition may still interrupt somebody."""

from oracle_messages import Alert

ALL = 1_000_000  # a share, in millionths
THOUSAND = 1_000
SEVERITIES = len(Alert.Severity.values())
MOST_OWED = 10  # allowances of a step, or interrupts


class Budget:
    """Counts contacts and alerts step by step; each step sets a bar for those that follow."""

    def __init__(self, policy):
        self.per_contact = policy.budget_per_contact  # in thousandths; 0 = no limit
        self.step = policy.budget_contacts
        self.owed = 0  # in thousandths
        self.bars = [(0, (ALL,) * SEVERITIES)]  # (offset from which it holds, shares by severity); no two alike in a row
        self.begin()

    def begin(self):
        self.contacts = self.granted = 0
        self.wanted = [0] * SEVERITIES

    @property
    def shares(self):
        return self.bars[-1][1]

    def weigh(self, alert):
        """Decides of an alert that was raised just now whether it is over the budget."""
        severity = alert.rule.severity
        if alert.rule.urgency != Alert.INTERRUPT or alert.stale:
            return
        alert.over_budget = int(alert.id[16:], 16) % ALL >= self.shares[severity]
        if self.per_contact:
            self.wanted[severity] += 1
            self.granted += not alert.over_budget

    def count_contact(self):
        self.contacts += self.per_contact > 0

    def pass_record(self, offset):
        """All that the record caused is done."""
        if not self.per_contact or self.contacts < self.step:
            return
        allowed = self.per_contact * self.contacts
        self.owed = max(0, min(MOST_OWED * max(THOUSAND, allowed), self.owed + self.granted * THOUSAND - allowed))
        left, shares = max(0, allowed - self.owed), [0] * SEVERITIES
        for severity in reversed(range(SEVERITIES)):
            wanted = self.wanted[severity] * THOUSAND
            if wanted < left:
                shares[severity] = ALL
            elif wanted:
                shares[severity] = left * ALL // wanted
            left = max(0, left - wanted)
        if tuple(shares) != self.shares:
            self.bars.append((offset + 1, tuple(shares)))
        self.begin()

    def needed_from(self, offset):
        """The bar that holds at an offset, and those after it."""
        first = max(at for at, (begin, _) in enumerate(self.bars) if begin <= offset)
        return self.bars[first:]
