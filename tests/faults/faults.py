"""What is done to a job: one class for each kind of fault, and how it must take it."""

import logging
import signal

from confluent_kafka import KafkaException, Producer

from deadline import Late, wait_for
from proxy import ADD_OFFSETS, ADD_PARTITIONS, END_TXN, OFFSET_COMMIT, PRODUCE, Trap

SESSION_S = 6
CRASH_POINTS = ("before_append", "after_append", "before_begin", "before_produce", "after_produce",
                "before_send_offsets", "after_send_offsets", "before_commit", "after_commit", "after_changelog",
                "after_resume", "in_replay", "before_tick", "before_revoke", "before_snapshot_rename")
RARE = ("after_changelog", "after_resume", "in_replay", "before_tick", "before_revoke", "before_snapshot_rename")
CRASHED, FENCED = 137, 75
SILENT = logging.getLogger("an outsider")
SILENT.disabled = True


class Fault:
    """`stage` is the campaign: crew, broker, job, load, proxy and a seeded rng."""

    name = None
    needs_proxy = False

    def __init__(self, stage):
        self.stage = stage
        self.rng = stage.rng

    def do(self):
        """Does it and waits for its end; returns a few words on what was drawn. Raises Late."""
        raise NotImplementedError

    def victim(self):
        wait_for(self.stage.crew.at_risk, 10, "a running worker")
        return self.rng.choice(self.stage.crew.at_risk())

    def pause(self, low, high):
        """Load goes on meanwhile; there is nothing to wait for but time."""
        self.stage.let_pass(self.rng.uniform(low, high))


class Kill(Fault):
    """F1: kill -9 at a random time; now and then of several at once, of the next life
    too, or with names that change hands."""

    name = "F1"

    def do(self):
        crew = self.stage.crew
        self.pause(0, 1.5)
        self.victim()
        up = crew.at_risk()
        victims = self.rng.sample(up, self.rng.randint(1, len(up)) if self.rng.random() < 0.3 else 1)
        for slot in victims:
            crew.kill(slot, restart=False)
        if len(victims) > 1 and self.rng.random() < 0.5:
            first, second = victims[:2]
            first.identity, second.identity = second.identity, first.identity
        for slot in victims:
            crew.start(slot)
        again = self.rng.random() < 0.3
        if again:
            self.pause(0.05, 0.8)
            crew.kill(victims[0])
        return f"{'+'.join(slot.name for slot in victims)}{' twice' if again else ''}"


class CrashPoint(Fault):
    """F1b: a worker dies at a named point of its loop."""

    name = "F1b"

    def do(self):
        crew, load = self.stage.crew, self.stage.load
        point = self.stage.next_crash_point()
        passing = 1 if point in RARE else self.rng.randint(1, 40)
        slot = self.victim()
        slot.next_program = self.stage.programs.crashing
        slot.next_environment = {"PEAKEND_CRASH_AT": f"{point}:{passing}"}
        slot.expected.add(CRASHED)
        died = slot.exits.count(CRASHED)
        crew.kill(slot)
        load.quiet(point == "before_tick")
        if point == "before_revoke":
            self.pause(1, 2)
            slot.expected.add(0)
            slot.process.signal(signal.SIGTERM)
        try:
            wait_for(lambda: slot.exits.count(CRASHED) > died, 8, point)
        except Late:
            # Not every life passes every point; the next one is ordinary again.
            self.stage.count(f"not_reached_{point}")
            crew.kill(slot)
        load.quiet(False)
        return f"{slot.name} {point}:{passing}"


class BrokerStop(Fault):
    """F2: the broker is restarted, in order or by kill -9, on the same data."""

    name = "F2"

    def do(self):
        broker = self.stage.broker
        # A static member whose answer to a join is lost meets itself in the group when it
        # asks again, and is fenced by itself.
        for slot in self.stage.crew.slots:
            slot.expected.add(FENCED)
        self.pause(0, 1)
        hard = self.rng.random() < 0.5
        (broker.kill if hard else broker.down)()
        self.pause(0, 2)
        broker.up()
        return "kill -9" if hard else "stop"


class Rebalance(Fault):
    """F3: a worker joins, leaves, or is restarted in order under its own name."""

    name = "F3"

    def do(self):
        crew = self.stage.crew
        self.pause(0, 1)
        idle = [slot for slot in crew.slots if not slot.wanted]
        kind = self.rng.choice(["bounce"] + ["join"] * 2 * bool(idle) + ["leave"] * 2 * (len(crew.at_risk()) > 1))
        slot = self.rng.choice(idle) if kind == "join" else self.victim()
        if kind in ("leave", "bounce"):
            crew.stop(slot)
        if kind in ("join", "bounce"):
            crew.start(slot)
        return f"{slot.name} {kind}"


class Successor:
    """A second worker under a slot's name; the two fence each other until it leaves."""

    def __init__(self, crew, slot):
        self.crew = crew
        self.slot = slot
        self.other = crew.add(f"{slot.name}-successor", slot.identity)
        for one in (slot, self.other):
            one.expected.add(FENCED)
            one.comes_back = False
        crew.start(self.other)

    def leave(self):
        self.crew.remove(self.other)
        self.slot.comes_back = True
        if self.slot.process is None:
            self.crew.start(self.slot)


class Zombie(Fault):
    """F4: a worker stands still beyond its session, then goes on; now and then a
    successor with its name works by then."""

    name = "F4"

    def do(self):
        slot = self.victim()
        slot.expected.add(FENCED)
        process = slot.process
        process.signal(signal.SIGSTOP)
        successor = Successor(self.stage.crew, slot) if self.rng.random() < 0.4 else None
        try:
            self.pause(SESSION_S + 0.5, SESSION_S + 2)
        finally:
            process.signal(signal.SIGCONT)
        if successor is None:
            return slot.name
        self.pause(1, 2)
        successor.leave()
        return f"{slot.name} with a successor"


