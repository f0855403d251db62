"""Records as a Kafka client sees them, and the files that hold them."""

import base64
import json
import pathlib
from collections import defaultdict, namedtuple

from google.protobuf import json_format

from oracle_ingest import Refused, parsed, varint
from oracle_messages import (Alert, InteractionEvent, Journey, Moment, OpeningCard, RejectedRecord, RejectReason,
                             TouchpointStatistics)

# `timestamp` in ms, 0 = none; key and value are bytes or None; headers are (name, bytes or None).
Record = namedtuple("Record", "topic partition offset timestamp key value headers")

ROWS = {"alerts": Alert, "moments": Moment, "journeys": Journey, "cards": OpeningCard,
        "statistics": TouchpointStatistics}
OF_CUSTOMERS = ("alerts", "moments", "journeys", "cards")  # rows with versions, which tell what caused them
SET_ASIDE = ("rejected", "late")
ROLES = ("input", *ROWS, *SET_ASIDE, "state")
NAMES = {"input": "interaction-events", "alerts": "moment-alerts", "moments": "moments", "journeys": "journeys",
         "cards": "opening-cards", "rejected": "rejected-records", "late": "late-events", "state": "customer-state",
         "statistics": "touchpoint-statistics"}
SOURCE = "peakend.source."


class DataError(Exception):
    """A file or topic that cannot be read as what it should be."""


class Log:
    """The topics of one job, each as a list in log order."""

    def __init__(self, names):
        self.names = names
        self.topics = {role: [] for role in ROLES}
        self.malformed = []  # file mode: lines that are no event
        self.committed = None  # by partition, before the outputs were read; None = the whole input
        self.committed_after = None  # the same afterwards; None = as before
        self.late_is_bare = False  # file mode: late events without coordinates
        self.has_state = False  # there is a changelog
        self.trimmed = set()  # (role, partition) whose first records the broker no longer has
        self.unstable = []  # partitions with an open transaction, in words

    def add(self, role, record):
        self.topics[role].append(record)

    def inputs(self):
        """The input by partition, in offset order."""
        found = defaultdict(list)
        for record in self.topics["input"]:
            found[record.partition].append(record)
        for records in found.values():
            records.sort(key=lambda record: record.offset)
        return dict(sorted(found.items()))


def decoded(text):
    return None if text is None else base64.b64decode(text)


def read_dump(paths, names):
    """A dump: one record a line, of any of our topics; others are passed over."""
    log = Log(names)
    roles = {name: role for role, name in names.items()}
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    fields = json.loads(line)
                    role = roles.get(fields["topic"])
                    if role is None:
                        continue
                    headers = tuple((name, decoded(value)) for name, value in fields.get("headers") or ())
                    log.add(role, Record(fields["topic"], fields["partition"], fields["offset"],
                                         max(0, fields["timestamp"]), decoded(fields["key_b64"]),
                                         decoded(fields["value_b64"]), headers))
                except (ValueError, KeyError, TypeError) as error:
                    raise DataError(f"{path}:{number}: not a record: {type(error).__name__}") from error
    log.has_state = bool(log.topics["state"])
    for records in log.topics.values():
        records.sort(key=lambda record: (record.partition, record.offset))
    return log


def dump_line(record):
    def encoded(value):
        return None if value is None else base64.b64encode(value).decode()
    return json.dumps({"topic": record.topic, "partition": record.partition, "offset": record.offset,
                       "timestamp": record.timestamp, "key_b64": encoded(record.key),
                       "value_b64": encoded(record.value),
                       "headers": [[name, encoded(value)] for name, value in record.headers]})


# --- file mode ------------------------------------------------------------------


def murmur2(data):
    """Kafka's hash of a key, as a number without sign."""
    size, m, mask = len(data), 0x5BD1E995, 0xFFFFFFFF
    value = 0x9747B28C ^ size
    for at in range(0, size - size % 4, 4):
        k = int.from_bytes(data[at:at + 4], "little") * m & mask
        k = (k ^ k >> 24) * m & mask
        value = (value * m & mask) ^ k
    if size % 4:
        value = (value ^ int.from_bytes(data[size - size % 4:], "little")) * m & mask
    value = (value ^ value >> 13) * m & mask
    return value ^ value >> 15


