"""The invariants, each by its name: what must hold between a log and its outputs."""

from collections import Counter, defaultdict

from google.protobuf.message import DecodeError

from oracle_differences import differences, original_differences
from oracle_fixpoint import problems_at_rest
from oracle_records import OF_CUSTOMERS, ROWS, SET_ASIDE, SOURCE, plain_event
from oracle_reference import NOWHERE
from oracle_versions import check_versions

CHECKS = {"O1": "every input record is accounted for once", "O2": "every output is there once",
          "O3": "outputs equal the reference", "O4": "the changelog, replayed, equals the reference",
          "O5": "row_versions run from 1 without gap, in log order; statistics by their windows",
          "O6": "two readers agree", "O8": "no transaction is left open", "O10": "the job has caught up"}
# Of who links identities.
LINKED = {"I2": "what customers are told is what others sent, once and in order",
          "I4": "all are where the labels say, and each event is in one part"}


class Verdicts:
    """Which checks ran and what they found."""

    def __init__(self):
        self.found = {}
        self.not_run = {}  # by check: why it could not
        self.notes = []

    def ran(self, check):
        self.found.setdefault(check, [])

    def violated(self, check, text):
        self.found.setdefault(check, []).append(text)

    def ok(self):
        return not any(self.found.values())


class Output:
    """An output record, read: its identity, and the input record that caused it."""

    def __init__(self, role, record):
        self.role = role
        self.record = record
        self.message = None
        self.problem = None
        try:
            if role in ROWS:
                self.message = ROWS[role].FromString(record.value or b"")
                source = self.message.source if role in OF_CUSTOMERS else None
                self.source = source and (source.partition, source.offset)  # None = the row does not tell
                self.identity = (role, record.key, version_of(self.message))
            else:
                ours = {name: value for name, value in record.headers if name.startswith(SOURCE)}
                self.source = (int(ours[f"{SOURCE}partition"]), int(ours[f"{SOURCE}offset"]))
                self.identity = (role, *self.source)
        except (DecodeError, UnicodeDecodeError, KeyError, ValueError):
            self.problem = "is not what this topic should hold"

    @property
    def where(self):
        key = f" key {self.record.key.decode(errors='replace')}" if self.record.key else ""
        return f"{self.record.topic}/{self.record.partition} offset {self.record.offset}{key}"

    def bytes(self):
        return self.record.key, self.record.value, self.record.headers


def version_of(message):
    """Rows of statistics are written once."""
    return getattr(message, "row_version", 1)


def same_bytes(a, b):
    return a.bytes() == b.bytes()


def identity_of(expected):
    if expected.message is not None:
        return (expected.topic, expected.key.encode(), version_of(expected.message))
    return (expected.topic, expected.original.partition, expected.original.offset)


def place_of(expected, names):
    version = f" row_version {expected.message.row_version}" if expected.topic in OF_CUSTOMERS else ""
    key = f" key {expected.key}" if expected.message is not None else ""
    return f"{names[expected.topic]}{key}{version}, caused by {names['input']}/{expected.partition} " \
           f"offset {expected.offset}"


