"""F14b and F14c: logs that lose their beginnings, the changelog rightly and the input wrongly."""

import re
import shutil

from deadline import wait_for
from faults import Fault
from log_start import delete_records

RESTORE_S = 60
EXIT_S = 30
NEEDS_A_PERSON = 78
NOT_BY_POLICY = 44
FAILURES = {65, 69, 70, 75, 78}
LOST = re.compile(r"partition (\d+): records (\d+) to (\d+), [a-z ]+, were removed from the log")
# Beside the ordinary settings: what is superseded goes at once. The policy that lets the
# beginning go too comes later, because a worker that sees it at its start refuses to run.
TIGHT = {"segment.ms": "500", "max.compaction.lag.ms": "500"}
MOVABLE = {**TIGHT, "cleanup.policy": "compact,delete"}


class ChangelogMoves(Fault):
    """A worker without snapshots restores slowly, and meanwhile the changelog is compacted
    and begins at its first record that is left."""

    name = "F14b"
    needs_proxy = True

    def do(self):
        crew, job, broker, proxy = self.stage.crew, self.stage.job, self.stage.broker, self.stage.proxy
        slot = self.victim()
        # Slow enough it may be taken for one that was replaced.
        slot.expected.add(75)
        topic = job.names["state"]
        job.set_changelog(TIGHT)
        self.pause(0.5, 2)
        crew.kill(slot, restart=False)
        shutil.rmtree(crew.snapshots(slot), ignore_errors=True)
        proxy.delay(slot.name, self.rng.choice([0.02, 0.05, 0.1]))
        crew.start(slot)
        process = slot.process
        try:
            wait_for(lambda: process.told("running") or process.exit_code() is not None, RESTORE_S, f"{slot.name} runs")
            job.set_changelog(MOVABLE)
            begin, cleaned = job.edges("state"), broker.cleaned(topic)
            moves = set()
            wait_for(lambda: self.move(topic, process, moves), RESTORE_S, f"{slot.name} restores")
            compactions = {number for number, offset in broker.cleaned(topic).items() if cleaned.get(number) != offset}
        finally:
            proxy.heal(slot.name)
            job.set_changelog({})
        self.stage.count("partitions_compacted_in_restore", len(compactions))
        self.stage.count("partitions_moved_in_restore", len(moves))
        read = sum(end for _, end in begin.values()) - sum(start for start, _ in begin.values())
        return (f"{slot.name} read offsets of {read} records, meanwhile {len(compactions)} partitions compacted, "
                f"{len(moves)} begin later")

    def move(self, topic, process, moves):
        """One more push; true when the worker has restored what it was assigned, or ended."""
        job = self.stage.job
        if process.exit_code() is not None or any("assigned" in line["change"]
                                                  for _, line in process.told("partitions changed")):
            return True
        self.stage.broker.clean_now()
        starts = {number: start for number, (start, _) in job.edges("state").items()}
        first = {number: offset for number, offset, _ in job.records("state", most=1)}
        before = {number: offset for number, offset in first.items() if offset > starts[number]}
        if before:
            try:
                delete_records(job.bootstrap, topic, before)
            except ValueError as error:
                # The topic's settings come into force a moment after they are answered.
                if str(error).endswith(f" {NOT_BY_POLICY}"):
                    return False
                raise
            moves.update(before)
        return False


class LostInput(Fault):
    """F14c: the input begins above what a restart needs, or above what was never read. The
    worker must say what is lost and end without a word to its outputs; with --accept-loss
    it goes on, and after that without."""

    name = "F14c"

    def do(self):
        stage, crew, job = self.stage, self.stage.crew, self.stage.job
        slot = self.victim()
        unread = self.rng.random() < 0.5
        self.pause(2, 4)
        self.hush()
        job.wait_until_committed(stage.load.ends, EXIT_S, "the last commits before the loss")
        if unread:
            crew.stop(slot)
        else:
            crew.kill(slot, restart=False)
        if self.rng.random() < 0.5:
            shutil.rmtree(crew.snapshots(slot), ignore_errors=True)
        stage.verdict(lambda what: None)
        lost_to = job.committed()
        if unread:
            stage.load.quiet(False)
            wait_for(lambda: all(stage.load.ends[number] > offset for number, offset in lost_to.items()), EXIT_S,
                     "records that nobody has read")
            self.hush()
            lost_to = {number: self.rng.randint(offset + 1, stage.load.ends[number])
                       for number, offset in lost_to.items()}
        delete_records(job.bootstrap, job.names["input"], lost_to)
        what = "unread input" if unread else "input to replay"
        self.must_stop(slot, lost_to, what)
        if not stage.violations:
            self.must_go_on(slot, what)
        return what

    def hush(self):
        load = self.stage.load
        load.quiet(True)
        wait_for(lambda: len(load.producer) == 0, EXIT_S, "the load's last records")

    def written(self):
        """Where the outputs and the committed offsets end. The changelog may get a word more on the same offsets."""
        job = self.stage.job
        outputs = {role: job.edges(role) for role in job.names if role not in ("input", "state")}
        return {"committed": job.committed(), **outputs}

    def must_stop(self, slot, lost_to, what):
        before = self.written()
        slot.comes_back = False
        slot.expected |= FAILURES
        ended = len(slot.exits)
        process = self.started(slot)
        try:
            wait_for(lambda: len(slot.exits) > ended, EXIT_S, f"the end of {slot.name}, which lost {what}")
        finally:
            slot.expected = set()
        text = process.log.read_text(errors="replace")
        found = [tuple(map(int, match)) for match in LOST.findall(text)]
        if slot.exits[-1] != NEEDS_A_PERSON or not any(lost_to.get(number) == last + 1 for number, _, last in found):
            last_words = " | ".join(process.said()[1][-2:])
            self.blame(f"{what}: ended with {slot.exits[-1]}, named no range up to {lost_to}, but said: {last_words}")
        after = self.written()
        changed = [role for role, place in before.items() if after[role] != place]
        if changed:
            self.blame(f"{what}: lost, and yet it wrote to {changed}")

    def must_go_on(self, slot, what):
        stage, crew = self.stage, self.stage.crew
        slot.next_flags = ("--accept-loss",)
        slot.expected |= FAILURES
        ended = len(slot.exits)
        process = self.started(slot)
        stage.load.quiet(False)
        # Clock ticks of before may lie behind the load's last record.
        before = stage.job.committed()
        targets = {number: max(end, before.get(number, 0)) + 1 for number, end in stage.load.ends.items()}

        def settled():
            committed = stage.job.committed()
            return len(slot.exits) > ended or committed and all(
                committed[number] >= target for number, target in targets.items())
        wait_for(settled, EXIT_S, f"commits with --accept-loss after {what}")
        if len(slot.exits) > ended:
            last_words = " | ".join(process.said()[1][-2:])
            self.blame(f"{what}: --accept-loss ended with {slot.exits[-1]}: {last_words}")
            return
        slot.expected = set()
        slot.comes_back = True
        crew.stop(slot)
        self.started(slot)

    def started(self, slot):
        """Its process, also when that ends at once."""
        with self.stage.crew.lock:
            self.stage.crew.start(slot)
            return slot.process

    def blame(self, text):
        self.stage.violations.append(f"{self.name} {text}")
