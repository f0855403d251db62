"""One campaign: a job under load on topics of its own, its faults one after the other, and the verdict."""

import dataclasses
import pathlib
import random
import time

from deadline import Late, wait_for
from faults import CRASH_POINTS, Network
from job import PARTITIONS, POLICY, Job
from kinds import KINDS
from load import Load
from proxy import Proxy
from worker import Crew

SLOTS = 3
RATE = 500  # events a second
RECOVER_S = 60  # for commits to go on after a fault
DRAIN_S = 90
LAST_ENDS_S = 45  # for the last journeys to end by clock ticks


@dataclasses.dataclass
class Programs:
    usual: pathlib.Path
    crashing: pathlib.Path
    other: pathlib.Path  # what a rolling change of program changes to, and back from


class Stage:
    """What faults see: crew, broker, job, load, proxy, rng."""

    rate = RATE
    changelog = {}  # settings of its topic beside the ordinary ones

    def __init__(self, seed, broker, programs, folder):
        self.seed = seed
        self.rng = random.Random(seed)
        self.broker = broker
        self.programs = programs
        self.folder = folder
        self.counts = {}
        self.done = []
        self.now = None  # the fault under way
        self.recovery_s = []
        self.violations = []
        self.crash_points = self.shuffled(CRASH_POINTS)
        self.network_kinds = self.shuffled(Network.kinds)
        self.settings = {
            "worker.commit_interval": "50ms",
            "checkpoint.snapshot_interval": self.rng.choice(["100ms", "500ms", "3s"]),
            "checkpoint.interval": self.rng.choice(["0ms", "200ms", "2s"]),
            "checkpoint.max_replay_events": self.rng.choice([50, 1000, 500_000]),
            "worker.commit_records": self.rng.choice([20, 1000, 50_000])}
        self.workers = self.rng.randint(1, SLOTS)
        self.job = self.load = self.crew = self.proxy = None

    def shuffled(self, names):
        names = list(names)
        self.rng.shuffle(names)
        return names

    def next_crash_point(self):
        self.crash_points.append(self.crash_points.pop(0))
        return self.crash_points[-1]

    def next_network_kind(self):
        self.network_kinds.append(self.network_kinds.pop(0))
        return self.network_kinds[-1]

    def count(self, what, number=1):
        self.counts[what] = self.counts.get(what, 0) + number

    @staticmethod
    def let_pass(seconds):
        time.sleep(seconds)

    def is_proxied(self, names):
        return any(KINDS[name].needs_proxy for name in names)

    def policy(self):
        """The file."""
        return POLICY

    def new_load(self):
        return Load(self.broker.direct, self.job.names["input"], self.seed, self.rate)

    def run(self, names, say):
        """Does the faults of `names`; returns the campaign's result."""
        begin = time.monotonic()
        try:
            self.open(self.is_proxied(names))
            self.harm(names, say)
            self.drain(say)
        except Late as late:
            self.violations.append(f"O10 {late}")
        finally:
            self.close()
        self.broker.check()
        self.judge(say)
        self.broker.check()
        return {"seed": self.seed, "ok": not self.violations, "violations": self.violations,
                "workers": self.workers, "settings": self.settings, "proxied": self.proxy is not None,
                "faults": self.done, "recovery_s": self.recovery_s, "exits": self.crew.exits, "lives": self.crew.lives,
                "from_snapshots": self.crew.from_snapshots, "sent": self.load.sent, "poison": self.load.poisoned,
                "seconds": round(time.monotonic() - begin, 1), **self.counts}

    def open(self, proxied):
        prefix = f"faults-{self.seed.replace('/', '-')}-{int(time.time())}"
        self.job = Job(self.broker.direct, prefix, self.policy())
        self.job.create_topics(self.changelog)
        if proxied:
            self.proxy = Proxy(self.broker.proxy_port, self.broker.behind_proxy)
        bootstrap = f"127.0.0.1:{self.broker.proxy_port}" if proxied else self.broker.direct
        self.crew = Crew(self.programs.usual, {**self.job.settings(bootstrap), **self.settings}, self.folder)
        self.load = self.new_load()
        for number in range(SLOTS):
            self.crew.add(f"w{number}")
        for slot in self.crew.slots[:self.workers]:
            self.crew.start(slot)
        self.load.start()
        wait_for(lambda: len(self.load.ends) == PARTITIONS, 30, "the first events")
        self.recover("the start")

    def harm(self, names, say):
        for name in names:
            say(f"{name} ({len(self.done) + 1} of {len(names)})")
            self.do(name)
            if self.is_lost():
                break

    def is_lost(self):
        return bool(self.violations or self.crew.surprises)

    def do(self, name):
        self.now = name
        self.done.append([name, *self.fault(KINDS[name](self))])
        self.now = None

    def fault(self, fault):
        """What was drawn, and the seconds until commits went on behind it (None = not waited for)."""
        try:
            words = fault.do()
        except Late as late:
            self.violations.append(f"{fault.name}: {late}")
            return "hung", None
        # Every so often the next one falls into the recovery from this one.
        if self.rng.random() < 0.25 or self.is_lost():
            return words, None
        took = self.recover(f"{fault.name} {words}")
        self.crew.expect_nothing()
        return words, took

    def recover(self, what):
        took = round(self.job.wait_until_committed(dict(self.load.ends), RECOVER_S, what), 2)
        self.recovery_s.append(took)
        return took

    def drain(self, say):
        say("draining")
        self.load.stop()
        if not self.crew.up():
            self.crew.start(self.crew.slots[0])
        self.job.wait_until_committed(self.load.ends, DRAIN_S, "the drain")
        self.let_settle()
        if self.rng.random() < 0.3:
            wait_for(lambda: self.crew.metric("peakend_journeys_open") == 0, LAST_ENDS_S, "the last journeys' end")
            self.count("closed_by_ticks")
        for name in ("aborts", "ambiguous"):
            self.count(f"last_lives_{name}", int(self.crew.metric(f"peakend_txn_{name}_total") or 0))
        for slot in self.crew.up():
            self.crew.stop(slot)

    def let_settle(self):
        """Until nothing follows any more from what the load has said."""

    def close(self):
        """Ends all that runs, whatever state it is in."""
        if self.load is not None and self.load.is_alive():
            self.load.stop()
        self.violations += self.crew.alarms()
        self.crew.end()
        self.violations += self.crew.surprises
        if self.proxy is not None:
            self.proxy.close()
        if self.load.not_sent:
            self.count("not_sent", self.load.not_sent)

    def judge(self, say):
        say("judging")
        result = self.job.judge(self.folder / "verdict.json", self.load.sent)
        if result is None:
            self.violations.append(f"the oracle gave no verdict, see {self.folder}/verdict.txt")
            return
        for check, found in result["checks"].items():
            if found["state"] == "violated":
                self.violations.append(f"{check}: {found['violations']} times, first: {found['first'][:2]}")
        self.counts["checks"] = {check: found["state"] for check, found in result["checks"].items()}
        self.counts["input"] = sum(row["input"] for row in result["partitions"])
        self.counts["outputs"] = sum(result["outputs"].values())
        self.counts["rejected"] = result["outputs"]["rejected"]
        self.counts["journeys"] = result["outputs"]["journeys"]
        if not self.violations:
            self.job.delete_topics()
