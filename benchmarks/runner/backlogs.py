"""What makes a backlog dearer to read: partitions, skew, text, disorder, duplicates, alerts, state, commits."""

import floors
import repeats
from drain import Goal, Variant, round_of, written
from load import backlog
from stage import PARTITIONS

# Texts cost by the byte and no worse, if a line explains so much of what they cost.
LEAST_LINEAR = 0.98
# With the whole default policy.
MOST_OF_CONSUME = 2.5
SIZES = (50, 200, 1024, 8192, 16384)


def _few(stage, variants):
    """In a smoke run the base and the last one."""
    return [variants[0], variants[-1]] if stage.smoke else variants


def parts(stage, bench, repeat, kept):
    load = backlog(stage)
    variants = [Variant(f"{count} partition{'s' if count > 1 else ''}", load, partitions=count)
                for count in (4, 1, 2, 8, 16)]
    return round_of(stage, bench, _few(stage, variants), repeat, kept)


def skew(stage, bench, repeat, kept):
    load = backlog(stage)
    goal = Goal("throughput of even customers", least=0.7)
    variants = [Variant("even customers", load.turned(customers__returns="uniform")), Variant("as people come back", load)]
    variants += [Variant(f"zipf {exponent:g}", load.turned(customers__returns="zipf",
                                                           customers__zipf_exponent=exponent), goal=goal)
                 for exponent in (0.8, 1.05, 1.3)]
    variants += [Variant("one customer has 10 %", load.turned(customers__hot_share=0.1), goal=goal)]
    return round_of(stage, bench, _few(stage, variants), repeat, kept)


def text(stage, bench, repeat, kept):
    load = backlog(stage)
    variants = [Variant("English as it is", load), Variant("no text", load.turned(text__share=0))]
    variants += [Variant(f"{size} bytes", load.turned(text__bytes=size)) for size in SIZES]
    variants += [Variant("Chinese", load.turned(text__chinese=1)), Variant("emoji", load.turned(text__emoji=1))]
    results = round_of(stage, bench, _few(stage, variants), repeat, kept)
    _tell_linear(results)
    return results


def _tell_linear(results):
    """Adds to the longest text whether cost grows with the bytes, and not faster."""
    by_name = {result["variant"]: result for result in results}
    sized = [(size, by_name[f"{size} bytes"]) for size in SIZES if f"{size} bytes" in by_name]
    if len(sized) < 3:
        return
    bytes_each, costs = [size for size, _ in sized], [result["cpu"]["per_million"] for _, result in sized]
    share = repeats.explained(bytes_each, costs) or 0
    # CPU seconds a million are microseconds each.
    sized[-1][1]["figures"]["a byte of text"] = {"value": repeats.line(bytes_each, costs).slope * 1e3, "unit": "ns",
                                                 "better": "lower"}
    sized[-1][1]["goal"] = [{"name": "cost explained by bytes (R²)", "goal": f"≥ {LEAST_LINEAR:g}", "measured": share,
                             "unit": "", "met": share >= LEAST_LINEAR}]


def disorder(stage, bench, repeat, kept):
    load = backlog(stage).turned(feed__stragglers=0, feed__lost_hours=0)
    variants = [Variant("as feeds are", load), Variant("1 %", load.turned(feed__disorder=0.01)),
                Variant("30 %", load.turned(feed__disorder=0.3)),
                Variant("10 %", load.turned(feed__disorder=0.1), goal=Goal("throughput of clean input", least=0.85))]
    return round_of(stage, bench, _few(stage, variants), repeat, kept)


def dups(stage, bench, repeat, kept):
    load = backlog(stage).turned(feed__duplicates=0)
    variants = [Variant("none", load), Variant("0.1 %", load.turned(feed__duplicates=0.001)),
                Variant("5 %", load.turned(feed__duplicates=0.05), goal=Goal("throughput of clean input", least=0.9))]
    return round_of(stage, bench, _few(stage, variants), repeat, kept)


def fanout(stage, bench, repeat, kept):
    load = backlog(stage)
    # How unhappy people come decides how many alerts there are.
    variants = [Variant(name, load.turned(feeling__home=home, feeling__shocks=shocks))
                for name, home, shocks in (("as the load is", -0.05, 0.5), ("content", 0.4, 0), ("angry", -0.35, 1),
                                           ("furious", -0.7, 3))]
    return round_of(stage, bench, _few(stage, variants), repeat, kept)


def ckpt(stage, bench, repeat, kept):
    load = backlog(stage)
    folder = stage.file("snapshots")
    variants = [Variant("within 10 s", load, ("checkpoint.interval=10s",)),
                Variant("within 60 s", load, ("checkpoint.interval=60s",)),
                Variant("each transaction", load, ("checkpoint.interval=0s",)),
                Variant("within 1 s", load, ("checkpoint.interval=1s",)),
                Variant("10 s and snapshots", load, ("checkpoint.interval=10s", f"checkpoint.snapshot_folder={folder}",
                                                     "checkpoint.snapshot_interval=10s"),
                        goal=Goal("CPU without snapshots", most=1.05))]
    return round_of(stage, bench, _few(stage, variants), repeat, kept)


def eos(stage, bench, repeat, kept):
    load = backlog(stage)
    variants = [Variant("at least once", load, ("delivery=at_least_once",))]
    variants += [Variant(f"exactly once, {interval}", load, ("delivery=exactly_once",
                                                             f"worker.commit_interval={interval}"))
                 for interval in ("20ms", "50ms", "1s", "100ms")]
    results = round_of(stage, bench, _few(stage, variants), repeat, kept)
    holder, manifest = written(stage, load, PARTITIONS, kept)
    bare = floors.consume_us(stage, holder, manifest["content"]["records"])
    if bare > 0:
        _beside_reading(results[-1], bare)
    return results


def _beside_reading(result, bare_us):
    # CPU seconds a million are microseconds each.
    ratio = result["cpu"]["per_million"] / bare_us
    result["ratios"]["cpu_vs_consume"] = ratio
    result.setdefault("goal", []).append({"name": "CPU of a loop that only reads", "goal": f"≤ {MOST_OF_CONSUME:g}",
                                          "measured": ratio, "unit": "x", "met": ratio <= MOST_OF_CONSUME})
