"""The row messages as the .proto files state them: fields in order, with their comments.

Reads the subset that proto/peakend/bi/v1 is written in: one message a file, scalar fields, a
comment above each. Anything else is an error, so that no field goes unnoticed.
"""

import dataclasses
import pathlib
import re

FOLDER = pathlib.Path(__file__).resolve().parent / "v1"
SCALARS = ("string", "int64", "int32", "double", "bool")
# In the order in which a reader meets them: from the small to the large, then what came of it.
TABLES = {"touchpoints": "touchpoint", "moments": "moment", "contacts": "contact", "journeys": "journey",
          "alerts": "alert", "promises": "promise", "surveys": "survey"}
# Text that a table keeps when it is empty; of other text, empty is NULL. Beside the key.
KEPT_EMPTY = ("amend_reason", "tenant_id", "customer_key", "source_topic")
SQL_TYPES = {"string": "text", "int64": "bigint", "int32": "integer", "double": "double precision",
             "bool": "boolean"}
# What a sink adds behind the fields: the timestamp, partition and offset of the row's own record.
DELIVERY = (("published_at_ms", "bigint"), ("row_partition", "integer"), ("row_offset", "bigint"))


@dataclasses.dataclass(frozen=True)
class Field:
    name: str
    number: int
    type: str
    is_optional: bool
    comment: str

    @property
    def sql_type(self):
        return "date" if self.name == "business_date" else SQL_TYPES[self.type]

    @property
    def is_nullable(self):
        """In a table."""
        if self.type != "string" or self.name == "business_date":
            return self.is_optional
        return self.number != 1 and self.name not in KEPT_EMPTY


@dataclasses.dataclass(frozen=True)
class RowMessage:
    table: str
    name: str
    topic: str
    comment: str  # Paragraphs, an empty line between them.
    fields: tuple

    @property
    def key(self):
        return self.fields[0].name


def _comment(lines):
    paragraphs = "\n".join(line.removeprefix("//").strip() for line in lines).split("\n\n")
    return "\n\n".join(paragraph.replace("\n", " ") for paragraph in paragraphs)


def parse(table, text):
    """The message of one file. Raises ValueError at a line that it can't read."""
    comment, above, fields, name = None, [], [], None
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        field = re.fullmatch(r"(optional )?(\w+) (\w+) = (\d+);", line)
        opened = re.fullmatch(r"message (\w+) \{", line)
        if line.startswith("//"):
            above.append(line)
            continue
        if line.startswith("syntax"):
            comment = _comment(above)
        elif opened:
            name = opened[1]
        elif name and field and field[2] in SCALARS and above:
            fields.append(Field(field[3], int(field[4]), field[2], bool(field[1]), _comment(above)))
        elif line not in ("", "}") and not line.startswith("package "):
            raise ValueError(f"{table}, line {number}: not a scalar field below its comment: {line}")
        above = []
    topic = re.search(r"`(peakend\.bi\.[\w.]+)`", comment)[1]
    return RowMessage(table, name, topic, comment, tuple(fields))


def read(folder=FOLDER):
    """All row messages, in the order of TABLES."""
    return [parse(table, (folder / f"{row}_row.proto").read_text()) for table, row in TABLES.items()]
