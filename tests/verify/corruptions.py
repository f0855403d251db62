"""Records of a job with something wrong with one of them."""

from google.protobuf.descriptor import FieldDescriptor

from oracle_checks import Output
from oracle_ingest import Limits, Refused, decode
from oracle_messages import EndGrade, MomentKind
from oracle_records import NAMES, OF_CUSTOMERS, ROWS


def as_on_kafka(log, reference):
    """What a cluster would hold of a file run: without its end, late events with coordinates."""
    records = list(log.topics["input"])
    for role in OF_CUSTOMERS:
        records += [record for record in log.topics[role] if Output(role, record).source[1] >= 0]
    caused = {item.key.encode() for item in reference.expected if item.topic == "statistics" and item.offset >= 0}
    records += [record for record in log.topics["statistics"] if record.key in caused]
    malformed = {record.offset for record in log.malformed}
    records += [record for record in log.topics["rejected"] if Output("rejected", record).source[1] not in malformed]
    for item in reference.expected:
        if item.topic == "late":
            records.append(item.original._replace(topic=NAMES["late"], offset=10**6 + item.offset,
                                                  headers=tuple(item.headers)))
    return records


def replace(records, role, change, wanted=lambda record: True):
    """The records with the first wanted one of a topic replaced by what `change` makes of it."""
    at = next(i for i, record in enumerate(records) if record.topic == NAMES[role] and wanted(record))
    return [*records[:at], *change(records[at]), *records[at + 1:]]


def reworded(role, change):
    """Changes the message in a record."""
    def apply(record):
        message = ROWS[role].FromString(record.value)
        change(message)
        return [record._replace(value=message.SerializeToString(deterministic=True))]
    return apply


def places(message, path):
    """(message, field) of each part that has something at the path."""
    name, _, rest = path.partition(".")
    value = getattr(message, name)
    if not rest:
        return [(message, name)] if value else []
    if message.DESCRIPTOR.fields_by_name[name].label != FieldDescriptor.LABEL_REPEATED:
        value = [value] if message.HasField(name) else []
    return [place for part in value for place in places(part, rest)]


def bumped(value):
    if isinstance(value, (bytes, str)):
        return value + value[:1]
    return value + 1e-4 if isinstance(value, float) else type(value)(value ^ 1)


def bump(path):
    """Changes the first that is at the path."""
    def change(message):
        owner, name = places(message, path)[0]
        setattr(owner, name, bumped(getattr(owner, name)))
    return change


def again(record):
    return [record, record._replace(offset=record.offset + 10**7)]


def add_to_score(amount):
    def change(message):
        message.score += amount
    return reworded("journeys", change)


def scored(record):
    return ROWS["journeys"].FromString(record.value).HasField("score")


def evidence_of(cause):
    """Whether a moment stands on what the service did."""
    def wanted(record):
        evidence = ROWS["moments"].FromString(record.value).evidence
        return any(entry.cause == cause for entry in evidence)
    return wanted


def add_to_field(name):
    def change(message):
        setattr(message, name, getattr(message, name) + 1)
    return reworded("journeys", change)


def with_field(name):
    """Whether a journey has something there."""
    def wanted(record):
        return any(field.name == name for field, _ in ROWS["journeys"].FromString(record.value).ListFields())
    return wanted


def of_grade(role, name, kind="MOMENT_KIND_UNSPECIFIED"):
    """Whether a row has such an end; of a moment: is of such a kind."""
    def wanted(record):
        message = ROWS[role].FromString(record.value)
        is_other = role == "moments" and message.kind != MomentKind.Value(kind)
        return not (message.is_deleted or is_other) and message.end_grade == EndGrade.Value(name)
    return wanted


def saying(role, path):
    """Whether a row has something at the path."""
    return lambda record: places(ROWS[role].FromString(record.value), path) != []


def of_basis(role, basis):
    """Whether a row has evidence that was held against such an expectation."""
    def wanted(record):
        return any(entry.basis == basis for entry in ROWS[role].FromString(record.value).evidence)
    return wanted


def with_other_basis(basis, other):
    def change(message):
        for entry in message.evidence:
            if entry.basis == basis:
                entry.basis = other
    return change


def of_rule(name):
    def wanted(record):
        return ROWS["alerts"].FromString(record.value).rule == name
    return wanted


def add_to_evidence(cause, field, amount):
    def change(message):
        for entry in message.evidence:
            if entry.cause == cause:
                setattr(entry, field, getattr(entry, field) + amount)
    return reworded("moments", change)


def flip_a_byte(record):
    return [record._replace(value=bytes([record.value[0] ^ 1]) + record.value[1:])]


def swap_versions(records):
    """Exchanges the first two versions of a row."""
    keys = [record.key for record in records if record.topic == NAMES["journeys"]]
    key = next(key for key in keys if keys.count(key) > 1)
    swapped = []
    for record in records:
        if record.topic == NAMES["journeys"] and record.key == key:
            message = ROWS["journeys"].FromString(record.value)
            message.row_version = {1: 2, 2: 1}.get(message.row_version, message.row_version)
            record = record._replace(value=message.SerializeToString(deterministic=True))
        swapped.append(record)
    return swapped


def with_notice(record, change):
    """A record as it is; of a notice that counts: one that is changed, or none where that returns False."""
    if record.topic != NAMES["input"]:
        return [record]
    try:
        event, payload = decode(record, Limits())
    except Refused:
        return [record]
    if payload != "control" or not event.control.HasField("notice"):
        return [record]
    if change(event) is False:
        return []
    return [record._replace(value=event.SerializeToString(deterministic=True))]