def events_of_lines(path, log):
    """(line number, event, its bytes) of protobuf JSON; lines that are no event are kept apart."""
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        text = line.rstrip("\r")
        if not text.strip(" \t"):
            continue
        try:
            if not text.lstrip().startswith("{"):
                raise ValueError  # [] would pass for an empty message
            event = json_format.Parse(text, InteractionEvent())
        except (json_format.ParseError, ValueError):
            # They come into no log, so their numbers are the offsets of no other record.
            log.malformed.append(Record(log.names["input"], 0, -number, 0, None, text.encode(), ()))
            continue
        yield number, event, event.SerializeToString(deterministic=True)


def events_of_bytes(path, _):
    """(record number, event, its bytes) of records behind their lengths; no event where it is none."""
    data = path.read_bytes()
    at = number = 0
    while at < len(data):
        size, at = varint(data, at)
        value = data[at:at + size]
        at += size
        number += 1
        try:
            yield number, parsed(value), value
        except Refused:
            yield number, InteractionEvent(), value


def read_events(events, partitions, now_ms, log):
    """Events as records: offset = line or number, timestamp = time of reading."""
    for number, event, value in events:
        customer = event.customer.customer_id
        key = f"{event.tenant_id}/{customer}".encode() if customer else None
        places = [0 if key is None else (murmur2(key) & 0x7FFFFFFF) % partitions]
        # Notices and baselines have to stand in each partition.
        for_all = event.control.HasField("notice") or event.control.HasField("baseline")
        for partition in range(partitions) if for_all else places:
            log.add("input", Record(log.names["input"], partition, number, now_ms, key, value, ()))


def plain_event(value):
    """The bytes of an event without what JSON cannot show."""
    event = InteractionEvent.FromString(value)
    event.DiscardUnknownFields()
    return event.SerializeToString(deterministic=True)


def rejected_record(fields, inputs):
    shown = json_format.ParseDict(fields, RejectedRecord())
    if shown.reason == RejectReason.Value("INVALID_JSON"):
        shown.source.offset = -shown.source.offset
    original = inputs.get((shown.source.partition, shown.source.offset))
    # In JSON a key that is missing looks like an empty one.
    key = None if original is not None and original.key is None and not shown.key else shown.key
    texts = {"error.reason": RejectReason.Name(shown.reason).lower(), "error.stage": shown.stage,
             "error.field": shown.field, "source.topic": shown.source.topic,
             "source.partition": shown.source.partition, "source.offset": shown.source.offset,
             "source.timestamp": shown.timestamp_ms}
    return key, shown.value, tuple((f"peakend.{name}", str(text).encode()) for name, text in texts.items())


def read_file_mode(events_path, output_path, names, partitions, now_ms, binary=False, complete=None):
    """What `peakend run --input EVENTS --output OUTPUT` read and wrote.

    `complete`: adds to the log what no line says.
    """
    log = Log(names)
    log.late_is_bare = True
    events = (events_of_bytes if binary else events_of_lines)(pathlib.Path(events_path), log)
    read_events(events, partitions, now_ms, log)
    if complete is not None:
        complete(log)
    inputs = {(record.partition, record.offset): record for record in (*log.topics["input"], *log.malformed)}
    roles = {name: role for role, name in names.items()}
    with open(output_path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                fields = json.loads(line)
                role, key, headers = roles[fields["topic"]], fields["key"].encode(), ()
                if role == "rejected":
                    key, value, headers = rejected_record(fields["value"], inputs)
                    partition = int(dict(headers)[f"{SOURCE}partition"])
                else:
                    message = json_format.ParseDict(fields["value"], ROWS.get(role, InteractionEvent)())
                    value = message.SerializeToString(deterministic=True)
                    partition = message.source.partition if role in OF_CUSTOMERS else getattr(message, "partition", 0)
            except (json_format.ParseError, ValueError, KeyError) as error:
                raise DataError(f"{output_path}:{number}: not an output record: {type(error).__name__}") from error
            log.add(role, Record(fields["topic"], partition, number, 0, key, value, headers))
    return log
