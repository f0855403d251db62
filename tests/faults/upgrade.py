"""F14a: a rolling change of the program, with the state that the other one left."""

from deadline import wait_for
from faults import Fault

READY_S = 60


class Upgrade(Fault):
    """Each worker in turn ends, in order or now and then by kill -9, and goes on as the
    other program with its snapshots and the changelog as they are; then all the way back."""

    name = "F14a"

    def do(self):
        crew = self.stage.crew
        self.victim()
        workers = [slot for slot in crew.slots if slot.wanted and not slot.spared]
        killed = 0
        for program in (self.stage.programs.other, None):
            for slot in workers:
                hard = self.rng.random() < 0.25
                killed += hard
                if hard:
                    crew.kill(slot, restart=False)
                else:
                    crew.stop(slot)
                slot.program = program
                crew.start(slot)
                # Mostly one waits for a worker before going on to the next; not everybody does.
                if self.rng.random() < 0.7:
                    wait_for(slot.has_partitions, READY_S, f"partitions of {slot.name} after its change of program")
                self.pause(0.2, 1)
            # A job of two programs, or of the other one alone, shall also work for a while.
            self.pause(0.5, 3)
        self.stage.count("changes_of_program", 2 * len(workers))
        return f"{'+'.join(slot.name for slot in workers)} there and back, {killed} by kill -9"
