"""What peakend wants to be beside other engines at the peers' job, and whether it is. Pure.

Each goal is a ratio of medians over the runs that count, the peer's to peakend's: of one
series of rounds, on one machine, at equal guarantees.
"""

from typing import NamedTuple

import metrics
import repeats

OURS = "peakend"
# Where the name of a metric reads badly before "of".
SAID = {"memory, most": "most memory"}


class PeerGoal(NamedTuple):
    """The peer's figure is at least `least` times ours; of `most`, ours is at most so many times the peer's."""
    bench: str
    peer: str
    metric: str
    least: float = None
    most: float = None


GOALS = (
    PeerGoal("vs-throughput", "consume", "CPU", most=1.9),
    PeerGoal("vs-throughput", "kafka-streams", "CPU", least=7),
    PeerGoal("vs-throughput", "kafka-streams-rocksdb", "CPU", least=10),
    PeerGoal("vs-throughput", "flink", "CPU", least=2.3),
    PeerGoal("vs-throughput", "flink-100ms", "CPU", least=4),
    PeerGoal("vs-throughput", "flink-rocksdb", "CPU", least=10),
    PeerGoal("vs-throughput", "kafka-streams", "memory, most", least=5),
    PeerGoal("vs-throughput", "flink", "memory, most", least=5),
    PeerGoal("vs-latency", "kafka-streams", "latency p99", least=1),
    PeerGoal("vs-latency", "flink", "latency p99", least=1),
    PeerGoal("vs-kill", "kafka-streams", "recovery", least=10))
# Events a second of one worker thread, exactly once.
LEAST_RATE = 1_000_000


class Judged(NamedTuple):
    bench: str
    name: str
    goal: str
    measured: float
    unit: str
    met: bool


def judge(results):
    """[Judged] of the goals whose two engines have both run."""
    values = {}
    for (bench, variant), runs in metrics.groups([one for one in results if one["verdict"] == "OK"]).items():
        for metric, found in metrics.by_metric(runs).items():
            values[bench, variant, metric.name] = repeats.median(found)
    found = [judged for judged in (_judge(goal, values) for goal in GOALS) if judged]
    rate = values.get(("vs-throughput", OURS, "rate"))
    if rate is not None:
        found.append(Judged("vs-throughput", "events a second of one worker thread", f"≥ {LEAST_RATE:,}", rate, "ev/s",
                            rate >= LEAST_RATE))
    return found


def _judge(goal, values):
    theirs, ours = (values.get((goal.bench, engine, goal.metric)) for engine in (goal.peer, OURS))
    if not theirs or not ours:
        return None
    if goal.most is not None:
        ratio = ours / theirs
        return Judged(goal.bench, f"{SAID.get(goal.metric, goal.metric)} of {OURS}, times that of {goal.peer}", f"≤ {goal.most:g}", ratio, "x",
                      ratio <= goal.most)
    ratio = theirs / ours
    return Judged(goal.bench, f"{SAID.get(goal.metric, goal.metric)} of {goal.peer}, times that of {OURS}", f"≥ {goal.least:g}", ratio, "x",
                  ratio >= goal.least)
