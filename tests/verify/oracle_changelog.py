"""O4: the committed changelog, replayed from its low-water mark, gives the reference's state.

Of each key the newest record counts. The reference passes by once, in the order of
the input, and is asked at the offsets that the records name (Part.reach); digests
are added up from the outputs afterwards.
"""

from collections import defaultdict

from google.protobuf.message import DecodeError

from oracle_baselines import kept_at
from oracle_checks import NOWHERE
from oracle_differences import differences
from oracle_digests import MASK, NUMBERS, hashes_of
from oracle_messages import Baseline, CustomerState, PolicyRecord, ProgressRecord, TouchpointStatistics
from oracle_partition import UNSET
from oracle_posted import notice_differences
from oracle_state import record_differences

PROGRESS = b"progress"
# Then the offset of its record; the row's id.
BASELINE, POLICY, STATISTICS = b"baseline ", b"policy ", b"statistics "
FORMATS = {ProgressRecord: (3, 4), CustomerState: (11,)}


def kind_of(key):
    """What the record of a key holds; keys of customers have a "/"."""
    if key == PROGRESS:
        return ProgressRecord
    if key.startswith(STATISTICS) and b"/" not in key:
        return TouchpointStatistics
    if key.startswith(POLICY) and b"/" not in key:
        return PolicyRecord
    return Baseline if key.startswith(BASELINE) and b"/" not in key else CustomerState


class Kept:
    """The newest record of one customer."""

    def __init__(self, where, state):
        self.where = where
        self.state = state
        self.applied, self.digest = state.applied, state.digest
        self.lives = ()  # offsets up to `applied` at which a forgotten customer came back


