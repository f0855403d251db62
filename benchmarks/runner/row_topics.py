"""Topics of seeded rows, the same twice: bare protobuf, and JSON as Kafka Connect reads it.

Rows of contacts and journeys by tests/warehouse/seed_rows.py, under three days, as a live feed has
them. All versions of a row stand in one partition in their order, as the worker writes them.
"""

import json
import os
import subprocess
import sys
from typing import NamedTuple

from google.protobuf.descriptor import FieldDescriptor

import database  # noqa: F401, it knows where the rows' messages are.
from stage import PARTITIONS, ROOT, Failed

KINDS = ("contact", "journey")
DAYS = ("2026-03-02", "2026-03-03", "2026-03-04")
SEED = 1
# Of contacts and journeys, deleted and amended versions included.
ROWS_A_JOURNEY = 5.1
CONNECT_TYPES = {FieldDescriptor.CPPTYPE_STRING: "string", FieldDescriptor.CPPTYPE_INT64: "int64",
                 FieldDescriptor.CPPTYPE_INT32: "int32", FieldDescriptor.CPPTYPE_DOUBLE: "double",
                 FieldDescriptor.CPPTYPE_BOOL: "boolean"}


class RowTopics(NamedTuple):
    """`bare` and `connect` are {kind: topic}; `records` {kind: how many}; `rows` {kind: how many keys};
    `columns` {kind: [(name, is text)]}."""
    bare: dict
    connect: dict
    records: dict
    rows: dict
    columns: dict

    def all_records(self):
        return sum(self.records.values())


def write(stage, rows):
    """Seeds some `rows` records and writes them both ways."""
    from row_messages import ROWS, table_of
    folder = stage.file("seeded")
    done = subprocess.run([sys.executable, "-B", os.path.join(ROOT, "tests", "warehouse", "seed_rows.py"), "--journeys",
                           str(max(1, round(rows / ROWS_A_JOURNEY))), "--seed", str(SEED), folder], capture_output=True,
                          text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"no rows: {done.stderr.strip()[-500:]}")
    broker, made = stage.broker(), RowTopics({}, {}, {}, {}, {})
    for kind in KINDS:
        made.bare[kind], made.connect[kind] = stage.name(f"rows-{kind}"), stage.name(f"connect-{kind}")
        broker.create(made.bare[kind], made.connect[kind])
        fields = ROWS[kind].DESCRIPTOR.fields
        made.columns[kind] = [(field.name, field.cpp_type == field.CPPTYPE_STRING) for field in fields]
        with open(os.path.join(folder, f"{table_of(kind)}.ndjson"), encoding="utf-8") as lines:
            made.records[kind], made.rows[kind] = _send(broker, made, kind, ROWS[kind], lines)
    for name in os.listdir(folder):
        os.unlink(os.path.join(folder, name))
    return made


def _send(broker, made, kind, message, lines):
    """(records, keys)."""
    producer, keys, count = broker.producer(20), set(), 0
    prefix = connect_prefix(message.DESCRIPTOR)
    for line in lines:
        row = json.loads(line)
        key = next(iter(row.values()))
        day = DAYS[int(row["business_date"][-2:]) % len(DAYS)]
        text = line.rstrip("\n").replace(f'"business_date":"{row["business_date"]}"', f'"business_date":"{day}"')
        row["business_date"] = day
        bare = message(**{name: value for name, value in row.items() if value is not None}).SerializeToString()
        partition = partition_of(row["customer_key"])
        _produce(producer, made.bare[kind], key, bare, partition)
        _produce(producer, made.connect[kind], key, f"{prefix}{text}}}", partition)
        keys.add(key)
        count += 1
    if producer.flush(60) != 0:
        raise Failed("the rows could not be written within a minute")
    return count, len(keys)


def _produce(producer, topic, key, value, partition):
    while True:
        try:
            producer.produce(topic, key=key, value=value, partition=partition)
            break
        except BufferError:
            producer.poll(0.1)
    producer.poll(0)


def partition_of(customer_key):
    return int(customer_key[:8], 16) % PARTITIONS


def connect_prefix(descriptor):
    """What stands before the row, up to and without its first brace."""
    fields = [{"type": CONNECT_TYPES[field.cpp_type], "optional": field.containing_oneof is not None, "field": field.name}
              for field in descriptor.fields]
    schema = {"type": "struct", "name": descriptor.full_name, "optional": False, "fields": fields}
    return f'{{"schema":{json.dumps(schema, separators=(",", ":"))},"payload":'
