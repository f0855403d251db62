"""Rows on their way into a warehouse: how fast and at what cost by each sink, and how soon they can be asked for."""

import delay
import sinks


def warehouse(stage, bench, repeat, kept):
    return sinks.round_of(stage, bench, repeat, kept) + delay.round_of(stage, bench, repeat, kept)