class Part:
    """The changelog of one partition, beside the reference as it passes by."""

    def __init__(self, number, topic):
        self.number = number
        self.where = f"{topic}/{number}"
        self.progress = None
        self.customers = {}  # key: Kept
        self.cells, self.baselines, self.policies = {}, {}, {}  # by key: (where it stands, message)
        self.found = []
        self.passed_over = None  # why it cannot be judged
        self.watermark_at_mark = UNSET
        self.stops = None  # input offsets before which to look, the next one last

    def take(self, record):
        """A record of the changelog, in its order."""
        where = f"{self.where} offset {record.offset} key {(record.key or b'').decode(errors='replace')}"
        if record.value is None:
            if record.key == PROGRESS:
                self.progress = None
            for kept in (self.customers, self.cells, self.baselines, self.policies):
                kept.pop(record.key, None)
            return
        kind = kind_of(record.key or b"")
        try:
            message = kind.FromString(record.value)
        except DecodeError:
            self.found.append(f"{where}: is not what this topic should hold")
            return
        if message.DESCRIPTOR.fields_by_name.get("format") and message.format not in FORMATS[kind]:
            self.passed_over = f"it holds records of format {message.format}, this tool knows {FORMATS[kind]}"
        if record.key == PROGRESS:
            self.progress = message
        elif kind is TouchpointStatistics:
            self.cells[record.key] = where, message
        elif kind is Baseline:
            self.baselines[record.key] = where, message
        elif kind is PolicyRecord:
            self.policies[record.key] = where, message
        elif b"/" not in (record.key or b""):
            self.found.append(f"{where}: no customer has this key")
        else:
            self.customers[record.key] = Kept(where, message)

    @property
    def progress_where(self):
        return f"{self.where} key {PROGRESS.decode()}"

    # --- while the reference passes by --------------------------------------------

    def plan(self):
        """Before which offsets to look, the next one last."""
        if self.stops is None:
            self.due = defaultdict(list)
            for key, kept in self.customers.items():
                self.due[kept.applied + 1].append((key, kept))
            places = {self.progress.low_water_mark, self.progress.committed_offset} if self.progress else set()
            self.stops = sorted(self.due.keys() | places, reverse=True)
        return self.stops

    def reach(self, partition, offset):
        """Looks at the state before `offset`, the next to be processed; returns where to look next."""
        self.plan()
        while self.stops and self.stops[-1] <= offset:
            stop = self.stops.pop()
            for key, kept in self.due[stop]:
                self.compare(partition, key, kept)
            if self.progress and stop == self.progress.low_water_mark:
                self.look_for_unwritten(partition)
                self.watermark_at_mark = partition.watermark
            if self.progress and stop == self.progress.committed_offset:
                self.compare_budget(partition.budget)
                self.compare_records(self.cells, {STATISTICS + key.encode(): row
                                                  for key, row in partition.statistics.cells.items()})
                self.compare_records(self.baselines, {
                    BASELINE + str(at).encode(): baseline for at, baseline in
                    kept_at(partition.baselines.history, self.progress.low_water_mark, stop).items()})
                self.compare_records(self.policies, {
                    POLICY + str(at).encode(): policy for at, policy in
                    kept_at(partition.policies, self.progress.low_water_mark, stop).items()})
                self.compare_policy(partition)
                self.found += [f"{self.progress_where}: {text}" for text in notice_differences(
                    self.progress, partition.board, (self.watermark_at_mark, partition.watermark))]
        return self.stops[-1] if self.stops else NOWHERE

    def compare(self, partition, key, kept):
        tenant, _, name = key.decode(errors="replace").partition("/")
        customer = partition.customers.get((tenant, name))
        if customer is None or customer.changed is None:
            self.found.append(f"{kept.where}: the input up to offset {kept.applied} has no such customer")
            return
        kept.lives = tuple(customer.lives)
        if not kept.state.gone:
            found = record_differences(customer, kept.state)
            if found:
                self.found.append(f"{kept.where}: as of offset {kept.applied} {'; '.join(found[:4])}")
        elif not customer.forgotten(partition.watermark):
            self.found.append(f"{kept.where}: says gone, but offset {customer.changed} is not yet forgotten at "
                              f"offset {kept.applied}")

    def look_for_unwritten(self, partition):
        """What a replay from the low-water mark would not repeat must be in records."""
        mark = self.progress.low_water_mark
        now = self.progress.now_ms if self.progress.HasField("now_ms") else UNSET
        if now != partition.now:
            self.found.append(f"{self.progress_where}: now_ms is {now}, before offset {mark} it was {partition.now}")
        for (tenant, name), customer in partition.customers.items():
            if customer.changed is None:
                continue
            key = f"{tenant}/{name}"
            kept = self.customers.get(key.encode())
            if kept is None:
                # A forgotten customer's record may be removed.
                if not customer.forgotten(partition.watermark):
                    self.found.append(f"{self.where} key {key}: is missing, though offset {customer.changed}, before "
                                      f"the low-water mark {mark}, changed the customer")
            elif customer.changed > kept.applied:
                self.found.append(f"{kept.where}: applied is {kept.applied}, though offset {customer.changed}, before "
                                  f"the low-water mark {mark}, changed the customer")

    def compare_records(self, given, wanted):
        """Open rows of statistics, baselines or policies, as of the committed offset."""
        for key, message in wanted.items():
            where, found = given.get(key, (f"{self.where} key {key.decode()}", None))
            if found is None:
                self.found.append(f"{where}: is missing")
            elif found != message:
                self.found.append(f"{where}: {'; '.join(differences(message, found)[:4])}")
        for key in given.keys() - wanted.keys():
            self.found.append(f"{given[key][0]}: should not be there any more")

    def compare_policy(self, partition):
        where, progress = self.progress_where, self.progress
        if progress.policy_version != partition.policy.stamp:
            self.found.append(f"{where}: policy_version is another one than that which counts at the committed offset")
        if progress.format == 3 and self.policies:
            self.found.append(f"{where}: a program that knows of no posted policies could go on from here")

    def compare_budget(self, budget):
        given = self.progress.budget
        for name, wanted, found in (("contacts", budget.contacts, given.contacts),
                                    ("wanted", budget.wanted, list(given.wanted)),
                                    ("granted", budget.granted, given.granted),
                                    ("owed_milli", budget.owed, given.owed_milli)):
            if wanted != found:
                self.found.append(f"{self.progress_where}: budget.{name} is {found}, expected {wanted}")
        mark, bars = self.progress.low_water_mark, [(bar.from_offset, tuple(bar.shares)) for bar in given.bars]
        needed = budget.needed_from(mark)
        # Nobody asks when the first one was set.
        if not bars or bars[0][0] > mark or [needed[0][1], *needed[1:]] != [bars[0][1], *bars[1:]]:
            self.found.append(f"{self.progress_where}: budget.bars are {bars}, expected {needed}")

    # --- afterwards ---------------------------------------------------------------

    def check_progress(self, least, most):
        """`least` and `most`: where the group's committed offset was before and after the reading."""
        progress, where = self.progress, self.progress_where
        if progress is None:
            if least > 0 or self.customers:
                self.found.append(f"{where}: is missing")
            return
        offset = progress.committed_offset
        if progress.partition != self.number:
            self.found.append(f"{where}: speaks of partition {progress.partition}")
        if not least <= offset <= most:
            self.found.append(f"{where}: committed_offset is {offset}, the group has committed {least}")
        if not 0 <= progress.low_water_mark <= offset:
            self.found.append(f"{where}: low_water_mark is {progress.low_water_mark}, committed_offset {offset}")

    def check_applied(self):
        for kept in self.customers.values():
            if self.progress and kept.applied >= self.progress.committed_offset:
                self.found.append(f"{kept.where}: applied is {kept.applied}, committed_offset "
                                  f"{self.progress.committed_offset}")

    def check_customers(self, outputs, below):
        """Each digest is the sum of what the customer's events up to `applied` wrote."""
        for key, kept in self.customers.items():
            if kept.applied >= below:
                continue
            written = [(offset, value) for offset, value in outputs.get(key, ()) if offset <= kept.applied]
            # Of one who was forgotten and came back, earlier lives may count in retired_digest.
            sums = {sum(value for offset, value in written if offset >= begin) & MASK for begin in (0, *kept.lives)}
            if kept.digest not in sums:
                self.found.append(f"{kept.where}: digest is not that of the customer's {len(written)} outputs up to "
                                  f"offset {kept.applied}")

    def check_sums(self, outputs, unowned):
        """The partition's digest is the sum of all, and what a replay comes to."""
        progress = self.progress
        if progress is None:
            return
        below, mark = progress.committed_offset, progress.low_water_mark
        everything = [item for written in (*outputs.values(), unowned) for item in written if item[0] < below]
        if sum(value for _, value in everything) & MASK != progress.digest:
            self.found.append(f"{self.progress_where}: digest is not that of the {len(everything)} outputs below "
                              f"offset {below}")
        replayed = progress.retired_digest + sum(kept.digest for kept in self.customers.values())
        for key, written in outputs.items():
            begin = max(mark, self.customers[key].applied + 1 if key in self.customers else 0)
            replayed += sum(value for offset, value in written if begin <= offset < below)
        if replayed & MASK != progress.digest:
            self.found.append(f"{self.progress_where}: digest is not what a replay from offset {mark} comes to: "
                              "customers' digests, retired_digest and the outputs after them")