class Hijack(Fault):
    """F5: somebody else starts a producer, or a whole worker, with a worker's name."""

    name = "F5"

    def do(self):
        slot = self.victim()
        # One that has yet to start its producer would take the stranger's place instead.
        wait_for(slot.has_partitions, 30, f"partitions of {slot.name}")
        ended = len(slot.exits)
        if self.rng.random() < 0.3:
            successor = Successor(self.stage.crew, slot)
            wait_for(lambda: len(slot.exits) + len(successor.other.exits) > ended, 30,
                     f"the end of {slot.name} or its double")
            successor.leave()
            return f"{slot.name} by a double"
        slot.expected.add(FENCED)
        outsider = Producer({"bootstrap.servers": self.stage.broker.direct, "logger": SILENT,
                             "transactional.id": f"{self.stage.job.prefix}-{slot.identity}"})
        wait_for(lambda: self.init(outsider), 30, "the outsider's init_transactions")
        wait_for(lambda: len(slot.exits) > ended, 20, f"the end of {slot.name}, whose producer was replaced")
        return slot.name

    @staticmethod
    def init(producer):
        try:
            producer.init_transactions(5)
        except KafkaException:
            return False
        return True


class Poison(Fault):
    """F6: bad records, four of five for a while."""

    name = "F6"
    count = 10_000

    def do(self):
        load = self.stage.load
        load.poison(self.count)
        wait_for(lambda: load.to_poison == 0, 120, "the poison's end")
        return f"{self.count} bad records"


class Snapshots(Fault):
    """F8: the snapshots of a worker that died are gone, cut off, changed, exchanged or old."""

    name = "F8"

    def do(self):
        crew = self.stage.crew
        slot = self.victim()
        folder = crew.snapshots(slot)
        try:
            wait_for(lambda: any(folder.glob("*.snapshot")), 4, "a first snapshot")
        except Late:
            self.stage.count("no_snapshot_yet")
        old = self.contents(folder)
        self.pause(0.2, 1.5)
        crew.kill(slot, restart=False)
        now = self.contents(folder)
        damages = [self.damage(path, now, old) for path in now]
        self.stage.count("snapshot_corruptions", len(damages))
        crew.start(slot)
        return f"{slot.name} {'+'.join(damages) or 'no snapshot yet'}"

    @staticmethod
    def contents(folder):
        """Of each snapshot; one that is replaced at this moment may be left out."""
        found = {}
        for path in sorted(folder.glob("*.snapshot")):
            try:
                found[path] = path.read_bytes()
            except FileNotFoundError:
                pass
        return found

    def damage(self, path, now, old):
        content = bytearray(now[path])
        place = self.rng.randrange(len(content))
        kind = self.rng.choice(["lost", "cut", "bit", "bit", "zeros", "rubbish", "another's", "old"])
        if kind == "lost":
            path.unlink()
            return kind
        if kind == "cut":
            content = content[:place]
        elif kind == "bit":
            content[place] ^= 1 << self.rng.randrange(8)
        elif kind == "zeros":
            content[place:place + 4096] = bytes(len(content[place:place + 4096]))
        elif kind == "rubbish":
            content = bytearray(self.rng.randbytes(len(content)))
        elif kind == "another's":
            content = bytearray(now[self.rng.choice(list(now))])
        elif path in old:
            content = bytearray(old[path])
        path.write_bytes(content)
        return kind


class Network(Fault):
    """F9: delays, lost and half-open connections, requests that come late, answers that are lost."""

    name = "F9"
    needs_proxy = True
    kinds = ("delay", "hold", "half-open", "drop", "hold", "lose answer")
    # What belongs to a transaction; its end above all.
    trapped = (END_TXN, END_TXN, END_TXN, END_TXN, END_TXN, PRODUCE, ADD_PARTITIONS, ADD_OFFSETS, OFFSET_COMMIT)

    def do(self):
        slot = self.victim()
        # Cut off for long enough it may be taken for one that was replaced.
        slot.expected.add(FENCED)
        kind = self.stage.next_network_kind()
        proxy = self.stage.proxy
        if kind in ("hold", "lose answer"):
            return f"{slot.name} {self.trap(slot, kind)}"
        if kind == "drop":
            for _ in range(self.rng.randint(1, 4)):
                proxy.drop(slot.name)
                self.pause(0.05, 0.6)
            return f"{slot.name} drop"
        if kind == "delay":
            proxy.delay(slot.name, self.rng.choice([0.02, 0.1, 0.4]))
        else:
            proxy.freeze(slot.name)
        self.pause(1, 9 if kind == "half-open" else 5)
        if kind == "half-open" and self.rng.random() < 0.5:
            proxy.drop(slot.name)
        proxy.heal(slot.name)
        return f"{slot.name} {kind}"

    def trap(self, slot, kind):
        api_key = self.rng.choice(self.trapped)
        trap = Trap(slot.name, api_key, kind)
        self.stage.proxy.set(trap)
        try:
            wait_for(trap.caught.is_set, 15, f"a request {api_key} of {slot.name}")
        except Late:
            # More workers than partitions, or still without any.
            self.stage.count("nothing_trapped")
            self.stage.proxy.set(None)
            return f"{kind} {api_key}: nothing came"
        wait_for(trap.done.is_set, 60, f"what follows the trapped request {api_key} of {slot.name}")
        self.stage.proxy.set(None)
        if kind == "hold" and api_key == END_TXN:
            self.stage.count("held_end_txn")
            if not trap.new_producer_between:
                self.stage.count("held_end_txn_same_producer")
        return f"{kind} {api_key}"
