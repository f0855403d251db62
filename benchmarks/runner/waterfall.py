"""Where the processor time of an event goes: by what is saved when a part is left out.

Every figure is a difference between runs over one input, of the medians over the rounds so far, so
the parts add up to what the whole worker takes, and one that is too small to be seen is 0.
"""

import engines
import floors
import repeats
from drain import Variant, round_of, written
from load import backlog
from stage import PARTITIONS

# No customer's record falls due while the input is read.
NO_CHANGELOG = ("checkpoint.interval=10m", "checkpoint.max_replay_events=100000000")
WHOLE, UNSAVED, UNTIED = "the whole worker", "no changelog", "no changelog, at least once"


def waterfall(stage, bench, repeat, kept):
    load = backlog(stage)
    results = round_of(stage, bench, [Variant(WHOLE, load), Variant(UNSAVED, load, NO_CHANGELOG),
                                      Variant(UNTIED, load, (*NO_CHANGELOG, "delivery=at_least_once"))], repeat, kept)
    holder, manifest = written(stage, load, PARTITIONS, kept)
    consumed = floors.consume_us(stage, holder, manifest["content"]["records"]) * 1e3
    # CPU seconds a million are microseconds each.
    whole, unsaved, untied = (result["cpu"]["per_million"] * 1e3 for result in results)
    engine = results[0]["figures"]["engine alone"]["value"] * 1e3
    taken = kept.setdefault("taken", [])
    taken.append((consumed, engines.scan_ns(stage), engine, untied, unsaved, whole))
    results[0]["cost"] = parts(*(repeats.median(values) for values in zip(*taken)))
    return results


def parts(consumed, decoded, engine, untied, unsaved, whole):
    """[{part, ns}] of one event, from what runs took: each with one part more than the one before."""
    found = (("consume", consumed), ("decode and check", decoded), ("state, score, rules, encode", engine - decoded),
             ("produce, poll, offsets", untied - consumed - engine), ("commit, exactly once", unsaved - untied),
             ("changelog", whole - unsaved))
    return [{"part": part, "ns": max(0.0, nanoseconds)} for part, nanoseconds in found]
