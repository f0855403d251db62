"""F16: how long it takes a worker with many customers to be back after kill -9."""

import shutil
import time

from deadline import wait_for
from faults import Fault

BACK_S = 120


class Return(Fault):
    """Three deaths: back with its snapshots, back without, and another one in its place.

    Times are read from the worker's and the broker's log and from the group's offsets.
    A worker is assigned its partitions when the group has answered it and its producer
    is through with what its former life left open; it is back with the first commit of
    records that came after the death.
    """

    name = "F16"

    def do(self):
        stage = self.stage
        slot, other = stage.crew.slots[:2]
        stage.wait_for_snapshots(slot)
        figures = {"warm": self.again(slot)}
        records = sum(1 for _ in stage.job.records("state"))
        figures["cold"] = self.again(slot, records)
        figures["failover"] = self.by(other, slot)
        stage.figures.append(figures)
        return ", ".join(f"{name} {one['death_to_commit_s']} s" for name, one in figures.items())

    def again(self, slot, records=None):
        """The same worker; with a number of records it has to read these, and has no snapshot."""
        crew = self.stage.crew
        began = time.time()
        crew.kill(slot, restart=False)
        targets = self.targets()
        if records is not None:
            shutil.rmtree(crew.snapshots(slot))
        crew.start(slot)
        process = slot.process
        committed = self.committed(targets)
        cpu_s = process.cpu_s()
        assigned = self.assigned(slot, began)
        restored = max(at for at, _ in process.told("state restored"))
        figures = {"death_to_assigned_s": round(assigned - began, 2),
                   "assigned_to_restored_s": round(restored - assigned, 2),
                   "assigned_to_commit_s": round(committed - assigned, 2),
                   "death_to_commit_s": round(committed - began, 2), "cpu_s": round(cpu_s, 2)}
        if records is not None:
            figures.update(records=records, records_s=round(records / (restored - assigned)))
        self.stage.check_known("a warm return" if records is None else "a cold return")
        return figures

    def by(self, other, slot):
        """`other` has its share when `slot` dies, and takes the rest over."""
        crew = self.stage.crew
        shutil.rmtree(crew.snapshots(other), ignore_errors=True)
        crew.start(other)
        wait_for(other.has_partitions, BACK_S, f"partitions of {other.name}")
        self.committed(self.targets())
        began = time.time()
        crew.kill(slot, restart=False)
        committed = self.committed(self.targets())
        answered = self.stage.broker.said(f"Assignment received from leader {other.identity}", began)
        figures = {"death_to_assigned_s": round(answered - began, 2) if answered else None,
                   "death_to_commit_s": round(committed - began, 2)}
        self.stage.check_known("a failover")
        crew.start(slot)
        wait_for(slot.has_partitions, BACK_S, f"partitions of {slot.name}")
        crew.stop(other)
        self.committed(self.targets())
        return figures

    def targets(self):
        """Offsets that only records from now on reach."""
        return {number: end + 1 for number, end in self.stage.load.ends.items()}

    def committed(self, targets):
        """When that was so far."""
        self.stage.job.wait_until_committed(targets, BACK_S, "commits of new records")
        return time.time()

    def assigned(self, slot, since):
        job, broker = self.stage.job, self.stage.broker
        answers = [broker.said(f"groupInstanceId={slot.identity} ", since),
                   broker.said(f"Initialized transactionalId {job.prefix}-{slot.identity} ", since)]
        return max([answer for answer in answers if answer is not None], default=since)