class Changelog:
    """All partitions of the state topic, held against reference and outputs."""

    def __init__(self, log, policy, at_least_once):
        self.log = log
        self.policy = policy
        self.at_least_once = at_least_once
        self.parts = {}
        for record in log.topics["state"]:
            self.part(record.partition).take(record)
        inputs = log.inputs()
        for number in inputs if log.has_state else ():
            self.part(number)
        for number, part in self.parts.items():
            if inputs.get(number) and inputs[number][0].offset > 0 or ("input", number) in log.trimmed:
                part.passed_over = "the beginning of its input is gone"
            elif policy.identities:
                part.passed_over = "this tool does not know the records of linked customers yet"

    def part(self, number):
        if number not in self.parts:
            self.parts[number] = Part(number, self.log.names["state"])
        return self.parts[number]

    def watched(self):
        """By partition: whom the reference tells how far it is."""
        return {number: part for number, part in self.parts.items() if part.passed_over is None}

    def judge(self, judged):
        verdicts = judged.verdicts
        if not self.log.has_state:
            verdicts.not_run["O4"] = f"there is no topic {self.log.names['state']}"
            return
        owned, unowned = hashes_of(judged.outputs, judged.reference, self.at_least_once)
        for number, part in sorted(self.parts.items()):
            if part.passed_over is not None:
                verdicts.notes.append(f"O4 does not run on partition {number}: {part.passed_over}")
                continue
            verdicts.ran("O4")
            self.judge_part(part, judged, owned[number], unowned[number])
            for text in part.found:
                verdicts.violated("O4", text)
            if self.trimmed(number):
                verdicts.notes.append(f"O4 adds no digests up on partition {number}: the beginning of an output "
                                      "topic is gone")
        if "O4" not in verdicts.found:
            verdicts.not_run["O4"] = "no partition can be judged"

    def trimmed(self, number):
        return any((role, number) in self.log.trimmed for role in NUMBERS)

    def judge_part(self, part, judged, owned, unowned):
        least, most = judged.committed(part.number), judged.begun(part.number)
        if self.log.committed is None:
            records = self.log.inputs().get(part.number)
            least = most = records[-1].offset + 1 if records else 0
        # At least once, progress is written before the offset is committed: after a crash it is
        # ahead, and what belongs to no customer counts twice. Outputs are whole below the offset.
        part.check_progress(least, NOWHERE if self.at_least_once else most)
        if not self.at_least_once:
            part.check_applied()
        if not self.trimmed(part.number):
            part.check_customers(owned, least if self.at_least_once else NOWHERE)
            if not self.at_least_once:
                part.check_sums(owned, unowned)
