"""The workers of a campaign: `peakend run` processes in named slots, started again when they end."""

import datetime
import json
import os
import re
import pathlib
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request

from deadline import wait_for

ADDRESS = re.compile(r'"address":"(127\.0\.0\.1:\d+)"')
RESIDENT = re.compile(r"^VmRSS:\s+(\d+) kB", re.MULTILINE)
# What a worker must never say, whatever is done to it.
ALARMS = ("a defect of determinism", "half of a transaction", "was reset or restored alone",
          "does not go with the changelog")
STOP_S = 60
MOST_SURPRISES = 20  # then nothing is started again


class Process:
    """One life of a worker."""

    def __init__(self, program, settings, log, environment, flags=()):
        self.log = log
        arguments = [str(program), "run", *flags]
        for name, value in settings.items():
            arguments += ["-X", f"{name}={value}"]
        with open(log, "wb") as out:
            self.child = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                          env={**os.environ, **environment})
        self.address = None

    def exit_code(self):
        return self.child.poll()

    def signal(self, number):
        if self.child.poll() is None:
            self.child.send_signal(number)

    def get(self, path):
        """The text from the admin port; empty = no answer."""
        if self.address is None:
            found = ADDRESS.search(self.log.read_text(errors="replace"))
            if found is None:
                return ""
            self.address = found.group(1)
        try:
            with urllib.request.urlopen(f"http://{self.address}{path}", timeout=2) as answer:
                return answer.read().decode()
        except (urllib.error.HTTPError, OSError):
            return ""

    def metric(self, name):
        """The sum of its samples; None = no answer."""
        lines = [line for line in self.get("/metrics").splitlines() if line.startswith((name + " ", name + "{"))]
        return sum(float(line.rpartition(" ")[2]) for line in lines) if lines else None

    def restored_from_snapshots(self):
        return self.log.read_text(errors="replace").count('"snapshot read, going on with the changelog"')

    def never_began(self, code):
        """SIGTERM came before it could be listened for: nothing was said or done yet."""
        return code == -signal.SIGTERM and self.log.stat().st_size == 0

    def resident_mib(self):
        """None = it has ended."""
        try:
            found = RESIDENT.search(pathlib.Path(f"/proc/{self.child.pid}/status").read_text())
        except OSError:
            return None
        return int(found.group(1)) / 1024 if found else None

    def cpu_s(self):
        """Of all its threads until now. Only for a living one."""
        fields = pathlib.Path(f"/proc/{self.child.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def told(self, message):
        """Its log lines with this message: (seconds since 1970, all that the line says)."""
        lines = [json.loads(line) for line in self.log.read_text(errors="replace").splitlines()
                 if f'"{message}"' in line and line.endswith("}")]
        return [(datetime.datetime.fromisoformat(line["time"].replace("Z", "+00:00")).timestamp(), line)
                for line in lines if line["message"] == message]

    def said(self):
        """What it must never say, and its last words."""
        lines = self.log.read_text(errors="replace").splitlines()
        return [line for line in lines if any(alarm in line for alarm in ALARMS)], lines[-4:]


class Slot:
    """A place for a worker: an identity, and whether one should be there."""

    def __init__(self, name, identity):
        self.name = name
        self.identity = identity
        self.process = None
        self.wanted = False
        self.expected = set()  # exit codes that the present fault explains
        self.comes_back = True  # after an end that was not asked for
        self.spared = False  # no fault may choose it
        self.program = None  # another one than the crew's, until it is set back
        self.next_program = None  # of the next start only
        self.next_environment = {}
        self.next_flags = ()
        self.exits = []

    def has_partitions(self):
        process = self.process
        return process is not None and bool(process.metric("peakend_assigned_partitions"))


class Crew:
    """All slots, and the supervisor that starts again what ended."""

    def __init__(self, program, settings, folder):
        self.program = program
        self.settings = settings
        self.folder = folder
        self.slots = []
        self.surprises = []
        self.lives = 0
        self.from_snapshots = 0  # partitions restored from one
        self.exits = {}
        self.lock = threading.RLock()
        self.ending = False
        self.supervisor = threading.Thread(target=self._supervise, daemon=True)
        self.supervisor.start()

    def add(self, name, identity=None):
        with self.lock:
            slot = Slot(name, name if identity is None else identity)
            self.slots.append(slot)
        return slot

    def start(self, slot):
        with self.lock:
            slot.wanted = True
            self._launch(slot)

    def _launch(self, slot):
        self.lives += 1
        settings = {**self.settings, "kafka.group_instance_id": slot.identity, "kafka.client_id": slot.name,
                    "checkpoint.snapshot_folder": self.snapshots(slot)}
        log = self.folder / f"{self.lives:04d}-{slot.name}.log"
        program = slot.next_program or slot.program or self.program
        slot.process = Process(program, settings, log, slot.next_environment, slot.next_flags)
        slot.next_program, slot.next_environment, slot.next_flags = None, {}, ()

    def snapshots(self, slot):
        """The folder of its snapshots, on a disk that outlives its processes."""
        return self.folder / f"snapshots-{slot.name}"

    def up(self):
        """Slots with a living process."""
        with self.lock:
            return [slot for slot in self.slots
                    if slot.wanted and slot.process is not None and slot.process.exit_code() is None]

    def at_risk(self):
        """Those of them that a fault may choose."""
        return [slot for slot in self.up() if not slot.spared]

    def _supervise(self):
        while not self.ending:
            with self.lock:
                for slot in self.slots:
                    if slot.process is not None and slot.process.exit_code() is not None:
                        self._ended(slot)
            time.sleep(0.02)

    def _ended(self, slot):
        process, slot.process = slot.process, None
        code = process.exit_code()
        slot.exits.append(code)
        self.exits[str(code)] = self.exits.get(str(code), 0) + 1
        alarms, last = process.said()
        self.from_snapshots += process.restored_from_snapshots()
        self.surprises += [f"{process.log.name}: {line}" for line in alarms]
        if code not in slot.expected and not (not slot.wanted and (code == 0 or process.never_began(code))):
            self.surprises.append(f"{process.log.name}: unexpected exit {code}: " + " | ".join(last))
        if slot.wanted and slot.comes_back and len(self.surprises) < MOST_SURPRISES:
            self._launch(slot)

    def stop(self, slot, limit=STOP_S):
        """SIGTERM, and the end of the process in order."""
        with self.lock:
            slot.wanted = False
            process = slot.process
        if process is not None:
            process.signal(signal.SIGTERM)
            wait_for(lambda: slot.process is None, limit, f"the end of {slot.name} after SIGTERM")

    def kill(self, slot, restart=True):
        with self.lock:
            slot.wanted = restart
            process = slot.process
            if process is None or process.exit_code() is not None:
                return
            slot.expected.add(-signal.SIGKILL)
            process.signal(signal.SIGKILL)
        wait_for(lambda: slot.process is not process, 10, f"the end of {slot.name}")

    def remove(self, slot):
        """Ends a place that only one fault needed."""
        self.stop(slot)
        with self.lock:
            self.slots.remove(slot)

    def expect_nothing(self):
        """What the last fault explained is a surprise from now on."""
        with self.lock:
            for slot in self.slots:
                slot.expected = set()

    def end(self):
        """Kills what is left."""
        with self.lock:
            for slot in self.slots:
                slot.wanted = False
                if slot.process is not None:
                    slot.expected.add(-signal.SIGKILL)
                    slot.process.signal(signal.SIGKILL)
        wait_for(lambda: all(slot.process is None for slot in self.slots), 30, "the end of all workers")
        self.ending = True
        self.supervisor.join()

    def metric(self, name):
        """Over all workers; None = one of them does not answer."""
        found = [slot.process.metric(name) for slot in self.up()]
        return None if None in found else sum(found)

    def alarms(self):
        """Of processes that still run."""
        return [f"{slot.process.log.name}: {line}" for slot in self.up() for line in slot.process.said()[0]]
