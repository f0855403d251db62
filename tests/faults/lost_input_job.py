"""The job of F14c, which loses a part of its input for good."""

from stage import Stage


class LostInputJob(Stage):
    """A job that loses input which it still needs: judged before that, then by plain facts,
    because nobody can say any more what should have come of it."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.workers = 1
        # Changes reach the changelog late, so that the input below the committed offset is needed.
        self.settings.update({"checkpoint.interval": "10m", "checkpoint.max_replay_events": 500_000,
                              "checkpoint.snapshot_interval": "1h"})
        self.verdict = super().judge

    def drain(self, say):
        if not self.is_lost():
            super().drain(say)

    def judge(self, say):
        """Was done before the loss."""
