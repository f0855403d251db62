"""What contacts of one kind came to in one stretch of time: the rows of statistics of one partition."""

import oracle_causes as causes
from oracle_baselines import hour_of
from oracle_facts import identifier
from oracle_messages import TouchpointStatistics
from oracle_rows import channel_name
from oracle_waits import announced_wait, expectation, open_until_an_answer, until_an_answer

MOST_CELLS = 4096
LARGEST = 2**40 - 1  # that a sketch holds
EXACT, PER_POWER = 32, 16  # numbers below that have a bucket each; then so many to each power of two
LEFT = (causes.ABANDONED, causes.HUNG_UP_ON_HOLD, causes.LEFT_UNANSWERED)


def bucket_of(value):
    if value < EXACT:
        return value
    power = value.bit_length() - 1
    return EXACT + (power - 5) * PER_POWER + (value >> (power - 4)) % PER_POWER


def add_to_sketch(sketch, value):
    value = max(0, min(LARGEST, value))
    counts = dict(zip(sketch.buckets, sketch.counts))
    counts[bucket_of(value)] = counts.get(bucket_of(value), 0) + 1
    sketch.sum += value
    sketch.buckets[:] = sorted(counts)
    sketch.counts[:] = [counts[bucket] for bucket in sorted(counts)]


def service_level(contact, policy, usual):
    """(whether it counts, whether it was kept) of the wait for an answer."""
    told = announced_wait(contact, policy)
    wait = until_an_answer(contact) if told else open_until_an_answer(contact, policy)
    gave_up = contact.abandon() is not None and not contact.is_short_abandon(policy.windows)
    cause = causes.QUEUE_WAIT if contact.queued() else causes.FIRST_RESPONSE
    expected = told or expectation(contact, policy, cause, usual)
    counts = expected is not None and (wait is not None or gave_up)
    return counts, counts and wait is not None and wait <= expected.adequate


class Statistics:
    """Rows by their ids, from the end of the first contact in them until their windows are over."""

    def __init__(self, partition, policy, write):
        self.partition = partition
        self.policy = policy
        self.write = write
        self.cells = {}
        self.ends = set()  # of their windows

    def count(self, tenant, contact, parts, watermark):
        """A contact that has ended, by its parts."""
        row = self.cell_of(tenant, contact, watermark)
        row.contacts += 1
        row.negative_peaks += parts.negative is not None
        row.positive_peaks += parts.positive is not None
        row.left += parts.terminal is not None and parts.terminal.cause in LEFT
        counts, kept = service_level(contact, self.policy, parts.story.before.waits)
        row.waits += counts
        row.waits_met += kept
        row.gaps += len(parts.service)
        row.gap_sum += sum(felt.impression.gap for felt in parts.service)
        if parts.score is not None:
            row.scored += 1
            row.score_sum += parts.score
            row.ended_above_mean += parts.end is not None and parts.end > parts.mean
        wait = open_until_an_answer(contact, self.policy)
        if wait is not None:
            add_to_sketch(row.answered_after, wait)

    def cell_of(self, tenant, contact, watermark):
        touchpoint = contact.latest("touchpoint")
        row = self.row(watermark, tenant_id=tenant, queue_id=contact.latest("queue"), touchpoint_id=touchpoint,
                       stage=self.policy.stages.get(touchpoint, ""), channel=channel_name(contact.channel),
                       hour=hour_of(contact.first[0]))
        if row.row_id not in self.cells and len(self.cells) >= MOST_CELLS:
            row = self.row(watermark, tenant_id=tenant, others=True)
        self.ends.add(row.window_end_ms)
        return self.cells.setdefault(row.row_id, row)

    def row(self, watermark, **kind):
        length = self.policy.windows.statistics_window
        start = watermark - watermark % length
        row = TouchpointStatistics(partition=self.partition, window_start_ms=start, window_end_ms=start + length,
                                   policy_version=self.policy.stamp, **kind)
        names = ("statistics", row.partition, start, row.window_end_ms, row.tenant_id, row.queue_id, row.touchpoint_id,
                 row.channel, row.hour, "others" if row.others else "")
        row.row_id = identifier(*(str(name).encode() for name in names))
        return row

    def close(self, until):
        """Writes the rows of windows that are over."""
        if min(self.ends, default=until + 1) > until:
            return
        self.ends = {end for end in self.ends if end > until}
        over = [row for row in self.cells.values() if row.window_end_ms <= until]
        for row in sorted(over, key=lambda row: (row.window_end_ms, row.row_id)):
            self.write("statistics", row.row_id, self.cells.pop(row.row_id))