class Judge:
    """Holds a log against its reference."""

    def __init__(self, log, reference, at_least_once):
        self.log = log
        self.reference = reference
        self.at_least_once = at_least_once
        self.verdicts = Verdicts()
        self.outputs = []
        for role in (*ROWS, *SET_ASIDE):
            if role == "late" and log.late_is_bare:
                continue
            self.outputs += [Output(role, record) for record in log.topics[role]]
        self.by_identity = defaultdict(list)
        for output in self.outputs:
            if output.problem is None:
                self.by_identity[output.identity].append(output)

    def committed(self, partition):
        if self.log.committed is None:
            return NOWHERE
        return self.log.committed.get(partition, 0)

    def begun(self, partition):
        """No output may be caused by this offset or a later one."""
        after = self.log.committed_after
        return self.committed(partition) if after is None else after.get(partition, 0)

    def judge(self):
        self.conservation()
        self.exactly_once()
        self.equality()
        check_versions(self)
        if self.reference.post is not None:
            self.between_customers()
        return self.verdicts

    def conservation(self):
        self.verdicts.ran("O1")
        for number, outcomes in self.reference.outcomes.items():
            for offset, outcome in outcomes.items():
                if offset < self.committed(number):
                    self.account_for(number, offset, outcome)
        for role, partition, offset in (identity for identity in self.by_identity if identity[0] in SET_ASIDE):
            if offset not in self.reference.outcomes.get(partition, ()):
                self.verdicts.violated("O1", f"{self.log.names[role]}: the input has no record {partition}/{offset}")
        if self.log.late_is_bare:
            late = sum(self.reference.counts(number, NOWHERE)["late"] for number in self.reference.outcomes)
            if late != len(self.log.topics["late"]):
                self.verdicts.violated("O1", f"{len(self.log.topics['late'])} records were set aside as late, "
                                             f"but {late} events are")

    def account_for(self, number, offset, outcome):
        aside = {role: len(self.by_identity.get((role, number, offset), ())) for role in SET_ASIDE}
        if self.log.late_is_bare:
            aside["late"] = int(outcome == "late")
        wanted = {role: int(outcome == role) for role in SET_ASIDE}
        if self.at_least_once:
            aside = {role: min(count, 1) for role, count in aside.items()}
        if aside != wanted:
            found = ", ".join(f"{self.log.names[role]} {count} times" for role, count in aside.items())
            self.verdicts.violated("O1", f"{self.log.names['input']}/{number} offset {offset} is {outcome}, "
                                         f"but stands on {found}")

    def exactly_once(self):
        self.verdicts.ran("O2")
        for outputs in self.by_identity.values():
            first = outputs[0]
            for repeat in outputs[1:]:
                if not self.at_least_once:
                    self.verdicts.violated("O2", f"{repeat.where}: repeats offset {first.record.offset} of "
                                                 f"partition {first.record.partition}")
                elif not same_bytes(first, repeat):
                    self.verdicts.violated("O2", f"{repeat.where}: repeats offset {first.record.offset} "
                                                 "with other bytes")

    def equality(self):
        self.verdicts.ran("O3")
        expected = {}
        for item in self.reference.expected:
            if item.topic != "late" or not self.log.late_is_bare:
                expected[identity_of(item)] = item
        for identity, item in expected.items():
            outputs = self.by_identity.get(identity, ())
            if not outputs and item.offset < self.committed(item.partition):
                self.verdicts.violated("O3", f"missing: {place_of(item, self.log.names)}")
            for output in outputs:
                self.compare(item, output)
        for output in self.outputs:
            if output.problem is not None:
                self.verdicts.violated("O3", f"{output.where}: {output.problem}")
            elif output.identity not in expected:
                self.verdicts.violated("O3", f"{output.where}: nothing in the input implies it")
        if self.log.late_is_bare:
            self.compare_bare()

    def compare(self, item, output):
        if item.offset >= self.begun(item.partition) and not self.at_least_once:
            self.verdicts.violated("O3", f"{output.where}: its cause, offset {item.offset} of partition "
                                         f"{item.partition}, is not committed")
        if output.record.partition != item.partition:
            self.verdicts.violated("O3", f"{output.where}: belongs to partition {item.partition}")
        if item.message is None:
            found = original_differences(item, output.record)
        elif item.message == output.message:
            return
        else:
            found = differences(item.message, output.message)
        if found:
            self.verdicts.violated("O3", f"{output.where}: {'; '.join(found[:4])}")

    def compare_bare(self):
        wanted = Counter((item.key, plain_event(item.original.value)) for item in self.reference.expected
                         if item.topic == "late")
        given = Counter((record.key, record.value) for record in self.log.topics["late"])
        for number, what in ((sum((wanted - given).values()), "missing"),
                             (sum((given - wanted).values()), "not implied by the input")):
            if number:
                self.verdicts.violated("O3", f"{self.log.names['late']}: {number} records are {what}")

    def between_customers(self):
        """What a committed step sent has come; when nothing is under way any more, all are where they must be."""
        self.verdicts.ran("I2")
        post = self.reference.post
        for text in post.problems:
            self.verdicts.violated("I2", f"{self.log.names['input']}: {text}")
        for sent in post.rest():
            if sent.offset < self.committed(sent.partition):
                self.verdicts.violated("I2", f"missing: what {self.log.names['input']}/{sent.partition} offset "
                                             f"{sent.offset} sent")
        if post.rest() or post.forgot:
            self.verdicts.not_run["I4"] = "links were forgotten" if post.forgot else "something is under way"
            return
        self.verdicts.ran("I4")
        for text in problems_at_rest(self.reference.partitions.values(), self.reference.facts(self.log)):
            self.verdicts.violated("I4", text)


def compare_readings(first, second, verdicts):
    """O6: what the first reader saw the second saw too; it may have seen more, later."""
    verdicts.ran("O6")
    for role, records in first.topics.items():
        if role == "state":
            continue  # may be compacted between the two
        ends = {}
        seen = {(record.partition, record.offset): record for record in records}
        for partition, offset in seen:
            ends[partition] = max(ends.get(partition, -1), offset)
        again = {(record.partition, record.offset): record for record in second.topics[role]
                 if record.offset <= ends.get(record.partition, -1)}
        for place in sorted(seen.keys() | again.keys()):
            if seen.get(place) != again.get(place):
                what = "differs between" if place in seen and place in again else "was seen by one of"
                verdicts.violated("O6", f"{first.names[role]}/{place[0]} offset {place[1]}: {what} two readers")


def check_drained(log, verdicts):
    """O10: the committed offset is the end of the input; what follows the last record are markers."""
    verdicts.ran("O10")
    for number, records in log.inputs().items():
        after = records[-1].offset + 1
        committed = after if log.committed is None else log.committed.get(number, 0)
        if committed < after:
            verdicts.violated("O10", f"{log.names['input']}/{number}: committed {committed}, the last record "
                                     f"has offset {after - 1}")
