"""A job of customers who are linked by identities, whose workers tell each other of them through the input."""

from deadline import wait_for
from job import POLICY
from links import IDENTITIES, LinkedLoad
from stage import DRAIN_S, Stage

# What several have together is told apart exactly only below max_contacts, and counts once only where it comes before
# its host has dropped the journey: amend_window is longer than any fault keeps partitions apart (docs/identity.md,
# sections 3 and 6).
BOUNDS = {"max_contacts: 4": "max_contacts: 64", "amend_window: 0s": "amend_window: 3m"}


def policy_text():
    text = POLICY.read_text(encoding="utf-8")
    for tight, wide in BOUNDS.items():
        if tight not in text:
            raise ValueError(f"{POLICY} says nothing of '{tight}'")
        text = text.replace(tight, wide)
    return text + IDENTITIES


class LinkedJob(Stage):
    """Customers are merged, split and taken apart while faults happen."""

    # The reference looks at a journey anew at each of its events, and these stay for minutes: no more than it
    # judges in the time of another campaign.
    rate = 200

    def policy(self):
        path = self.folder / "policy.yaml"
        path.write_text(policy_text(), encoding="utf-8")
        return path

    def new_load(self):
        return LinkedLoad(self.broker.direct, self.job.names["input"], self.seed, self.rate)

    def let_settle(self):
        """What the last records make customers tell each other makes them tell more."""
        # Twice: of a transaction that has just ended the offsets may be there before its records are.
        wait_for(lambda: self.job.has_read_all() and self.job.has_read_all(), DRAIN_S, "the last word between customers")

    def judge(self, say):
        super().judge(say)
        states = self.counts.get("checks", {})
        if not self.violations and {states["I2"], states["I4"]} != {"holds"}:
            self.violations.append(f"I2 {states['I2']}, I4 {states['I4']}, though nothing was under way")
