"""What rows for warehouses cost the worker: on a backlog, where an event costs the least, and live.

A backlog is read in large batches, so that what rows take is the largest share there; at a live
rate polls and commits cost more than the events between them.
"""

from drain import Goal, Variant, compare, round_of
from job import rows_on
from live import play, result_of
from lives import rate_of
from load import Load, week
from stage import look

# With all rows, in the default format.
MOST = 1.15
# Of what the machine bears.
SHARE = 0.5
SECONDS = 60


def rows(stage, bench, repeat, kept):
    load = week(stage)
    goal = Goal("CPU without rows", most=MOST)
    variants = [Variant("backlog, no rows", load), Variant("backlog, all rows as JSON", load, rows_on("json")),
                Variant("backlog, all rows", load, rows_on(), goal=goal)]
    if stage.smoke:
        return round_of(stage, bench, [variants[0], variants[-1]], repeat, kept)
    return round_of(stage, bench, variants, repeat, kept) + _live(stage, bench, repeat, goal)


def _live(stage, bench, repeat, goal):
    load = Load(rate=SHARE * rate_of(stage), seconds=SECONDS)
    variants = [Variant("live, no rows", load), Variant("live, all rows", load, rows_on(), goal=goal)]
    # The other one is first in every second round: what a round does to the machine falls on both.
    made = {variant.name: _played(stage, bench, variant, repeat) for variant in variants[::1 if repeat % 2 else -1]}
    base, result = (made[variant.name] for variant in variants)
    compare(variants[1], result, base)
    return [base, result]


def _played(stage, bench, variant, repeat):
    stage.say(f"{bench.name} {variant.name} at {variant.load.rate:,.0f} events/s, round {repeat}")
    before = look()
    played = play(stage, f"{bench.name}-{variant.name}", variant.load, variant.settings)
    return result_of(stage, bench, variant.name, played, before, repeat, settings=" ".join(variant.settings))
