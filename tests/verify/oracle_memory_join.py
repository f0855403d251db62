"""What two remember together: of each thing what is stronger, later or rests on more.

In any order, and joined once more, it comes to the same.
"""

from oracle_memory import faded, is_empty
from oracle_waits import CHANNELS


def join(one, other, half_lives):
    """`usual` is that of who had more journeys: means of different journeys cannot be joined."""
    if is_empty(one) or is_empty(other):
        return other if is_empty(one) else one
    worst = felt(one, other, "worst", half_lives.worst)
    best = felt(one, other, "best", half_lives.best)
    end = max(one, other, key=lambda memory: (memory.end is not None, memory.end_minute, memory.end or 0))
    last = max(one, other, key=lambda memory: (memory.last_minute, memory.channel, memory.resolved))
    need = max(one, other, key=lambda memory: (memory.need_minute, memory.case_id, memory.intent, memory.touchpoint))
    usual = max(one, other, key=lambda memory: (memory.usual_journeys, memory.usual))
    return one._replace(
        worst=worst.worst, worst_minute=worst.worst_minute, unrecovered=is_unrecovered(one, other, worst),
        best=best.best, best_minute=best.best_minute, end=end.end, end_minute=end.end_minute,
        last_minute=last.last_minute, channel=last.channel, resolved=last.resolved,
        need_minute=need.need_minute, case_id=need.case_id, intent=need.intent, touchpoint=need.touchpoint,
        usual=usual.usual, usual_journeys=usual.usual_journeys,
        waits=joined_waits(*sorted((one, other), key=lambda memory: -memory.last_minute)))


def felt(one, other, name, half_life):
    """Whose peak is the stronger when both are seen from the later; of equals the later, then the larger."""
    later = max(getattr(one, f"{name}_minute"), getattr(other, f"{name}_minute"))

    def strength(memory):
        level, minute = getattr(memory, name), getattr(memory, f"{name}_minute")
        return abs(faded(level, later - minute, half_life)), minute, abs(level)
    return max(one, other, key=strength)


def is_unrecovered(one, other, worst):
    """Where both remember the same peak, whoever knows that it was made good knows more."""
    return all(memory.unrecovered for memory in (one, other)
               if (memory.worst, memory.worst_minute) == (worst.worst, worst.worst_minute))


def joined_waits(later, earlier):
    """By channel what rests on more waits; those of who was in contact last first."""
    found = {}
    for wait in (*later.waits, *earlier.waits):
        known = found.get(wait.channel, wait)
        found[wait.channel] = max(known, wait, key=lambda usual: (usual.waits, usual.ms))
    order = list(found)
    if later.last_minute == earlier.last_minute:
        order = order_of_equals(*([wait.channel for wait in memory.waits] for memory in (later, earlier)), found)
    return tuple(found[channel] for channel in order[:CHANNELS])


def order_of_equals(one, other, found):
    """Who knows all channels that the other knows may have their order from there; else that with more waits is first."""
    for larger, smaller in ((one, other), (other, one)):
        if larger == smaller or set(larger) > set(smaller):
            return larger
    return sorted(found, key=lambda channel: (found[channel].waits, found[channel].ms, channel), reverse=True)
