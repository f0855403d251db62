"""What customers of a queue usually wait, as records of the input say: the baselines of one partition."""

HOUR_MS = 3_600_000


def hour_of(at_ms):
    """Of the day."""
    return at_ms // HOUR_MS % 24


class Baselines:
    """Those that came, each with the offset of its record; the newest counts."""

    def __init__(self, policy):
        self.least = policy.baseline_waits
        self.history = {}  # by offset
        self.cells = {}

    def post(self, baseline, offset):
        if self.history and self.history[max(self.history)].version == baseline.version:
            return
        self.history[offset] = baseline
        self.cells = {(cell.tenant_id, cell.queue_id, cell.channel, cell.hour): cell for cell in baseline.cells}

    def wait_of(self, event):
        """What others waited in the queue that an event names; None = it names none, or too little is known."""
        key = event.tenant_id, event.queue.id, event.channel, hour_of(event.occurred_at_ms)
        cell = self.cells.get(key) if event.queue.id else None
        return cell.wait_ms if cell is not None and cell.waits >= self.least > 0 else None


def kept_at(history, mark, offset):
    """Of what was stated at offsets, in order, what a commit of `offset` keeps: before the low-water mark the newest."""
    stated = [at for at in history if at < offset]
    older = [at for at in stated if at < mark]
    return {at: history[at] for at in stated[max(0, len(older) - 1):]}
