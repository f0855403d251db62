"""F15: hours of load with a fault each minute, and what becomes of memory meanwhile."""

import threading
import time

from deadline import wait_for
from load import Load
from stage import RATE, SLOTS, Stage

NAMES = ("F1", "F1b", "F2", "F3", "F4", "F8", "F9")
EACH_S = 60  # from the beginning of one fault to that of the next
MEMORY_EACH_S = 5
COMMITS_EACH_S = 0.2
WARM_UP_S = 30  # of a life, which the slope leaves out
LEAST_LIFE_S = 60
MOST_SAMPLES = 300  # in the result
# They come back sooner than they are forgotten, so that memory is due to stand still.
PEOPLE = 3000
MOST_RECORDS = 1_000_000  # that the oracle has room for: it takes 10 KB of memory for each


def slope_mib_per_hour(lives):
    """Of least squares with one slope for all lives, each from a level of its own; None = nothing to see.

    `lives` are lists of (seconds of its life, MiB). One level for all would take a
    small worker that follows a large one for shrinking memory.
    """
    along = across = 0.0
    for samples in lives:
        if not samples or samples[-1][0] - samples[0][0] < LEAST_LIFE_S:
            continue
        counted = [(age, mib) for age, mib in samples if age - samples[0][0] >= WARM_UP_S]
        mean_age = sum(age for age, _ in counted) / len(counted)
        mean_mib = sum(mib for _, mib in counted) / len(counted)
        along += sum((age - mean_age) ** 2 for age, _ in counted)
        across += sum((age - mean_age) * (mib - mean_mib) for age, mib in counted)
    return round(across / along * 3600, 2) if along > 0 else None


def thinned(samples, most):
    step = -(-len(samples) // most)
    return samples[::step] if step > 1 else samples


class Pauses:
    """How long commits of a partition stood still, while there was something to commit."""

    def __init__(self):
        self.longest = {}  # in seconds, by the fault under way
        self.moved = {}  # by partition: (offset, when it was new)

    def see(self, committed, now, name):
        for number, offset in committed.items():
            if self.moved.get(number, (None, None))[0] != offset:
                self._note(number, now, name)
                self.moved[number] = offset, now
        for number in self.moved:
            self._note(number, now, name)

    def _note(self, number, now, name):
        pause = round(now - self.moved.get(number, (None, now))[1], 1)
        self.longest[name] = max(self.longest.get(name, 0), pause)

    def forget(self):
        """The load stands still by intent: what follows is no pause of the job's."""
        self.moved = {}


class Watch(threading.Thread):
    """Looks at each worker's memory, and at how long no commit moves on."""

    def __init__(self, stage):
        super().__init__(daemon=True)
        self.stage = stage
        self.lives = {}  # by log file: (seconds, MiB)
        self.pauses = Pauses()
        self.stopping = threading.Event()

    def run(self):
        begin = looked_at = time.monotonic()
        while not self.stopping.wait(COMMITS_EACH_S):
            committed = self.stage.job.committed()
            now = time.monotonic()
            if self.stage.load.is_quiet:
                self.pauses.forget()
            else:
                self.pauses.see(committed, now, self.stage.now or "none")
            if now - looked_at >= MEMORY_EACH_S:
                looked_at = now
                self.look(now - begin)

    def look(self, seconds):
        for slot in self.stage.crew.up():
            process = slot.process
            mib = process and process.resident_mib()
            if mib is not None:
                self.lives.setdefault(process.log.name, []).append((round(seconds, 1), round(mib, 2)))

    def stop(self):
        self.stopping.set()
        self.join()


class Soak(Stage):
    """Three workers, one of which no fault chooses: what grows slowly shows in a long life.

    Beyond half an hour fewer events come a second, so that their whole can still be judged.
    """

    def __init__(self, seed, broker, programs, folder, minutes):
        super().__init__(seed, broker, programs, folder)
        self.workers = SLOTS
        self.seconds = minutes * 60
        self.rate = min(RATE, MOST_RECORDS / self.seconds)
        self.watch = None

    def is_proxied(self, names):
        return True

    def new_load(self):
        return Load(self.broker.direct, self.job.names["input"], self.seed, self.rate, PEOPLE)

    def harm(self, names, say):
        self.crew.slots[-1].spared = True
        self.watch = Watch(self)
        self.watch.start()
        begin = time.monotonic()
        while time.monotonic() - begin < self.seconds and not self.is_lost():
            due = min(time.monotonic() - begin + EACH_S, self.seconds)
            name = self.rng.choice(NAMES)
            say(f"{(time.monotonic() - begin) / 60:.0f} of {self.seconds / 60:.0f} min, {name}, "
                f"fault {len(self.done) + 1}")
            self.do(name)
            wait_for(lambda: time.monotonic() - begin >= due or self.is_lost(), EACH_S + 1, "the next fault's time")
        self.watch.stop()
        self.counts.update(self.figures())

    def close(self):
        if self.watch is not None:
            self.watch.stop()
        super().close()

    def figures(self):
        lives = list(self.watch.lives.values())
        end = f"-{self.crew.slots[-1].name}.log"
        spared = [samples for name, samples in self.watch.lives.items() if name.endswith(end)]
        longest = max(lives, key=lambda samples: samples[-1][0] - samples[0][0], default=[])
        return {"minutes": round(self.seconds / 60), "rate": round(self.rate), "longest_pause_s": dict(sorted(self.watch.pauses.longest.items())),
                "rss_mib_per_hour": slope_mib_per_hour(lives),
                "rss_mib_per_hour_of_the_spared": slope_mib_per_hour(spared),
                "rss_mib_most": max((mib for samples in lives for _, mib in samples), default=None),
                "longest_life_s": round(longest[-1][0] - longest[0][0]) if longest else 0,
                "longest_life_rss": thinned(longest, MOST_SAMPLES)}
